"""Half precision in the highest resolutions, on GPUs that are made for it (2006.06676, appendix D).

There is no loss scaling: as in NVlabs/stylegan2-ada-pytorch (training/networks.py: num_fp16_res, conv_clamp),
activations are clamped, modulated convolutions bring weights and styles near 1, and weights and their gradients stay in
float32.
"""

from __future__ import annotations

import torch
from torch import Tensor

from studio_stylegan.channels import SMALLEST

HALF_CLAMP = 256.0


def half_from(resolution: int, half_layers: int) -> int:
    """The resolution from which on blocks compute in half precision: the `half_layers` highest, never 4 x 4."""
    return max((2 * resolution) >> half_layers, 2 * SMALLEST)


def block_dtype(half: bool, weight: Tensor) -> torch.dtype:
    """What a block with such weights computes in: float16 if it is one of the highest and on an NVIDIA GPU."""
    return torch.float16 if half and weight.is_cuda else weight.dtype
