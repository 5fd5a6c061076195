"""Which device to compute on, how many threads to use, and how the thread that computes behaves."""

from __future__ import annotations

import contextlib
import os
import sys
import threading
from typing import TYPE_CHECKING

from studio.api.errors import StudioError
from studio.engine.events import DeviceReady

if TYPE_CHECKING:
    import torch


def choose_device(text: str = "auto") -> torch.device:
    """The device that `text` means: `auto` (CUDA, then MPS, then CPU), `cpu`, `cuda`, `cuda:1` or `mps`.

    Raises:
        StudioError: it is not there.
    """
    import torch

    if text == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "mps" if _has_mps() else "cpu")
    try:
        device = torch.device(text)
    except RuntimeError:
        device = torch.device("meta")
    if device.type == "cuda" and (device.index or 0) < torch.cuda.device_count():
        return device
    if device.type == "cpu" or (device.type == "mps" and _has_mps()):
        return device
    raise StudioError(f"There is no device {text} here.", f"Choose from: {', '.join(devices())}, or auto.")


def devices() -> list[str]:
    """The devices that are there, as `choose_device` takes them."""
    import torch

    cuda = [f"cuda:{index}" for index in range(torch.cuda.device_count())]
    return ["cpu", *cuda, *(["mps"] if _has_mps() else [])]


def describe_device(device: torch.device) -> DeviceReady:
    """What a person calls the device."""
    import torch

    if device.type == "cuda":
        properties = torch.cuda.get_device_properties(device)
        return DeviceReady("cuda", properties.name, properties.total_memory)
    if device.type == "mps":
        return DeviceReady("mps", "Apple GPU")
    return DeviceReady("cpu", f"CPU, {torch.get_num_threads()} of {core_count()} cores")


def core_count() -> int:
    """Cores that this process may use."""
    return len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1


def use_threads(count: int) -> None:
    """Lets the calling thread compute on `count` cores. Other threads that have computed keep their own number."""
    import torch

    torch.get_num_threads()  # settles torch's lazy start on this thread, which would undo the next line
    torch.set_num_threads(max(1, count))


def lower_priority(nice: int) -> None:
    """Makes the calling thread, and those it starts, yield to others: the GUI's thread above all. Linux only."""
    if nice and sys.platform == "linux":
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), nice)


def _has_mps() -> bool:
    import torch

    return torch.backends.mps.is_available()
