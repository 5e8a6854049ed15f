"""Quantizes the weights of one model's MatMul with ONNX Runtime's HQQ (half-quadratic quantization): 4 bits, blocks of 32.

Its nodes name no accuracy_level, so that the runtime computes in float.
"""

import argparse

from onnxruntime.quantization.matmul_nbits_quantizer import HQQWeightOnlyQuantConfig, MatMulNBitsQuantizer

BLOCK_SIZE = 32


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--configuration", choices=["block"], required=True)
    parser.add_argument("--samples")
    args = parser.parse_args()
    algorithm = HQQWeightOnlyQuantConfig(block_size=BLOCK_SIZE, op_types_to_quantize=("MatMul",))
    quantizer = MatMulNBitsQuantizer(args.model, op_types_to_quantize=("MatMul",), algo_config=algorithm)
    quantizer.process()
    quantizer.model.save_model_to_file(args.out)


if __name__ == "__main__":
    main()
