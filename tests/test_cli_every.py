"""Every command, function and option of the catalogue together: an answer or one sentence."""

from __future__ import annotations

import itertools

import pytest

from symderiv import catalogue
from symderiv.catalogue.names import KINDS, derivatives
from symderiv.cli import run
from symderiv.cli.destination import ROWS as LAYOUT
from symderiv.cli.options import ROWS

pytestmark = pytest.mark.usefixtures("derived_once")

# Something for every option, that fits some functions and does not fit others.
GIVEN = {
    "wrt": ["W", "x[i]"],
    "assume": ["sum(y[i], i) = 1"],
    "claim": ["0", "p[k]"],
    "k": ["1", "2"],
    "entry": ["1", "1,1", "2,1,1"],
    "route": ["log", "product"],
    "symbols": ["i=q", "z=o"],
    "target": ["2"],
    "soft": [None],
    "batch": ["sum"],
    "accept": ["numeric"],
    "unfold": [None],
    "timeout": ["50"],
    "at": ["1", "1,2,3", "q=1", "x=[1,2]; y=2"],
    "rules": ["overset"],
    "detail": ["full"],
    "style": ["cases"],
    "notation": ["index", "matrix", "einsum"],
    "shape": ["x: N"],
    "macros": ["none.tex"],
    "full": [None],
    "standalone": [None],
    "beamer": [None],
    "restyle": [None],
    "width": ["30"],
    "ascii": [None],
    "plot": [None],
    "no_verdict": [None],
    "language": ["de", "fr"],
    "macro": ["p=\\prob", "q=\\input"],
    "label": ["eq:a", "a b"],
}
WITH = (("--k", "3"), ("--target", "1"), ("-f", "json"))  # every second option goes with one
FUNCTIONS = [
    (kind, name)
    for name, function in catalogue.functions().items()
    for kind in KINDS
    if derivatives(function, kind)
]


def lines(place: int) -> list[tuple[str, ...]]:
    """What is typed after a function: each option with one of its values; of the layout a third."""
    made: list[tuple[str, ...]] = []
    more = itertools.cycle(((), *WITH))
    layout = [option for option in LAYOUT if option != "at"]
    for option, values in GIVEN.items():
        if option in layout and (layout.index(option) - place) % 3:
            continue
        value = values[place % len(values)]
        typed = f"--{option.replace('_', '-')}"
        line = (typed,) if value is None else (typed, value)
        latex = option in ("standalone", "beamer", "restyle", "macro", "label")
        extra = ("-f", "latex") if latex else ("-f", "html") if option == "plot" else next(more)
        made.append((*line, *(() if extra[:1] == line[:1] else extra)))
    return made


def test_every_option_is_tried() -> None:
    assert set(GIVEN) | {"data", "loss"} == {*ROWS, *LAYOUT}  # these two are of networks alone


@pytest.mark.parametrize(("kind", "name"), FUNCTIONS)
def test_an_answer_or_one_sentence(
    kind: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for line in lines(FUNCTIONS.index((kind, name))):
        status = run([kind, name, *line])
        out, err = capsys.readouterr()
        assert status in (0, 1, 2), line
        assert bool(out) == (status < 2) or err.startswith("symderiv: no derivation"), (line, err)
        if status == 2:
            assert len(err.splitlines()) == 1, (line, err)


@pytest.mark.parametrize("name", list(catalogue.functions()))
def test_a_function_that_a_command_is_not_for(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for kind in KINDS:
        if (kind, name) not in FUNCTIONS:
            assert run([kind, name]) == 2
            assert len(capsys.readouterr().err.splitlines()) == 1


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("gradient least-squares --at 1,2,3", "depends on more than the point: X, t"),
        ("gradient logistic-regression --at 1,2,3", "depends on more than the point: X"),
        ("gradient silu --at １", "it takes finite numbers"),
        ("gradient silu --at 1_0", "it takes finite numbers"),
        ("gradient silu --at inf", "it takes finite numbers"),
        ("gradient silu --at " + "9" * 99, "it takes finite numbers"),
        ("gradient silu --at x=" + "[" * 9_999, "is no array"),
        ("gradient silu --at x=1;x=2", "given twice"),
        ("jacobian --k ２", "--k ２"),
        ("jacobian --entry １,1", "--entry １,1"),
        ("jacobian --at ㎏=1", "is no array"),
    ],
)
def test_points_that_are_none(line: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(line.split()) == 2
    err = capsys.readouterr().err
    assert said in err
    assert len(err.splitlines()) == 1
