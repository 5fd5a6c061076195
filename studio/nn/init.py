"""How weights start."""

from __future__ import annotations

from torch import nn

_CONVOLUTIONS = (nn.Conv2d, nn.ConvTranspose2d)
_BATCH_NORMS = (nn.BatchNorm1d, nn.BatchNorm2d)


def init_normal(network: nn.Module, std: float = 0.02) -> None:
    """Convolutions and linear layers from N(0, std), batch norm's scales from N(1, std), every bias 0.

    DCGAN (1511.06434, section 4); the scales as in both reference codes (Newmu/dcgan_code; pytorch/examples,
    dcgan/main.py: weights_init). Call it before `spectral_norm` puts its parametrisation on a weight.
    """
    for layer in network.modules():
        if isinstance(layer, (*_CONVOLUTIONS, nn.Linear)):
            nn.init.normal_(layer.weight, 0.0, std)
        elif isinstance(layer, _BATCH_NORMS):
            nn.init.normal_(layer.weight, 1.0, std)
        else:
            continue
        if layer.bias is not None:
            nn.init.zeros_(layer.bias)


def init_uniform(network: nn.Module, irange: float) -> None:
    """Linear layers from U(-irange, irange), every bias 0, as pylearn2's `irange` does (goodfeli/adversarial)."""
    for layer in network.modules():
        if isinstance(layer, nn.Linear):
            nn.init.uniform_(layer.weight, -irange, irange)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
