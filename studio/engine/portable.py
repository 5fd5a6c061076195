"""A run to give away: its averaged networks in one safetensors file, with all that is needed to play with them."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import pydantic

from studio import __version__
from studio.api.data import DataInfo, DataKind
from studio.api.errors import StudioError
from studio.engine.atomic import need_space, write_atomically
from studio.engine.checkpoints import DamagedError, seal, unseal_arrays
from studio.engine.imported import averaged_networks, keep_as_run

if TYPE_CHECKING:
    import numpy as np
    from torch import Tensor

    from studio.engine.plugins import PluginHost
    from studio.engine.runs import Run, RunStore

SUFFIX = ".safetensors"
KEY = "ganvas-model"
FORMAT = 1
MAX_HEADER = 4 * 1024 * 1024
MAX_FILE = 4 * 1024**3
SMALL = 1024  # tensors up to this length stay whole in half precision: they weigh nothing, and biases feel it most

Name = Annotated[str, pydantic.StringConstraints(max_length=200)]


class DataAbout(pydantic.BaseModel):
    """What a model file says of the data that the model was trained on: `DataInfo`, with bounds."""

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore")

    kind: DataKind
    count: int = pydantic.Field(ge=0, le=10**12)
    resolution: int = pydantic.Field(ge=1, le=8192)
    channels: Literal[3] = 3
    labels: tuple[Name, ...] = pydantic.Field(default=(), max_length=10_000)
    domains: tuple[Name, Name] = ("A", "B")
    objects: int = pydantic.Field(default=0, ge=0, le=1000)

    def info(self) -> DataInfo:
        """The same for a model."""
        return DataInfo(**dict(self))


class About(pydantic.BaseModel):
    """The JSON in a model file.

    Attributes:
        format: 1.
        model, plugin, plugin_version: what was trained, by whom.
        ganvas: the version that wrote the file.
        hyperparameters: as they were at `step`.
        data: what is known of the data; neither where it lay nor a picture of it.
        step: generator updates done.
    """

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore", protected_namespaces=())

    format: int = pydantic.Field(default=FORMAT, ge=1)
    model: Annotated[str, pydantic.StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,63}$")]
    plugin: Name = ""
    plugin_version: Name = ""
    ganvas: Name = __version__
    hyperparameters: dict[Name, pydantic.JsonValue] = pydantic.Field(max_length=500)
    data: DataAbout
    step: int = pydantic.Field(ge=0, le=10**11)


@dataclasses.dataclass(frozen=True)
class PortableModel:
    """What a model file holds.

    Attributes:
        about: the JSON.
        networks: the state dicts of the averaged networks, buffers included, by name.
        sha256: of the file.
    """

    about: About
    networks: Mapping[str, Mapping[str, np.ndarray]]
    sha256: str

    @property
    def tensors(self) -> int:
        """How many there are in all networks."""
        return sum(len(arrays) for arrays in self.networks.values())


def write_portable(run: Run, path: Path, *, half: bool = False, step: int | None = None) -> int:
    """Writes the averaged networks of the checkpoint of `step`, or of the newest good one; the file's size in bytes.

    With `half`, tensors of more than 1,024 numbers become float16, unless one of them is beyond its range (65,504).

    Raises:
        StudioError: the run has no usable checkpoint, or the file cannot be written.
    """
    if step is None:
        step, state, _ = run.checkpoints.load_newest()
    else:
        state = run.checkpoints.at(step).load()
    record = run.record
    about = About(
        model=record.model,
        plugin=record.plugin,
        plugin_version=record.plugin_version,
        hyperparameters=state["hyperparameters"],
        data=DataAbout(**record.data_info),
        step=step,
    )
    networks = averaged_networks(state["averages"])
    narrow = _halved if half else _whole
    tensors = {f"{name}.{key}": narrow(tensor) for name, network in networks.items() for key, tensor in network.items()}
    data = seal(tensors, KEY, about.model_dump(mode="json"))
    need_space(path.parent, len(data))
    write_atomically(path, [memoryview(data)])
    return len(data)


def is_portable(path: Path) -> bool:
    """Whether the file says of itself that it is such a model. Looks at its header alone, of at most 4 MB."""
    try:
        with path.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            header = json.loads(file.read(length)) if length <= MAX_HEADER else {}
        return KEY in header["__metadata__"]
    except (OSError, struct.error, ValueError, KeyError, TypeError, RecursionError):
        return False


def read_portable(path: Path) -> PortableModel:
    """Reads a file that `write_portable` wrote, with nothing executed and every size bounded.

    Raises:
        StudioError: it is damaged, too large, of a newer Ganvas, or no such file at all.
    """
    data = _bytes(path)
    digest = hashlib.sha256(data).hexdigest()
    try:
        stored, arrays = unseal_arrays(data, KEY, MAX_HEADER)
        if isinstance(number := stored.get("format"), int) and number > FORMAT:
            raise StudioError(f"{path.name} was written by a newer Ganvas.", "Update Ganvas to open it.")
        about = About.model_validate(stored)
    except (DamagedError, pydantic.ValidationError) as error:
        raise StudioError(f"{path.name} is damaged, or was changed by another program.", "Copy it anew.") from error
    return PortableModel(about, _networks(arrays), digest)


def keep_portable(
    store: RunStore,
    host: PluginHost,
    found: PortableModel,
    source: str,
    *,
    data: str = "",
    name: str = "",
    check: bool = True,
) -> Run:
    """Makes a run of what was read; see `keep_as_run`.

    Raises:
        StudioError: the model is not installed, or the file does not fit it.
    """
    about = found.about
    return keep_as_run(
        store,
        host,
        about.model,
        about.hyperparameters,
        about.data.info(),
        found.networks,
        source=source,
        sha256=found.sha256,
        step=about.step,
        data=data,
        name=name,
        check=check,
    )


def _bytes(path: Path) -> bytearray:
    try:
        with path.open("rb") as file:
            data = bytearray(file.read(MAX_FILE + 1))
    except OSError as error:
        raise StudioError(f"{path} cannot be read: {error.strerror}.", "Check its name and its rights.") from error
    if len(data) > MAX_FILE:
        raise StudioError(f"{path.name} is larger than {MAX_FILE // 1024**3} GB.", "No model of this kind is.")
    return data


def _networks(arrays: Mapping[str, np.ndarray]) -> dict[str, dict[str, np.ndarray]]:
    networks: dict[str, dict[str, np.ndarray]] = {}
    for name, array in arrays.items():
        network, _, key = name.partition(".")
        networks.setdefault(network, {})[key] = array
    return networks


def _whole(tensor: Tensor) -> Tensor:
    """NumPy has no bfloat16."""
    return tensor.float() if tensor.is_floating_point() and tensor.dtype.itemsize < 4 else tensor


def _halved(tensor: Tensor) -> Tensor:
    if not tensor.is_floating_point() or tensor.numel() <= SMALL:
        return _whole(tensor)
    half = tensor.half()
    return half if half.isfinite().all() else _whole(tensor)
