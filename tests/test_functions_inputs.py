"""What the generated functions make of their inputs: wrong ones refused by name, batches broadcast.

The table is the programs of the catalogue: their inputs, the shapes of these and the labels.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np
import pytest

from symderiv import functions as written
from symderiv.catalogue import functions
from symderiv.emit.module import programs
from symderiv.emit.program import Program
from symderiv.verification.formulas import inputs, size_of

MADE = {w.name: program for w, program in programs(functions().values())}
every_function = pytest.mark.parametrize("name", MADE)

# NumPy's own words, which name no input
RAW = re.compile(
    r"operands could not|indices.* and .*arr|too many indices|shape mismatch|mismatch in its core|"
    r"setting an array element|could not convert|cannot be broadcast|not supported|out of bounds"
)


def call(name: str, given: dict[str, Any]) -> tuple[Any, ...]:
    extra = {"i": 0, "j": 1} if MADE[name].entry else {}
    found = getattr(written, name)(**given, **extra)
    return found if isinstance(found, tuple) else (found,)


def own(program: Program, n: str) -> tuple[str, ...]:
    """The names of the sizes of an input's own axes."""
    return tuple(str(s) for s in program.problem.shapes.get(n, ()))


def refused(
    name: str, given: dict[str, Any], error: type[Exception], named: str, *said: object
) -> None:
    with pytest.raises(error) as caught:
        call(name, given)
    message = str(caught.value)
    assert type(caught.value) is error, message
    assert re.search(rf"(?<!\w){named}(?!\w)", message), message
    assert all(str(part) in message for part in said), message
    assert not RAW.search(message), message


def moved_axes(program: Program, given: dict[str, Any]) -> Iterator[tuple[str, int]]:
    """Axes whose size another axis must have too."""
    shared = Counter(s for n in given for s in own(program, n))
    for n in given:
        for axis, size in enumerate(own(program, n)):
            if shared[size] > 1:
                yield n, axis - len(own(program, n))


@every_function
def test_a_wrong_shape_is_refused_by_name(name: str) -> None:
    program = MADE[name]
    given = inputs(program, np.random.default_rng(0))
    for n, axis in moved_axes(program, given):
        a = np.asarray(given[n])
        longer = np.concatenate([a, a.take([0], axis)], axis)
        shorter = a.take(range(a.shape[axis] - 1), axis)
        for wrong in (longer, shorter):
            refused(name, {**given, n: wrong}, ValueError, n, wrong.shape)
    for n, v in given.items():
        for axis in range(-len(own(program, n)), 0):
            a = np.asarray(v)
            refused(name, {**given, n: a.take([], axis)}, ValueError, n)
            if a.ndim == 1:
                refused(name, {**given, n: a[0]}, ValueError, n)
            else:
                less = a.take(0, axis)
                refused(name, {**given, n: less}, ValueError, n, less.shape)


@every_function
def test_batches_that_do_not_broadcast_are_refused_by_name(name: str) -> None:
    program = MADE[name]
    rng = np.random.default_rng(1)
    wide, long = inputs(program, rng, (2,)), inputs(program, rng, (5, 3))
    plain = inputs(program, rng)
    for n, m in permutations(plain, 2):
        given = {**plain, n: wide[n], m: long[m]}
        refused(name, given, ValueError, n, wide[n].shape, long[m].shape)
        refused(name, given, ValueError, m)


@every_function
def test_what_is_no_real_number_is_refused_by_name(name: str) -> None:
    program = MADE[name]
    given = inputs(program, np.random.default_rng(2), (2,))
    for n, v in given.items():
        for wrong in (v.astype(complex), v.astype(object), v.astype(str), None):
            refused(name, {**given, n: wrong}, TypeError, n)
        refused(name, {**given, n: [[0, 1], [2]]}, ValueError, n)
        if n in program.problem.labels:
            refused(name, {**given, n: v.astype(float)}, TypeError, n)
            refused(name, {**given, n: v.astype(bool)}, TypeError, n)


@every_function
def test_a_label_out_of_range_is_refused_by_place(name: str) -> None:
    program = MADE[name]
    given = inputs(program, np.random.default_rng(3), (2,))
    for n in program.problem.labels & given.keys():
        for wrong in (-1, size_of(program, program.classes(n))):
            y = given[n].copy()
            last = tuple(s - 1 for s in y.shape)
            y[last] = wrong
            refused(name, {**given, n: y}, IndexError, n, f"{n}{list(last)} = {wrong}")


def some_of(batch: tuple[int, ...], rng: np.random.Generator) -> tuple[int, ...]:
    """A shape that broadcasts to a batch."""
    kept = batch[rng.integers(0, len(batch) + 1) :]
    return tuple(int(m) if rng.random() < 0.7 else 1 for m in kept)


