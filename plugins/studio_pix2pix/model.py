"""pix2pix (Isola, Zhu, Zhou and Efros 2016, 1611.07004, section 3): a conditional GAN on pairs, and an L1 distance."""

from __future__ import annotations

from collections.abc import Iterator

import torch
from torch import Generator, Tensor
from torch.nn.functional import l1_loss
from torch.optim import Adam

from studio.api import Batch, DataInfo, GanModel, StudioError
from studio.nn.decay import linear_decay, set_learning_rate
from studio.nn.freezing import frozen
from studio.nn.jitter import jitter
from studio.nn.patchgan import PatchDiscriminator
from studio.nn.unet import UNet
from studio_pix2pix.hyperparameters import Pix2PixHyperparameters
from studio_pix2pix.losses import discriminator_loss, judgement, verdict


class Pix2Pix(GanModel):
    """G turns a picture into its partner; D sees a picture beside a real or a made partner."""

    hp: Pix2PixHyperparameters

    def __init__(self, hp: Pix2PixHyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.G = UNet(hp.levels, width=hp.width, norm=hp.norm, dropout=hp.dropout)
        self.D = PatchDiscriminator(6, hp.width, hp.field, hp.norm)
        betas = (hp.beta1, hp.beta2)
        self.G_opt = Adam(self.G.parameters(), hp.lr, betas, fused=True)
        self.D_opt = Adam(self.D.parameters(), hp.lr, betas, fused=True)

    def training_step(self, batch: Batch) -> Iterator[dict[str, Tensor]]:
        """An update of D, then one of G through the new D, both on the same generated pictures."""
        set_learning_rate((self.G_opt, self.D_opt), self.learning_rate)
        given, target = self.pair(batch)
        made = self.G(given)
        yield self.discriminator_phase(given, target, made.detach())
        yield self.generator_phase(given, target, made)

    def pair(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """What is given and what is to be made of it, jittered together, (N, 3, H, W) each."""
        assert batch.images_b is not None
        first, second = jitter(batch.images, batch.images_b, scale=self.hp.jitter, flip=self.hp.flip)
        return (first, second) if self.hp.direction == "A->B" else (second, first)

    def discriminator_phase(self, given: Tensor, target: Tensor, made: Tensor) -> dict[str, Tensor]:
        """D tells real pairs from made ones; each kind has a pass of its own, as batch norm would mix them."""
        fake = self.D(torch.cat([given, made], 1))
        real = self.D(torch.cat([given, target], 1))
        loss = discriminator_loss(self.hp.loss, real, fake)
        self.D_opt.zero_grad()
        torch.autograd.backward(loss)
        self.D_opt.step()
        return {
            "loss/D": loss.detach(),
            "D/real": verdict(self.hp.loss, real.detach()),
            "D/fake": verdict(self.hp.loss, fake.detach()),
        }

    def generator_phase(self, given: Tensor, target: Tensor, made: Tensor) -> dict[str, Tensor]:
        """G makes pairs that D takes for real, and that are near the target (equation 4)."""
        with frozen(self.D):
            adversarial = judgement(self.hp.loss, self.D(torch.cat([given, made], 1)), real=True)
        distance = l1_loss(made, target)
        self.G_opt.zero_grad()
        torch.autograd.backward(adversarial + self.hp.l1_weight * distance)
        self.G_opt.step()
        return {"loss/G": adversarial.detach(), "L1": distance.detach()}

    @property
    def learning_rate(self) -> float:
        """`lr`, falling in a straight line to 0 from `lr_decay_start` of the steps on."""
        return float(self.hp.lr * linear_decay(self.clock.step, self.clock.steps, self.hp.lr_decay_start))

    @property
    def directions(self) -> tuple[str, ...]:
        """The one that is learnt, in the data's own words."""
        first, second = self.data.domains
        return (f"{first}->{second}" if self.hp.direction == "A->B" else f"{second}->{first}",)

    def translate(self, images: Tensor, direction: str, generator: Generator | None = None) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1], translated with each picture's own statistics.

        With a `generator`, dropout stays on, the same for every picture of the batch: the paper's source of chance
        (section 3.3). Without one there is no dropout, and one picture has one translation.

        Raises:
            StudioError: a direction that was not learnt.
        """
        if direction not in self.directions:
            raise StudioError(f"This model has not learnt {direction!r}.", f"Use {self.directions[0]!r}.")
        pictures: Tensor = self.ema["G"](images, generator)
        return pictures
