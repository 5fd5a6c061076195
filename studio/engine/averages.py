"""The averaged copies of a model's networks (G_ema), with which every picture that people see is made."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import torch
from torch.optim.swa_utils import AveragedModel

from studio.engine.misfits import require_fit

if TYPE_CHECKING:
    from torch import Tensor, nn

    from studio.api.model import GanModel

    Tensors = tuple[Tensor, ...] | list[Tensor]


class Averages:
    """Exponential moving averages, parameters and buffers alike, with a half-life in thousands of real pictures.

    The half-life grows with the pictures seen until it reaches `ema_kimg` (StyleGAN2-ADA, training_loop.py).

    Attributes:
        still: to be held while they are moved or copied, so that a copy is of one step. Never while rendering.
    """

    def __init__(self, model: GanModel) -> None:
        self._sources = {name: getattr(model, name) for name in model.ema_networks}
        self._averaged = {name: self._average(network) for name, network in self._sources.items()}
        self.still = threading.Lock()
        self._decay = 0.0
        self._healthy: Tensor | None = None
        model.ema = self.networks

    @property
    def networks(self) -> dict[str, nn.Module]:
        """The averaged networks by name, in eval mode, without gradients."""
        return {name: averaged.module for name, averaged in self._averaged.items()}

    def update(self, hp: Any, images: int, batch: int, healthy: Tensor | None = None) -> None:
        """Moves the averages towards the networks, after `images` real pictures of which `batch` are new.

        Where `healthy`, a 0-d tensor on the device, is false they stay as they are, without waiting for the device.
        """
        self._healthy = healthy
        half_life = hp.ema_kimg * 1000
        if hp.ema_rampup:
            half_life = min(half_life, images * hp.ema_rampup)
        self._decay = 0.5 ** (batch / half_life) if half_life > 0 else 0.0
        for name, averaged in self._averaged.items():
            averaged.update_parameters(self._sources[name])

    def state_dict(self) -> dict[str, Any]:
        """The averages, for a checkpoint."""
        return {name: averaged.state_dict() for name, averaged in self._averaged.items()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Takes back what `state_dict` gave.

        Raises:
            StudioError: it is of other networks.
        """
        for name, averaged in self._averaged.items():
            require_fit(f"average of {name}", averaged, state.get(name))
            averaged.load_state_dict(state[name])

    def _average(self, network: nn.Module) -> AveragedModel:
        averaged = AveragedModel(network, multi_avg_fn=self._lerp, use_buffers=True)
        averaged.eval().requires_grad_(False)
        return averaged

    @torch.no_grad()
    def _lerp(self, averaged: Tensors, current: Tensors, _count: Tensor | int) -> None:
        if (healthy := self._healthy) is not None:
            current = [torch.where(healthy, new, old) for new, old in zip(current, averaged, strict=True)]
        if averaged[0].is_floating_point():
            torch._foreach_lerp_(averaged, current, 1.0 - self._decay)
        else:
            torch._foreach_copy_(averaged, current)
