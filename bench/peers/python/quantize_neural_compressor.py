"""Quantizes one model with onnx-neural-compressor: QDQ, u8 activations, s8 weights per channel, minmax; or dynamically.

It chooses 7-bit weights by itself on CPUs without VNNI.
"""

import argparse

from onnx_neural_compressor import data_reader
from onnx_neural_compressor.quantization import QuantFormat, config, quantize
from samples import feeds_of


class Reader(data_reader.CalibrationDataReader):
    def __init__(self, specification: str) -> None:
        self.specification = specification
        self.rewind()

    def get_next(self):
        return next(self.feeds, None)

    def rewind(self) -> None:
        self.feeds = feeds_of(self.specification)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--configuration", choices=["best"], required=True)
    parser.add_argument("--dynamic", action="store_true")
    parser.add_argument("--samples")
    args = parser.parse_args()
    if args.dynamic:
        options = config.DynamicQuantConfig(per_channel=True)
    else:
        options = config.StaticQuantConfig(
            calibration_data_reader=Reader(args.samples), quant_format=QuantFormat.QDQ, per_channel=True
        )
    quantize(args.model, args.out, options)


if __name__ == "__main__":
    main()
