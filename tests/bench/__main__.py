"""`python -m tests.bench [derivations|functions]`: times, none asserted."""

from __future__ import annotations

import sys
from importlib import import_module

BENCHES = ("derivations", "functions")


def main() -> None:
    """Run the benches named, or all."""
    chosen = sys.argv[1:] or list(BENCHES)
    for name in chosen:
        if name not in BENCHES:
            sys.exit(f"no bench '{name}'; there are {' and '.join(BENCHES)}")
        print(f"\n{name}\n{'=' * len(name)}")
        import_module(f"tests.bench.{name}").main()


if __name__ == "__main__":
    main()
