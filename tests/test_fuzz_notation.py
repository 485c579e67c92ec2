"""Sound texts in LaTeX and vector notation, spoilt: each is read, or refused in one sentence.

Nothing but the reader's refusal may come out, and it points into the text that it is of.
`FUZZ_SEED` says with which numbers, `FUZZ_SECONDS` for how long, in place of so many.
"""

from __future__ import annotations

import os
import re
from random import Random

from symderiv import catalogue
from symderiv.checking import check
from symderiv.mistakes import SymderivError
from symderiv.reader import ReadError, read, understand
from tests.check_derivations import RIGHT, WRONG
from tests.test_fuzz import rounds
from tests.test_latex import TABLE as LATEX
from tests.test_vector_reader import LOWERED
from tests.test_vector_table import TABLE as VECTORS

SEED = int(os.environ.get("FUZZ_SEED", "16"))

SOUND = [*dict.fromkeys((row[0], row[1]) for row in (*LATEX, *LOWERED, *VECTORS))]
LINES = [*RIGHT, *WRONG]
MARKS = [
    *"'()[]{}^_+-*/@.,:;!?|&$#%=<>\\ \n~\"`xAKnijkTe012dσ²é−∑∂",
    *("(:)", "'X", ".*", ".T", ".^", "./", "np.", "**", "==", "[0]", "axis=", "sum(", "norm(x"),
    *("det(", "inv(", "einsum('ij,j->i',", "where(", ".shape[0]", ".sum()", "for", "in"),
    *(r"\top", r"\mathbf", r"\vec", r"\mathcal{L}", r"\sigma(", r"\{", r"\}", r"\|", r"\\", r"\,"),
    *(r"\left", r"\right", r"\left.", r"\frac", r"\over", r"\sqrt[", r"\text{if}", r"\text{²}"),
    *(r"\operatorname", r"\operatorname*{max}", r"\max", r"\not", r"\in", r"\neq", r"\mid"),
    *(r"\sum_", r"\prod_{i=1}^", r"\substack{", r"\begin{cases}", r"\end{cases}", r"\mathbb{1}"),
    *(r"\begin{bmatrix}", r"\begin{", r"\partial", r"\nabla", r"\langle", r"\rangle", r"\hat"),
    *(r"\infty", r"\odot", r"\cdot", r"\newcommand{\p}[1]{#1", r"\def\p#1{", r"\p", "^{(", "_{-"),
]


def spoilt(random: Random, text: str, other: str) -> str:
    """A text with some of its marks left out, doubled, exchanged or taken from another."""
    parts = re.findall(r"\\[A-Za-z]+|\\.|\w+|\s+|[^\w\s]", text, re.S)
    from_other = re.findall(r"\\[A-Za-z]+|\\.|.", other, re.S)
    for _ in range(random.choice((1, 1, 2, 3, 6))):
        place = random.randrange(len(parts) + 1)
        match random.randrange(6):
            case 0:
                parts[place:] = parts[place + random.randint(1, 3) :]
            case 1:
                parts.insert(place, random.choice(MARKS))
            case 2:
                parts[place : place + 1] = [random.choice(MARKS)]
            case 3:
                start = random.randrange(len(from_other) + 1)
                parts[place:place] = from_other[start : start + random.randint(1, 6)]
            case 4:
                parts[place:place] = parts[place : place + random.randint(1, 4)]
            case _:
                at = random.randrange(len(parts) + 1)
                parts[place : place + 1], parts[at : at + 1] = (
                    parts[at : at + 1],
                    parts[place : place + 1],
                )
    return "".join(parts)[:400]


def complaint(error: SymderivError) -> str:
    """What is wrong with a refusal; empty where it is one sentence that points into its text."""
    said = error.message if isinstance(error, ReadError) else str(error)
    if not said or "\n" in said:
        return f"no sentence: {said!r}"
    if isinstance(error, ReadError):
        lines = error.text.split("\n")
        inside = 1 <= error.line <= len(lines)
        if not inside or not 1 <= error.column <= len(lines[error.line - 1]) + 2:
            return f"no such place: {error}"
    return ""


def test_a_spoilt_text_is_read_or_refused_in_one_sentence() -> None:
    library, was_read, tried = catalogue.library(), 0, 0
    for random in rounds(2_500, SEED):
        tried += 1
        texts = [random.choice(SOUND) for _ in range(4)]
        formula = spoilt(random, texts[0][0], texts[1][0])
        wrt, claim = texts[0][1], None
        fact: tuple[str, ...] = ()
        if random.random() < 0.2:
            wrt = spoilt(random, wrt, texts[2][1])
        if random.random() < 0.2:
            claim = spoilt(random, texts[2][0], texts[3][0])
        if random.random() < 0.1:
            fact = (spoilt(random, texts[3][0] + " > 0", texts[2][0]),)
        asked = formula, (wrt,), fact, claim
        wrong = ""
        try:
            found = understand(*asked, library=library)
            with found.blaming():
                read(found.formula, found.wrt, found.assume, library)
            was_read += 1
        except SymderivError as error:
            wrong = complaint(error)
        except Exception as error:
            wrong = repr(error)
        assert not wrong, (SEED, asked)
    assert 0.05 < was_read / tried < 0.95


def test_spoilt_lines_of_a_derivation_are_answered() -> None:
    for random in rounds(101, SEED):
        text, wrong = spoilt(random, random.choice(LINES), random.choice(LINES)), ""
        try:
            check(text, "tex")
        except SymderivError as error:
            wrong = complaint(error)
        except Exception as error:
            wrong = repr(error)
        assert not wrong, (SEED, text)
