"""Code: an expression of whole arrays as a NumPy expression.

Gives `numpy_of`.  Vectors have one axis, so a column and a row are one,
and an outer product is `np.outer`.

Imports expression.  To add a function of a whole array: a name in `_BARE`, or a row in `_CODE`.
"""

from __future__ import annotations

from symderiv.elementwise import FUNCTIONS
from symderiv.matrices.expression import Whole
from symderiv.matrices.graph import NoForm

_BARE = frozenset(
    (
        *("exp", "log", "tanh", "sqrt", "sum", "trace", "norm", "inv", "det", "logdet", "diag"),
        *("relu", "sigmoid", "softmax", "abs"),
    )
)
_CODE = {name: f"np.{name}" for name in ("max", "min", "maximum", "minimum")} | {"diagonal": "diag"}
_CODE |= {n: f"np.{n}" for n, f in FUNCTIONS.items() if f.spellings["numpy"] == f"np.{n}(x)"}
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)


def numpy_of(whole: Whole) -> str:
    """The expression as Python with NumPy.

    Raises
    ------
    NoForm
        where a function has no name there.
    """
    return _written(whole)[0]


def _within(whole: Whole, loosest: int) -> str:
    text, level = _written(whole)
    return text if level >= loosest else f"({text})"


def _function(word: str) -> str:
    if word in _BARE:
        return word
    if word not in _CODE:
        raise NoForm
    return _CODE[word]


def _written(w: Whole) -> tuple[str, int]:
    p = w.parts
    match w.head:
        case "name":
            return ("np.pi" if w.word == "pi" else w.word), _ATOM
        case "number" | "code":
            return w.word, _ATOM
        case "size":
            return p[0].word, _ATOM
        case "ones" | "eye":
            return f"np.{w.head}({numpy_of(p[0])})", _ATOM
        case "zeros":
            shape = ", ".join(map(numpy_of, p))
            return f"np.zeros({shape})" if len(p) == 1 else f"np.zeros(({shape}))", _ATOM
        case "neg":
            return f"-{_within(p[0], _PRODUCT)}", _SIGN
        case "add":
            return _sum(p), _SUM
        case "times":
            return _product(p), _PRODUCT
        case "over":
            return f"{_within(p[0], _PRODUCT)}/{_within(p[1], _POWER)}", _PRODUCT
        case "power":
            return f"{_within(p[0], _ATOM)}**{_within(p[1], _ATOM)}", _POWER
        case "call" if w.word == "softplus":
            return f"np.logaddexp(0, {numpy_of(p[0])})", _ATOM
        case "call" | "whole" | "pair":
            return f"{_function(w.word)}({', '.join(map(numpy_of, p))})", _ATOM
        case "where":
            left, right = (_within(a, _SUM) for a in p)
            return f"np.where({left} {w.word} {right}, 1.0, 0.0)", _ATOM
        case "transpose":
            return f"{_within(p[0], _ATOM)}.T", _ATOM
        case "dot":
            return _chain(p), _PRODUCT
        case "outer":
            return f"np.outer({numpy_of(p[0])}, {numpy_of(p[1])})", _ATOM
        case "matmul":
            return _matmul(p)
    raise NoForm


def _sum(terms: tuple[Whole, ...]) -> str:
    out = _within(terms[0], _SIGN if terms[0].head == "neg" else _PRODUCT)
    for term in terms[1:]:
        if term.head == "neg":
            out += f" - {_within(term.parts[0], _PRODUCT)}"
        else:
            out += f" + {_within(term, _PRODUCT)}"
    return out


def _product(factors: tuple[Whole, ...]) -> str:
    """2*A.T @ v: a number may stand before the first matrix of a product."""
    *before, last = factors
    shown = [_factor(f) for f in before]
    plain = last.head == "matmul" and all(f.rank == 0 for f in before)
    return "*".join([*shown, _written(last)[0] if plain else _factor(last)])


def _factor(f: Whole) -> str:
    if f.head in ("matmul", "dot", "over") and _written(f)[1] < _ATOM:
        return f"({_written(f)[0]})"
    return _within(f, _POWER)


def _chain(parts: tuple[Whole, ...]) -> str:
    return " @ ".join(_within(a, _POWER) if a.head != "matmul" else _chained(a) for a in parts)


def _chained(a: Whole) -> str:
    """x @ A @ y: a product in a row needs no bracket, since @ is associative."""
    return _matmul(a.parts)[0]


def _matmul(parts: tuple[Whole, ...]) -> tuple[str, int]:
    if parts[-1].head == "ones":  # the sums of the rows
        *left, matrix, _ = parts
        axis = 1
        if matrix.head == "transpose":
            matrix, axis = matrix.parts[0], 0
        total = f"np.sum({numpy_of(matrix)}, axis={axis})"
        return (
            " @ ".join([*(_within(a, _POWER) for a in left), total]),
            _PRODUCT if left else _ATOM,
        )
    return " @ ".join(_within(a, _POWER) for a in parts), _PRODUCT
