"""GAN: algorithm 1 of Goodfellow et al. 2014 (1406.2661) with k = 1, and DCGAN, its convolutional form."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Adam, Optimizer

from studio.api import Batch, DataInfo, GanModel, LatentSpace
from studio.nn.dcgan import Discriminator, Generator
from studio.nn.freezing import frozen
from studio.nn.losses import gan_loss
from studio_gan.hyperparameters import DcganHyperparameters, GanHyperparameters


class Gan(GanModel):
    """What every GAN here has in common: one update of D, one of G, pictures from z, and D's opinion of a picture.

    A subclass builds `G`, `D`, `G_opt` and `D_opt`, and gives `latent_space`.
    """

    hp: GanHyperparameters
    ema_networks: ClassVar[tuple[str, ...]] = ("G", "D")
    d_scale: ClassVar[float] = 1.0

    G: nn.Module
    D: nn.Module
    G_opt: Optimizer
    D_opt: Optimizer

    def __init__(self, hp: GanHyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.loss = gan_loss(hp.loss, hp.label_smoothing)

    @property
    def latent_space(self) -> LatentSpace:
        """What z is drawn from."""
        raise NotImplementedError

    def training_step(self, batch: Batch) -> Iterator[dict[str, Tensor]]:
        """One update of D and one of G, on the same generated pictures, as in pytorch/examples (dcgan/main.py)."""
        fake = self.G(self.draw_z(batch.images))
        yield self.discriminator_phase(batch.images, fake.detach())
        yield self.generator_phase(fake)

    def discriminator_phase(self, real: Tensor, fake: Tensor) -> dict[str, Tensor]:
        """D tells real from generated; the two go through D apart, so that batch norm never mixes them."""
        real_logits, fake_logits = self.D(real), self.D(fake)
        loss = self.loss.discriminator(real_logits, fake_logits)
        self.D_opt.zero_grad()
        torch.autograd.backward(self.d_scale * loss)
        self.D_opt.step()
        return {
            "loss/D": loss.detach(),
            "D/real": self.loss.verdict(real_logits.detach()).mean(),
            "D/fake": self.loss.verdict(fake_logits.detach()).mean(),
        }

    def generator_phase(self, fake: Tensor) -> dict[str, Tensor]:
        """G makes D err."""
        with frozen(self.D):
            loss = self.loss.generator(self.D(fake))
        self.G_opt.zero_grad()
        torch.autograd.backward(loss)
        self.G_opt.step()
        return {"loss/G": loss.detach()}

    def draw_z(self, like: Tensor) -> Tensor:
        """One z for each picture of `like`, (N, z_dim), with its dtype and device."""
        shape = (len(like), self.hp.z_dim)
        if self.latent_space.distribution == "normal":
            return torch.randn(shape, dtype=like.dtype, device=like.device)
        return torch.rand(shape, dtype=like.dtype, device=like.device) * 2 - 1

    def hyperparameters_changed(self) -> None:
        """Takes a new loss smoothing and new learning rates."""
        self.loss = gan_loss(self.hp.loss, self.hp.label_smoothing)

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:  # noqa: ARG002 (unconditional)
        """Pictures (N, 3, H, W) in [-1, 1] from z (N, z_dim).

        There is no w to truncate: psi scales z itself toward 0, the centre of its distribution.
        """
        pictures: Tensor = self.ema["G"](psi * z)
        return pictures

    def realism(self, images: Tensor) -> Tensor:
        """The averaged D's logit a picture (N,); its sigmoid is D(x) where the loss is a cross-entropy."""
        logits: Tensor = self.ema["D"](images)
        return logits


class Dcgan(Gan):
    """Deep convolutional GAN (Radford, Metz and Chintala 2015, 1511.06434)."""

    hp: DcganHyperparameters

    def __init__(self, hp: DcganHyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        # Channels last measured 1.12 to 1.18 times as fast on a CPU at 32 and 64 px; Adam's variants measured the same.
        self.G = Generator(hp.resolution, hp.z_dim, hp.width).to(memory_format=torch.channels_last)
        self.D = Discriminator(hp.resolution, hp.width, hp.d_norm).to(memory_format=torch.channels_last)
        betas = (hp.beta1, hp.beta2)
        self.G_opt = Adam(self.G.parameters(), hp.lr, betas)
        self.D_opt = Adam(self.D.parameters(), hp.lr * hp.lr_ratio, betas)

    @property
    def latent_space(self) -> LatentSpace:
        """z is N(0, 1), or U(-1, 1) as in the paper."""
        return LatentSpace(self.hp.z_dim, self.hp.z_distribution)

    def hyperparameters_changed(self) -> None:
        """Puts new learning rates into Adam."""
        super().hyperparameters_changed()
        set_lr(self.G_opt, self.hp.lr)
        set_lr(self.D_opt, self.hp.lr * self.hp.lr_ratio)


def set_lr(optimizer: Optimizer, lr: float) -> None:
    """Gives every parameter group one learning rate."""
    for group in optimizer.param_groups:
        group["lr"] = lr
