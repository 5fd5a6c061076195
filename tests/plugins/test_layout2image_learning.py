"""layout2image learns: the right things in the right boxes, each with a look of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import avg_pool2d, cross_entropy, pad

from studio.api import Batch
from studio.api.conformance.workbench import average
from studio.api.testing import build, train_step
from studio.data.dataset import Dataset
from studio.data.prepare import prepare
from studio.data.sources import open_source
from studio.engine.trainer import Trainer
from studio.nn.cropping import crop
from studio_layout2image import LAYOUT2IMAGE
from studio_layout2image.hyperparameters import Layout2ImageHyperparameters
from studio_layout2image.model import Layout2Image

SIZE = 16
OBJECTS = 3
INKS = torch.tensor([[1.0, -0.8, -0.8], [-0.8, 0.6, -0.8], [-0.8, -0.8, 1.0]])
VALUES: dict[str, Any] = {
    "resolution": SIZE,
    "crop": 8,
    "width": 16,
    "batch": 24,
    "z_dim": 4,
    "embedding": 8,
    "lstm_layers": 1,
    "residual_blocks": 1,
    "lr": 2e-3,
    "image_l1": 10,
    "kl": 0.001,
    "forget_bias": 2,
}


def scenes(count: int, draw: torch.Generator) -> Batch:
    """Squares, discs and crosses on grey, each label in its own colour, each object more or less dark; at least one."""
    column = torch.rand(count, OBJECTS, generator=draw).argsort(dim=1)
    left = torch.cat([column % 2, column // 2], dim=1).view(count, 2, OBJECTS).transpose(1, 2) * 8.0
    left = left + torch.randint(0, 2, left.shape, generator=draw)
    edge = torch.randint(6, 8, (count, OBJECTS, 1), generator=draw).expand(-1, -1, 2)
    labels = torch.randint(3, (count, OBJECTS), generator=draw)
    present = torch.arange(OBJECTS) < torch.randint(1, OBJECTS + 1, (count, 1), generator=draw)
    shade = 0.4 + 0.6 * torch.rand(count, OBJECTS, generator=draw)
    along = torch.arange(SIZE) + 0.5
    x, y = (((along - left[..., axis, None]) / edge[..., axis, None]) for axis in (0, 1))
    masks = shapes(x[:, :, None, :].expand(-1, -1, SIZE, -1), y[:, :, :, None].expand(-1, -1, -1, SIZE), labels)
    images = torch.full((count, 3, SIZE, SIZE), 0.3)
    for slot in range(OBJECTS):
        ink = (INKS[labels[:, slot]] * shade[:, slot, None])[:, :, None, None]
        images = torch.where((masks[:, slot] & present[:, slot, None, None])[:, None], ink, images)
    return Batch(images, labels=labels, boxes=torch.cat([left, edge], dim=2) / SIZE, present=present)


def shapes(x: Tensor, y: Tensor, labels: Tensor) -> Tensor:
    """Which pixels each object covers, by their place in its box: 0 and 1 are its edges."""
    inside = (x >= 0) & (x < 1) & (y >= 0) & (y < 1)
    disc = (x - 0.5) ** 2 + (y - 0.5) ** 2 < 0.25
    cross = ((x - 0.5).abs() < 0.2) | ((y - 0.5).abs() < 0.2)
    label = labels[:, :, None, None]
    return inside & torch.where(label == 0, inside, torch.where(label == 1, disc, cross))


def crops_of(images: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """The objects cut out, and their labels."""
    assert batch.boxes is not None
    assert batch.labels is not None
    assert batch.present is not None
    picture, slot = batch.present.nonzero(as_tuple=True)
    return crop(images[picture], batch.boxes[picture, slot], 8), batch.labels[picture, slot]


def probe(draw: torch.Generator) -> nn.Module:
    """A classifier of real crops."""
    torch.manual_seed(0)
    network = nn.Sequential(nn.Flatten(), nn.Linear(3 * 64, 64), nn.ReLU(), nn.Linear(64, 3))
    optimizer = torch.optim.Adam(network.parameters(), 3e-3)
    for _ in range(150):
        batch = scenes(64, draw)
        crops, labels = crops_of(batch.images, batch)
        optimizer.zero_grad()
        torch.autograd.backward(cross_entropy(network(crops), labels))
        optimizer.step()
    return network


def accuracy(network: nn.Module, images: Tensor, batch: Batch) -> float:
    crops, labels = crops_of(images, batch)
    with torch.no_grad():
        logits: Tensor = network(crops)
    return (logits.argmax(dim=1) == labels).float().mean().item()


def learned(seed: int, steps: int, **values: Any) -> Layout2Image:
    model = build(LAYOUT2IMAGE, LAYOUT2IMAGE.hyperparameters.build({**VALUES, **values}.items()), seed)
    assert isinstance(model, Layout2Image)
    draw = torch.Generator().manual_seed(seed)
    for step in range(steps):
        train_step(model, scenes(VALUES["batch"], draw), step)
    average(model)
    return model


def rendered(model: Layout2Image, batch: Batch, z: Tensor) -> Tensor:
    assert batch.boxes is not None
    assert batch.labels is not None
    assert batch.present is not None
    with torch.inference_mode():
        return model.render_layout(batch.boxes, batch.labels, z, batch.present)


def changes(model: Layout2Image, batch: Batch, draw: torch.Generator) -> tuple[float, float]:
    """How much of the range of a pixel changes on average in the first object's box when its z does, and in others'."""
    assert batch.present is not None
    batch.present[:, :2] = True
    z = torch.randn(len(batch), OBJECTS, 4, generator=draw)
    other = z.clone()
    other[:, 0] = torch.randn(len(batch), 4, generator=draw)
    change = (rendered(model, batch, z) - rendered(model, batch, other)).abs() / 2
    picture, slot = batch.present.nonzero(as_tuple=True)
    assert batch.boxes is not None
    by_object = crop(change[picture], batch.boxes[picture, slot], 8).mean(dim=(1, 2, 3))
    return by_object[slot == 0].mean().item(), by_object[slot > 0].mean().item()


@pytest.mark.parametrize("seed", range(3))
def test_the_right_things_are_in_the_right_boxes(seed: int) -> None:
    draw = torch.Generator().manual_seed(100 + seed)
    judge, batch = probe(draw), scenes(256, draw)
    assert accuracy(judge, batch.images, batch) >= 0.99
    # Measured over three seeds: .977 to .998.
    made = rendered(learned(seed, steps=50, z_l1=2), batch, torch.randn(256, OBJECTS, 4, generator=draw))
    assert accuracy(judge, made, batch) >= 0.9


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_one_objects_z_changes_its_own_box_and_leaves_the_others(seed: int) -> None:
    """With the paper's weight of z. At this size z then disturbs shapes, which is why the test above gives it less.

    And at a third of the rate above. All that z can say here is how dark an object is, which moves a pixel by .034 on
    average. At 2e-3 every step moves it by .08: G then learns to ignore z, although E knows the shade, and more steps
    do not mend that.
    """
    draw = torch.Generator().manual_seed(100 + seed)
    batch = scenes(256, draw)
    # Measured over six seeds: its own .034 to .108, others .006 to .016.
    own, others = changes(learned(seed, steps=250, lr=7e-4), batch, draw)
    assert own >= 0.02
    assert others < 0.05
    assert others < own / 3


def shapes_of(images: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """The objects of scenes on white, cut out without their colour: 0 on white and 1 in the middle of the ink."""
    assert batch.boxes is not None
    assert batch.labels is not None
    assert batch.present is not None
    picture, slot = batch.present.nonzero(as_tuple=True)
    ink = 1 - crop(images[picture], batch.boxes[picture, slot], 16).amin(dim=1, keepdim=True)
    return ink / ink.amax(dim=(2, 3), keepdim=True).clamp(min=0.2), batch.labels[picture, slot]


def judge_of_shapes(data: Dataset, scenes: int) -> nn.Module:
    """A classifier of what real scenes, the first ones, show without their colours; every other batch is blurred."""
    torch.manual_seed(0)
    convolutions = [nn.Conv2d(1, 24, 3, padding=1), nn.Conv2d(24, 48, 3, padding=1), nn.Conv2d(48, 64, 3, padding=1)]
    first, second, third = ([layer, nn.ReLU()] for layer in convolutions)
    kinds = nn.Linear(64 * 16, len(data.info.labels))
    network = nn.Sequential(*first, nn.MaxPool2d(2), *second, nn.MaxPool2d(2), *third, nn.Flatten(), kinds)
    optimizer, draw = torch.optim.Adam(network.parameters(), 2e-3), np.random.default_rng(0)
    for step in range(250):
        batch = data.batch(draw.choice(scenes, 16, replace=False), "cpu")
        crops, labels = shapes_of(batch.images, batch)
        seen = avg_pool2d(pad(crops, (1, 1, 1, 1), mode="replicate"), 3, 1) if step % 2 else crops
        optimizer.zero_grad()
        torch.autograd.backward(cross_entropy(network(seen), labels))
        optimizer.step()
    return network


@pytest.mark.slow
def test_the_quick_preset_draws_shapes(tmp_path: Path) -> None:
    """What scenes show can be told without their colours. It takes five minutes on one core."""
    preset = LAYOUT2IMAGE.presets["quick"]
    hp = LAYOUT2IMAGE.hyperparameters.build(preset.values.items())
    assert isinstance(hp, Layout2ImageHyperparameters)
    data = prepare(open_source("demo:icons-layout"), hp.resolution, tmp_path)
    judge, batch = judge_of_shapes(data, 3500), data.batch(np.arange(3600, 3856), "cpu")
    crops, labels = shapes_of(batch.images, batch)
    assert (judge(crops).argmax(dim=1) == labels).float().mean() >= 0.99
    torch.manual_seed(0)
    model = Layout2Image(hp, data.info)
    trainer = Trainer(model, data, seed=0, steps=preset.steps, device=torch.device("cpu"))
    while trainer.step < preset.steps:
        trainer.advance()
    assert batch.labels is not None
    z = torch.randn(*batch.labels.shape, model.object_z_dim, generator=torch.Generator().manual_seed(0))
    crops, labels = shapes_of(rendered(model, batch, z), batch)
    # Measured with seeds 0, 1, 2: .868, .873, .909. Soft spots in the right colours, with no shapes, have .54.
    assert (judge(crops).argmax(dim=1) == labels).float().mean() >= 0.85
