"""Quantizes one model with NNCF's ONNX backend.

fast            quantize(model, dataset) for CPUs: MIXED preset (activations asymmetric), its fast bias correction; for 8-bit files
accurate        the same with its slower bias correction, which runs the network up to each layer
scale           4-bit weights in groups of 32, asymmetric, scales fitted to the data (scale estimation)
awq             scale, with AWQ
"""

import argparse

import nncf
import onnx
from models import load_recent
from samples import feeds_of

GROUP_SIZE = 32


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("model")
    parser.add_argument("out")
    parser.add_argument("--configuration", choices=["fast", "accurate", "scale", "awq"], required=True)
    parser.add_argument("--samples", required=True)
    args = parser.parse_args()
    feeds = list(feeds_of(args.samples))
    model = load_recent(args.model)
    if args.configuration in ("scale", "awq"):
        quantized = nncf.compress_weights(
            model,
            mode=nncf.CompressWeightsMode.INT4_ASYM,
            ratio=1.0,
            group_size=GROUP_SIZE,
            dataset=nncf.Dataset(feeds),
            subset_size=len(feeds),
            scale_estimation=True,
            awq=args.configuration == "awq",
            # Embedding tables stay float, as in everyone's file.
            ignored_scope=nncf.IgnoredScope(types=["Gather"], validate=False),
        )
    else:
        quantized = nncf.quantize(
            model,
            nncf.Dataset(feeds),
            preset=nncf.QuantizationPreset.MIXED,
            target_device=nncf.TargetDevice.CPU,
            subset_size=len(feeds),
            fast_bias_correction=args.configuration == "fast",
        )
    onnx.save(quantized, args.out)


if __name__ == "__main__":
    main()
