"""Random formulas through every printer, JSON and the witness, and random command lines.

Nobody knows what the answers should be: only that there is one, or one sentence that says why
not.  `FUZZ_SEED` says with which numbers, `FUZZ_SECONDS` for how long, in place of so many; a
failure prints the seed and what was asked.  `make fuzz` takes another seed each time.
"""

from __future__ import annotations

import json
import os
import warnings
from collections.abc import Iterator
from itertools import count
from random import Random
from time import monotonic

import pytest

import symderiv
from symderiv import Answer, SymderivError, catalogue
from symderiv.cli import COMMANDS, run
from symderiv.cli.destination import ROWS as LAYOUT
from symderiv.cli.options import ROWS
from symderiv.documents.targets import TARGETS
from symderiv.recheck import recheck
from symderiv.serialisation import as_data, as_json

SECONDS = os.environ.get("FUZZ_SECONDS")
SEED = int(os.environ.get("FUZZ_SEED", "14"))
PATIENCE = 4.0  # seconds for one answer
WRITTEN = [name for name, target in TARGETS.items() if target.writer is not None]

ONE = ["exp", "log", "sqrt", "cbrt", "abs", "sign", "sin", "tan", "atan", "tanh", "erf", "asinh",
       "sigmoid", "softplus", "relu", "log1p", "log2", "mish", "hardtanh", "gelu"]  # fmt: skip
LEAVES = ["x", "a", "z[i]", "z[j]", "z[k]", "W[i,k]", "y[y]", "z[1]", "z[2]", "0", "1", "2", "3",
          "1/2", "0.5", "1e-5", "pi", "K", "N", "delta(i,j)", "delta(i,1)", "p[i]"]  # fmt: skip
SIGNS = [">", "<", ">=", "<=", "==", "!="]
STAGES = ["", "", "p[i] = softmax(z)[i]; ", "p[i] = z[i]**2; ", "p[i] = 1/(1 + z[i]**2); s = x*a; "]
VARIABLES = ["x", "z[j]", "z[1]", "z[i]", "W[m,n]", "a", "p[j]", "s"]


class Formulas:
    """Formulas of the language, most of them sound, some without a value anywhere."""

    def __init__(self, random: Random) -> None:
        self.random = random

    def term(self, depth: int) -> str:
        choose, term = self.random.choice, self.term
        if depth == 0:
            return choose(LEAVES)
        kind = self.random.randrange(12)
        a, b = term(depth - 1), term(self.random.randrange(depth))
        if kind < 3:
            return f"({a} {choose('+-*/')} {b})"
        if kind < 5:
            return f"{choose(ONE)}({a})"
        if kind == 5:
            return f"({a})**{choose(['2', '-1', '(1/2)', '-3', f'({b})'])}"
        if kind == 6:
            return f"iverson({a} {choose(SIGNS)} {b})"
        if kind == 7:
            return f"{choose(['max', 'min'])}({a}, {b})"
        if kind == 8:
            return f"where({a} {choose(SIGNS)} {b}, {term(depth - 1)}, {b})"
        if kind == 9:
            return f"-{a}" if self.random.random() < 0.5 else f"logsumexp(z*{choose('ax2')})"
        bound = choose(["i", "k", "(i, 1, K)", "(k, 1, 3)", "(k, 2, N)", "(i, 1, 50)", "(k, 1, 1)"])
        return f"{choose(['sum', 'prod', 'mean', 'max', 'min'])}({a}, {bound})"

    def __call__(self) -> str:
        return self.random.choice(STAGES) + self.term(self.random.randint(1, 3))


def rounds(most: int, seed: int = SEED) -> Iterator[Random]:
    """What to draw from, so many times, or until a time that is given is over."""
    random, end = Random(seed), monotonic() + float(SECONDS or 0)
    for n in count():
        if monotonic() > end if SECONDS else n == most:
            return
        yield random