@every_function
@pytest.mark.filterwarnings("error")
def test_batches_that_broadcast_are_loops(name: str) -> None:
    program = MADE[name]
    rng = np.random.default_rng(len(name))
    for _ in range(6):
        given = {n: inputs(program, rng, some_of((2, 3), rng))[n] for n in program.inputs}
        axes = {n: len(own(program, n)) for n in given}
        batches = {n: np.shape(v)[: np.ndim(v) - axes[n]] for n, v in given.items()}
        batch = np.broadcast_shapes(*batches.values())
        spread = {
            n: np.broadcast_to(v, (*batch, *np.shape(v)[np.ndim(v) - axes[n] :]))
            for n, v in given.items()
        }
        whole = call(name, given)
        for at in np.ndindex(*batch):
            rows = call(name, {n: v[at] for n, v in spread.items()})
            for many, one in zip(whole, rows, strict=True):
                assert np.shape(many) == (*batch, *np.shape(one))
                assert np.allclose(many[at], one, rtol=1e-12, atol=1e-14)


@every_function
@pytest.mark.filterwarnings("error")
def test_no_rows_give_no_results(name: str) -> None:
    program = MADE[name]
    rng = np.random.default_rng(4)
    one, none = (call(name, inputs(program, rng, batch)) for batch in ((1,), (0,)))
    for a, b in zip(one, none, strict=True):
        assert np.shape(b) == (0, *np.shape(a)[1:])


def targets(program: Program) -> list[str]:
    """The inputs that are assumed to sum to one."""
    sums = [str(f.relation.lhs) for f in program.problem.facts if f.relation.rhs == 1]
    return [n for n in program.inputs if own(program, n) and any(f"({n}[" in s for s in sums)]


SUMMED = [n for n, program in MADE.items() if targets(program)]


@pytest.mark.parametrize("name", SUMMED)
def test_targets_that_do_not_sum_to_one_are_refused_by_place(name: str) -> None:
    """In the value and the gradients alike, wherever the derivation assumed it."""
    program = MADE[name]
    given = inputs(program, np.random.default_rng(5), (2,))
    (n,) = targets(program)
    wrong = given[n].copy()
    wrong[1] += 1
    refused(name, {**given, n: wrong}, ValueError, n, f"{n}[1] sums to")
    hot = np.zeros_like(wrong)
    hot[:, 0] = 1
    call(name, {**given, n: hot})


@pytest.mark.parametrize("name", [n for n in MADE if n.startswith("kl_divergence")])
@pytest.mark.filterwarnings("error")
def test_the_divergence_from_no_probabilities_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"q\[0\] = -0.5 is no probability"):
        call(name, {"z": [0.0, 1], "q": [-0.5, 1.5]})


BATCHES = [n for n in MADE if n.startswith("cross_entropy_batch")]


@pytest.mark.parametrize("name", BATCHES)
def test_labels_beyond_the_last_slice_are_not_dropped(name: str) -> None:
    """One size N for rows and labels, whatever length the slices have, in words of the whole."""
    for rows, classes in ((16384, 1), (8192, 2), (1638, 10)):
        given = {"x": np.ones((rows, 2)), "w": np.ones((2, classes)), "b": np.ones(classes)}
        given = {n: v for n, v in given.items() if n in MADE[name].inputs}
        for labels in (rows + 2, rows - 1):
            y = np.zeros(labels, int)
            refused(name, {**given, "y": y}, ValueError, "y", (rows, 2), (labels,))


@pytest.mark.parametrize("name", BATCHES)
def test_a_row_without_a_softmax_is_named_by_its_place_in_the_whole(name: str) -> None:
    x = np.zeros((9000, 2))
    x[8500] = np.inf
    given = {"x": x, "w": np.ones((2, 2)), "b": np.ones(2), "y": np.zeros(9000, int)}
    given = {n: v for n, v in given.items() if n in MADE[name].inputs}
    with pytest.raises(ValueError, match=r"f\[8500\], computed from x.* has no softmax"):
        call(name, given)


def test_sums_are_looked_at_to_the_rounding_of_their_terms() -> None:
    large = np.array([1e8 + 0.1, -1e8, 0.9 + 1e-6])
    assert abs(large.sum() - 1) > 2e-7
    assert np.isfinite(written.cross_entropy_soft(np.zeros(3), large))
    for wrong in (large / 1e8 + 1e-3, [np.inf, 0, 0], [1e300, 1e300, 0]):
        with pytest.raises(ValueError, match="y sums to"):
            written.cross_entropy_soft(np.zeros(3), wrong)


def test_smoothed_targets_sum_to_one_by_how_they_are_made() -> None:
    """However far the rounding of y is carried: only y itself is looked at."""
    y = np.array([0.3, 0.7], np.float32).astype(float)
    assert np.isfinite(written.label_smoothing_gradient([0.0, 1.0], y, -1e6)).all()
    with pytest.raises(ValueError, match="y sums to 2"):
        written.label_smoothing_gradient([0.0, 1.0], [1.0, 1.0], 0.1)
