"""StyleGAN of 2018: non-saturating logistic loss, R1 at every step, mixing regularisation, progressive growing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import log2
from typing import ClassVar, cast

import torch
from torch import Tensor
from torch.optim import Adam

from studio.api import Batch, DataInfo, GanModel, LatentSpace, StudioError
from studio.nn.freezing import frozen
from studio.nn.losses import bce_discriminator, bce_generator
from studio.nn.mapping import truncate
from studio_stylegan.losses import r1_penalties
from studio_stylegan.mixing import cross, draw_crossover
from studio_stylegan.style1_growth import enlarge, enters_new_phase, fade_reals, level_at, lr_factor, shrink, size_at
from studio_stylegan.style1_hyperparameters import StyleGan1Hyperparameters
from studio_stylegan.style1_networks import Discriminator, Generator, fixed_noise, fresh_noise, layer_count, no_noise


class StyleGan1(GanModel):
    """Karras, Laine and Aila 2018 (1812.04948), as NVlabs/stylegan trains it.

    D and G are trained at the size that the level has reached; what is rendered is enlarged to full size.
    """

    hp: StyleGan1Hyperparameters
    ema_networks: ClassVar[tuple[str, ...]] = ("G", "D")

    def __init__(self, hp: StyleGan1Hyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.G = Generator(hp)
        self.D = Discriminator(hp)
        betas = (hp.beta1, hp.beta2)
        self.G_opt = Adam(self.G.parameters(), hp.lr, betas, fused=True)
        self.D_opt = Adam(self.D.parameters(), hp.lr * hp.lr_ratio, betas, fused=True)

    @property
    def latent_space(self) -> LatentSpace:
        """z is N(0, 1)."""
        return LatentSpace(self.hp.z_dim)

    @property
    def num_ws(self) -> int:
        """Two layers a size, those that have not grown yet included."""
        return layer_count(int(log2(self.hp.resolution)))

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        """An update of D, then one of G."""
        level = self.grow()
        yield {**self.discriminator_phase(fade_reals(batch.images, level), level), "growth": 2.0**level}
        yield self.generator_phase(batch.images, level)

    def grow(self) -> float:
        """Brings networks and optimisers to the level of this step, which the clock alone decides."""
        level, hp = level_at(self.clock.images, self.hp), self.hp
        before = level_at(max(self.clock.images - hp.batch, 0), hp)
        for network in (self.G.synthesis, self.D):
            network.set_level(level)
        for optimiser, lr in ((self.G_opt, hp.lr), (self.D_opt, hp.lr * hp.lr_ratio)):
            if enters_new_phase(before, level):
                optimiser.state.clear()
            for group in optimiser.param_groups:
                group["lr"] = lr * lr_factor(level)
        return level

    def discriminator_phase(self, real: Tensor, level: float) -> dict[str, Tensor]:
        """D's update: logistic loss and, when its turn has come, R1 times its interval (1912.04958, section 3.1)."""
        penalised = self.hp.gamma > 0 and self.clock.step % self.hp.r1_every == 0
        with torch.no_grad():
            fake = self.fake(real, level)
        real = real.detach().requires_grad_(penalised)
        real_logits, fake_logits = self.D(real, level), self.D(fake, level)
        loss = bce_discriminator(real_logits, fake_logits)
        found = {"logits/real": real_logits.detach().mean(), "logits/fake": fake_logits.detach().mean()}
        if penalised:
            r1 = self.r1(real, real_logits)
            found["r1"] = r1.detach()
            loss = loss + self.hp.gamma / 2 * self.hp.r1_every * r1
        self.D_opt.zero_grad()
        torch.autograd.backward(loss)
        self.D_opt.step()
        return {"loss/D": loss.detach(), **found}

    def generator_phase(self, like: Tensor, level: float) -> dict[str, Tensor]:
        """G's update: D should take as many new pictures as there are in `like` for real."""
        with frozen(self.D):
            loss = bce_generator(self.D(self.fake(like, level), level))
        self.G_opt.zero_grad()
        torch.autograd.backward(loss)
        self.G_opt.step()
        return {"loss/G": loss.detach()}

    def r1(self, real: Tensor, logits: Tensor) -> Tensor:
        """E[|grad D(x)|^2] at real pictures (Mescheder et al. 2018, 1801.04406, equation 9), as a 0-d tensor.

        The reference takes the gradient with respect to pictures at full size, whose D begins by shrinking them: what
        it gets at a smaller size is smaller by the ratio of the areas, and so is this.
        """
        share = (real.shape[-1] / self.hp.resolution) ** 2
        return share * r1_penalties(logits, real).mean()

    def fake(self, like: Tensor, level: float) -> Tensor:
        """As many generated pictures as there are in `like`, of the level's size, with noise and mixed styles."""
        noise = fresh_noise if self.hp.noise else no_noise
        pictures: Tensor = self.G.synthesis(self.styles(like, level), noise, level)
        return pictures

    def styles(self, like: Tensor, level: float) -> Tensor:
        """ws (N, num_ws, w_dim) of new z, two in a picture with probability `mixing`; moves w_avg.

        Mixing regularisation (1812.04948, section 3.1): the layers from a random one on have the second w. As in the
        code, the crossing point is the batch's and lies in layers that have grown.
        """
        w: Tensor = self.G.mapping(self.draw_z(like))
        self.G.mapping.track(w)
        grown = layer_count(int(log2(size_at(level))))
        crossover = draw_crossover(grown, self.hp.mixing)
        other: Tensor = self.G.mapping(self.draw_z(like)) if crossover < grown else w
        return cross(w, other, crossover, self.num_ws)

    def draw_z(self, like: Tensor) -> Tensor:
        """One z for each picture of `like`, (N, z_dim), with its dtype and device."""
        return torch.randn(len(like), self.hp.z_dim, dtype=like.dtype, device=like.device)

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1] from z (N, z_dim); psi truncates every layer. Noise is always the same."""
        return self.synthesis(self.mapping(z, psi=psi, labels=labels))

    def mapping(
        self,
        z: Tensor,
        *,
        psi: float = 1.0,
        cutoff: int | None = None,
        labels: Tensor | None = None,  # noqa: ARG002 (unconditional)
    ) -> Tensor:
        """ws (N, num_ws, w_dim) from z (N, z_dim); layers before `cutoff` are truncated, all where it is None.

        The reference shows pictures with psi .7 and cutoff 8 (networks_stylegan.py: truncation_psi, truncation_cutoff).
        """
        mapping = self._averaged_G.mapping
        ws = mapping(z)[:, None].repeat(1, self.num_ws, 1)
        return truncate(ws, mapping.w_avg, psi, cutoff)

    def synthesis(self, ws: Tensor, *, noise_seeds: Sequence[int | None] | None = None) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1] from ws (N, num_ws, w_dim).

        `noise_seeds`: one a layer, None for no noise there. Without them each layer has that of seed 0.

        Raises:
            StudioError: not one seed a layer.
        """
        seeds = [0] * self.num_ws if noise_seeds is None else noise_seeds
        if len(seeds) != self.num_ws:
            raise StudioError(f"There are {len(seeds)} noise seeds for {self.num_ws} layers.", "Give one a layer.")
        pictures: Tensor = self._averaged_G.synthesis(ws, fixed_noise(seeds))
        return enlarge(pictures, self.hp.resolution).clamp(-1, 1)

    def realism(self, images: Tensor) -> Tensor:
        """The averaged D's logit a picture (N,), of each on its own."""
        D = cast("Discriminator", self.ema["D"])
        logits: Tensor = D(shrink(images, size_at(D.level)), group=1)
        return logits

    @property
    def _averaged_G(self) -> Generator:
        return cast("Generator", self.ema["G"])
