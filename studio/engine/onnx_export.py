"""A run's model as ONNX, for programs that know nothing of torch; kept only if it gives the same pictures."""

from __future__ import annotations

import importlib
import importlib.util
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor, nn

from studio.api.capabilities import ImageTranslation, LatentSampling, StyleMixing
from studio.api.errors import StudioError
from studio.engine.atomic import need_space, write_atomically
from studio.engine.player import load_player
from studio.engine.translating import named_direction

if TYPE_CHECKING:
    from studio.api.model import GanModel
    from studio.engine.events import ModelFacts
    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run

PACKAGES = ("onnx", "onnxscript", "onnxruntime")
OPSET = 20
TRACED_WITH = 2
CHECKED_WITH = (1, 3)
TOLERANCE = 2e-3  # a quarter of what one step of 256 is in [-1, 1]
REMEDY = "Write --format safetensors, for Ganvas itself."
LARGEST = 2**31 - 1  # bytes in one protocol buffer


@dataclass(frozen=True)
class Written:
    """What was written.

    Attributes:
        inputs: their names, in order.
        size: bytes.
        difference: the largest difference to torch's pictures that was seen, in [-1, 1].
    """

    inputs: tuple[str, ...]
    size: int
    difference: float


def write_onnx(
    run: Run, host: PluginHost, path: Path, direction: str | None = None, *, step: int | None = None
) -> Written:
    """Writes the weights of the checkpoint of `step`, or the newest, as one ONNX file with a free batch size.

    A model that samples takes `z` float32 (N, dim), `psi` float32 () where it can be traced with it, and `labels` int64
    (N,) where it is conditional; one that translates takes `images` float32 (N, 3, H, W) in [-1, 1]. Both give
    `pictures` float32 (N, 3, H, W) in [-1, 1]. The file is run by onnxruntime beside torch for two batch sizes first.

    Raises:
        StudioError: a package is missing, the model does neither or cannot be traced, or the pictures differ.
    """
    if missing := [name for name in PACKAGES if importlib.util.find_spec(name) is None]:
        raise StudioError(
            f"Writing ONNX needs {' and '.join(missing)}, not installed here.", "Install Ganvas with it: ganvas[onnx]."
        )
    player = load_player(run, host, torch.device("cpu"), step)
    for network in player.model.ema.values():
        network.float()
    module, data = _traced(_candidates(player.model, player.facts, direction), player.facts.title)
    difference = _compare(module, data, player.facts.title)
    need_space(path.parent, len(data))
    write_atomically(path, [data])
    return Written(tuple(module.inputs(1)), len(data), difference)


