"""Kept pages: the same page again without SymPy, and never another page than the one asked for."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from symderiv.cli import delivery, kept, run

SAYS_WHETHER_SYMPY = """
import sys
from symderiv.cli import run
status = run(sys.argv[1:])
print("with SymPy" if "sympy" in sys.modules else "without", file=sys.stderr)
sys.exit(status)
"""
Capture = pytest.CaptureFixture[str]
Said = tuple[int, str, str]
Command = Callable[..., Said]


@pytest.fixture
def command(monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Command:
    """A command with a folder for kept pages: its status, its output, and whether it derived."""

    def ran(folder: Path, *words: str) -> Said:
        derived: list[str] = []

        def derive(*given: Any) -> Any:
            derived.append("derived")
            return before(*given)

        before = delivery.derived
        with monkeypatch.context() as patch:
            patch.setenv("XDG_CACHE_HOME", str(folder))
            patch.setattr(delivery, "derived", derive)
            status = run(words)
        out, err = capsys.readouterr()
        return status, out, "".join([err, *derived])

    return ran


def started(folder: Path, *words: str) -> Said:
    """The same of a process of its own, which says whether it imported SymPy."""
    done = subprocess.run(
        [sys.executable, "-c", SAYS_WHETHER_SYMPY, *words],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_CACHE_HOME": str(folder), "PYTHONIOENCODING": "utf-8"},
    )
    return done.returncode, done.stdout, done.stderr.strip()


@pytest.mark.parametrize(
    "words",
    [
        ("jacobian", "--k", "3"),
        ("gradient", "cross-entropy", "-f", "latex"),
        ("derive", "x**2", "--wrt", "x", "--claim", "2*x", "-f", "json"),
        ("backprop", "z[i] = sum(W[i,j]*x[j], j); sum(z[i]**2, i)", "--detail", "brief"),
    ],
)
def test_a_page_is_written_again_without_sympy(
    command: Command, tmp_path: Path, words: tuple[str, ...]
) -> None:
    first = command(tmp_path, *words)
    assert (first[0], first[2]) == (0, "derived")
    assert first[1] != ""
    assert started(tmp_path, *words) == (0, first[1], "without")
    assert command(tmp_path, *words, "--no-cache") == first


def test_a_process_keeps_what_it_derived(tmp_path: Path) -> None:
    words = ("jacobian", "--k", "3")
    first = started(tmp_path, *words)
    assert first[2] == "with SymPy"
    assert started(tmp_path, *words) == (0, first[1], "without")


def test_a_page_beside_which_something_is_said_is_not_kept(
    command: Command, tmp_path: Path
) -> None:
    words = ("backprop", "a = 2*x; b = 3*x; a**2")
    for _ in range(2):
        status, _, said = command(tmp_path, *words)
        assert status == 0
        assert "does not use the stage b" in said
        assert said.endswith("derived")


def test_another_request_is_another_page(command: Command, tmp_path: Path) -> None:
    asked = [("jacobian",), ("jacobian", "--k", "2"), ("jacobian", "--ascii"), ("gradient", "bce")]
    asked += [("jacobian", "-f", "markdown"), ("jacobian", "--width", "60")]
    pages = [command(tmp_path, *words) for words in asked]
    assert {page[2] for page in pages} == {"derived"}
    assert len({page[1] for page in pages}) == len(pages)


def test_what_is_damaged_is_derived_anew(command: Command, tmp_path: Path) -> None:
    _, right, _ = command(tmp_path, "jacobian")
    (page,) = (tmp_path / "symderiv").iterdir()
    whole = page.read_bytes()
    for damaged in (whole[:-5], whole.replace("δ".encode(), "γ".encode()), b"", b"\xff" * 99):
        page.write_bytes(damaged)
        assert command(tmp_path, "jacobian") == (0, right, "derived")
    assert page.read_bytes() == whole


def test_what_does_not_hold_is_not_kept(command: Command, tmp_path: Path) -> None:
    words = ("derive", "x**2", "--wrt", "x", "--claim", "3*x")
    for _ in range(2):
        status, _, said = command(tmp_path, *words)
        assert (status, said) == (1, "derived")


def test_a_folder_that_cannot_be_made_keeps_nothing(command: Command, tmp_path: Path) -> None:
    (tmp_path / "symderiv").write_text("a file")
    for _ in range(2):
        assert command(tmp_path, "jacobian")[::2] == (0, "derived")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of pages of a user who has none."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "symderiv"


def test_the_ones_used_longest_ago_go(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept, "MOST", 3)
    for n in range(5):
        before = {*folder.iterdir()} if n else set()
        kept.keep(f"page {n}", "jacobian", n)
        (page,) = {*folder.iterdir()} - before
        os.utime(page, (n, n))
    assert [kept.find("jacobian", n) for n in range(5)] == [
        None,
        None,
        "page 2",
        "page 3",
        "page 4",
    ]
    kept.keep("x" * (kept.LARGEST + 1), "large")
    assert kept.find("large") is None


def test_a_page_of_a_program_that_differs_is_none(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept.keep("a page", "jacobian")
    assert kept.find("jacobian") == "a page"
    (front, said), *others = kept._program()
    with monkeypatch.context() as other:
        other.setattr(kept, "__version__", "9.9.9")
        assert kept.find("jacobian") is None
    for program in (others, [(f"{front}c", said), *others], [(front, os.stat(folder)), *others]):
        with monkeypatch.context() as other:
            other.setattr(kept, "_program", lambda program=program: iter(program))
            assert kept.find("jacobian") is None
    assert kept.find("jacobian") == "a page"


def test_requests_that_share_a_place_do_not_share_a_page(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept.zlib, "crc32", lambda content: 7)
    kept.keep("one", "jacobian", 1)
    assert [kept.find("jacobian", n) for n in (1, 2)] == ["one", None]
    kept.keep("two", "jacobian", 2)
    assert [kept.find("jacobian", n) for n in (1, 2)] == [None, "two"]


def test_what_is_made_while_the_program_is_written_is_not_kept(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kept, "BEGUN", max(said.st_ctime for _, said in kept._program()))
    kept.keep("a page", "jacobian")
    assert not folder.exists()


def test_a_mistake_looks_at_no_program(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom symderiv.cli import kept, run\nkept._program = None\n"
        "assert run(['derive', 'sofmax(x)', '--wrt', 'x']) == 2\n"
        "assert not {'hashlib', 'pathlib', 'shutil'} & {*sys.modules}"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "did you mean 'softmax'" in done.stderr
