"""Collection: examples in docstrings are looked for in the few modules that have one."""

from __future__ import annotations

from pathlib import Path


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Pass over a module that can hold no test."""
    python, test = collection_path.suffix == ".py", collection_path.name.startswith("test_")
    without = python and not test and ">>>" not in collection_path.read_text(encoding="utf-8")
    return True if without else None
