"""The README's examples, run as they stand.

A `console` block holds commands after `$ ` and what they print, standard output and error
together, `...` for what is left out; a last line `[exit status N]` where that is not 0.  A
`python` block holds an interpreter's session.  A `math` block is what a command named in the
comment above it prints.  All blocks share one directory, so that the next finds the files of one.
A command of `symderiv` alone is run in this process, all that is more to a shell by bash.
`make pages` writes anew what is printed otherwise now.
"""

from __future__ import annotations

import difflib
import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import redirect_stderr, redirect_stdout
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from symderiv.cli import run
from tests.answered import deriving_once

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "README.md"
README = PAGE.read_text(encoding="utf-8")
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(language: str) -> list[str]:
    return [body for name, body in FENCE.findall(README) if name == language]


def commands(block: str) -> Iterator[tuple[str, str, int]]:
    """Each command of a console block with its output and its exit status."""
    for part in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
        lines = part.splitlines()
        command = [lines.pop(0)]
        while command[-1].endswith("\\"):
            command.append(lines.pop(0))
        if here := re.search(r"<<'(\w+)'", command[0]):
            while command[-1] != here[1]:
                command.append(lines.pop(0))
        status = 0
        if lines and (said := re.fullmatch(r"\[exit status (\d+)\]", lines[-1])):
            status = int(said[1])
            lines.pop()
        yield "\n".join(command), "\n".join(lines).strip("\n"), status


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A directory to run in, with a `symderiv` that is the one under test."""
    made = tmp_path_factory.mktemp("readme")
    script = made / "bin" / "symderiv"
    script.parent.mkdir()
    code = "from symderiv.__main__ import main; main()"
    script.write_text(
        f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -c {shlex.quote(code)} "$@"\n'
    )
    script.chmod(0o755)
    return made


def environment(place: Path) -> dict[str, str]:
    keep = {k: v for k, v in os.environ.items() if not k.startswith(("COLUMNS", "_SYMDERIV"))}
    paths = (str(place / "bin"), str(Path(sys.executable).parent), os.environ.get("PATH", ""))
    return {**keep, "PATH": os.pathsep.join(paths), "PYTHONPATH": str(ROOT), "COLUMNS": "100"}


def agree(expected: str, printed: str) -> None:
    checker = doctest.OutputChecker()
    if checker.check_output(expected + "\n", printed + "\n", doctest.ELLIPSIS):
        return
    anew = nearest(expected, printed)
    if not written_anew(expected, anew) or not checker.check_output(
        anew + "\n", printed + "\n", doctest.ELLIPSIS
    ):
        pytest.fail(f"the README says\n{expected}\n\nand it is\n{printed}", pytrace=False)


def nearest(expected: str, printed: str) -> str:
    """What is shown, with the line that is printed most like it for each that is not printed."""
    lines = printed.splitlines()
    return "\n".join(
        line
        if line in lines or "..." in line
        else next(iter(difflib.get_close_matches(line, lines, 1)), line)
        for line in expected.splitlines()
    )


def written_anew(old: str, new: str) -> bool:
    """Is the README to say this instead, and does it?"""
    if os.environ.get("SYMDERIV_PAGES") != "write":
        return False
    PAGE.write_text(PAGE.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    return True


def libraries(block: str) -> list[str]:
    """The libraries of other arrays that a block imports."""
    return [name for name in ("jax", "dask") if re.search(rf"^import {name}\b", block, re.M)]


def test_console_blocks_with_other_libraries(place: Path, needs: Callable[[str], None]) -> None:
    for block in blocks("console"):
        for name in libraries(block):
            needs(f"python:{name}")
            needs("python:array_api_compat")
    run_all(place, [block for block in blocks("console") if libraries(block)])


def test_console_blocks(place: Path) -> None:
    run_all(place, [block for block in blocks("console") if not libraries(block)])


def run_all(place: Path, chosen: list[str]) -> None:
    for block in chosen:
        for command, expected, status in commands(block):
            ended, printed = ran(place, command)
            assert ended == status, f"$ {command}\n{printed}"
            agree(expected, printed.strip("\n"))


def ran(place: Path, command: str) -> tuple[int, str]:
    """The exit status of a command and what it prints, standard output and error together."""
    words = list(shlex.shlex(command, posix=True, punctuation_chars=True))
    if words[0] == "symderiv" and not {"|", "<", ">", "<<", "&&", ";"} & {*words}:
        return ran_here(place, shlex.split(command)[1:])
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=place,
        env=environment(place),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=300,
    )
    return done.returncode, done.stdout


def ran_here(place: Path, words: list[str]) -> tuple[int, str]:
    printed = TextIOWrapper(BytesIO(), "utf-8", write_through=True)
    with pytest.MonkeyPatch.context() as patch, deriving_once():
        patch.chdir(place)
        patch.setenv("COLUMNS", "100")
        with redirect_stdout(printed), redirect_stderr(printed):
            status = run(words)
    return status, printed.buffer.getvalue().decode()


def test_python_blocks(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place)
    session = doctest.DocTestParser().get_doctest(
        "\n".join(blocks("python")), {}, "README", "README.md", 0
    )
    printed: list[str] = []
    result = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS).run(session, out=printed.append)
    assert result.failed == 0, "".join(printed)


def test_math_blocks_are_printed_by_the_command_above_them(place: Path) -> None:
    for command, body in re.findall(
        r"<!-- \$ (symderiv .*?) -->\s+```math\n(.*?)```", README, re.DOTALL
    ):
        status, printed = ran(place, command)
        assert status == 0, printed
        now = re.findall(r"```math\n(.*?)```", printed, re.DOTALL)
        (like,) = difflib.get_close_matches(body, now, 1, 0)
        assert body == like or written_anew(body, like), printed


def test_every_math_block_is_one_of_those() -> None:
    assert len(blocks("math")) == len(re.findall(r"<!-- \$ symderiv .*? -->\s+```math", README))


def test_make_targets_named_are_there() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in set(re.findall(r"(?:^|`)make ([a-z]+)\b", README, re.MULTILINE)):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
