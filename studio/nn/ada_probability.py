"""ADA's controller: augmentation gets likelier while D is too sure of the real pictures (2006.06676, section 3)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class AdaProbability(nn.Module):
    """The augmentation probability p, and what has been seen of D since p last moved.

    r_t = E[sign(D(real))] (2006.06676, equation 1) is 0 for a D that has not begun to overfit and 1 for one that has
    every real picture by heart. Every few steps p moves by a fixed amount toward the target: up where r_t is above it,
    down where it is below. All of it is buffers, so that a run resumes exactly; nothing is read back from a GPU.

    Attributes:
        p: 0-d, the probability in [0, 1], 0 at first.
        r: 0-d, r_t as it was when p last moved.
    """

    p: Tensor
    r: Tensor
    sign_sum: Tensor
    sign_count: Tensor

    def __init__(self) -> None:
        super().__init__()
        for name in ("p", "r", "sign_sum", "sign_count"):
            self.register_buffer(name, torch.zeros(()))

    @torch.no_grad()
    def observe(self, real_logits: Tensor) -> None:
        """Notes the signs of D's logits of augmented real pictures, of any shape."""
        self.sign_sum += real_logits.sign().sum()
        self.sign_count += real_logits.numel()

    @torch.no_grad()
    def update(self, step: int, batch: int, *, target: float = 0.6, kimg: float = 500.0, interval: int = 4) -> None:
        """At the end of a step; p moves at every `interval`th.

        The reference code (NVlabs/stylegan2-ada-pytorch, training_loop.py) holds p at 0 or above and lets it rise
        beyond 1, where it has no more effect but takes long to come back; here it stops at 1.

        Args:
            step: the number of this step, 0 for the first.
            batch: real pictures a step.
            target: the r_t to hold (2006.06676, section 3.1).
            kimg: thousands of real pictures in which p can go from 0 to 1.
            interval: steps between two moves.
        """
        if (step + 1) % interval:
            return
        # Without an observation there is no r_t; 0 / 0 would stay in p for ever.
        self.r.copy_(self.sign_sum / self.sign_count.clamp(min=1))
        move = (self.r - target).sign() * (batch * interval / (kimg * 1000))
        self.p.copy_((self.p + torch.where(self.sign_count > 0, move, 0.0)).clamp(0, 1))
        self.sign_sum.zero_()
        self.sign_count.zero_()
