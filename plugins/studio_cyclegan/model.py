"""CycleGAN: Zhu, Park, Isola and Efros 2017 (1703.10593), equations 1 to 3, as the authors' PyTorch code trains it.

G_AB is the paper's G, from X = A to Y = B, and G_BA its F; D_A judges pictures of domain A (the paper's D_X, the code's
D_B), and D_B those of domain B.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import torch
from torch import Generator, Tensor, nn
from torch.nn.functional import l1_loss, mse_loss
from torch.optim import Adam

from studio.api import Batch, DataInfo, GanModel, StudioError
from studio.nn.decay import linear_decay, set_learning_rate
from studio.nn.freezing import frozen
from studio.nn.jitter import jitter
from studio.nn.losses import least_squares_discriminator
from studio.nn.patchgan import PatchDiscriminator
from studio.nn.picture_pool import PicturePool
from studio.nn.resnet_generator import ResnetGenerator
from studio.nn.unet import UNet
from studio_cyclegan.hyperparameters import CycleGanHyperparameters

_DISTANCES: dict[str, Callable[[Tensor, Tensor], Tensor]] = {"l1": l1_loss, "mse": mse_loss}


@dataclass(frozen=True)
class Way:
    """What came of going from one domain to the other and back.

    Attributes:
        fake: the pictures, translated; with their graph.
        adversarial: how far they are from convincing D.
        cycle: the distance between where one started and where one came back to.
        identity: how much pictures of the target domain were changed; 0 where that is not asked for.
    """

    fake: Tensor
    adversarial: Tensor
    cycle: Tensor
    identity: Tensor


class CycleGan(GanModel):
    """Two generators that undo each other, and a discriminator for each domain."""

    hp: CycleGanHyperparameters
    ema_networks: ClassVar[tuple[str, ...]] = ("G_AB", "G_BA")

    def __init__(self, hp: CycleGanHyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.G_AB, self.G_BA = _generator(hp), _generator(hp)
        self.D_A, self.D_B = _discriminator(hp), _discriminator(hp)
        self.G_opt = _adam(hp, self.G_AB, self.G_BA)
        self.D_opt = _adam(hp, self.D_A, self.D_B)
        self.pool_A, self.pool_B = PicturePool(hp.pool), PicturePool(hp.pool)

    def training_step(self, batch: Batch) -> Iterator[dict[str, Tensor]]:
        """One update of both generators, then one of both discriminators, in the reference's order."""
        assert batch.images_b is not None
        hp = self.hp
        set_learning_rate((self.G_opt, self.D_opt), self.learning_rate())
        # Jitter's crops lie in memory pixel by pixel, an order that every layer would take on, and that is slower here.
        A, B = (
            jitter(images, scale=hp.jitter, flip=hp.flip)[0].contiguous() for images in (batch.images, batch.images_b)
        )
        there, back = self.generator_phase(A, B)
        yield {
            "loss/G_AB": there.adversarial.detach(),
            "loss/G_BA": back.adversarial.detach(),
            "cycle/A": there.cycle.detach(),
            "cycle/B": back.cycle.detach(),
            "identity/A": back.identity.detach(),
            "identity/B": there.identity.detach(),
        }
        yield self.discriminator_phase(A, B, back.fake, there.fake)

    def generator_phase(self, A: Tensor, B: Tensor) -> tuple[Way, Way]:
        """The generators minimise equation 3 and the identity term: A -> B -> A and B -> A -> B."""
        there = self._go(A, B, self.G_AB, self.G_BA, self.D_B)
        back = self._go(B, A, self.G_BA, self.G_AB, self.D_A)
        weight = self.hp.cycle_weight
        loss = there.adversarial + back.adversarial + weight * (there.cycle + back.cycle)
        loss = loss + weight * self.hp.identity_weight * (there.identity + back.identity)
        self.G_opt.zero_grad()
        torch.autograd.backward(loss)
        self.G_opt.step()
        return there, back

    def discriminator_phase(self, A: Tensor, B: Tensor, fake_A: Tensor, fake_B: Tensor) -> dict[str, Tensor]:
        """Each discriminator learns from real pictures of its domain and from what the pool gives for the new fakes."""
        loss_A = _judged(self.D_A, A, self.pool_A.exchange(fake_A))
        loss_B = _judged(self.D_B, B, self.pool_B.exchange(fake_B))
        self.D_opt.zero_grad()
        torch.autograd.backward(loss_A + loss_B)
        self.D_opt.step()
        return {"loss/D_A": loss_A.detach(), "loss/D_B": loss_B.detach()}

    @property
    def directions(self) -> tuple[str, str]:
        """From A to B and from B to A, by the names of the domains; one after the other is the round trip."""
        a, b = self.data.domains
        return f"{a}->{b}", f"{b}->{a}"

    def translate(self, images: Tensor, direction: str, generator: Generator | None = None) -> Tensor:  # noqa: ARG002 (no dropout)
        """Pictures (N, 3, H, W) in [-1, 1] in the other domain; nothing in it is random.

        Raises:
            StudioError: the direction is neither of `directions`.
        """
        if direction not in self.directions:
            raise StudioError(
                f"There is no direction {direction!r} in this model.", f"Choose from: {', '.join(self.directions)}."
            )
        name = "G_AB" if direction == self.directions[0] else "G_BA"
        pictures: Tensor = self.ema[name](images)
        return pictures

    def learning_rate(self) -> float:
        """What Adam gets in this step: `lr`, falling in a straight line to 0 from `lr_decay_start` of the steps on."""
        return float(self.hp.lr * linear_decay(self.clock.step, self.clock.steps, self.hp.lr_decay_start))

    def extra_state(self) -> dict[str, Any]:
        """The pools."""
        return {"pool_A": self.pool_A.state_dict(), "pool_B": self.pool_B.state_dict()}

    def load_extra_state(self, state: dict[str, Any]) -> None:
        """Takes back the pools."""
        self.pool_A.load_state_dict(state["pool_A"])
        self.pool_B.load_state_dict(state["pool_B"])

    def _go(self, x: Tensor, y: Tensor, there: nn.Module, back: nn.Module, D: nn.Module) -> Way:
        """From x's domain to y's and back. `there` sees x and y in one pass: instance norm keeps pictures apart."""
        distance = _DISTANCES[self.hp.cycle_loss]
        if self.hp.identity_weight:
            fake, same = there(torch.cat([x, y])).chunk(2)
            identity = distance(same, y)
        else:
            fake, identity = there(x), x.new_zeros(())
        with frozen(D):
            # Equation 1 with least squares (section 4); unlike the discriminators' side it is not halved.
            adversarial = (D(fake) - 1).square().mean()
        return Way(fake, adversarial, distance(back(fake), x), identity)


def _judged(D: nn.Module, real: Tensor, fake: Tensor) -> Tensor:
    """Half the squared distance of real scores from 1 and of generated ones from 0 (section 4), both in one pass."""
    real_scores, fake_scores = D(torch.cat([real, fake])).chunk(2)
    return least_squares_discriminator(real_scores, fake_scores)


def _generator(hp: CycleGanHyperparameters) -> nn.Module:
    if hp.architecture == "unet":
        return UNet(hp.halvings, width=hp.width, norm="instance", dropout=0)
    return ResnetGenerator(hp.width, hp.blocks)


def _discriminator(hp: CycleGanHyperparameters) -> PatchDiscriminator:
    return PatchDiscriminator(3, hp.d_width, hp.patch, "instance")


def _adam(hp: CycleGanHyperparameters, *networks: nn.Module) -> Adam:
    """One optimiser for both sides' networks."""
    parameters = [parameter for network in networks for parameter in network.parameters()]
    return Adam(parameters, hp.lr, (hp.beta1, hp.beta2), fused=True)
