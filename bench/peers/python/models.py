"""A model as every tool takes it: opset 13 at least, which scales of their own for each channel need."""

import onnx
from onnx import version_converter

PER_CHANNEL_OPSET = 13


def load_recent(path: str) -> onnx.ModelProto:
    """The model, raised to that opset by ONNX's own converter where it is older."""
    model = onnx.load(path)
    opset = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    return model if opset >= PER_CHANNEL_OPSET else version_converter.convert_version(model, PER_CHANNEL_OPSET)
