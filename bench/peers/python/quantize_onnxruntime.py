"""Quantizes one model with ONNX Runtime's own Python quantizer.

default     quantize_static(model, out, reader) and nothing else; with --dynamic, quantize_dynamic(model, out)
best        what its documentation leads a careful user to: quant_pre_process, opset 13, QDQ, u8 activations, s8 weights per channel,
            minmax; with --dynamic, per-channel dynamic quantization of MatMul only
weighted    best, of Conv, MatMul and Gemm only
reduced     best, with reduce_range: what it advises for CPUs without VNNI
percentile  best, with its percentile calibrator (keeps every activation of every sample in memory)
entropy     best, with its entropy calibrator (likewise)
"""

import argparse
import tempfile
from pathlib import Path

import onnx
from onnxruntime.quantization import (
    CalibrationDataReader,
    CalibrationMethod,
    QuantFormat,
    QuantType,
    quantize_dynamic,
    quantize_static,
)
from onnxruntime.quantization.shape_inference import quant_pre_process
from samples import feeds_of

CONFIGURATIONS = {
    "best": {},
    "weighted": {"op_types_to_quantize": ["Conv", "MatMul", "Gemm"]},
    "reduced": {"reduce_range": True},
    "percentile": {"calibrate_method": CalibrationMethod.Percentile},
    "entropy": {"calibrate_method": CalibrationMethod.Entropy},
}
# First opset with per-channel DequantizeLinear: below it the quantizer writes files that don't load.
PER_CHANNEL_OPSET = 13


class Reader(CalibrationDataReader):
    def __init__(self, specification: str) -> None:
        self.feeds = feeds_of(specification)

    def get_next(self):
        return next(self.feeds, None)


def prepare(path: str, folder: str) -> str:
    """Raised to opset 13 by onnx's own converter where the model is older, then ONNX Runtime's pre-processing."""
    model = onnx.load(path)
    version = next(entry.version for entry in model.opset_import if entry.domain in ("", "ai.onnx"))
    source = path
    if version < PER_CHANNEL_OPSET:
        source = str(Path(folder) / "raised.onnx")
        onnx.save(onnx.version_converter.convert_version(model, PER_CHANNEL_OPSET), source)
    prepared = str(Path(folder) / "prepared.onnx")
    try:
        quant_pre_process(source, prepared)
    except Exception:
        # Its symbolic shape inference gives up on some models; the rest of the pre-processing helps them all the same.
        quant_pre_process(source, prepared, skip_symbolic_shape=True)
    return prepared


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--configuration", choices=["default", *CONFIGURATIONS], required=True)
    parser.add_argument("--dynamic", action="store_true")
    parser.add_argument("--samples")
    args = parser.parse_args()
    if args.configuration == "default":
        if args.dynamic:
            quantize_dynamic(args.model, args.out)
        else:
            quantize_static(args.model, args.out, Reader(args.samples))
        return
    options = CONFIGURATIONS[args.configuration]
    if args.dynamic:
        quantize_dynamic(args.model, args.out, per_channel=True, **{"op_types_to_quantize": ["MatMul"], **options})
        return
    with tempfile.TemporaryDirectory() as folder:
        quantize_static(
            prepare(args.model, folder),
            args.out,
            Reader(args.samples),
            quant_format=QuantFormat.QDQ,
            activation_type=QuantType.QUInt8,
            weight_type=QuantType.QInt8,
            per_channel=True,
            **options,
        )


if __name__ == "__main__":
    main()
