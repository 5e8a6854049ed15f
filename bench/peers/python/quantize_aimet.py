"""Quantizes one model with AIMET for ONNX and exports it with QuantizeLinear and DequantizeLinear: int8, weights per channel.

ptq           ranges by its default scheme for activations (min-max)
adaround      ptq, with AdaRound's recommended 10,000 iterations per layer
cle-adaround  adaround, after cross-layer equalization (which replaces Relu6 by Relu)
"""

import argparse

import onnx
from aimet_onnx import QuantizationSimModel, apply_adaround, int8
from aimet_onnx.common.quantsim_config.utils import get_path_for_per_channel_config
from aimet_onnx.cross_layer_equalization import equalize_model
from models import load_recent
from samples import feeds_of

ITERATIONS = 10_000


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--configuration", choices=["ptq", "adaround", "cle-adaround"], required=True)
    parser.add_argument("--samples", required=True)
    args = parser.parse_args()
    feeds = list(feeds_of(args.samples))
    model = load_recent(args.model)
    if args.configuration == "cle-adaround":
        equalize_model(model)
    sim = QuantizationSimModel(
        model,
        param_type=int8,
        activation_type=int8,
        config_file=get_path_for_per_channel_config(),
        dummy_input=feeds[0],
    )
    if args.configuration != "ptq":
        apply_adaround(sim, feeds, num_iterations=ITERATIONS)
    sim.compute_encodings(feeds)
    onnx.save(sim.to_onnx_qdq(export_int32_bias=True, prequantize_constants=True), args.out)


if __name__ == "__main__":
    main()
