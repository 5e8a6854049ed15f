"""Quantizes one model with AMD Quark.

static    u8 activations, s8 weights per channel, minmax: the layout that ONNX Runtime runs on CPUs; nothing is learned
adaround  static, rounding learned layer by layer (AdaRound, its own defaults)
adaquant  static, weights learned layer by layer (AdaQuant, its own defaults)
a8w8      its preset for CPUs and GPUs: s8 activations, symmetric, weights per tensor
xint8     its preset for AMD's NPUs, with cross-layer equalization: scales are powers of two
"""

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

import onnx
from models import load_recent
from onnxruntime.quantization import CalibrationDataReader
from quark.onnx import ModelQuantizer
from quark.onnx.quantization.config.algorithm import AdaQuantConfig, AdaRoundConfig, CLEConfig
from quark.onnx.quantization.config.config import QConfig
from quark.onnx.quantization.config.custom_config import A8W8_QCONFIG
from quark.onnx.quantization.config.spec import (
    CalibMethod,
    Int8Spec,
    QLayerConfig,
    QuantGranularity,
    UInt8Spec,
    XInt8Spec,
)
from samples import feeds_of

LEARNED = {"static": [], "adaround": [AdaRoundConfig()], "adaquant": [AdaQuantConfig()]}


class Reader(CalibrationDataReader):
    def __init__(self, specification: str) -> None:
        self.feeds = list(feeds_of(specification))
        self.rewind()

    def get_next(self):
        return next(self.following, None)

    def rewind(self) -> None:
        self.following = iter(self.feeds)

    reset_iter = rewind

    def __len__(self) -> int:
        return len(self.feeds)


def configuration(name: str) -> QConfig:
    if name == "a8w8":
        return A8W8_QCONFIG
    if name == "xint8":
        return QConfig(
            global_config=QLayerConfig(activation=XInt8Spec(), weight=XInt8Spec()),
            algo_config=[CLEConfig()],
        )
    activation = UInt8Spec(calibration_method=CalibMethod.MinMax)
    weight = Int8Spec(calibration_method=CalibMethod.MinMax, quant_granularity=QuantGranularity.Channel)
    return QConfig(
        global_config=QLayerConfig(activation=activation, weight=weight),
        algo_config=LEARNED[name],
    )


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--configuration", choices=[*LEARNED, "a8w8", "xint8"], required=True)
    parser.add_argument("--samples", required=True)
    args = parser.parse_args()
    with TemporaryDirectory() as folder:
        model = str(Path(folder) / "model.onnx")
        onnx.save(load_recent(args.model), model)
        ModelQuantizer(configuration(args.configuration)).quantize_model(model, args.out, Reader(args.samples))


if __name__ == "__main__":
    main()
