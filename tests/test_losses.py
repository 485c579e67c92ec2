"""Losses as people write them, made into functions: value and slopes at hard points.

Each is held against mpmath, which takes the formula as it is written and differences of it to
hundreds of digits.  To add one: its text, its variable, a closure and a few points.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from operator import mul
from typing import Any, NamedTuple

import mpmath
import numpy as np
import pytest
from mpmath import mpf

from symderiv.emit.module import functions_of
from symderiv.face.source import derivation_source
from tests.answered import derived, emitted

Point = Mapping[str, Any]
INF = float("inf")
TINY = mpf(10) ** -300


class Loss(NamedTuple):
    """A loss of arrays by name; `by` is differentiated, labels are called y and count from 0."""

    text: str
    wrt: str
    exact: Callable[..., Any]
    points: Sequence[Point]
    dps: int = 700  # what an exponential far from 1 needs


def _softmax(z: Sequence[Any]) -> list[Any]:
    most = max(z)
    e = [mpmath.exp(v - most) for v in z]
    return [v / sum(e) for v in e]


def _focal(z: Sequence[Any], g: Any, y: int) -> Any:
    others = sum(p for k, p in enumerate(_softmax(z)) if k != y)
    return -(others**g) * mpmath.log(_softmax(z)[y])


def _pairs(a: Sequence[Any], T: Sequence[Sequence[Any]], b: Sequence[Any], y: int) -> Any:
    every = (mpmath.exp(u + t + v) for u, row in zip(a, T, strict=True)
             for t, v in zip(row, b, strict=True))  # fmt: skip
    return mpmath.log(sum(every)) - a[y]


def _norm(w: Sequence[Any], x: Sequence[Any], p: Any) -> Any:
    return sum(c * abs(v) ** p for c, v in zip(w, x, strict=True)) ** (1 / p)


def _rows(X: Sequence[Sequence[Any]], p: Any, q: Any) -> Any:
    return sum(sum(abs(v) ** p for v in row) ** (q / p) for row in X) ** (1 / q)


LOGITS = (
    [0.5, -1.0], [3.0], [2.0, 2.0, 2.0], [901.0, 85.0, -285.0], [-2.1e5, 7.5e4, 1.4e5],
    [0.0, 0.0], [37.4, 0.0],
)  # fmt: skip
LABELLED = [{"z": z, "y": y} for z in LOGITS for y in range(len(z))]
ROWS = (
    [[0.5, -0.25], [1.0, 2.0]], [[-0.3, -0.1], [-INF, -INF]], [[-INF, 1.0], [700.0, -700.0]],
    [[0.0, 0.0], [1e5, -1e5]],
)  # fmt: skip
PAIRS = [{"a": a, "T": T, "b": [0.35, 1.0], "y": 0} for T in ROWS
         for a in ([0.1, -0.5], [-1000.0, 1000.0], [0.0, 0.0])]  # fmt: skip
WEIGHTED = [{"w": [0.0, 2.0], "x": x, "p": p} for p in (1.0, 2.0, 3.5, 300.0)
            for x in ([5.0, -1.0], [1e300, 1.0], [1e-200, -1e8], [0.0, 7.0])]  # fmt: skip
WEIGHTED += [{"w": [0.3, 1.5], "x": x, "p": p} for p in (1.0, 2.5, 40.0, -3.0)
             for x in ([1e200, -3e199], [1e-200, 2e-200], [2.0, 2.0])]  # fmt: skip
MIXED = [{"X": X, "p": p, "q": q} for p, q in ((2.0, 3.0), (1.0, 1.0), (3.5, 200.0), (30.0, 2.0))
         for X in ([[0.0, 7.0], [3.0, -4.0]], [[1e200, 3e199], [-2e200, 5.0]], [[1e-200], [2e-200]],
                   [[1.0, 1.0], [1.0, 1.0]], [[0.0, 0.0], [3.0, -4.0]])
         if q >= p or X[0] != [0.0, 0.0]]  # fmt: skip
LENGTHS = [{"X": X} for X in ([[3.0, -4.0], [5.0, 12.0]], [[1e200, 2e200]], [[1e-200], [-3e-200]],
                              [[1e308], [-1e-100]])]  # fmt: skip
APART = [{"x": x, "m": 0.25, "nu": nu} for x in (0.0, 0.25, 1e-9, -2.0, 700.0, -1e5)
         for nu in (1.0, 4.5, 1e-3, 200.0)]  # fmt: skip


def _density(x: Any, m: Any, nu: Any) -> Any:
    return (1 + (x - m) ** 2 / nu) ** (-(nu + 1) / 2)


TWO = [{"a": a, "b": b} for a, b in (
    ([0.5, -1.0], [0.25, 2.0]), ([0.0, 999.0, 2.4], [-998.0, -999.0, -0.4]), ([3.0], [-7.0]),
    ([700.0, -700.0], [-700.0, 700.0]), ([1e5, 0.0], [-1e5, 3.0]),
)]  # fmt: skip

SIZES = [{"x": x, "a": a} for x in ([1235.0, -938.0], [1e-140, -1e-150, 3.0], [2.0], [-1e300])
         for a in (0.5, -818.0, 1e5)]  # fmt: skip

GAUSSIAN = [{"x": x * s, "m": 0.25 * s, "s": s} for x in (0.0, 2.0, -1e5)
            for s in (1.0, 3e-9, 1e160, 1e-200, 700.0)]  # fmt: skip


def _log_sum(u: Sequence[Any]) -> Any:
    """log Σ e^u by the largest u: what e^(u - m) is far below 1 may be left out."""
    most = max(u)
    return most + mpmath.log(sum(mpmath.exp(v - most) for v in u if most - v < 10**5))


def _divergence(a: Sequence[Any], b: Sequence[Any]) -> Any:
    pairs = list(zip(_softmax(a), _softmax(b), strict=True))
    return sum(u * mpmath.log(2 * u / (p + q)) / 2 for p, q in pairs for u in (p, q))


def _ratios(a: Sequence[Any], b: Sequence[Any], w: Sequence[Any]) -> Any:
    return sum(c * p / q for c, p, q in zip(w, _softmax(a), _softmax(b), strict=True))


def _length(x: Sequence[Any]) -> Any:
    return mpmath.sqrt(sum(v**2 for v in x))


FEET = ([0.0, 0.0], [0.0], [1e-300, 0.0], [0.5, -1.0], [1e160, -1e200])
SIGNED = (1e-300, -3.0, 1e-9, 1e200)
SOME = [{"z": z, "m": m, "t": t} for z in ([0.5, -1.0, 0.3], [0.0, -800.0, 3.0], [-900.0, 0.0, 1.0])
        for m in ([0.0, 1.0, 0.0], [1.0, 0.0, 0.0], [1.0, 1.0, 0.0])
        for t in (0.0, 1e-5)]  # fmt: skip

LOSSES = [
    Loss("-(1 - softmax(z)[y])**2*log(softmax(z)[y])", "z[j]", lambda z, y: _focal(z, 2, y),
         LABELLED),
    Loss("-(1 - softmax(z)[y])**g*log(softmax(z)[y])", "z[j]", _focal,
         [{**at, "g": g} for at in LABELLED for g in (0.5, 2.0, 3.5) if len(at["z"]) > 1]),
    Loss("log(sum(exp(a[i] + T[i,j] + b[j]), i, j)) - a[y]", "a[k]", _pairs, PAIRS),
    Loss("log(sum(exp(a[i] + T[i,j] + b[j]), i, j)) - a[y]", "T[k,l]", _pairs, PAIRS),
    Loss("sum(w[i]*abs(x[i])**p, i)**(1/p)", "x[j]", _norm, WEIGHTED),
    Loss("sum(w[i]*abs(x[i])**p, i)**(1/p)", "w[j]", _norm,
         [at for at in WEIGHTED if at["w"][0]]),
    Loss("sum(sum(abs(X[i,j])**p, j)**(q/p), i)**(1/q)", "X[a,b]", _rows, MIXED),
    Loss("sum(sqrt(sum(X[i,j]**2, j)), i)", "X[a,b]",
         lambda X: sum(mpmath.sqrt(sum(v**2 for v in row)) for row in X), LENGTHS, 2000),
    *(Loss("(1 + (x - m)**2/nu)**(-(nu + 1)/2)", by, _density, APART) for by in ("x", "m", "nu")),
    Loss("p[i] = softmax(a)[i]; q[i] = softmax(b)[i]; m[i] = (p[i] + q[i])/2;"
         " sum(p[i]*log(p[i]/m[i]), i)/2 + sum(q[i]*log(q[i]/m[i]), i)/2", "a[j]",
         _divergence, TWO),
    Loss("sum(w[i]*softmax(a)[i]/softmax(b)[i], i)", "a[j]", _ratios,
         [{**at, "w": [1.0, -2.0, 0.5][:len(at["a"])]} for at in TWO if max(at["a"]) < 700]),
    Loss("log(prod(x[i]*exp(-a), i)**2)", "x[j]",
         lambda x, a: 2 * sum(mpmath.log(abs(v)) - a for v in x), SIZES),
    Loss("log(abs(prod(x[i], i)*exp(-a)))", "x[j]",
         lambda x, a: sum(mpmath.log(abs(v)) for v in x) - a, SIZES),
    Loss("log(abs(softmax(x)[y]))", "x[j]", lambda x, y: mpmath.log(_softmax(x)[y]),
         [{"x": at["z"], "y": at["y"]} for at in LABELLED]),
    Loss("max(x[i]*(exp(3)*3), i)", "x[j]", lambda x: 3 * mpmath.exp(3) * max(x),
         [{"x": x} for x in ([0.5], [0.1, -3.0], [-2e5, 7e8, 1.0])]),
    *(Loss("(x - m)**2/(2*s**2) + log(s)", by,
           lambda x, m, s: (x - m)**2/(2*s**2) + mpmath.log(s), GAUSSIAN) for by in ("x", "s")),
    *(Loss("log(t/s) + (s**2 + (x - m)**2)/(2*t**2)", by,
           lambda x, m, s, t: mpmath.log(t/s) + (s**2 + (x - m)**2)/(2*t**2),
           [{**at, "t": at["s"] * 3} for at in GAUSSIAN]) for by in ("x", "s", "t")),
    Loss("log(sum(exp(exp(z[k])), k))", "z[j]", lambda z: _log_sum([mpmath.exp(v) for v in z]),
         [{"z": z} for z in ([0.5, -1.0], [2.0])]),  # farther out e^z loses z: it is said
    Loss("(1 - softmax(z)[y]**q)/q", "z[j]", lambda z, y, q: (1 - _softmax(z)[y]**q) / q,
         [{**at, "q": q} for at in LABELLED for q in (0.7, 1.0, 1e-5)]),
    Loss("1/softmax(z)[y]", "z[j]", lambda z, y: 1 / _softmax(z)[y],
         [at for at in LABELLED if max(at["z"]) - at["z"][at["y"]] < 700]),
    Loss("sqrt(sum(w[i]*abs(x[i])**p*exp(y[i]), i))", "x[j]",
         lambda w, x, p, y: mpmath.sqrt(sum(c * abs(v)**p * mpmath.exp(u)
                                            for c, v, u in zip(w, x, y, strict=True))),
         [{"w": [1.5, 384.0], "x": x, "p": p, "y": [0.5, 89.0]}
          for x, p in (([3.0, -2.0], 3.0), ([1.0, -220.0], -171.0), ([2.9, 1.0], 600.0))]),
    Loss("sum(w[i]*x[i], i)*sqrt(sum(x[i]**2, i))/(1 + sum(x[i]**2, i))", "x[j]",
         lambda x, w: sum(map(mul, w, x)) * _length(x) / (1 + _length(x)**2),
         [{"x": x, "w": [0.7, -0.4][:len(x)]} for x in FEET], 2000),
    *(Loss(text, "x", lambda x, n=n: abs(x)**n, [{"x": x} for x in SIGNED])
      for text, n in (("sqrt(x**2)", 1), ("(x**2)**(3/4)", mpf(3) / 2), ("x**4/abs(x)**3", 1),
                      ("x**6/sqrt(x**2)**5", 1))),
    *(Loss("(k/l)*(x/l)**(k-1)*exp(-(x/l)**k)", by,
           lambda x, k, l: k / l * (x / l)**(k - 1) * mpmath.exp(-(x / l)**k),
           [{"x": x, "k": k, "l": 1.5} for x in (0.5, 1e3, 1e-9) for k in (0.5, 1.0, 2.0, 300.0)
            if x < 1e3 or k < 3]) for by in ("x", "k")),
    Loss("(x**a - 1)/a", "x", lambda x, a: (x**a - 1) / a,
         [{"x": x, "a": a} for x in (1e-9, 0.5, 1.0, 1e3) for a in (0.5, 1e-8, -1.0)]),
    Loss("1 - x**a", "x", lambda x, a: 1 - x**a,
         [{"x": x, "a": 2.0} for x in (-3.0, 0.0, 0.5, 1e100)]),
    Loss("log(sum(exp(z[k]/t), k)) - z[y]/t", "t",
         lambda z, t, y: _log_sum([v / t for v in z]) - z[y] / t,
         [{"z": [0.5, -1.0, 0.3], "y": y, "t": t} for y in (0, 2) for t in (1.0, 0.01, 50.0)]),
    Loss("sum(w[i]*(x[i] - sum(w[k]*x[k], k)/sum(w[k], k))**2, i)/sum(w[i], i)", "x[j]",
         lambda w, x: sum(c * (v - sum(map(mul, w, x)) / sum(w))**2
                          for c, v in zip(w, x, strict=True)) / sum(w),
         [{"w": [0.25, 2.0], "x": x} for x in ([5.0, -1.0], [1e100, 1.0], [1e-100, 7.0])]),
    Loss("log(t + sum(softmax(z)[i]*m[i], i))", "z[j]",
         lambda z, m, t: mpmath.log(t + sum(map(mul, _softmax(z), m))), SOME),
    Loss("log(abs(sum(softmax(z)[i]*m[i], i)))", "z[j]",
         lambda z, m, t: mpmath.log(abs(sum(map(mul, _softmax(z), m)))),
         [*SOME, {"z": [0.0, -800.0, 3.0], "m": [0.0, -2.0, 0.0], "t": 0.0}]),
    Loss("log(t + softmax(z)[y])", "z[j]", lambda z, t, y: mpmath.log(t + _softmax(z)[y]),
         [{"z": [900.0, 85.0, -285.0], "y": y, "t": t} for y in (0, 1, 2) for t in (0.0, 1e-5)]),
]  # fmt: skip


def _named(text: str) -> str:
    *stages, last = text.split("; ")
    return "; ".join([*stages, f"L = {last}"])


def _exact(value: Any) -> Any:
    """An array as lists of numbers of mpmath; a label stays one."""
    if isinstance(value, list):
        return [_exact(v) for v in value]
    return mpf(value) if isinstance(value, float) else value


def _moved(value: Any, place: tuple[int, ...], step: Any) -> Any:
    if not place:
        return value + step
    return [_moved(v, place[1:], step) if n == place[0] else v for n, v in enumerate(value)]


def _called(function: Callable[..., Any], at: Point) -> Any:
    return function(**{n: np.array(at[n]) for n in inspect.signature(function).parameters})


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("loss", LOSSES, ids=lambda loss: f"{loss.text} by {loss.wrt}")
def test_value_and_slopes_are_those_of_the_formula(loss: Loss) -> None:
    names = emitted(_named(loss.text), loss.wrt)
    made = next(f for n, f in names.items() if n in ("L_gradient", "L_derivative"))
    by, tried = loss.wrt.partition("[")[0], 0
    for at in loss.points:
        value, slopes = float(_called(names["L"], at)), np.asarray(_called(made, at))
        assert slopes.shape == np.shape(at[by])
        with mpmath.workdps(loss.dps):
            given = {n: _exact(v) for n, v in at.items()}
            pairs = [(value, loss.exact(**given))]
            for place in np.ndindex(*slopes.shape):
                x = np.array(at[by])[place]
                h = mpf(10) ** (-loss.dps // 3) * (abs(mpf(x)) if np.isfinite(x) and x else 1)
                up, down = (loss.exact(**{**given, by: _moved(given[by], place, s)})
                            for s in (h, -h))  # fmt: skip
                pairs.append((float(slopes[place]), (up - down) / (2 * h)))
            largest = max(abs(right) for _, right in pairs[1:])
            for found, right in pairs:
                near = max(abs(right) * mpf(10) ** -11, largest * mpf(10) ** -15, TINY)
                assert abs(mpf(found) - right) <= near, f"{at}: {found}, not {mpmath.nstr(right)}"
            tried += 1
    assert tried == len(loss.points)


FOOT = mpf(10) ** -40


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(("text", "of_length"), [
    ("sum(x[i]**2, i)**(3/2)", lambda n: n**3),
    ("(1 + sqrt(3*sum(x[i]**2, i)))*exp(-sqrt(3*sum(x[i]**2, i)))",
     lambda n: (1 + mpmath.sqrt(3) * n) * mpmath.exp(-mpmath.sqrt(3) * n)),
    ("n = sqrt(sum(x[i]**2, i)); (1 + sqrt(5)*n + 5*n**2/3)*exp(-sqrt(5)*n)",
     lambda n: (1 + mpmath.sqrt(5) * n + 5 * n**2 / 3) * mpmath.exp(-mpmath.sqrt(5) * n)),
])  # fmt: skip
def test_second_slopes_where_a_norm_is_zero(text: str, of_length: Callable[..., Any]) -> None:
    hessian = functions_of(derivation_source(derived(_named(text), "x[j];x[k]")))["L_hessian"]
    for x in ([0.0, 0.0], [0.0], [1e-9, 2e-9], [0.5, -1.0]):
        found, exact = hessian(np.array(x)), [mpf(v) for v in x]
        with mpmath.workdps(200):
            for j, k in np.ndindex(*found.shape):
                moved = (
                    s
                    * t
                    * of_length(_length(_moved(_moved(exact, (j,), s * FOOT), (k,), t * FOOT)))
                    for s, t in ((1, 1), (1, -1), (-1, 1), (-1, -1))
                )
                assert found[j, k] == pytest.approx(float(sum(moved) / (4 * FOOT**2)), abs=1e-12)
