"""A pool of generated pictures, so that D sees what G used to make besides what it makes now.

Shrivastava et al. 2017 (1612.07828, section 2.3), with the rule of CycleGAN's reference code
(junyanz/pytorch-CycleGAN-and-pix2pix, util/image_pool.py), which takes in one picture after the other.
"""

from __future__ import annotations

import torch
from torch import Tensor


class PicturePool:
    """Holds up to `size` pictures and gives back each time as many as it is given.

    While there is room a picture is kept, and given back too. Once full, a coin is tossed for every picture: either it
    is given back and not kept, or it takes the place of one in the pool, drawn at random, which is given back instead.

    Attributes:
        size: how many it holds at most; a pool of 0 gives back what it is given.
    """

    def __init__(self, size: int = 50) -> None:
        self.size = size
        self._pictures: list[Tensor] = []

    def __len__(self) -> int:
        return len(self._pictures)

    @torch.no_grad()
    def exchange(self, pictures: Tensor) -> Tensor:
        """Pictures (N, C, H, W) for D, detached, in place of those that G has just made.

        Draws from torch's global generator of the CPU, on every device: what is decided there needs no GPU to wait.
        """
        if not self.size:
            return pictures.detach()
        swaps = (torch.rand(len(pictures)) < 0.5).tolist()
        places = torch.randint(self.size, (len(pictures),)).tolist()
        return torch.stack([self._exchange(*each) for each in zip(pictures, swaps, places, strict=True)])

    def state_dict(self) -> dict[str, Tensor]:
        """What is in the pool, in its order; nothing while it is empty."""
        return {"pictures": torch.stack(self._pictures)} if self._pictures else {}

    def load_state_dict(self, state: dict[str, Tensor]) -> None:
        """Takes back what `state_dict` gave."""
        self._pictures = [picture.clone() for picture in state.get("pictures", ())]

    def _exchange(self, picture: Tensor, swap: bool, place: int) -> Tensor:
        if len(self) < self.size:
            self._pictures.append(picture.clone())
        elif swap:
            # A pool that was loaded from a checkpoint may still lie on another device.
            picture, self._pictures[place] = self._pictures[place].to(picture.device), picture.clone()
        return picture
