"""Quantizes one model with ONNX Runtime's Python quantizer, in one of two configurations:

default  quantize_static(model, out, reader) and nothing else; with --dynamic, quantize_dynamic(model, out)
best     what its documentation leads a careful user to: quant_pre_process, QDQ, u8 activations, s8 weights, per channel, minmax;
         with --dynamic, per-channel dynamic quantization of MatMul only

Calibration images go through the same preprocessing as quantgate's (resize the shorter side, centre crop, mean, std).
Prints one JSON line: seconds inside Python (imports excluded and included) and peak resident memory.
"""

import time

START = time.perf_counter()

import argparse
import json
import resource
import tempfile
from pathlib import Path

import numpy as np
from onnxruntime.quantization import (
    CalibrationDataReader,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from PIL import Image


def preprocess(path: Path, options: dict) -> np.ndarray:
    image = Image.open(path).convert("RGB")
    if options.get("resize"):
        width, height = image.size
        short = options["resize"]
        size = (short, int(short * height / width)) if width <= height else (int(short * width / height), short)
        image = image.resize(size, Image.BILINEAR)
    crop = options.get("crop")
    if crop:
        left, top = round((image.width - crop) / 2), round((image.height - crop) / 2)
        image = image.crop((left, top, left + crop, top + crop))
    if options.get("size"):
        image = image.resize(tuple(options["size"]), Image.BILINEAR)
    array = np.asarray(image, dtype=np.float32) / 255
    if options.get("bgr"):
        array = array[..., ::-1]
    array = (array - np.float32(options["mean"])) / np.float32(options["std"])
    return np.ascontiguousarray(array.transpose(2, 0, 1)[None], dtype=np.float32)


class Reader(CalibrationDataReader):
    def __init__(self, feeds) -> None:
        self.feeds = iter(feeds)

    def get_next(self):
        return next(self.feeds, None)


def feeds_of(args: argparse.Namespace):
    options = json.loads(args.options)
    path = Path(args.calibration)
    if path.suffix == ".npz":
        arrays = np.load(path)
        names = options["arrays"]
        for i in range(len(arrays[next(iter(names.values()))])):
            feed = {}
            for name, source in names.items():
                value = arrays[source][i : i + 1]
                if value.dtype == np.uint8:
                    value = ((value[:, None].astype(np.float32) / 255 - options["mean"][0]) / options["std"][0]).astype(
                        np.float32
                    )
                feed[name] = value
            yield feed
        return
    for image in sorted(path.rglob("*.jpg")):
        yield {options["input"]: preprocess(image, options)}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--configuration", choices=["default", "best"], required=True)
    parser.add_argument("--dynamic", action="store_true")
    parser.add_argument("--calibration")
    parser.add_argument("--options", default="{}")
    args = parser.parse_args()
    begun = time.perf_counter()
    if args.dynamic:
        best = {"per_channel": True, "op_types_to_quantize": ["MatMul"]} if args.configuration == "best" else {}
        quantize_dynamic(args.model, args.out, **best)
    elif args.configuration == "default":
        quantize_static(args.model, args.out, Reader(feeds_of(args)))
    else:
        with tempfile.TemporaryDirectory() as folder:
            prepared = str(Path(folder) / "prepared.onnx")
            quant_pre_process(args.model, prepared)
            quantize_static(
                prepared,
                args.out,
                Reader(feeds_of(args)),
                quant_format=QuantFormat.QDQ,
                activation_type=QuantType.QUInt8,
                weight_type=QuantType.QInt8,
                per_channel=True,
            )
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    print(json.dumps({"seconds": end - begun, "process_seconds": end - START, "peak_bytes": peak}))


if __name__ == "__main__":
    main()
