"""Where a formula comes from: the argument, a file that looks like one, --file, an input."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from symderiv.cli import run

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def told(capsys: Capture, *words: str, status: int = 0) -> str:
    assert run(["derive", *words, "--wrt", "x"]) == status
    out, err = capsys.readouterr()
    return out if status == 0 else err


@pytest.mark.parametrize("name", ["x", "x**2", "2", "exp(x)", "-x", "x=1", "3.5", "x#.txt "])
def test_a_file_that_is_called_like_the_formula_is_not_read(
    name: str, place: Path, capsys: Capture
) -> None:
    (place / name).write_text("x**7")
    assert run(["derive", f"{name}\n x", "--wrt", "x"]) in (0, 2)  # the text decides
    capsys.readouterr()
    if name not in ("2", "3.5"):
        assert "x⁷" not in told(capsys, name)
    assert "x⁷" in told(capsys, "--file", name)
    assert "x⁷" in told(capsys, f"./{name}")


@pytest.mark.parametrize("name", ["loss.txt", "my loss.txt", "loss.formula", "./x", "a/x"])
def test_a_file_by_its_looks(name: str, place: Path, capsys: Capture) -> None:
    (place / "a").mkdir()
    (place / name).write_text("x**7")
    assert "x⁷" in told(capsys, name)


def test_a_mark_of_byte_order_is_no_part_of_the_formula(place: Path, capsys: Capture) -> None:
    (place / "loss.txt").write_bytes(b"\xef\xbb\xbfx**7\r\n")
    assert "x⁷" in told(capsys, "loss.txt")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_is_read(place: Path, capsys: Capture) -> None:
    os.mkfifo(place / "pipe")
    writer = threading.Thread(target=(place / "pipe").write_text, args=("x**7",), daemon=True)
    writer.start()
    assert "x⁷" in told(capsys, "./pipe")
    writer.join(10)
    read, write = os.pipe()
    os.write(write, b"x**7")
    os.close(write)
    assert "x⁷" in told(capsys, f"/dev/fd/{read}")
    os.close(read)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("./folder",), "it is a directory"),
        (("folder.d",), "it is a directory"),
        (("--file", "folder"), "it is a directory"),
        (("--file", "missing"), "there is no file missing"),
        (("--file", "a\0b"), "cannot read"),
        (("--file", "a" * 5000), "cannot read"),
        (("x**2", "--file", "x"), "not both"),
        (("bytes.txt",), "no text in utf-8 (byte 1)"),
        (("empty.txt",), "empty"),
        (("long.txt",), "longer than"),
        (("missing.txt",), "there is no file"),
        ((), "missing argument: a formula such as"),
    ],
)
def test_what_is_no_formula(
    words: tuple[str, ...], said: str, place: Path, capsys: Capture
) -> None:
    (place / "folder").mkdir()
    (place / "folder.d").mkdir()
    (place / "x").write_text("x")
    (place / "bytes.txt").write_bytes(b"x\xff")
    (place / "empty.txt").write_bytes(b"\xef\xbb\xbf \n")
    (place / "long.txt").write_text("x+" * 60_000 + "x")
    err = told(capsys, *words, status=2)
    assert said in err
    assert len(err.splitlines()) == 1


@pytest.mark.parametrize(("file", "why"), [("none.tex", "there is no file"), ("", "a directory")])
def test_macros_that_cannot_be_read_say_why(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], file: str, why: str
) -> None:
    assert run(["derive", "x", "--wrt", "x", "--macros", str(tmp_path / file)]) == 2
    said = capsys.readouterr().err
    assert said.startswith("symderiv: --macros ")
    assert why in said
    assert "Errno" not in said


def test_a_component_of_an_array_in_vector_notation_is_told_the_array(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(["derive", "trace(A @ X)", "--wrt", "X[i,j]"]) == 2
    assert "a variable is a whole array, X" in capsys.readouterr().err


def test_pi_is_the_array_that_the_text_calls_so(capsys: pytest.CaptureFixture[str]) -> None:
    formula = ["derive", "sum(pi[k]*x[k], k)", "--wrt", "pi[j]"]
    assert run([*formula, "--at", "x=[2,3]; pi=[3,1]"]) == 0
    assert run([*formula, "--symbols", "pi=q"]) == 0
    assert "q" in capsys.readouterr().out
    assert run(["backprop", "h[i] = pi[i]*x[i]; sum(h[i]**2, i)", "--data", "pi"]) == 0
    out = capsys.readouterr().out
    assert "∂L/∂xᵢ" in out
    assert "∂L/∂πᵢ" not in out
