"""Quantizes the weights of one model's MatMul with ONNX Runtime's weight-only quantizers: 4 bits, blocks of 32, asymmetric.

rtn      its default: round to nearest
k-quant  scales found as llama.cpp finds them
gptq     GPTQ on the calibration samples
"""

import argparse

from onnxruntime.quantization import CalibrationDataReader
from onnxruntime.quantization.matmul_nbits_quantizer import (
    GPTQWeightOnlyQuantConfig,
    KQuantWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)
from samples import feeds_of

BLOCK_SIZE = 32
# Activations in 8 bits: what makes the runtime's kernel fast.
ACCURACY_LEVEL = 4


class Reader(CalibrationDataReader):
    def __init__(self, specification: str) -> None:
        self.feeds = list(feeds_of(specification))
        self.read = 0

    def get_next(self):
        if self.read == len(self.feeds):
            return None
        self.read += 1
        return self.feeds[self.read - 1]


ALGORITHMS = {
    "rtn": lambda _: None,
    "k-quant": lambda _: KQuantWeightOnlyQuantConfig(),
    "gptq": lambda samples: GPTQWeightOnlyQuantConfig(calibration_data_reader=Reader(samples)),
}


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--configuration", choices=[*ALGORITHMS], required=True)
    parser.add_argument("--samples", required=True)
    args = parser.parse_args()
    quantizer = MatMulNBitsQuantizer(
        args.model,
        block_size=BLOCK_SIZE,
        is_symmetric=False,
        accuracy_level=ACCURACY_LEVEL,
        op_types_to_quantize=("MatMul",),
        algo_config=ALGORITHMS[args.configuration](args.samples),
    )
    quantizer.process()
    quantizer.model.save_model_to_file(args.out)


if __name__ == "__main__":
    main()
