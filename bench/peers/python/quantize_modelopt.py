"""Quantizes one model for TensorRT with NVIDIA Model Optimizer: INT8, everything else float32.

entropy is its default calibrator, max the other.
"""

import argparse

from modelopt.onnx.quantization import quantize
from onnxruntime.quantization import CalibrationDataReader
from samples import feeds_of


class Reader(CalibrationDataReader):
    def __init__(self, specification: str) -> None:
        self.specification = specification
        self.rewind()

    def get_next(self):
        return next(self.feeds, None)

    def get_first(self):
        return next(feeds_of(self.specification))

    def rewind(self) -> None:
        self.feeds = feeds_of(self.specification)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--configuration", choices=["max", "entropy"], required=True)
    parser.add_argument("--samples", required=True)
    args = parser.parse_args()
    quantize(
        args.model,
        quantize_mode="int8",
        calibration_data_reader=Reader(args.samples),
        calibration_method=args.configuration,
        calibration_eps=["cpu"],
        high_precision_dtype="fp32",
        output_path=args.out,
    )


if __name__ == "__main__":
    main()
