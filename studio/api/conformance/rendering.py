"""Whether a model can do what it declares: one check a capability, by a table."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from studio.api import capabilities
from studio.api.conformance import workbench
from studio.api.conformance.report import Inspector, require
from studio.api.model import GanModel, ModelSpec

COUNT = 2
ROUNDING = 1e-4


@dataclass(frozen=True)
class Scene:
    """What a capability is tried with.

    Attributes:
        model: the model, its averaged networks in `dtype`.
        dtype: of everything that is handed over.
    """

    model: Any
    dtype: torch.dtype

    @property
    def labels(self) -> Tensor | None:
        """A label a picture, where the data has labels."""
        return torch.zeros(COUNT, dtype=torch.int64) if self.model.data.labels else None

    def normal(self, *shape: int) -> Tensor:
        """The same N(0, 1) numbers every time."""
        return torch.randn(*shape, generator=self.generator(), dtype=self.dtype)

    def images(self) -> Tensor:
        """Pictures of noise in [-1, 1]."""
        return workbench.random_batch(self.model.data, COUNT).images.to(self.dtype)

    def generator(self) -> torch.Generator:
        """A generator of its own."""
        return torch.Generator().manual_seed(0)


def check_capabilities(spec: ModelSpec, model: GanModel, inspector: Inspector) -> None:
    """Renders with every declared capability, in float32 and in float64."""
    for capability in spec.capabilities:
        name = capability.__name__
        with inspector.check(f"it has the methods of {name}"):
            require(isinstance(model, capability), f"{name} is declared, but its methods are not all there.")
        attempt = ATTEMPTS.get(capability)
        if attempt is None or not isinstance(model, capability):
            continue
        for dtype in (torch.float32, torch.float64):
            with inspector.check(f"{name} works in {str(dtype).removeprefix('torch.')} and touches nothing"):
                _try(attempt, model, dtype)


def _try(attempt: Callable[[Scene], Tensor], model: GanModel, dtype: torch.dtype) -> None:
    scene = Scene(copy.copy(model), dtype)
    scene.model.ema = {name: copy.deepcopy(network).to(dtype) for name, network in model.ema.items()}
    state, chance, modes = workbench.snapshot(model), _random_state(), _modes(model)
    first = attempt(scene)
    require(_same(chance, _random_state()), "It draws from a global random generator, which training may be using.")
    require(_same(state, workbench.snapshot(model)), "It changes the networks or optimisers that are training.")
    require(modes == _modes(model), "It switches a training network between train and eval mode.")
    require(torch.equal(first, attempt(scene)), "It gives something else when asked again.")
    require(first.dtype == dtype, f"It gives {first.dtype} for {dtype}.")
    require(bool(first.isfinite().all()), "It gives values that are not finite.")


def _latent_sampling(scene: Scene) -> Tensor:
    space = scene.model.latent_space
    z = torch.from_numpy(np.stack([space.draw(seed) for seed in range(COUNT)])).to(scene.dtype)
    with torch.inference_mode():
        pictures = _pictures(scene, scene.model.sample(z, labels=scene.labels))
        one = scene.model.sample(z[:1], labels=None if scene.labels is None else scene.labels[:1])
        mean = scene.model.sample(z, psi=0.0, labels=scene.labels)
    alone = (pictures[0] - one[0]).abs().max()
    require(alone < ROUNDING, f"A picture depends on what else is in its batch, by up to {alone:.2g}.")
    require((mean[0] - mean[1]).abs().max() < ROUNDING, "At psi 0 pictures differ; all should be the mean picture.")
    return pictures


def _style_mixing(scene: Scene) -> Tensor:
    dim = scene.model.latent_space.dim if hasattr(scene.model, "latent_space") else 512
    with torch.inference_mode():
        ws = scene.model.mapping(scene.normal(COUNT, dim), labels=scene.labels)
        require(ws.ndim == 3 and ws.shape[1] == scene.model.num_ws, f"ws have shape {tuple(ws.shape)}.")
        return _pictures(scene, scene.model.synthesis(ws, noise_seeds=[0] * scene.model.num_ws))


def _translation(scene: Scene) -> Tensor:
    require(scene.model.directions, "There are no directions.")
    with torch.inference_mode():
        results = [scene.model.translate(scene.images(), name, scene.generator()) for name in scene.model.directions]
    return torch.cat([_pictures(scene, result) for result in results])


def _inpainting(scene: Scene) -> Tensor:
    images = scene.images()
    mask = torch.zeros_like(images[:, :1])
    mask[:, :, : images.shape[2] // 2] = 1
    with torch.inference_mode():
        filled = _pictures(scene, scene.model.inpaint(images, mask, scene.generator()))
    require(bool(torch.isclose(filled * (1 - mask), images * (1 - mask)).all()), "It changes pixels outside the mask.")
    return filled


def _layouts(scene: Scene) -> Tensor:
    boxes = workbench.random_boxes(COUNT, scene.generator()).to(scene.dtype)
    labels = torch.zeros(COUNT, workbench.OBJECTS, dtype=torch.int64)
    z = scene.normal(COUNT, workbench.OBJECTS, scene.model.object_z_dim)
    with torch.inference_mode():
        return _pictures(scene, scene.model.render_layout(boxes, labels, z, torch.ones_like(labels, dtype=torch.bool)))


def _prompts(scene: Scene) -> Tensor:
    dim = scene.model.latent_space.dim
    with torch.inference_mode():
        return _pictures(scene, scene.model.prompt(["a star", "a cloud"], scene.normal(COUNT, dim)))


def _encoding(scene: Scene) -> Tensor:
    with torch.inference_mode():
        z: Tensor = scene.model.encode(scene.images())
    require(z.ndim == 2 and len(z) == COUNT, f"It gives shape {tuple(z.shape)} for {COUNT} pictures.")
    return z


def _realism(scene: Scene) -> Tensor:
    images = scene.images().requires_grad_()
    scores: Tensor = scene.model.realism(images)
    require(scores.shape == (COUNT,), f"It gives shape {tuple(scores.shape)} for {COUNT} pictures.")
    (slope,) = torch.autograd.grad(scores.sum(), images)
    require(bool(slope.any()), "Its gradient with respect to the pictures is 0.")
    return scores.detach()


ATTEMPTS: Mapping[type, Callable[[Scene], Tensor]] = {
    capabilities.LatentSampling: _latent_sampling,
    capabilities.StyleMixing: _style_mixing,
    capabilities.ImageTranslation: _translation,
    capabilities.Inpainting: _inpainting,
    capabilities.LayoutRendering: _layouts,
    capabilities.TextPrompt: _prompts,
    capabilities.Encoding: _encoding,
    capabilities.Realism: _realism,
}


def _pictures(scene: Scene, pictures: Tensor) -> Tensor:
    size = scene.model.data.resolution
    require(
        pictures.shape == (COUNT, 3, size, size), f"It gives shape {tuple(pictures.shape)} for {COUNT} of {size} px."
    )
    extreme = float(pictures.abs().max())
    require(extreme <= 1 + ROUNDING, f"It gives values up to {extreme:.3g}; pictures lie in [-1, 1].")
    return pictures


def _random_state() -> list[Any]:
    kind, keys, *rest = np.random.get_state()
    return [torch.get_rng_state(), random.getstate(), kind, torch.from_numpy(np.array(keys)), *rest]


def _modes(model: GanModel) -> dict[str, list[bool]]:
    return {name: [layer.training for layer in net.modules()] for name, net in workbench.networks(model).items()}


def _same(left: Any, right: Any) -> bool:
    if isinstance(left, Tensor):
        return torch.equal(left, right)
    if isinstance(left, dict):
        return left.keys() == right.keys() and all(_same(value, right[key]) for key, value in left.items())
    if isinstance(left, list | tuple):
        return len(left) == len(right) and all(map(_same, left, right))
    return bool(left == right)
