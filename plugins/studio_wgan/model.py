"""WGAN: algorithm 1 of Arjovsky, Chintala and Bottou 2017 (1701.07875). D is the critic; its scores have no scale."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import torch
from torch import Tensor, nn
from torch.optim import Optimizer, RMSprop

from studio.api import Batch, DataInfo, GanModel, LatentSpace
from studio.nn.dcgan import Discriminator, Generator
from studio.nn.freezing import frozen
from studio_wgan.hyperparameters import WganGpHyperparameters, WganHyperparameters


class WassersteinGan(GanModel):
    """What both have in common: several updates of the critic, each on fresh pictures, then one of G.

    A subclass builds `G`, `D`, `G_opt` and `D_opt`, and writes `critic_phase`.
    """

    hp: WganHyperparameters | WganGpHyperparameters
    ema_networks: ClassVar[tuple[str, ...]] = ("G", "D")

    G: nn.Module
    D: nn.Module
    G_opt: Optimizer
    D_opt: Optimizer

    @property
    def latent_space(self) -> LatentSpace:
        """z is N(0, 1)."""
        return LatentSpace(self.hp.z_dim)

    def critic_updates(self) -> int:
        """How many updates of the critic this step has."""
        return self.hp.n_critic

    def critic_phase(self, real: Tensor) -> dict[str, Tensor]:
        """One update of the critic."""
        raise NotImplementedError

    def training_step(self, batch: Batch) -> Iterator[dict[str, Tensor]]:
        """The critic's updates, the first of them on `batch`, then one of G."""
        yield self.critic_phase(batch.images)
        for _ in range(self.critic_updates() - 1):
            yield self.critic_phase(batch.fresh().images)
        yield self.generator_phase(batch.images)

    def generator_phase(self, like: Tensor) -> dict[str, Tensor]:
        """G raises the critic's score of as many new pictures as there are in `like`."""
        with frozen(self.D):
            loss = -self.D(self.G(self.draw_z(like))).mean()
        self.G_opt.zero_grad()
        torch.autograd.backward(loss)
        self.G_opt.step()
        return {"loss/G": loss.detach()}

    @torch.no_grad()
    def fake(self, like: Tensor) -> Tensor:
        """As many generated pictures as there are in `like`, for the critic: no graph of G is built."""
        pictures: Tensor = self.G(self.draw_z(like))
        return pictures

    def draw_z(self, like: Tensor) -> Tensor:
        """One z for each picture of `like`, (N, z_dim), with its dtype and device."""
        return torch.randn(len(like), self.hp.z_dim, dtype=like.dtype, device=like.device)

    def hyperparameters_changed(self) -> None:
        """Puts a new learning rate into the optimisers."""
        for optimizer in (self.G_opt, self.D_opt):
            for group in optimizer.param_groups:
                group["lr"] = self.hp.lr

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:  # noqa: ARG002 (unconditional)
        """Pictures (N, 3, H, W) in [-1, 1] from z (N, z_dim).

        There is no w to truncate: psi scales z itself toward 0, the centre of its distribution.
        """
        pictures: Tensor = self.ema["G"](psi * z)
        return pictures

    def realism(self, images: Tensor) -> Tensor:
        """The averaged critic's score a picture (N,). It has no zero and no unit: only differences mean something."""
        scores: Tensor = self.ema["D"](images)
        return scores


class Wgan(WassersteinGan):
    """The critic's weights are clipped, on DCGAN's networks, batch norm in both.

    The code clips before each update of the critic, so that G sees weights up to one update beyond the bound; the paper
    clips after it (algorithm 1, line 7), and so does this. The critic's updates are the same either way.
    """

    hp: WganHyperparameters

    def __init__(self, hp: WganHyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.G = Generator(hp.resolution, hp.z_dim, hp.width).to(memory_format=torch.channels_last)
        self.D = Discriminator(hp.resolution, hp.width).to(memory_format=torch.channels_last)
        self.G_opt = RMSprop(self.G.parameters(), hp.lr)
        self.D_opt = RMSprop(self.D.parameters(), hp.lr)
        self.clip_critic()

    def critic_updates(self) -> int:
        """`n_critic`, or `warmup_critic` during the first steps and at each refresher."""
        hp, step = self.hp, self.clock.step
        refresher = hp.refresh_every > 0 and step % hp.refresh_every == 0
        return hp.warmup_critic if step < hp.warmup_steps or refresher else hp.n_critic

    def critic_phase(self, real: Tensor) -> dict[str, Tensor]:
        """The critic raises real scores over generated ones; they go through it apart, as batch norm would mix them."""
        wasserstein = self.D(real).mean() - self.D(self.fake(real)).mean()
        self.D_opt.zero_grad()
        torch.autograd.backward(-wasserstein)
        self.D_opt.step()
        self.clip_critic()
        estimate = wasserstein.detach()
        return {"loss/critic": -estimate, "wasserstein": estimate}

    @torch.no_grad()
    def clip_critic(self) -> None:
        """Brings every weight of the critic into [-clip, clip], batch norm's included."""
        for weight in self.D.parameters():
            weight.clamp_(-self.hp.clip, self.hp.clip)
