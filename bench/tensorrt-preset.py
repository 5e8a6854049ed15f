"""Quantizes an ONNX model with NVIDIA's Model Optimizer, for bench/tensorrt-preset.ts.

    python tensorrt-preset.py MODEL OUT --input NAME --samples FILE --shape N,C,H,W --method entropy|max

FILE holds the calibration samples as raw float32. Runs on the CPU.
"""
import argparse

import numpy
from modelopt.onnx.quantization import quantize

parser = argparse.ArgumentParser()
parser.add_argument("model")
parser.add_argument("out")
parser.add_argument("--input", required=True)
parser.add_argument("--samples", required=True)
parser.add_argument("--shape", required=True)
parser.add_argument("--method", required=True)
options = parser.parse_args()

shape = [int(size) for size in options.shape.split(",")]
quantize(
    onnx_path=options.model,
    quantize_mode="int8",
    calibration_data={options.input: numpy.fromfile(options.samples, dtype=numpy.float32).reshape(shape)},
    calibration_method=options.method,
    calibration_eps=["cpu"],
    high_precision_dtype="fp32",
    output_path=options.out,
)
