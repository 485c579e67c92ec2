"""A row that has no softmax is refused by the name that the user knows."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

from symderiv import functions as written
from symderiv.catalogue import functions
from symderiv.derivation.textbook import Textbook
from symderiv.emit import numeric_function
from symderiv.emit.module import programs
from symderiv.reader import read
from symderiv.source import formula_source
from symderiv.verification.formulas import inputs

MADE = {w.name: program for w, program in programs(functions().values())}
SAID = re.compile(
    r"(\w+)(?:\[[\d, ]+\])?(?:, computed from (.+),)? is -inf everywhere or holds \+inf: "
    r"it has no softmax"
)
INF = np.inf

# function, its inputs, which logits have no softmax
REFUSED = [
    ("softmax", ([[0, 1], [INF, 0]],), "z[1]"),
    ("cross_entropy", ([-INF, -INF], 0), "z"),
    ("softmax_of_activations", ([[[0, 1]], [[-INF, -INF]]],), "o[1, 0]"),
    ("cross_entropy_of_scores_gradient", ([0, INF], 0), "f"),
    (
        "cross_entropy_batch",
        (np.eye(2), [[1, INF], [1, 1]], [0, 1]),
        "f[0], computed from x and w,",
    ),
    (
        "cross_entropy_linear_gradient_x",
        (np.ones((2, 2)), [1, INF], [0, 0], 0),
        "z, computed from W, x and b,",
    ),
    ("softmax_with_temperature", ([[0, 1], [0, INF]], 2.0), "logits[1], computed from z and T,"),
]


@pytest.mark.parametrize(("name", "given", "row"), REFUSED, ids=[r[0] for r in REFUSED])
def test_the_logits_are_called_what_the_user_calls_them(
    name: str, given: tuple[Any, ...], row: str
) -> None:
    with np.errstate(all="ignore"), pytest.raises(ValueError, match="softmax") as caught:
        getattr(written, name)(*map(np.asarray, given))
    said = f"{row} is -inf everywhere or holds +inf: it has no softmax"
    assert str(caught.value) == said


def raised(name: str, given: dict[str, Any]) -> str:
    """What a function says of its inputs; nothing if it takes them."""
    try:
        getattr(written, name)(**given)
    except ValueError as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", MADE)
def test_what_has_no_softmax_is_an_input_or_computed_from_inputs(name: str) -> None:
    program = MADE[name]
    given = inputs(program, np.random.default_rng(0), (2,))
    extra = {"i": 0, "j": 1} if program.entry else {}
    for n in program.numbers:
        infinite = {**given, n: np.full_like(given[n], INF), **extra}
        with np.errstate(all="ignore"):
            message = raised(name, infinite)
        if "softmax" not in message:
            continue
        said = SAID.fullmatch(message)
        assert said, message
        called, source = said[1], (said[2] or "").replace(" and ", ", ").split(", ")
        assert (called == n) if source == [""] else n in source
        assert set(source) <= {*program.inputs, ""}
        assert called in {*program.inputs, *(s.name for s in program.problem.stages), "logits"}


# formula, by what, its inputs, which logits have no softmax
OWN = [
    (
        "p[i] = exp(2*x[i])/sum(exp(2*x[k]), k); p[i]",
        "x[j]",
        ([INF, 0],),
        "logits, computed from x,",
    ),
    ("p[n,i] = exp(u[n,i])/sum(exp(u[m,i]), m); p[n,i]", "u[k,j]", (np.diag([0, INF]),), None),
    (
        "p[i] = exp(f[i])/sum(exp(f[k]), k); q[i] = exp(g[i])/sum(exp(g[k]), k); "
        "-sum(q[i]*log(p[i]), i)",
        "f[j]",
        ([0, 1], [0, INF]),
        "logits, computed from f and g,",
    ),
]


@pytest.mark.parametrize(("formula", "wrt", "given", "row"), OWN, ids=[o[0] for o in OWN])
def test_the_logits_of_a_formula_of_ones_own(
    formula: str, wrt: str, given: tuple[Any, ...], row: str | None
) -> None:
    """Of several softmaxes, or one along another axis, the inputs are said."""
    function = numeric_function(Textbook(read(formula, wrt=(wrt,))).derive())
    with pytest.raises(ValueError, match=re.escape(row or ", computed from u, is -inf")):
        function(*map(np.asarray, given))


def test_a_file_of_ones_own_says_it_too() -> None:
    source = formula_source("-log(exp(f[y])/sum(exp(f[k]), k))", ["f[j]"], [])
    names: dict[str, Any] = {}
    exec(compile(source, "<file>", "exec"), names)
    with pytest.raises(ValueError, match=r"f\[1\] is -inf everywhere"):
        names["function_jacobian"]([[0.0, 1], [-INF, -INF]], [0, 1])
