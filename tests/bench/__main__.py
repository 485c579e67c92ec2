"""`python -m tests.bench [NAME…]`: times, errors and counts, none asserted.

`targets` of one library: `python -m tests.bench targets jax`.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module

BENCHES = ("derivations", "growth", "functions", "networks")
LIBRARIES = ("numpy", "torch", "jax")
NAMED = ("digits", "opponent", "reach", "targets")  # long, or with pages of yours
# Threads that wait for work are counted as busy: beside other programs each engine has one.
ONE_THREAD = {
    **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}


def main() -> None:
    """Run the benches named, or all but the long ones."""
    only = [n for n in sys.argv[1:] if n in LIBRARIES]
    chosen = [n for n in sys.argv[1:] if n not in only] or ["targets"] * bool(only) or BENCHES
    for name in chosen:
        if name not in BENCHES + NAMED:
            sys.exit(f"no bench '{name}'; there are {', '.join(BENCHES + NAMED)}")
        if name == "targets":
            os.environ.update(ONE_THREAD)
        print(f"\n{name}\n{'=' * len(name)}")
        import_module(f"tests.bench.{name}").main(*only if name == "targets" else ())


if __name__ == "__main__":
    main()
