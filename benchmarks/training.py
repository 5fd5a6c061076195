"""What the Trainer costs: DCGAN through it and the same phases in a bare loop, in turn, pictures per CPU-second.

    uv run python -m benchmarks.training [--rounds 12] [--steps 2] [--resolution 64] [--width 64]

Reports the median of the paired ratios: these machines are shared and noisy, and neighbours in time share their noise.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch

from studio.api import DataKind
from studio.data.dataset import Dataset
from studio.data.prepare import prepare
from studio.data.sampler import Sampler
from studio.data.sources import open_source
from studio.engine.player import build_model
from studio.engine.plugins import PluginHost
from studio.engine.trainer import Trainer


def bare_loop(host: PluginHost, data: Dataset, values: dict[str, object], steps: int) -> Callable[[], int]:
    """The phases of the model on batches drawn the same way, and nothing else."""
    model = build_model(host, host.model("gan"), values, data.info)
    model.device = torch.device("cpu")
    order = Sampler(len(data), 0)
    batch = model.hp.batch
    position = 0

    def run() -> int:
        nonlocal position
        for _ in range(steps):
            for _ in model.training_step(data.batch(order.indices(position, batch), "cpu")):
                pass
            position += batch
        return steps * batch

    return run


def through_trainer(host: PluginHost, data: Dataset, values: dict[str, object], steps: int) -> Callable[[], int]:
    """The same phases as the studio runs them: seeds, averages, clock."""
    model = build_model(host, host.model("gan"), values, data.info)
    trainer = Trainer(model, data, seed=0, steps=10**9, device=torch.device("cpu"))

    def run() -> int:
        target = trainer.step + steps
        while trainer.step < target:
            trainer.advance()
        return steps * model.hp.batch

    return run


def pictures_per_cpu_second(run: Callable[[], int]) -> float:
    """One measurement, in CPU-seconds of all threads."""
    began = time.process_time()
    pictures = run()
    return pictures / (time.process_time() - began)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=12)
    parser.add_argument("--steps", type=int, default=2)
    parser.add_argument("--resolution", type=int, default=64)
    parser.add_argument("--width", type=int, default=64)
    options = parser.parse_args()
    torch.set_num_threads(1)
    values: dict[str, object] = {"resolution": options.resolution, "batch": 64, "width": options.width}
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        host = PluginHost.discover(home)
        data = prepare(open_source("demo:icons"), options.resolution, home)
        assert data.info.kind is DataKind.UNLABELLED
        bare, ours = (make(host, data, values, options.steps) for make in (bare_loop, through_trainer))
        bare(), ours()
        ratios = []
        for turn in range(options.rounds):
            if turn % 2:
                mine, theirs = pictures_per_cpu_second(ours), pictures_per_cpu_second(bare)
            else:
                theirs, mine = pictures_per_cpu_second(bare), pictures_per_cpu_second(ours)
            ratios.append(mine / theirs)
            print(f"bare {theirs:6.1f}   Trainer {mine:6.1f} pictures per CPU-second   ratio {ratios[-1]:.3f}")
        print(f"median ratio {statistics.median(ratios):.3f} (target 0.97)")


if __name__ == "__main__":
    main()
