"""Progressive growing: which size is trained when, and how the next one fades in (1710.10196, section 2).

The level is the base-2 logarithm of the pictures' size: 3 is 8 px, 3.25 is 16 px of which a quarter is new. It is a
function of the real pictures seen alone, so that a resumed run goes on where it was.
"""

from __future__ import annotations

from math import ceil, log2

import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, interpolate

from studio_stylegan.style1_hyperparameters import StyleGan1Hyperparameters

_UNIT = 2**20

# NVlabs/stylegan, train.py: G_lrate_dict over G_lrate_base.
_LR_FACTORS = {128: 1.5, 256: 2.0, 512: 3.0, 1024: 3.0}


def level_at(images: int, hp: StyleGan1Hyperparameters) -> float:
    """The level after `images` real pictures: each size is stable for a while, then the next one fades in.

    As in NVlabs/stylegan (training_loop.py: training_schedule), which counts down to the full size instead (`lod`).
    """
    kimg = images / 1000
    first, last = log2(hp.start_resolution), log2(hp.resolution)
    phase = hp.stable_kimg + hp.fade_kimg
    if phase == 0:
        return last
    done = kimg // phase
    fading = max(kimg - done * phase - hp.stable_kimg, 0.0)
    return min(first + done + (fading / hp.fade_kimg if fading else 0.0), last)


def size_at(level: float) -> int:
    """Height and width in pixels of what is trained at a level."""
    return int(2 ** ceil(level))


def lr_factor(level: float) -> float:
    """What the learning rate is multiplied by at a level."""
    return _LR_FACTORS.get(size_at(level), 1.0)


def enters_new_phase(before: float, now: float) -> bool:
    """Whether a fade has begun or ended between two levels; Adam then starts afresh (reset_opt_for_new_lod)."""
    return ceil(before) != ceil(now) or int(before) != int(now)


def shrink(images: Tensor, size: int) -> Tensor:
    """Pictures (N, C, H, H) at height and width `size`, each pixel the mean of those it stands for."""
    return images if images.shape[-1] == size else avg_pool2d(images, images.shape[-1] // size)


def enlarge(images: Tensor, size: int) -> Tensor:
    """Pictures (N, C, H, H) at height and width `size`, by repeating pixels."""
    return images if images.shape[-1] == size else interpolate(images, size=(size, size), mode="nearest")


def fade_reals(images: Tensor, level: float) -> Tensor:
    """Real pictures as D sees them at a level: shrunk, and blurred as far as the new size has not faded in.

    As in NVlabs/stylegan (training_loop.py: process_reals), but for its enlarging them to full size again.
    """
    size = size_at(level)
    images = shrink(images, size)
    missing = ceil(level) - level
    return torch.lerp(images, enlarge(shrink(images, size // 2), size), missing) if missing else images


class Growing(nn.Module):
    """A network that knows its level, so that the averaged copy does too.

    It is kept as an integer: weight averaging copies integers, and would leave a fraction behind.
    """

    fixed_level: Tensor

    def __init__(self, level: float) -> None:
        super().__init__()
        self.register_buffer("fixed_level", torch.tensor(0))
        self.set_level(level)

    def set_level(self, level: float) -> None:
        """Remembers the level, to a millionth."""
        self.fixed_level.fill_(round(level * _UNIT))

    @property
    def level(self) -> float:
        """The level. On a GPU this waits: training hands levels over instead."""
        return self.fixed_level.item() / _UNIT