def shown_everywhere(answer: Answer) -> None:
    """It is written for every target, and its neutral tree is read by the witness."""
    for target in WRITTEN:
        for setting in ({}, {"detail": "full", "style": "cases"}):
            page = answer.page(target, **setting)
            assert page.strip()
            assert "Traceback" not in page
            assert "zoo" not in page
            assert "nan" not in page.replace("finance", "")
    assert answer._repr_mimebundle_()["text/markdown"].strip()
    source = as_json(as_data(answer))
    assert json.loads(source)["schema"].startswith("symderiv.derivation/")
    _, said = recheck(source, seconds=3.0, least=1, most=1)
    false = answer.claim is not None and not answer.claim.verdict.holds
    wrong = said.replace("the claim does not hold", "") if false else said
    assert "does not hold" not in wrong, said


def test_formulas_are_shown_everywhere_or_refused_in_a_sentence() -> None:
    answered, asked = 0, ""

    def one(random: Random) -> str:
        nonlocal answered, asked
        wrt = random.choice(VARIABLES)
        asked = Formulas(random)()
        claim = random.choice([None, None, Formulas(random).term(1)])
        try:
            answer = symderiv.derive(asked, wrt=wrt, claim=claim, timeout=PATIENCE)
        except SymderivError as error:
            return str(error)
        answered += 1
        shown_everywhere(answer)
        return asked

    tried = 0
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            for said in map(one, rounds(120)):
                assert said.strip()
                tried += 1
    except Exception as error:
        error.add_note(f"FUZZ_SEED={SEED}, formula {tried + 1}: {asked!r}")
        raise
    print(f"\n{tried} formulas, {answered} answered, seed {SEED}")
    assert answered > tried / 20 > 0


VALUES = ["1", "0", "-1", "3", "x", "z[j]", "z=o", "i=j", "1,2", "0,0", "text", "json", "latex",
          "nan", "1e999", "cases", "full", "W=[[1,2],[3]]", "", " ", "é", "\x1b[31m", "--", "$(ls)",
          "sum(y[i], i) = 1", "p[j] - y[j]", "9" * 40, "softmax", "log", "mean", "no/such/file",
          "١", "z[j", "a;b", "%s", "{}", "\\input{x}"]  # fmt: skip


def command_line(random: Random) -> list[str]:
    """A command, perhaps what it is about, and options with and without a value that fits."""
    words = [random.choice([*COMMANDS, "jacobian", "gradient", "derive", "hesian", "--version"])]
    if words[0] in ("verify", "export", "emit"):  # these take long, or write where they are told
        words += random.choice([["--help"], ["nothing-of-that-name"]])
    if random.random() < 0.8:
        names = [*catalogue.functions(), "softmx", *VALUES]
        words.append(Formulas(random)() if words[0] == "derive" else random.choice(names))
    for _ in range(random.randrange(4)):
        if random.random() < 0.15:
            words.append(random.choice(VALUES))
            continue
        words.append(f"--{random.choice([*ROWS, *LAYOUT, 'format', 'engine', 'wert'])}")
        if random.random() < 0.75:
            words.append(random.choice(VALUES))
    if words[0] == "derive" and random.random() < 0.7:
        words += ["--wrt", random.choice(VARIABLES)]
    return [*words, "--timeout", str(PATIENCE)]


def test_command_lines_answer_or_say_why_not(
    capsys: pytest.CaptureFixture[str],
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    folder = tmp_path_factory.mktemp("empty")
    monkeypatch.chdir(folder)
    line: list[str] = []
    found: dict[int, int] = {}

    def one(random: Random) -> str:
        nonlocal line
        line = command_line(random)
        status = run(line)
        out, err = capsys.readouterr()
        found[status] = found.get(status, 0) + 1
        assert status in (0, 1, 2)
        assert "Traceback" not in out + err
        if status == 2:
            assert not out
            assert err.startswith(("symderiv", "Usage: "))
            assert err.startswith("Usage: ") or len(err.splitlines()) == 1
        else:
            assert out or err.startswith("symderiv")
        return " ".join(line)

    try:
        for random in rounds(400):
            one(random)
    except Exception as error:
        error.add_note(f"FUZZ_SEED={SEED}, line {sum(found.values())}: {line!r}")
        raise
    assert not list(folder.iterdir())
    with capsys.disabled():
        print(f"\n{found} command lines by status, seed {SEED}")
    assert found[0] > 1
    assert found[2] > found[0]
