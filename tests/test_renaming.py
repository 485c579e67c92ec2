"""Other names on the page: all at once, never two as one, and what the user names is called so."""

from __future__ import annotations

import pytest

from symderiv import catalogue
from symderiv.judge import Judge
from symderiv.mistakes import Mistake
from symderiv.reader import read
from symderiv.terms import D
from symderiv.terms.aliases import without_aliases
from symderiv.terms.letters import same
from symderiv.terms.problem import Problem
from symderiv.terms.renaming import names_of, renamed

SOFTMAX = "p[i] = exp(z[i]) / sum(exp(z[k]), k); p[i]"


def softmax(text: str = SOFTMAX, wrt: str = "z[j]") -> Problem:
    return read(text, wrt=(wrt,))


def test_every_name_of_a_problem() -> None:
    assert names_of(softmax()) == {"p", "z", "i", "j", "k", "K"}


@pytest.mark.parametrize(
    ("names", "text", "wrt"),
    [
        ({"z": "o"}, "p[i] = exp(o[i]) / sum(exp(o[k]), k); p[i]", "o[j]"),
        ({"z": "o", "p": "s"}, "s[i] = exp(o[i]) / sum(exp(o[k]), k); s[i]", "o[j]"),
        ({"i": "j", "j": "i"}, "p[j] = exp(z[j]) / sum(exp(z[k]), k); p[j]", "z[i]"),
        ({"k": "m"}, "p[i] = exp(z[i]) / sum(exp(z[m]), (m, 1, K)); p[i]", "z[j]"),
        ({"p": "z", "z": "p"}, "z[i] = exp(p[i]) / sum(exp(p[k]), k); z[i]", "p[j]"),
    ],
)
def test_renaming_is_reading_with_those_names(names: dict[str, str], text: str, wrt: str) -> None:
    found, wanted = renamed(softmax(), names), softmax(text, wrt)
    assert found.function == wanted.function
    assert found.wrt == wanted.wrt
    assert found.shapes == wanted.shapes
    assert same(found.stages[0].body, wanted.stages[0].body)


@pytest.mark.parametrize(
    ("names", "part"),
    [
        ({"q": "r"}, "there is no 'q'"),
        ({"i": "k"}, "'k' is taken"),
        ({"i": "j"}, "'j' is taken"),
        ({"z": "p"}, "'p' is taken"),
    ],
)
def test_what_would_capture_or_confuse_is_refused(names: dict[str, str], part: str) -> None:
    with pytest.raises(Mistake, match=part):
        renamed(softmax(), names)


def test_labels_and_facts_are_renamed_too() -> None:
    problem = read("-log(softmax(z)[y])", wrt=("z[k]",), library=catalogue.library())
    assert renamed(problem, {"y": "t"}).labels == {"t"}
    soft = read("sum(y[i]*z[i], i)", wrt=("z[j]",), assume=("sum(y[i], i) = 1",))
    assert "t" in str(renamed(soft, {"y": "t"}).facts[0].relation)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("p[i] = softmax(z)[i]; -log(p[y])", ["p"]),
        ("q[i] = softmax(z)[i]; sum(q[i]**2, i) + log(softmax(z)[y])", ["q"]),
        ("p[i] = exp(z[i]); q[i] = p[i]; sum(q[i], i)", ["p", "q"]),
        ("p[i] = 2*softmax(z)[i]; sum(p[i], i)", ["p1", "p"]),
    ],
)
def test_a_stage_that_the_user_names_is_called_so(text: str, names: list[str]) -> None:
    given = read(text, wrt=("z[j]",), library=catalogue.library())
    found = without_aliases(given)
    assert [s.name for s in found.stages] == names
    before, after = D(given.unfold(given.function), given.wrt[0]), found.unfold(found.function)
    assert Judge(found).compare(before, D(after, found.wrt[0])).holds
