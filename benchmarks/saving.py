"""What a checkpoint costs training: how long its thread stops for the copy, and how long writing goes on beside it.

    uv run python -m benchmarks.saving [--megabytes 160] [--rounds 7] [--folder DIR]

`stop` is `CheckpointWriter.offer`, which training waits for: the first copy is into new memory, all others into the
same. On a busy machine, look at what of it was spent on a core. `fresh` is a copy into new memory every time, for
comparison. `written` is from there to the disk, on the writer's thread; `read` is loading and checking it. `torch.save`
overwrites one file, without flushing it or a checksum.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch

from studio.engine.events import CheckpointSaved, Event
from studio.engine.runs import RunRecord, RunStore
from studio.engine.writer import CheckpointWriter

TENSORS = 40


def state_of(megabytes: int) -> dict[str, Any]:
    """As many tensors as a small StyleGAN2 has, in one flat dict."""
    size = megabytes * 1_000_000 // 4 // TENSORS
    return {"model": {f"weight.{index}": torch.rand(size) for index in range(TENSORS)}}


def seconds(action: Callable[[], object]) -> float:
    began = time.perf_counter()
    action()
    return time.perf_counter() - began


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--megabytes", type=int, default=160)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--folder", default=None, help="a folder on the disk to measure")
    options = parser.parse_args()
    torch.set_num_threads(1)
    state = state_of(options.megabytes)
    with tempfile.TemporaryDirectory(dir=options.folder) as folder:
        measure(Path(folder), state, options.rounds)


def measure(folder: Path, state: dict[str, Any], rounds: int) -> None:
    run = RunStore(folder).create(RunRecord(model="none", data=""))
    saved: list[Event] = []
    writer = CheckpointWriter(run, saved.append)
    stops, busy, fresh, reads, plain = [], [], [], [], []
    for step in range(1, rounds + 1):
        began = time.thread_time()
        stops.append(seconds(lambda step=step: writer.offer(step, state)))
        busy.append(time.thread_time() - began)
        writer.flush()
        fresh.append(seconds(lambda: [tensor.clone() for tensor in state["model"].values()]))
        reads.append(seconds(run.checkpoints.load_newest))
        plain.append(seconds(lambda: torch.save(state, folder / "plain.pt")))
    writer.close()
    run.release()
    written = [event.seconds for event in saved if isinstance(event, CheckpointSaved)]
    print(f"stop of the training thread: first {1000 * stops[0]:.0f} ms, then {tell(stops[1:])}")
    print(f"  of these on a core:        {tell(busy[1:])}")
    print(f"a fresh copy every time:     {tell(fresh)}")
    print(f"written:                     {tell(written)}")
    print(f"read and checked:            {tell(reads)}")
    print(f"plain torch.save:            {tell(plain)}")


def tell(times: list[float]) -> str:
    return f"median {1000 * statistics.median(times):.0f} ms ({1000 * min(times):.0f} to {1000 * max(times):.0f})"


if __name__ == "__main__":
    main()
