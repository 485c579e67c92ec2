"""Times side by side: every runner in turn, round after round, so that a slow second slows all.

Gives `race`, the median time of each runner in seconds, and `table`, which prints times as
multiples of the first.  Nothing here is a test.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Mapping
from typing import Any

Runner = Callable[[], Any]
PAUSE = 4e-3  # for the threads of the runner before to stop waiting for more work


def race(runners: Mapping[str, Runner], rounds: int = 15, least: float = 2e-3) -> dict[str, float]:
    """The median over rounds of each runner's time for one call."""
    calls = {}
    for name, run in runners.items():
        run()
        start = time.perf_counter()
        run()
        calls[name] = max(1, round(least / max(time.perf_counter() - start, 1e-9)))
    times: dict[str, list[float]] = {name: [] for name in runners}
    for _ in range(rounds):
        for name, run in runners.items():
            time.sleep(PAUSE)
            run()  # not counted: after a pause the caches hold something else
            start = time.perf_counter()
            for _ in range(calls[name]):
                run()
            times[name].append((time.perf_counter() - start) / calls[name])
    return {name: statistics.median(t) for name, t in times.items()}


def show(seconds: float) -> str:
    """A time with three digits and its unit."""
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if seconds >= size:
            return f"{seconds / size:.3g} {unit}"
    return f"{seconds / 1e-9:.3g} ns"


def table(title: str, times: Mapping[str, float]) -> None:
    """One line: the first runner's time, then how many times longer the first takes than others."""
    (ours, own), *others = times.items()
    against = "   ".join(f"{own / t:.2f} × {name} ({show(t)})" for name, t in others)
    print(f"{title:34} {ours} {show(own):>8}  = {against}", flush=True)
