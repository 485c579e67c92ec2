"""Fixtures: programs and packages that some tests need, and the pages of the catalogue."""

from __future__ import annotations

import gc
import os
import shutil
import signal
from collections.abc import Callable, Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from symderiv import catalogue
from symderiv.documents.blocks import Page
from symderiv.documents.presentation import present
from tests.answered import WRITTEN, answered, deriving_once

ROOT = Path(__file__).parent.parent

# No page is kept from one test for another: a folder in what is no folder cannot be made.
os.environ["XDG_CACHE_HOME"] = os.devnull


class Examples:
    """Collection: examples in docstrings are looked for in the few modules that have one."""

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Pass over a module that can hold no test."""
        python, test = collection_path.suffix == ".py", collection_path.name.startswith("test_")
        without = python and not test and ">>>" not in collection_path.read_text(encoding="utf-8")
        return True if without else None


def pytest_configure(config: pytest.Config) -> None:
    """What JAX compiles once is there for every process, and for the next run, as torch has it.

    A test makes functions anew that come to programs of a test before it.  Files that many tests
    look at are written once for the processes of a run.
    """
    config.pluginmanager.register(Examples())
    if "PYTEST_XDIST_WORKER" not in os.environ:
        folder = TemporaryDirectory(prefix="symderiv-")
        os.environ[WRITTEN] = folder.name
        config.add_cleanup(folder.cleanup)
    cache: pytest.Cache | None = getattr(config, "cache", None)  # without where pytest keeps none
    if "PYTEST_XDIST_WORKER" not in os.environ and cache is not None:
        os.environ["JAX_COMPILATION_CACHE_DIR"] = str(cache.mkdir("compiled"))
        os.environ["JAX_PERSISTENT_CACHE_MIN_COMPILE_TIME_SECS"] = "0"
        os.environ["JAX_PERSISTENT_CACHE_MIN_ENTRY_SIZE_BYTES"] = "0"


def pytest_collection_finish() -> None:
    """Look for garbage among what the tests make, and rarely among what they keep.

    What is remembered from one test for the next is large, and no garbage: an eighth of the time
    of a whole run went into looking through all of it again and again.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 10, 1000)


@pytest.fixture
def needs() -> Callable[[str], None]:
    """A test calls it with a program, `python:package` or `npm:package` that it cannot do without.

    Skipped where that is missing; where CI says that it is CI, failed.
    """

    def needed(name: str) -> None:
        kind, _, package = name.rpartition(":")
        if kind == "python":
            there = find_spec(package) is not None
        elif kind == "npm":
            there = shutil.which("node") is not None and (ROOT / "node_modules" / package).is_dir()
        else:
            there = shutil.which(package) is not None
        if not there:
            say = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
            say(f"{name} is not installed")

    return needed


@pytest.fixture
def interruptible() -> Iterator[None]:
    """What a test starts is interrupted by SIGINT, though the tests run where it is ignored."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.fixture
def derived_once() -> Iterator[None]:
    """A problem is derived once, however often it is asked for: what is tested is made of it."""
    with deriving_once():
        yield


@pytest.fixture(scope="session")
def catalogue_pages() -> Mapping[str, Page]:
    """The page of every derivation of the catalogue, by its name."""
    return {
        name: present(answered(name), command=f"symderiv export {name}")
        for function in catalogue.functions().values()
        for name in (function.named(d) for d in function.derivatives if d.holds)
    }