class Sampling(nn.Module):
    """z -> pictures."""

    def __init__(self, model: Any, classes: int, *, psi: bool) -> None:
        super().__init__()
        self.networks = nn.ModuleDict(model.ema)
        self._model, self._classes, self._psi = model, classes, psi

    def inputs(self, count: int) -> dict[str, Tensor]:
        """Inputs for `count` pictures, by name."""
        space = self._model.latent_space
        given = {"z": torch.from_numpy(np.stack([space.draw(seed) for seed in range(count)]))}
        if self._psi:
            given["psi"] = torch.tensor(0.6)
        if self._classes:
            given["labels"] = torch.arange(count) % self._classes
        return given

    def forward(self, z: Tensor, psi: Tensor | None = None, labels: Tensor | None = None) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1]."""
        if psi is None or not isinstance(self._model, StyleMixing):
            whole: Tensor = self._model.sample(z, psi=1.0 if psi is None else psi, labels=labels)
            return whole
        # Truncation is a line from the mean, of which models take short cuts that cannot be traced.
        mean, ws = (self._model.mapping(z, psi=end, labels=labels) for end in (0.0, 1.0))
        pictures: Tensor = self._model.synthesis(torch.lerp(mean, ws, psi))
        return pictures

    def expected(self, given: Mapping[str, Tensor]) -> Tensor:
        """What the model itself makes of these inputs."""
        psi = float(given["psi"]) if "psi" in given else 1.0
        pictures: Tensor = self._model.sample(given["z"], psi=psi, labels=given.get("labels"))
        return pictures


class Translation(nn.Module):
    """Pictures -> pictures, in one direction and without dropout."""

    def __init__(self, model: Any, direction: str) -> None:
        super().__init__()
        self.networks = nn.ModuleDict(model.ema)
        self._model, self._direction = model, direction

    def inputs(self, count: int) -> dict[str, Tensor]:
        """Inputs for `count` pictures, by name."""
        side = self._model.data.resolution
        drawn = np.random.RandomState(0).uniform(-1, 1, (count, 3, side, side)).astype(np.float32)
        return {"images": torch.from_numpy(drawn)}

    def forward(self, images: Tensor) -> Tensor:
        """Pictures (N, 3, H, W) in [-1, 1]."""
        pictures: Tensor = self._model.translate(images, self._direction)
        return pictures

    def expected(self, given: Mapping[str, Tensor]) -> Tensor:
        """What the model itself makes of these inputs."""
        pictures: Tensor = self._model.translate(given["images"], self._direction)
        return pictures


Traceable = Sampling | Translation


def _candidates(model: GanModel, facts: ModelFacts, direction: str | None) -> list[Traceable]:
    """What may be written, best first."""
    title, classes = facts.title, len(facts.labels)
    if isinstance(model, ImageTranslation):
        return [Translation(model, named_direction(direction, model.directions, model.data.domains, title))]
    if direction is not None:
        raise StudioError(f"{title} translates no pictures.", "Leave --direction out.")
    if isinstance(model, LatentSampling):
        return (
            [Sampling(model, classes, psi=True)]
            if isinstance(model, StyleMixing)
            else [Sampling(model, classes, psi=True), Sampling(model, classes, psi=False)]
        )
    raise StudioError(
        f"{title} cannot be written as ONNX: it neither samples from z nor translates pictures.",
        REMEDY,
    )


def _traced(candidates: list[Traceable], title: str) -> tuple[Traceable, bytes]:
    """The first candidate that can be traced, and the file."""
    failure: Exception | None = None
    for candidate in candidates:
        try:
            return candidate, _trace(candidate)
        except torch.onnx.OnnxExporterError as error:
            failure = error
    raise StudioError(f"{title} cannot be written as ONNX: torch cannot trace it.", REMEDY) from failure


def _trace(module: Traceable) -> bytes:
    given = module.inputs(TRACED_WITH)
    batch = torch.export.Dim("batch", min=1)
    shapes = {name: {0: batch} if tensor.ndim else {} for name, tensor in given.items()}
    with _quiet(), torch.no_grad():
        program = torch.onnx.export(
            module.eval(),
            kwargs=given,
            dynamo=True,
            dynamic_shapes=shapes,
            input_names=list(given),
            output_names=["pictures"],
            opset_version=OPSET,
            verbose=False,
        )
    assert program is not None
    proto = program.model_proto
    if proto.ByteSize() > LARGEST:
        raise StudioError("The model is larger than the 2 GB that one ONNX file can hold.", REMEDY)
    data: bytes = proto.SerializeToString()
    return data


def _compare(module: Traceable, data: bytes, title: str) -> float:
    """The largest difference between torch's pictures and onnxruntime's."""
    onnxruntime = importlib.import_module("onnxruntime")
    session = onnxruntime.InferenceSession(data, providers=["CPUExecutionProvider"])
    if any(isinstance(one.shape[0], int) for one in session.get_inputs() if one.shape):
        raise StudioError(
            f"{title} cannot be written as ONNX: torch traces it for one batch size alone.",
            REMEDY,
        )
    difference = 0.0
    for count in CHECKED_WITH:
        given = module.inputs(count)
        with torch.inference_mode():
            expected = module.expected(given).numpy()
        (made,) = session.run(None, {name: tensor.numpy() for name, tensor in given.items()})
        difference = max(difference, _difference(made, expected))
    if not difference <= TOLERANCE:
        raise StudioError(
            f"{title} cannot be written as ONNX: its pictures would differ by {difference:.2g}.",
            REMEDY,
        )
    return difference


def _difference(made: Any, expected: np.ndarray) -> float:
    same_shape = isinstance(made, np.ndarray) and made.shape == expected.shape
    return float(np.abs(made - expected).max()) if same_shape else float("inf")


@contextmanager
def _quiet() -> Iterator[None]:
    """Tracing warns of much that is torch's own affair."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
