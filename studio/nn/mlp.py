"""The networks of the first GAN (Goodfellow et al. 2014, 1406.2661; goodfeli/adversarial, mnist.yaml), in colour."""

from __future__ import annotations

from torch import Tensor, nn

from studio.nn.init import init_uniform

_G_IRANGE = 0.05
_D_IRANGE = 0.005


class MlpGenerator(nn.Module):
    """z (N, z_dim) in [-1, 1] -> pictures (N, 3, resolution, resolution) in [-1, 1].

    Two hidden layers of ReLU and a sigmoid a pixel. The reference code draws z from U(-sqrt 3, sqrt 3), which has
    variance 1; here z is U(-1, 1) and scaled inside.
    """

    def __init__(self, resolution: int, z_dim: int = 100, hidden: int = 1200) -> None:
        """Weights are drawn from U(-.05, .05)."""
        super().__init__()
        self.shape = (3, resolution, resolution)
        self.layers = nn.Sequential(
            nn.Linear(z_dim, hidden),
            nn.ReLU(inplace=True),
            nn.Linear(hidden, hidden),
            nn.ReLU(inplace=True),
            nn.Linear(hidden, 3 * resolution**2),
            nn.Sigmoid(),
        )
        init_uniform(self, _G_IRANGE)

    def forward(self, z: Tensor) -> Tensor:
        """Pictures of z."""
        pixels: Tensor = self.layers(z * 3**0.5)
        return (2 * pixels - 1).view(-1, *self.shape)


class Maxout(nn.Module):
    """The greatest of `pieces` linear maps a unit, (N, inputs) -> (N, units): Maxout Networks (1302.4389, 3)."""

    def __init__(self, inputs: int, units: int, pieces: int) -> None:
        super().__init__()
        self.linear = nn.Linear(inputs, units * pieces)
        self.shape = (units, pieces)

    def forward(self, x: Tensor) -> Tensor:
        """The units' activations."""
        pieces: Tensor = self.linear(x)
        return pieces.view(-1, *self.shape).amax(dim=2)


class MlpDiscriminator(nn.Module):
    """Pictures (N, 3, resolution, resolution) in [-1, 1] -> logits (N,).

    Two maxout layers; the code drops a fifth of the pixels and half of the units.
    """

    def __init__(
        self, resolution: int, units: int = 240, pieces: int = 5, pixel_dropout: float = 0.2, dropout: float = 0.5
    ) -> None:
        """Weights are drawn from U(-.005, .005)."""
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(),
            nn.Dropout(pixel_dropout),
            Maxout(3 * resolution**2, units, pieces),
            nn.Dropout(dropout),
            Maxout(units, units, pieces),
            nn.Dropout(dropout),
            nn.Linear(units, 1),
        )
        init_uniform(self, _D_IRANGE)

    def forward(self, images: Tensor) -> Tensor:
        """Logits of pictures, higher is more real."""
        logits: Tensor = self.layers((images + 1) / 2)
        return logits.flatten()
