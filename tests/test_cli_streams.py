"""The standard streams: closed, full, of another encoding, interrupted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from io import BytesIO, StringIO, TextIOWrapper
from pathlib import Path
from typing import IO

import pytest

from symderiv.cli import run

pytestmark = pytest.mark.usefixtures("derived_once")

ROOT = Path(__file__).parent.parent
COMMAND = f"{sys.executable} -m symderiv"
LINES = ["jacobian", "jacobian -f json", "emit softmax --only value", "list", "list -f json"]
Wrote = Callable[[str, IO[str] | None], tuple[int, str]]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def shell(line: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", line],
        env={**ENVIRONMENT, **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )


@pytest.fixture
def wrote(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Wrote:
    """The status of a command that writes to this standard output, and what it says beside it."""

    def ran(line: str, output: IO[str] | None) -> tuple[int, str]:
        with monkeypatch.context() as patch:
            patch.setattr(sys, "stdout", output)
            status = run(line.split())
        return status, capsys.readouterr().err

    return ran


@pytest.mark.parametrize("line", [*LINES, "jacobian -f typst"])
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_the_encoding_cannot_hold(line: str, encoding: str, wrote: Wrote) -> None:
    made = {name: TextIOWrapper(BytesIO(), name) for name in (encoding, "utf-8")}
    for output in made.values():
        assert wrote(line, output) == (0, "")
    found, usual = (output.buffer.getvalue() for output in made.values())
    if "json" in line:
        assert json.loads(found) == json.loads(usual.decode())
    elif line.startswith("emit"):
        compile(found.decode("utf-8"), "emitted", "exec")  # as Python's source is
    else:
        assert found.decode(encoding if line == "jacobian" else "utf-8")


def test_an_output_in_memory(wrote: Wrote) -> None:
    output = StringIO()
    assert wrote("list -f json", output) == (0, "")
    assert "softmax" in {entry["name"] for entry in json.loads(output.getvalue())}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("line", [*LINES, "--help"])
def test_a_full_disk(line: str, wrote: Wrote) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        status, said = wrote(line, full)
    assert status == 2
    assert said.endswith("cannot write the standard output: no space left on device\n")
    assert len(said.splitlines()) == 1


@pytest.mark.parametrize("line", LINES)
def test_no_standard_output(line: str, wrote: Wrote, tmp_path: Path) -> None:
    status, said = wrote(line, None)
    assert status == 2
    assert "there is no standard output to write to" in said
    assert len(said.splitlines()) == 1
    if "emit" in line or "json" not in line:
        file = tmp_path / "made.txt"
        assert wrote(f"{line} -o {file}", None) == (0, "")
        assert file.stat().st_size > 100


def test_a_process_without_a_standard_output(tmp_path: Path) -> None:
    done = [shell(f"{COMMAND} list >&-")]
    done += [shell(f"echo '$$ x = x $$' | {COMMAND} check - >&-")]
    done += [shell(f"{COMMAND} list > /dev/full")] if Path("/dev/full").exists() else []
    assert {(one.returncode, one.stderr.count(b"\n")) for one in done} == {(2, 1)}
    file = tmp_path / "made.txt"
    assert shell(f"{COMMAND} jacobian -o {file} >&- 2>&- <&-").returncode == 0
    assert file.stat().st_size > 100


@pytest.mark.parametrize("command", ["derive - --wrt x", "recheck -", "check -"])
@pytest.mark.parametrize("coding", ["utf-8:surrogateescape", "utf-8"])
def test_bytes_that_are_no_text_are_a_sentence(command: str, coding: str) -> None:
    done = shell(f"printf 'x\\377' | PYTHONIOENCODING={coding} {COMMAND} {command}")
    assert done.returncode == 2
    assert b"it is no text in utf-8 (byte 1)" in done.stderr
    assert done.stderr.count(b"\n") == 1


def test_no_standard_input_and_no_standard_error() -> None:
    for command in ("derive - --wrt x", "recheck -", "check -"):
        done = shell(f"{COMMAND} {command} <&-")
        assert done.returncode == 2
        assert b"there is no standard input" in done.stderr
    done = shell(f"{COMMAND} jacobian <&- 2>&-")
    assert done.returncode == 0
    assert "quotient rule" in done.stdout.decode()
    assert shell(f"{COMMAND} jacobian --k 0 2>&-").returncode == 2


INTERRUPTS = {
    "raised": "import os, signal, time; os.kill(os.getpid(), signal.SIGINT); time.sleep(9)",
    "in a callback": "class A:\n    def __del__(self):\n        raise KeyboardInterrupt\nA()",
}


@pytest.mark.usefixtures("interruptible")
@pytest.mark.parametrize("module", ["click", "sympy"])
@pytest.mark.parametrize("code", INTERRUPTS.values(), ids=INTERRUPTS)
def test_an_interrupt_while_modules_load_is_no_traceback(
    module: str, code: str, tmp_path: Path
) -> None:
    """The module that is imported interrupts."""
    (tmp_path / f"{module}.py").write_text(code)
    paths = f"{tmp_path}{os.pathsep}{ROOT}"
    done = shell(f"cd {tmp_path}; {COMMAND} jacobian", PYTHONPATH=paths)
    assert (done.returncode, done.stdout) == (130, b"")
    assert done.stderr.strip() == b"symderiv: interrupted"
