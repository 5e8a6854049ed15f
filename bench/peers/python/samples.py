"""Calibration samples as feeds, prepared exactly as quantgate prepares them: image folders, npz arrays, ONNX test sets."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np

Feeds = dict[str, np.ndarray]


def feeds_of(specification: str) -> Iterator[Feeds]:
    """Feeds of the data that a JSON text describes: {format, path} and what the format needs."""
    data = json.loads(specification)
    yield from {"image-folder": image_folder, "npz": arrays, "onnx-tests": test_sets}[data["format"]](data)


def image_folder(data: dict) -> Iterator[Feeds]:
    """Every photograph: shorter side resized, centre crop, mean and std."""
    for path in sorted(Path(data["path"]).rglob("*.jpg")):
        yield {data["input"]: preprocess(path, data)}


def preprocess(path: Path, data: dict) -> np.ndarray:
    from PIL import Image

    image = Image.open(path).convert("RGB")
    width, height = image.size
    short, crop = data["resize"], data["crop"]
    size = (short, int(short * height / width)) if width <= height else (int(short * width / height), short)
    image = image.resize(size, Image.BILINEAR)
    left, top = round((image.width - crop) / 2), round((image.height - crop) / 2)
    image = image.crop((left, top, left + crop, top + crop))
    pixels = np.asarray(image, dtype=np.float32) / 255
    pixels = (pixels - np.float32(data["mean"])) / np.float32(data["std"])
    return np.ascontiguousarray(pixels.transpose(2, 0, 1)[None], dtype=np.float32)


def arrays(data: dict) -> Iterator[Feeds]:
    """One array per input; bytes get their channel axis, and mean and std."""
    stored = np.load(data["path"])
    names: dict[str, str] = data["arrays"]
    for i in range(len(stored[next(iter(names.values()))])):
        feeds = {}
        for name, source in names.items():
            value = stored[source][i : i + 1]
            if value.dtype == np.uint8:
                value = (value[:, None].astype(np.float32) / 255 - data["mean"][0]) / data["std"][0]
                value = value.astype(np.float32)
            feeds[name] = value
        yield feeds


def test_sets(data: dict) -> Iterator[Feeds]:
    """test_data_set_N/input_I.pb, whose tensors bear the inputs' names."""
    from onnx import TensorProto, numpy_helper

    for folder in sorted(Path(data["path"]).glob("test_data_set_*"), key=lambda one: int(one.name.split("_")[-1])):
        feeds = {}
        for file in sorted(folder.glob("input_*.pb")):
            tensor = TensorProto.FromString(file.read_bytes())
            feeds[tensor.name] = numpy_helper.to_array(tensor)
        yield feeds
