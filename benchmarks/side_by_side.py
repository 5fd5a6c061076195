"""Two loops that do the same work, measured in turn: how many pictures each takes in a CPU-second, and the ratio."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from torch import set_num_threads

Run = Callable[[], int]


def compare(plain: Run, ours: Run, *, rounds: int, target: float) -> None:
    """Prints every round and the median of the paired ratios: neighbours in time share the noise of the machine.

    Args:
        plain, ours: do some work, the same in both, and return how many pictures it was.
        rounds: how often each is measured, after a first time that does not count.
        target: the ratio that is aimed for.
    """
    set_num_threads(1)
    plain(), ours()
    ratios = []
    for _ in range(rounds):
        theirs, mine = pictures_per_cpu_second(plain), pictures_per_cpu_second(ours)
        ratios.append(mine / theirs)
        print(f"plain {theirs:8.3f}   plugin {mine:8.3f} pictures per CPU-second   ratio {ratios[-1]:.3f}", flush=True)
    print(f"median ratio {statistics.median(ratios):.3f} (target {target})")


def pictures_per_cpu_second(run: Run) -> float:
    """One measurement, in CPU-seconds of all threads."""
    began = time.process_time()
    count = run()
    return count / (time.process_time() - began)
