"""The witness passes every derivation of the catalogue and the examples, and says what it cannot.

That it refuses what is false is tested in `test_recheck_mutants`.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest

import symderiv
from symderiv import catalogue
from symderiv.cli import run
from symderiv.derivation import Derivation
from symderiv.recheck import recheck
from symderiv.serialisation import as_data, as_json
from tests.answered import answered

pytestmark = pytest.mark.usefixtures("derived_once")

FILE = Path(symderiv.__file__).with_name("recheck.py")
EXAMPLES = [
    json.loads(line)
    for path in sorted((Path(__file__).parent / "examples").glob("*.jsonl"))
    for line in path.read_text(encoding="utf-8").splitlines()
]
NAMES = [f.named(d) for f in catalogue.functions().values() for d in f.derivatives if d.holds]
CHOSEN = {
    "softmax at K = 3": lambda: symderiv.jacobian("softmax", k=3),
    "one entry": lambda: symderiv.jacobian("softmax", k=3, entry=(1, 2)),
    "log-softmax at K = 4": lambda: symderiv.jacobian("log-softmax", k=4),
    "a chosen label": lambda: symderiv.gradient("cross-entropy", k=3, target=2),
    "every label": lambda: symderiv.hessian("cross-entropy", k=2),
    "soft targets at K = 2": lambda: symderiv.gradient("cross-entropy", k=2, soft=True),
    "by the product rule": lambda: symderiv.jacobian("softmax", route="product"),
}


def outcome(derivation: Derivation, least: int = 1, most: int = 2) -> tuple[int, str]:
    return recheck(as_json(as_data(derivation)), least=least, most=most)


@pytest.mark.parametrize("name", NAMES)
def test_every_line_of_the_catalogue_holds(name: str) -> None:
    status, said = outcome(answered(name))
    assert status == 0, said


@pytest.mark.parametrize("name", CHOSEN)
def test_chosen_sizes_are_checked_entry_by_entry(name: str) -> None:
    status, said = outcome(CHOSEN[name]())
    assert status == 0, said


@pytest.mark.parametrize("row", EXAMPLES, ids=[row["id"] for row in EXAMPLES])
def test_every_line_of_the_examples_holds(row: dict[str, Any]) -> None:
    made = symderiv.derive(row["define"], wrt=row["wrt"], assume=row.get("assume", ()))
    status, said = outcome(made)
    assert status == 0, said


def data() -> dict[str, Any]:
    return as_data(symderiv.derive("x*tanh(x)", wrt="x", claim="tanh(x) + x*(1 - tanh(x)**2)"))


def test_a_claim_that_holds_is_checked_and_one_that_does_not_is_said() -> None:
    assert recheck(json.dumps(data()))[0] == 0
    made = symderiv.derive("-log(softmax(z)[y])", wrt="z[k]", claim="softmax(z)[k]")
    assert made.claim.verdict.strength == "refuted"
    status, said = outcome(made)
    assert status == 1
    assert "the claim" in said


def test_a_function_that_is_not_known_is_said_and_never_passed() -> None:
    text = json.dumps(data()).replace('"tanh"', '"riemann"')
    status, said = recheck(text)
    assert status == 1
    assert "not checked" in said
    assert "riemann" in said


ARITHMETIC = [
    (["sin", 1], "0.8414709848078965066525023216302989996226"),
    (["cos", 10], "-0.8390715290764524522588639478240648345200"),
    (["tan", -2], "2.1850398632615189916433061023136825434320"),
    (["erf", ["/", 1, 2]], "0.5204998778130465376827466538919645287365"),
    (["erf", 30], "1"),
    (["erf", -6], "-0.9999999999999999784802632875010868834067"),
    (["sinh", 1], "1.1752011936438014568823818505956008151557"),
    (["exp", -3], "0.0497870683678639429793424156500617766317"),
    (["^", 2, ["/", 1, 2]], "1.4142135623730950488016887242096980785697"),
    (["pi"], "3.1415926535897932384626433832795028841972"),
    (["log", 10], "2.3025850929940456840179914546843642076011"),
    (["softplus", -4], "0.0181499279178097403549833182877538847621"),
    (["d", ["d", ["erf", ["at", "x"]], ["at", "x"]], ["at", "x"]],
     ["*", -4, ["at", "x"], ["exp", ["-", ["^", ["at", "x"], 2]]], ["^", ["pi"], ["/", -1, 2]]]),
    (["d", ["^", ["at", "x"], ["at", "x"]], ["at", "x"]],
     ["*", ["^", ["at", "x"], ["at", "x"]], ["+", 1, ["log", ["at", "x"]]]]),
    (["d", ["*", ["at", "x"], ["d", ["*", ["at", "x"], ["at", "y"]], ["at", "y"]]], ["at", "x"]],
     ["*", 2, ["at", "x"]]),
    (["d", ["d", ["d", ["exp", ["at", "x"]], ["at", "x"]], ["at", "x"]], ["at", "x"]],
     ["exp", ["at", "x"]]),
    (["sum", 1, "k", 2, 1], 0),
    (["sum", ["riemann", ["at", "x"]], "k", 2, 1], 0),
    (["*", ["delta", 1, 2], ["log", -1]], 0),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right"), ARITHMETIC, ids=[str(a[0]) for a in ARITHMETIC])
def test_its_arithmetic_is_right_to_40_digits(left: Any, right: Any) -> None:
    """Against values of tables, and derivatives worked by hand; a last digit changed is refused."""
    if isinstance(right, str):
        whole, _, rest = right.partition(".")
        scale = 10 ** len(rest)
        number = int(whole + rest)
        for shift, status in ((0, 0), (3, 1)):
            near = ["/", number + shift, scale]
            apart = ["abs", ["+", left, ["-", near]]]
            close = ["iverson", ["<", apart, ["/", 1, scale]]]
            assert one_line(close, 1)[0] == status
    else:
        assert one_line(left, right)[0] == 0
        assert one_line(left, ["+", right, ["/", 1, 10**38]])[0] == 1


def test_what_cancels_is_looked_at_with_all_digits() -> None:
    """cosh² - sinh² at 198 is a difference of numbers of 172 digits."""
    squares = [["^", [head, ["*", 4, 5, ["at", "x"]]], 2] for head in ("cosh", "sinh")]
    left = ["+", squares[0], ["-", squares[1]]]
    assert one_line(left, 1)[0] == 0
    assert one_line(left, ["+", 1, ["/", 1, 10**30]])[0] == 1
    slope = ["d", ["*", ["at", "x"], left], ["at", "x"]]
    assert one_line(slope, 1)[0] == 0
    assert one_line(slope, ["+", 1, ["/", 1, 10**30]])[0] == 1


def one_line(left: Any, right: Any, seconds: float = 30.0, **more: Any) -> tuple[int, str]:
    verdict = {"strength": "proved"}
    step = {"rule": "r", "rules": ["r"], "tree": right, "text": "", "verdict": verdict}
    bare = {"schema": "symderiv.derivation/2", "statement": {"tree": left}, "steps": [step]}
    shapes: dict[str, list[Any]] = {"x": more.pop("shape", [])}
    setting = {"sizes": {}, "letters": {}, "labels": {}, "shapes": shapes}
    empty = {"verdict": "proved", **setting, "stages": [], "facts": []}
    return recheck(json.dumps({**empty, **bare, **more}), seconds)


def test_a_derivative_by_a_stage_holds_the_stage_as_an_array() -> None:
    stage = {"name": "s", "indices": [], "body": ["^", ["at", "x"], 2], "text": ""}
    s, x = ["at", "s"], ["at", "x"]
    assert one_line(["d", ["*", s, x], s], x, stages=[stage])[0] == 0
    assert one_line(["d", ["*", s, x], x], ["*", 3, s], stages=[stage])[0] == 0
    assert one_line(["d", ["d", ["*", s, x], s], x], 1, stages=[stage])[0] == 0
    assert one_line(["d", ["d", ["^", s, 2], s], x], ["*", 4, x], stages=[stage])[0] == 0
    assert one_line(["d", ["d", ["*", s, s, x], x], s], ["*", 2, s], stages=[stage])[0] == 0


@pytest.mark.parametrize("name", ["s", "S s", "é", "x'", "+", "1"])
def test_a_derivative_reaches_through_stages_in_any_order_whatever_their_names(name: str) -> None:
    """s = x², r = s + u, u = x: the slope of r is 2x + 1, and a stage is no constant."""
    x, s = ["at", "x"], ["at", name]
    bodies = {"r": ["+", s, ["at", "u"]], name: ["^", x, 2], "u": x}
    stages = [{"name": n, "indices": [], "body": b, "text": ""} for n, b in bodies.items()]
    slope = ["d", ["at", "r"], x]
    assert one_line(slope, ["+", ["*", 2, x], 1], stages=stages)[0] == 0
    for false in (0, 1, ["*", 2, x]):
        assert one_line(slope, false, stages=stages)[0] == 1
    assert one_line(["d", ["at", "r"], s], 1, stages=stages)[0] == 0


def test_recurrences_that_call_each_other_are_followed_to_the_start() -> None:
    """a[t] = x b[t-1], b[t] = a[t] + 1, from b[0] = x: the slope of a[2] is 3x² + 1."""
    t, x, last = "t", ["at", "x"], ["+", "t", -1]
    first = ["iverson", ["=", t, 1]]
    before = ["+", ["*", first, x], ["*", ["iverson", [">", t, 1]], ["at", "b", last]]]
    bodies = {"a": ["*", x, before], "b": ["+", ["at", "a", t], 1]}
    stages = [{"name": n, "indices": [t], "body": b, "text": ""} for n, b in bodies.items()]
    slope = ["d", ["at", "a", 2], x]
    right = ["+", ["*", 3, ["^", x, 2]], 1]
    more = {"stages": stages, "shapes": {"x": [], "a": [2], "b": [2]}}
    assert one_line(slope, right, **more)[0] == 0
    assert one_line(slope, ["+", right, ["/", 1, 10**30]], **more)[0] == 1


def fact(relation: Any, **letters: Any) -> dict[str, Any]:
    return {"relation": relation, "letters": letters, "proved": False, "text": "", "latex": ""}


X, Y = ["at", "x"], ["at", "y"]
FACTS = [
    (["abs", X], X, [fact([">", X, 0])]),
    (["*", X, Y], 1, [fact(["=", ["*", X, Y], 1])]),
    (X, 2, [fact(["=", ["+", X, Y], 3]), fact(["=", ["+", X, ["-", Y]], 1])]),
    (["^", X, 2], 2, [fact(["=", ["^", X, 2], 2])]),
]


@pytest.mark.parametrize(("left", "right", "facts"), FACTS, ids=lambda t: json.dumps(t)[:30])
def test_declared_facts_are_kept_and_only_those_cited(left: Any, right: Any, facts: Any) -> None:
    verdict = {"strength": "proved", "facts": list(range(1, len(facts) + 1))}
    step = {"rule": "r", "rules": ["r"], "tree": right, "text": "", "verdict": verdict}
    assert one_line(left, right, facts=facts, steps=[step])[0] == 0
    assert one_line(left, right, facts=facts)[0] == 1  # cited by no line


def test_a_line_that_is_real_at_fewer_points_than_the_one_before_does_not_hold() -> None:
    square, double = ["log", ["^", X, 2]], ["*", 2, ["log", X]]
    status, said = one_line(square, double)
    assert (status, "no real value" in said) == (1, True)
    assert one_line(double, square)[0] == 0  # where there was none, more may be said
    assert one_line(["/", X, X], 1)[0] == 0
    assert one_line(1, ["/", X, X])[0] == 0  # a hole is no region
    status, said = one_line(["log", -1], ["log", -2])
    assert (status, "not checked" in said) == (1, True)


def test_facts_that_no_point_has_are_said() -> None:
    facts = [fact([">", X, 0]), fact(["<", X, 0])]
    verdict = {"strength": "proved", "facts": [1, 2]}
    step = {"rule": "r", "rules": ["r"], "tree": 1, "text": "", "verdict": verdict}
    status, said = one_line(1, 1, facts=facts, steps=[step])
    assert (status, "not checked" in said) == (1, True)


def hostile() -> Iterator[tuple[str, str]]:
    good = data()
    yield "empty", ""
    yield "no JSON", "{"
    yield "a number", "3"
    yield "a list", "[]"
    yield "NaN", json.dumps({**good, "sizes": {"K": float("nan")}})
    yield "another version", json.dumps({**good, "schema": "symderiv.derivation/1"})
    yield "deep", "[" * 100_000
    yield "deep and closed", json.dumps(good).replace('"tree":', '"tree":' + "[" * 300, 1)
    yield "a long number", json.dumps(good).replace("1", "1" * 5000, 1)
    for key in ("statement", "steps", "sizes", "stages", "facts", "letters", "labels", "wrt"):
        yield f"no {key}", json.dumps({k: v for k, v in good.items() if k != key})
        yield f"{key} a number", json.dumps({**good, key: 7})
    step = deepcopy(good)
    del step["steps"][0]["verdict"]
    yield "a step without a verdict", json.dumps(step)


HOSTILE = dict(hostile())


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_derivation_is_refused_in_one_sentence(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "d.json"
    file.write_text(HOSTILE[name], encoding="utf-8")
    assert run(["recheck", str(file)]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert len(shown.err.strip().splitlines()) == 1


HUGE = [
    ["sum", ["at", "x", "k"], "k", 1, 10**30],
    ["sum", ["sum", 1, "i", 1, 10**4], "k", 1, 10**4],
    ["exp", ["exp", ["exp", ["exp", 30]]]],
    ["^", 7, ["^", 7, ["^", 7, 7]]],
    ["sin", ["^", 10, 1000]],
    ["at", "K"],
    "K",
    ["d", 1, 2],
    ["at"],
    [],
    None,
    0.5,
    {"a": 1},
    [["+"]],
    ["largest", 1, "k", 2, 1],
]


class Clock:
    """A millisecond later whenever it is asked."""

    asked = 0

    def __call__(self) -> float:
        self.asked += 1
        return self.asked / 1000


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """The clock that the witness looks at."""
    clock = Clock()
    monkeypatch.setattr(sys.modules["symderiv.recheck"], "monotonic", clock)
    return clock


SEEDS = 240  # after the end each line is passed over at each


@pytest.mark.parametrize("tree", HUGE, ids=lambda t: json.dumps(t)[:40])
def test_what_is_too_large_or_no_term_is_not_passed_and_takes_no_time(
    tree: Any, clock: Clock
) -> None:
    try:
        status, _ = one_line(tree, ["+", tree, 1] if tree != ["at", "K"] else ["at", "L"], 2.0)
    except ValueError:
        status = 2
    assert status in (1, 2)
    assert clock.asked < 2000 + 3 * SEEDS


def test_the_time_is_kept_however_many_lines_there_are(clock: Clock) -> None:
    many = ["sum", ["sum", ["exp", ["at", "x", "k"]], "i", 1, 150], "k", 1, 150]
    step = {"rule": "r", "tree": many, "text": "", "verdict": {"strength": "proved", "facts": [1]}}
    facts = [fact([">", ["at", "x", "k"], 0], k=500)]
    lines = [{**step, "tree": ["+", many, ["-", n], n]} for n in range(300)]
    status, said = one_line(many, many, steps=lines, facts=facts, seconds=2.0, shape=[500])
    assert status == 1
    assert said.count("there was no time") == len(lines) + 1  # and the answer
    assert clock.asked < 2000 + SEEDS * (len(lines) + 3)


def test_an_index_that_is_the_size_less_a_number_presumes_that_it_has_a_place() -> None:
    formula, masked = "sum(x[k]**2, (k,1,K))", "2*x[j]*iverson(K >= 3)"
    claims = {f"{masked} + x[K-2] - x[K-2]": 0, f"{masked} + x[K-1] - x[K-1]": 1}
    for claim, status in claims.items():
        made = symderiv.derive(formula, wrt="x[j]", claim=claim)
        assert outcome(made)[0] == status


def test_it_runs_alone(tmp_path: Path) -> None:
    copy = tmp_path / "recheck.py"
    copy.write_text(FILE.read_text(encoding="utf-8"), encoding="utf-8")
    file = tmp_path / "d.json"
    file.write_text(as_json(data()), encoding="utf-8")
    alone = [sys.executable, "-I", "-S", str(copy)]
    beside = [sys.executable, "-S", str(FILE)]  # where packages of ours stand
    for way in (alone, beside):
        done = subprocess.run([*way, str(file)], capture_output=True, text=True, cwd=tmp_path)
        assert (done.returncode, done.stderr) == (0, "")
        assert "lines hold" in done.stdout
    done = subprocess.run([*alone, "-"], input="{}", capture_output=True, text=True, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_the_command_reads_the_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO(as_json(data())))
    assert run(["recheck", "-"]) == 0
    assert run(["recheck", "no/such/file"]) == 2
