"""`python -m tests.bench [NAME…]`: times, errors and counts, none asserted."""

from __future__ import annotations

import sys
from importlib import import_module

BENCHES = ("derivations", "growth", "functions", "networks")
NAMED = ("opponent", "reach", "targets")  # so long, or with pages of yours, that they are named


def main() -> None:
    """Run the benches named, or all but the long ones."""
    chosen = sys.argv[1:] or list(BENCHES)
    for name in chosen:
        if name not in BENCHES + NAMED:
            sys.exit(f"no bench '{name}'; there are {', '.join(BENCHES + NAMED)}")
        print(f"\n{name}\n{'=' * len(name)}")
        import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main()
