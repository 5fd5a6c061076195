"""Turns nested state (state dicts, numbers, lists) into flat tensors and JSON, and back. No code travels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from studio.api.errors import StudioError

if TYPE_CHECKING:
    from torch import Tensor

Leaf = TypeVar("Leaf")

TENSOR, TUPLE, MAP = "$tensor", "$tuple", "$map"


def flatten(tree: Any) -> tuple[dict[str, Tensor], Any]:
    """Splits `tree` into tensors by path and a JSON skeleton that says where each belongs.

    Handles tensors, None, bool, int, float, str, lists, tuples and dicts with str or int keys.

    Raises:
        TypeError: anything else is in there; a plugin's `extra_state` gave something that cannot be kept safely.
    """
    import torch

    return flatten_as(torch.Tensor, tree)


def flatten_as(leaf: type[Leaf], tree: Any) -> tuple[dict[str, Leaf], Any]:
    """The same of a tree whose tensors are of another type, such as `numpy.ndarray`. Without torch."""
    tensors: dict[str, Leaf] = {}
    return tensors, _flatten(tree, "", tensors, leaf)


def unflatten(tensors: dict[str, Tensor], skeleton: Any) -> Any:
    """The tree that `flatten` took apart.

    Raises:
        StudioError: the skeleton names a tensor that is not there.
    """
    match skeleton:
        case {"$tensor": name}:
            if name not in tensors:
                raise StudioError(f"The checkpoint lacks the tensor {name}.")
            return tensors[name]
        case {"$tuple": items}:
            return tuple(unflatten(tensors, item) for item in items)
        case {"$map": pairs}:
            return {key: unflatten(tensors, value) for key, value in pairs}
        case dict():
            return {key: unflatten(tensors, value) for key, value in skeleton.items()}
        case list():
            return [unflatten(tensors, item) for item in skeleton]
        case _:
            return skeleton


class Snapshots:
    """Copies of trees on the CPU that later training does not change, each in the memory of the one before it.

    Memory that is new costs several times what copying into it does, because the system clears it page by page.
    """

    def __init__(self) -> None:
        self._memory: dict[str, Tensor] = {}

    def take(self, tree: Any) -> Any:
        """A copy of `tree`. The one before is overwritten."""
        tensors, skeleton = flatten(tree)
        self._memory = {name: self._copy(name, tensor.detach()) for name, tensor in tensors.items()}
        return unflatten(self._memory, skeleton)

    def _copy(self, name: str, tensor: Tensor) -> Tensor:
        import torch

        memory = self._memory.get(name)
        if memory is None or memory.shape != tensor.shape or memory.dtype != tensor.dtype:
            memory = torch.empty(tensor.shape, dtype=tensor.dtype, pin_memory=tensor.is_cuda)
        return memory.copy_(tensor)


def _flatten(node: Any, path: str, tensors: dict[str, Leaf], leaf: type[Leaf]) -> Any:
    if isinstance(node, leaf):
        tensors[path] = node
        return {TENSOR: path}
    if node is None or isinstance(node, bool | int | float | str):
        return node
    if isinstance(node, dict):
        inner = {key: f"{path}/{key}" if path else str(key) for key in node}
        items = [(key, _flatten(value, inner[key], tensors, leaf)) for key, value in node.items()]
        if all(isinstance(key, str) and not key.startswith("$") for key in node):
            return dict(items)
        return {MAP: [[key, value] for key, value in items]}
    if isinstance(node, list | tuple):
        children = [_flatten(item, f"{path}/{index}", tensors, leaf) for index, item in enumerate(node)]
        return children if isinstance(node, list) else {TUPLE: children}
    raise TypeError(f"{path or 'state'} holds a {type(node).__name__}, which a checkpoint cannot keep.")
