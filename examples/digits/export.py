"""Exports the digit classifier from PyTorch, for use as a `command:` variant:

    variants:
      - { name: torch, command: [python, export.py, "{output}"] }

The network is built here in PyTorch; its weights are read from digits.onnx beside this file (the exporter has already folded
BatchNorm into them), so that no training is needed. The variant shows what a fresh export of the same network measures.

Needs: torch, onnx, numpy. Usage: python export.py OUTPUT.onnx
"""

import sys
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import nn

SOURCE = Path(__file__).with_name("digits.onnx")
OPSET = 17


class ResidualBlock(nn.Module):
    """Two 3x3 convolutions and a shortcut, which is a 1x1 convolution where shapes differ."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels_out, 3, stride=stride, padding=1)
        self.second = nn.Conv2d(channels_out, channels_out, 3, padding=1)
        same = channels_in == channels_out and stride == 1
        self.shortcut = nn.Identity() if same else nn.Conv2d(channels_in, channels_out, 1, stride=stride)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.relu(self.second(torch.relu(self.first(x))) + self.shortcut(x))


def build() -> nn.Sequential:
    return nn.Sequential(
        nn.Conv2d(1, 32, 3, padding=1),
        nn.ReLU(),
        ResidualBlock(32, 32, 1),
        ResidualBlock(32, 64, 2),
        ResidualBlock(64, 128, 2),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(128, 10),
    )


def load_weights(network: nn.Module) -> None:
    """Both graphs hold the layers in the same order: each weighted node gives its weight and bias to the next layer."""
    graph = onnx.load(SOURCE).graph
    tensors = {tensor.name: numpy_helper.to_array(tensor) for tensor in graph.initializer}
    weighted = [node for node in graph.node if node.op_type in ("Conv", "Gemm")]
    layers = [module for module in network.modules() if isinstance(module, (nn.Conv2d, nn.Linear))]
    if len(weighted) != len(layers):
        raise SystemExit(f"{SOURCE.name} has {len(weighted)} weighted layers, the network {len(layers)}")
    for node, layer in zip(weighted, layers, strict=True):
        with torch.no_grad():
            layer.weight.copy_(torch.from_numpy(np.array(tensors[node.input[1]])))
            layer.bias.copy_(torch.from_numpy(np.array(tensors[node.input[2]])))


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: python export.py OUTPUT.onnx")
    network = build()
    load_weights(network)
    torch.onnx.export(
        network.eval(),
        (torch.zeros(1, 1, 28, 28),),
        sys.argv[1],
        input_names=["image"],
        output_names=["logits"],
        dynamic_axes={"image": {0: "batch"}, "logits": {0: "batch"}},
        opset_version=OPSET,
        dynamo=False,
    )


if __name__ == "__main__":
    main()
