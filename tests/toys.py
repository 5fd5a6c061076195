"""Models so small that hundreds of steps take a second; the first with everything in it that makes resuming hard."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import torch
from torch import Tensor, nn

from studio.api import (
    Batch,
    DataInfo,
    DataKind,
    GanModel,
    Hyperparameters,
    ImageTranslation,
    LatentSampling,
    LatentSpace,
    LayoutRendering,
    ModelSpec,
    Preset,
    hyper,
)


class ToyHyperparameters(Hyperparameters):
    """The shared ones and a learning rate."""

    lr: float = hyper(1e-3, "Learning rate.", gt=0, le=1, log=True, live=True)
    poison: int = hyper(0, "The step at which the loss becomes NaN; 0: never.", ge=0)
    fail: int = hyper(0, "The step at which training raises; 0: never.", ge=0)


class ToyGan(GanModel):
    """Batch norm, dropout, noise in the step, Adam, a fresh batch, and state of its own."""

    def __init__(self, hp: Any, data: DataInfo) -> None:
        super().__init__(hp, data)
        pixels = 3 * data.resolution**2
        self.G = nn.Sequential(nn.Linear(4, 16), nn.BatchNorm1d(16), nn.ReLU(), nn.Linear(16, pixels), nn.Tanh())
        self.D = nn.Sequential(nn.Linear(pixels, 16), nn.LeakyReLU(0.2), nn.Dropout(0.3), nn.Linear(16, 1))
        self.opt_G = torch.optim.Adam(self.G.parameters(), hp.lr)
        self.opt_D = torch.optim.Adam(self.D.parameters(), hp.lr)
        self.seen = 0.0

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        if self.hp.fail and self.clock.step + 1 == self.hp.fail:
            raise ValueError("broken on purpose")
        for _ in range(2):
            real = batch.fresh().images.flatten(1)
            self.seen = 0.9 * self.seen + float(real.mean())
            fake = self.G(torch.randn(len(batch), 4, device=self.device)).detach()
            loss = nn.functional.softplus(self.D(fake)).mean() + nn.functional.softplus(-self.D(real)).mean()
            self._update(self.opt_D, loss)
            yield {"loss/D": loss.detach()}
        loss = nn.functional.softplus(-self.D(self.G(torch.randn(len(batch), 4, device=self.device)))).mean()
        self._update(self.opt_G, loss)
        poisoned = self.hp.poison and self.clock.step + 1 >= self.hp.poison
        yield {"loss/G": torch.tensor(float("nan")) if poisoned else loss.detach()}

    def hyperparameters_changed(self) -> None:
        for optimizer in (self.opt_G, self.opt_D):
            optimizer.param_groups[0]["lr"] = self.hp.lr

    def extra_state(self) -> dict[str, Any]:
        return {"seen": self.seen}

    def load_extra_state(self, state: dict[str, Any]) -> None:
        self.seen = state["seen"]

    @property
    def latent_space(self) -> LatentSpace:
        return LatentSpace(4)

    def sample(self, z: Tensor, *, psi: float = 1.0, labels: Tensor | None = None) -> Tensor:
        resolution = self.data.resolution
        return self.ema["G"](z * psi).view(-1, 3, resolution, resolution)

    def _update(self, optimizer: torch.optim.Optimizer, loss: Tensor) -> None:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()


class ToyTranslator(GanModel):
    """Learns nothing but a shift of every colour, one a direction, and has dropout where it is given chance."""

    def __init__(self, hp: Any, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.G = nn.Conv2d(3, 6, 1)
        self.opt_G = torch.optim.Adam(self.G.parameters(), hp.lr)

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        assert batch.images_b is not None
        there, back = self.G(batch.images).chunk(2, 1)
        loss = (there - batch.images_b).abs().mean() + (back - batch.images).abs().mean()
        self.opt_G.zero_grad()
        loss.backward()
        self.opt_G.step()
        yield {"loss/G": loss.detach()}

    @property
    def directions(self) -> tuple[str, ...]:
        a, b = self.data.domains
        return f"{a}->{b}", f"{b}->{a}"

    def translate(self, images: Tensor, direction: str, generator: torch.Generator | None = None) -> Tensor:
        made: Tensor = torch.tanh(self.ema["G"](images).chunk(2, 1)[self.directions.index(direction)])
        if generator is None:
            return made
        return made * (torch.rand(made.shape[1:], generator=generator, device=made.device) > 0.5)


class ToyPainter(GanModel):
    """Paints each box in the colour of its label, and lets z decide how bright it is."""

    def __init__(self, hp: Any, data: DataInfo) -> None:
        super().__init__(hp, data)
        self.G = nn.Embedding(len(data.labels), 3)
        self.opt_G = torch.optim.Adam(self.G.parameters(), hp.lr)

    def training_step(self, batch: Batch) -> Iterator[Mapping[str, Tensor | float]]:
        assert batch.labels is not None
        loss = (self.G(batch.labels).mean(1) - batch.images.mean((2, 3))).square().mean()
        self.opt_G.zero_grad()
        loss.backward()
        self.opt_G.step()
        yield {"loss/G": loss.detach()}

    @property
    def object_labels(self) -> tuple[str, ...]:
        return self.data.labels

    @property
    def object_z_dim(self) -> int:
        return 2

    def render_layout(self, boxes: Tensor, labels: Tensor, z: Tensor, present: Tensor) -> Tensor:
        size = self.data.resolution
        canvas = boxes.new_full((len(boxes), 3, size, size), -1.0)
        for picture, (objects, names, looks, there) in enumerate(zip(boxes, labels, z, present, strict=True)):
            for box, label, look in zip(objects[there], names[there], looks[there], strict=True):
                x, y, w, h = (round(float(value) * size) for value in box)
                colour = torch.tanh(self.ema["G"](label) + look[0])
                canvas[picture, :, y : y + h, x : x + w] = colour[:, None, None]
        return canvas


TOY = ModelSpec(
    id="toy",
    title="Toy",
    summary="Too small to learn.",
    model="tests.toys:ToyGan",
    hyperparameters=ToyHyperparameters,
    data=DataKind.UNLABELLED,
    capabilities=(LatentSampling,),
    presets={"quick": Preset("Nothing.", 50, {"resolution": 8, "batch": 4})},
)


def _of_pictures(model_id: str, model: str, data: DataKind, capability: type) -> ModelSpec:
    return ModelSpec(
        id=model_id,
        title=f"Toy {model_id}",
        summary="Too small to learn.",
        model=f"tests.toys:{model}",
        hyperparameters=ToyHyperparameters,
        data=data,
        capabilities=(capability,),
        presets={"quick": Preset("Nothing.", 3, {"resolution": 8, "batch": 4})},
    )


PAIRS = _of_pictures("pairs", "ToyTranslator", DataKind.PAIRED, ImageTranslation)
DOMAINS = _of_pictures("domains", "ToyTranslator", DataKind.UNPAIRED, ImageTranslation)
PAINTER = _of_pictures("painter", "ToyPainter", DataKind.LAYOUT, LayoutRendering)
