"""StyleGAN2 with adaptive augmentation (Karras et al. 2020: 1912.04958 and 2006.06676)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import torch
from torch import Tensor, nn
from torch.optim import Optimizer

from studio.api import Batch, DataInfo, GanModel, LatentSpace, StudioError
from studio.nn.ada import AdaPipe
from studio.nn.ada_probability import AdaProbability
from studio.nn.freezing import frozen
from studio.nn.mapping import truncate
from studio_stylegan.discriminator import Discriminator
from studio_stylegan.generator import Generator, Noise
from studio_stylegan.hyperparameters import StyleGan2Hyperparameters
from studio_stylegan.lazy import lazy_adam, lazy_ratio
from studio_stylegan.losses import PathLength, discriminator_loss, generator_loss, r1_penalties
from studio_stylegan.mixing import cross, draw_crossover


class StyleGan2(GanModel):
    """The phases are those of NVlabs/stylegan2-ada-pytorch (training/loss.py, training_loop.py), in its order: G, every
    few steps G's path length penalty, D, every few steps D's R1 penalty.
    """

    hp: StyleGan2Hyperparameters
    ema_networks: ClassVar[tuple[str, ...]] = ("G", "D")

    def __init__(self, hp: StyleGan2Hyperparameters, data: DataInfo) -> None:
        super().__init__(hp, data)
        labels = _label_count(hp, data)
        self.G: Any = self.make_G(labels)
        self.D: Discriminator = self.make_D(labels)
        # Measured 1.2 times as fast on a CPU, at 32 and at 64 px.
        self.G.to(memory_format=torch.channels_last)
        self.D.to(memory_format=torch.channels_last)
        betas = (hp.beta1, hp.beta2)
        self.G_opt = lazy_adam(self.G, hp.lr, betas, hp.pl_every)
        self.D_opt = lazy_adam(self.D, hp.lr, betas, hp.r1_every)
        self.path_length = PathLength(hp.pl_decay)
        self.augment = AdaPipe()
        self.ada = AdaProbability()
        self._set_fixed_p()
        # Functions, not modules: a compiled network would be kept in checkpoints a second time, under other names.
        self._synthesis: Callable[..., Tensor] = _maybe_compiled(self.G.synthesis, hp.compile)
        self._discriminate: Callable[..., Tensor] = _maybe_compiled(self.D, hp.compile)

    def make_G(self, label_count: int) -> Any:
        """The generator, untrained, for so many classes."""
        hp = self.hp
        return Generator(
            hp.z_dim,
            hp.w_dim,
            hp.resolution,
            mapping_layers=hp.mapping_layers,
            label_count=label_count,
            **self._widths,
        )

    def make_D(self, label_count: int) -> Discriminator:
        """The discriminator, untrained, for so many classes."""
        return Discriminator(self.hp.resolution, group=self.hp.std_group, label_count=label_count, **self._widths)

    def training_step(self, batch: Batch) -> Iterator[dict[str, Tensor]]:
        """G, D, and now and then their regularisers, all on the same real pictures."""
        real, labels, step = self._real(batch), self._labels(batch), self.clock.step
        yield self.generator_phase(real, labels)
        if self.hp.pl_weight and step % self.hp.pl_every == 0:
            yield self.path_phase(real, labels)
        yield self.discriminator_phase(real, labels)
        if self.hp.gamma and step % self.hp.r1_every == 0:
            yield self.r1_phase(real, labels)
        if self.hp.augment == "ada":
            self.ada.update(
                step, len(real), target=self.hp.ada_target, kimg=self.hp.ada_kimg, interval=self.hp.ada_every
            )

    def generator_phase(self, real: Tensor, labels: Tensor | None) -> dict[str, Tensor]:
        """G makes D err."""
        with frozen(self.D):
            fake = self._synthesis(self.draw_ws(real, labels), noise=self._training_noise)
            loss = generator_loss(self.judge(fake, labels))
        self._update(self.G_opt, loss)
        return {"loss/G": loss.detach()}

    def path_phase(self, real: Tensor, labels: Tensor | None) -> dict[str, Tensor]:
        """G's path length penalty, on part of a batch (1912.04958, appendix B), times its interval."""
        count = max(len(real) // self.hp.pl_shrink, 1)
        ws = self.draw_ws(real[:count], None if labels is None else labels[:count])
        penalties, lengths = self.path_length(self.G.synthesis(ws, noise=self._training_noise), ws)
        penalty = penalties.mean()
        self._update(self.G_opt, penalty * (self.hp.pl_weight * self.hp.pl_every))
        return {"loss/path": penalty.detach(), "path_length": lengths.mean()}

    def discriminator_phase(self, real: Tensor, labels: Tensor | None) -> dict[str, Tensor]:
        """D tells real from generated; the two go through D apart, as minibatch deviation would mix them."""
        with torch.no_grad():
            fake = self._synthesis(self.draw_ws(real, labels), noise=self._training_noise)
        real_logits, fake_logits = self.judge(real, labels), self.judge(fake, labels)
        self.ada.observe(real_logits)
        loss = discriminator_loss(real_logits, fake_logits)
        self._update(self.D_opt, loss)
        return {
            "loss/D": loss.detach(),
            "D/real": real_logits.detach().sigmoid().mean(),
            "D/fake": fake_logits.detach().sigmoid().mean(),
            "augment_p": self.ada.p.clone(),
        }

    def r1_phase(self, real: Tensor, labels: Tensor | None) -> dict[str, Tensor]:
        """D's R1 penalty gamma / 2 ||grad D||^2, through the augmentation, times its interval."""
        real = real.detach().requires_grad_()
        logits = self.D(self._augmented(real), labels)
        self.ada.observe(logits)
        penalty = r1_penalties(logits, real).mean()
        self._update(self.D_opt, penalty * (self.hp.gamma / 2 * self.hp.r1_every))
        return {"loss/R1": penalty.detach()}

    def draw_ws(self, like: Tensor, labels: Tensor | None) -> Tensor:
        """Mixed ws (N, num_ws, w_dim) of as many new z as there are pictures in `like`; moves the running mean of w."""
        mapping, num_ws = self.G.mapping, self.G.num_ws
        w = mapping(self._draw_z(like), labels).to(like.dtype)
        mapping.track(w)
        crossover = draw_crossover(num_ws, self.hp.mixing)
        other = mapping(self._draw_z(like), labels).to(like.dtype) if crossover < num_ws else w
        return cross(w, other, crossover, num_ws)

    def judge(self, images: Tensor, labels: Tensor | None) -> Tensor:
        """D's logits of pictures, augmented."""
        return self._discriminate(self._augmented(images), labels)

    def hyperparameters_changed(self) -> None:
        """Puts new learning rates into Adam and a new probability into the augmentation."""
        for optimizer, every in ((self.G_opt, self.hp.pl_every), (self.D_opt, self.hp.r1_every)):
            for group in optimizer.param_groups:
                group["lr"] = self.hp.lr * lazy_ratio(every)
        self._set_fixed_p()

    @property
    def latent_space(self) -> LatentSpace:
        """z is N(0, 1)."""
        return LatentSpace(self.hp.z_dim)

    @property
    def conditional(self) -> bool:
        """As the hyperparameter of that name says."""
        return bool(self.hp.conditional)

    @property
    def num_ws(self) -> int:
        """One w for each layer, and one for the colours of the last."""
        return int(self.G.num_ws)

    def mapping(
        self, z: Tensor, *, psi: float = 1.0, cutoff: int | None = None, labels: Tensor | None = None
    ) -> Tensor:
        """ws (N, num_ws, w_dim) from z (N, z_dim), truncated towards the mean w in the layers before `cutoff`.

        A conditional model takes class 0 where there are no labels.
        """
        mapping = self.ema["G"].get_submodule("mapping")
        if self.hp.conditional and labels is None:
            labels = torch.zeros(len(z), dtype=torch.int64, device=z.device)
        ws = mapping(z, labels)[:, None].expand(-1, self.num_ws, -1)
        return truncate(ws, mapping.get_buffer("w_avg"), psi, cutoff)

    def synthesis(self, ws: Tensor, *, noise_seeds: Sequence[int | None] | None = None) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1] from ws (N, num_ws, w_dim).

        `noise_seeds`: one a layer, None for no noise there; the last layer makes colours and has none. Without them,
        each layer has the noise it was born with.

        Raises:
            StudioError: not one seed a layer.
        """
        network = self.ema["G"].get_submodule("synthesis")
        own = "const" if self.hp.noise else None
        noise = own if noise_seeds is None else self._seeded_noise(noise_seeds, ws)
        pictures: Tensor = network(ws, noise=noise)
        return pictures.clamp(-1, 1)

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1] from z (N, z_dim), every layer truncated by psi."""
        return self.synthesis(self.mapping(z, psi=psi, labels=labels))

    def realism(self, images: Tensor) -> Tensor:
        """The averaged D's logit a picture (N,), each judged alone; for its best class, where D knows classes."""
        logits: Tensor = self.ema["D"](images, group=1)
        return logits

    @property
    def _widths(self) -> dict[str, int]:
        hp = self.hp
        return {"channel_base": hp.channel_base, "channel_max": hp.channel_max, "half_layers": hp.half_layers}

    @property
    def _training_noise(self) -> Noise:
        return "random" if self.hp.noise else None

    def _real(self, batch: Batch) -> Tensor:
        if not self.hp.mirror:
            return batch.images
        flipped = torch.rand(len(batch), 1, 1, 1, device=batch.images.device) < 0.5
        return torch.where(flipped, batch.images.flip(3), batch.images)

    def _labels(self, batch: Batch) -> Tensor | None:
        return batch.labels if self.hp.conditional else None

    def _draw_z(self, like: Tensor) -> Tensor:
        return torch.randn(len(like), self.hp.z_dim, dtype=like.dtype, device=like.device)

    def _augmented(self, images: Tensor) -> Tensor:
        if self.hp.augment == "none":
            return images
        augmented: Tensor = self.augment(images, self.ada.p)
        return augmented

    def _set_fixed_p(self) -> None:
        if self.hp.augment == "fixed":
            self.ada.p.fill_(self.hp.augment_p)

    def _update(self, optimizer: Optimizer, loss: Tensor) -> None:
        """One update. A weight that a penalty does not touch takes part with gradient 0, as in the reference code."""
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        for group in optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    parameter.grad = torch.zeros_like(parameter)
                elif self.hp.half_layers:
                    # training_loop.py: half precision overflows now and then; such a value must not reach the weights.
                    parameter.grad.nan_to_num_(nan=0.0, posinf=1e5, neginf=-1e5)
        optimizer.step()

    def _seeded_noise(self, seeds: Sequence[int | None], like: Tensor) -> list[Tensor | None]:
        if len(seeds) != self.num_ws:
            raise StudioError(f"There are {len(seeds)} noise seeds for {self.num_ws} layers.", "Give one a layer.")
        sides = self.G.synthesis.noise_resolutions
        return [
            None if seed is None else noise_of_seed(seed, layer, side).to(like)
            for layer, (seed, side) in enumerate(zip(seeds, sides, strict=False))
        ]


def noise_of_seed(seed: int, layer: int, side: int) -> Tensor:
    """N(0, 1) noise (side, side) in float32, the same in every version and on every device, another in each layer."""
    drawn = np.random.RandomState([seed % 2**32, layer]).randn(side, side)
    return torch.from_numpy(drawn.astype(np.float32))


def _label_count(hp: StyleGan2Hyperparameters, data: DataInfo) -> int:
    if hp.conditional and not data.labels:
        raise StudioError("This data has no labels to learn.", "Use labelled data, or set conditional=false.")
    return len(data.labels) if hp.conditional else 0


def _maybe_compiled(network: nn.Module, compiled: bool) -> Callable[..., Tensor]:
    function: Callable[..., Tensor] = torch.compile(network.forward) if compiled else network.forward
    return function
