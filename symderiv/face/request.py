"""Requests: what is asked, in one form for command line, Python and Sphinx.

Gives `Request`, for one derivative, and `NetworkRequest`, for all gradients of a network.  Their
fields are the parameters of `symderiv.jacobian`, `gradient`, `hessian` and `derive`, and of
`symderiv.backprop`, and the options of the commands and of the directive; what of them can be
checked without reading the formula is checked when they are made.

Floor 5: imports mistakes; SymPy is looked at only where the caller has imported it.

To add an option: a field here, its help in `cli.options`, and its use in `derived` or
`networks`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Collection, Mapping, Sequence
from dataclasses import KW_ONLY
from typing import TYPE_CHECKING, Any

from symderiv.mistakes import DASH, Mistake, check_positive, check_text, listed, spelled
from symderiv.patience import SECONDS
from symderiv.records import dataclass

if TYPE_CHECKING:
    from sympy.core.basic import Basic

LARGEST = 1000  # the largest size that is written out
BATCHES = ("mean", "sum")
WEAKER = ("numeric",)  # what may be accepted that is no proof


@dataclass(frozen=True)
class Request:
    """What is asked of a function.

    Parameters
    ----------
    function : a name of the catalogue, "cross-entropy"; for `derive` a formula, as text
        ("p[i] = softmax(z)[i]; -log(p[y])"), in LaTeX, in vector notation ("norm(X @ w - y)**2"),
        or as ordinary SymPy
    wrt : the variable, "z[j]", or several, one after the other; of a function of the catalogue the
        array alone, "W"
    assume : facts that hold besides: "sum(y[i], i) = 1"
    claim : what the derivative is said to be; the answer's `claim` then has the verdict
    k : a chosen size, its sums written out; every size where None
    entry : the indices, from 1, of one entry
    route : another way to the same answer ("product")
    symbols : other names, {"z": "o"}
    target : the class label of a loss, a number from 1
    soft : soft targets y_i that sum to one, instead of a label
    batch : "mean" or "sum" over a batch
    shape : of a formula in vector notation, shapes that its letters do not say: "X: N,D; lam: 1"
    macros : of a formula in LaTeX, the author's definitions by \\newcommand
    accept : "numeric" where a claim that agrees at many points is to count as one that holds
    timeout : seconds that may be worked at it
    unfold : through many stages too, the derivative in closed form and not in their adjoints

    Raises
    ------
    Mistake
        for what is no such thing, naming it and what would be.
    """

    function: str | Basic = "softmax"
    _: KW_ONLY
    wrt: str | Basic | Sequence[str | Basic] | None = None
    assume: str | Basic | Sequence[str | Basic] = ()
    claim: str | Basic | None = None
    k: int | None = None
    entry: Sequence[int] | None = None
    route: str | None = None
    symbols: Mapping[str, str] | None = None
    target: int | None = None
    soft: bool = False
    batch: str | None = None
    shape: str = ""
    macros: str = ""
    accept: str | None = None
    timeout: float = SECONDS
    unfold: bool = False

    def __post_init__(self) -> None:
        _check_formula("the function", self.function)
        if self.wrt is not None and not self.variables:
            raise Mistake("wrt: name what to differentiate by, such as 'z[j]'; it is empty")
        for role, given in (("wrt", self.variables), ("assume", self.facts)):
            for one in given:
                _check_formula(role, one)
        if self.claim is not None:
            _check_formula("claim", self.claim)
        _check_numbers("k", self.k)
        _check_numbers("target", self.target)
        if self.entry is not None:
            for n, index in enumerate(_several("entry", self.entry)):
                _check_numbers(f"entry[{n}]", index, none=False)
        if self.k is not None and self.k > LARGEST:
            raise Mistake(
                f"k = {self.k}: sums are written out up to K = {LARGEST}; "
                "the derivation for every K needs no size"
            )
        _check_symbols(self.symbols)
        if self.route is not None and not isinstance(self.route, str):
            raise Mistake(f"route: it takes a name, such as 'product', not {spelled(self.route)}")
        for name, flag in (("soft", self.soft), ("unfold", self.unfold)):
            if not isinstance(flag, bool):
                raise Mistake(f"{name}: it takes True or False, not {spelled(flag)}")
        if self.batch is not None and self.batch not in BATCHES:
            raise Mistake(f"batch: it takes {listed(BATCHES, 'or')}, not {spelled(self.batch)}")
        for role in ("shape", "macros"):
            check_text(role, getattr(self, role))
        if self.accept is not None and self.accept not in WEAKER:
            raise Mistake(f"accept: it takes {listed(WEAKER, 'or')}, not {spelled(self.accept)}")
        check_positive("timeout", self.timeout)
        if self.target is not None and self.soft:
            raise Mistake(
                f"{DASH}target and {DASH}soft: the target is a class label or soft, not both"
            )

    @property
    def variables(self) -> tuple[str | Basic, ...]:
        """What to differentiate by, one after the other; none where the catalogue says."""
        return () if self.wrt is None else _several("wrt", self.wrt)

    @property
    def facts(self) -> tuple[str | Basic, ...]:
        """The facts that hold besides."""
        return _several("assume", self.assume)


@dataclass(frozen=True)
class NetworkRequest:
    """What is asked of a network.

    Parameters
    ----------
    network : stages and, last, the loss: "h[i] = tanh(sum(W[i,j]*x[j], j)); sum(h[i]**2, i)", in
        the formula language, in LaTeX or in vector notation
    wrt : arrays, numbers or stages by name; every given array that is no label where empty
    data : given arrays of which no gradient is wanted
    loss : the stage that is the loss, where several could be
    assume : facts that hold of given arrays: "sum(y[i], i) = 1"
    claim : what an adjoint or a gradient is said to be, in the names of the page:
        "zbar[k] = p[k] - delta(k,y)", "Wbar[i,j] = abar[i]*x[j]"
    symbols : other names, for adjoints too: {"x": "u", "hbar": "delta_h"}
    shape : of a network in vector notation, shapes that its letters do not say: "X: N,D; lam: 1"
    macros : of a network in LaTeX, the author's definitions by \\newcommand
    accept : "numeric" where a line or a claim that agrees at many points is to count as one that
        holds
    timeout : seconds that may be worked at it
    unfold : each gradient in closed form as well, its adjoints written out

    Raises
    ------
    Mistake
        for what is no such thing, naming it and what would be.
    """

    network: str
    _: KW_ONLY
    wrt: str | Sequence[str] = ()
    data: str | Collection[str] = ()
    loss: str | None = None
    assume: str | Sequence[str] = ()
    claim: str | Sequence[str] = ()
    symbols: Mapping[str, str] | None = None
    shape: str = ""
    macros: str = ""
    accept: str | None = None
    timeout: float = SECONDS
    unfold: bool = False

    def __post_init__(self) -> None:
        check_text("network", self.network)
        for role in ("wrt", "data", "assume", "claim"):
            for one in _several(role, getattr(self, role)):
                check_text(role, one)
        if self.loss is not None:
            check_text("loss", self.loss)
        shared = ("symbols", "shape", "macros", "accept", "timeout", "unfold")
        Request(self.network, **{name: getattr(self, name) for name in shared})

    @property
    def variables(self) -> tuple[str, ...]:
        """The names whose gradients are wanted: "W,b" names two; none where all are."""
        return _names("wrt", self.wrt)

    @property
    def left_out(self) -> tuple[str, ...]:
        """The names of which no gradient is wanted: "x,t" names two."""
        return _names("data", self.data)

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that hold besides."""
        return _several("assume", self.assume)

    @property
    def claims(self) -> tuple[str, ...]:
        """What adjoints and gradients are said to be."""
        return _several("claim", self.claim)


