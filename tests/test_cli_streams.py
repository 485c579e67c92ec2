"""The standard streams: closed, full, of another encoding, interrupted."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
COMMAND = f"{sys.executable} -m symderiv"
LINES = ["jacobian", "jacobian -f json", "emit softmax --only value", "list", "list -f json"]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def shell(line: str, **more: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["sh", "-c", line],
        env={**ENVIRONMENT, **more},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=120,
    )


@pytest.mark.parametrize("line", [*LINES, "jacobian -f typst"])
@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_what_the_encoding_cannot_hold(line: str, encoding: str) -> None:
    done = shell(f"{COMMAND} {line}", PYTHONIOENCODING=encoding)
    assert (done.returncode, done.stderr) == (0, b"")
    if "json" in line:
        usual = shell(f"{COMMAND} {line}", PYTHONIOENCODING="utf-8")
        assert json.loads(done.stdout) == json.loads(usual.stdout.decode())
    elif line.startswith("emit"):
        compile(done.stdout.decode("utf-8"), "emitted", "exec")  # as Python's source is
    else:
        assert done.stdout.decode(encoding if line == "jacobian" else "utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
@pytest.mark.parametrize("line", [*LINES, "--help"])
def test_a_full_disk(line: str) -> None:
    done = shell(f"{COMMAND} {line} > /dev/full")
    assert done.returncode == 2
    assert b"cannot write the standard output: no space left on device" in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("line", LINES)
def test_no_standard_output(line: str, tmp_path: Path) -> None:
    done = shell(f"{COMMAND} {line} >&-")
    assert done.returncode == 2
    assert b"there is no standard output to write to" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    if "emit" in line or "json" not in line:
        file = tmp_path / "made.txt"
        done = shell(f"{COMMAND} {line} -o {file} >&- 2>&- <&-")
        assert done.returncode == 0
        assert file.stat().st_size > 100


def test_no_standard_input_and_no_standard_error() -> None:
    done = shell(f"{COMMAND} derive - --wrt x <&-")
    assert done.returncode == 2
    assert b"there is no standard input" in done.stderr
    done = shell(f"{COMMAND} recheck - <&-")
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