def is_sympy(given: object) -> bool:
    """Is it an expression of SymPy's?  SymPy is not imported to see it."""
    core = sys.modules.get("sympy.core.basic")
    return core is not None and isinstance(given, core.Basic)


def _several(role: str, given: Any) -> tuple[Any, ...]:
    if isinstance(given, str) or is_sympy(given):
        return (given,)
    if isinstance(given, Collection) and not isinstance(
        given, bytes | bytearray | memoryview | Mapping
    ):
        return tuple(given)
    example = {
        "wrt": "'z[j]'",
        "assume": "'sum(y[i], i) = 1'",
        "entry": "(1, 2)",
        "data": "'x'",
        "claim": "'zbar[k] = p[k]'",
    }[role]
    raise Mistake(f"{role}: it takes such as {example}, or a list of them, not {spelled(given)}")


def _names(role: str, given: str | Collection[str]) -> tuple[str, ...]:
    """Names in one text with commas between, or in several; the commas of W[i,j] part no names."""
    parts = (re.split(r",(?![^\[]*\])", part) for part in _several(role, given))
    return tuple(name.strip() for part in parts for name in part if name.strip())


def _check_formula(role: str, given: object) -> None:
    if not isinstance(given, str) and not is_sympy(given):
        raise Mistake(f"{role}: it takes text, or an expression of SymPy's, not {spelled(given)}")


def _check_numbers(role: str, value: object, *, none: bool = True) -> None:
    if value is None and none:
        return
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Mistake(f"{role} = {value!r:.60}: it takes a whole number from 1 up")


def _check_symbols(given: object) -> None:
    if given is None:
        return
    right = "it takes old names with their new ones, {'z': 'o'}"
    if not isinstance(given, Mapping):
        raise Mistake(f"symbols: {right}, not {spelled(given)}")
    for name in (*given, *given.values()):
        if not isinstance(name, str):
            raise Mistake(f"symbols: {right}, and {spelled(name)} is no name")
