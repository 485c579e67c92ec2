"""Sessions: from a name or a formula, as a person gives it, to a derivation.

Gives what the command line and the Python face both call: `names`, `check_name`, `listing`,
`jacobian`, `gradient`, `hessian`, `derive`, and `softmax`.  All checks of what was asked for are
made here or below, so that both faces refuse in the same words.

Floor 5: imports the catalogue; the rest, and with it SymPy, when a derivation is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from symderiv import catalogue
from symderiv.mistakes import Mistake, did_you_mean, listed

if TYPE_CHECKING:
    from sympy.core.basic import Basic

    from symderiv.catalogue.entry import Derivative, Function
    from symderiv.derivation import Derivation
    from symderiv.problem import Fact
    from symderiv.shown import Shown

# The derivative of a function of one number is its gradient too.
KINDS = {
    "jacobian": ("jacobian",),
    "gradient": ("gradient", "derivative"),
    "hessian": ("hessian",),
}


@dataclass(frozen=True)
class Listed:
    """One derivation of the catalogue: what `symderiv list` shows of it."""

    name: str
    kind: str
    wrt: tuple[str, ...]
    title: str
    formula: tuple[str, ...]
    closed_form: tuple[str, ...]
    assumptions: tuple[str, ...]
    routes: tuple[str, ...]


def names(kind: str | None = None) -> tuple[str, ...]:
    """The names in the catalogue that have a derivation of that kind (or any)."""
    functions = catalogue.functions().values()
    return tuple(f.name for f in functions if kind is None or _derivatives(f, kind))


def check_name(name: str, kind: str | None = None) -> str:
    """The name, if the catalogue has it.

    Raises
    ------
    Mistake
        with the nearest names.
    """
    if name in names(kind):
        return name
    if name in catalogue.refused():
        raise Mistake(catalogue.refused()[name])
    if kind is not None and name in names():
        there = listed((f"symderiv {k} {name}" for k in KINDS if name in names(k)), "or")
        raise Mistake(f"'{name}' has no {kind} in the catalogue; there is {there}")
    hint = did_you_mean(name, names(kind))
    raise Mistake(f"no function '{name}'{hint or '; `symderiv list` shows all of them'}")


def listing() -> tuple[Listed, ...]:
    """The whole catalogue, a line for each derivation that holds."""
    return tuple(
        Listed(
            f.name,
            d.kind,
            d.wrt,
            f.title,
            _tuple(f.define),
            _tuple(d.closed_form),
            f.assume,
            f.routes,
        )
        for f in catalogue.functions().values()
        for d in f.derivatives
        if d.holds
    )


def _tuple(given: str | tuple[str, ...]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else given


def _derivatives(function: Function, kind: str) -> list[Derivative]:
    return [d for d in function.derivatives if d.holds and d.kind in KINDS[kind]]


@dataclass(frozen=True)
class CatalogueFunction:
    """A function of the catalogue, with its derivations: `softmax.jacobian(k=3)`."""

    name: str

    def jacobian(self, **chosen: Any) -> Shown:
        """The derivation of its Jacobian; options as those of `symderiv.jacobian`."""
        return jacobian(self.name, **chosen)

    def gradient(self, **chosen: Any) -> Shown:
        """The derivation of its gradient; options as those of `symderiv.gradient`."""
        return gradient(self.name, **chosen)

    def hessian(self, **chosen: Any) -> Shown:
        """The derivation of its Hessian; options as those of `symderiv.hessian`."""
        return hessian(self.name, **chosen)


softmax = CatalogueFunction("softmax")


def jacobian(
    function: str = "softmax",
    *,
    k: int | None = None,
    entry: Sequence[int] | None = None,
    route: str | None = None,
    symbols: Mapping[str, str] | None = None,
    wrt: str | None = None,
) -> Shown:
    """The derivation of a Jacobian: for every K, or for a chosen one.

    Parameters
    ----------
    function : a name of the catalogue
    k : a chosen size, its sums written out; every size where None
    entry : the indices, from 1, of one entry
    route : another way to the same answer ("product")
    symbols : other names, {"z": "o"}
    wrt : the array to differentiate by, where there are several

    Raises
    ------
    Mistake
        for a name, size, entry, route or symbol that there is not.
    """
    return _of("jacobian", function, wrt, Asked(k, entry, route, symbols))


def gradient(
    function: str,
    *,
    k: int | None = None,
    entry: Sequence[int] | None = None,
    route: str | None = None,
    symbols: Mapping[str, str] | None = None,
    wrt: str | None = None,
    target: int | None = None,
    soft: bool = False,
    batch: str | None = None,
) -> Shown:
    """The derivation of a gradient; parameters as those of `jacobian`, and of a loss:

    target : the class label, a number from 1
    soft : soft targets y_i that sum to one, instead of a label
    batch : "mean" or "sum" over a batch
    """
    return _of("gradient", function, wrt, Asked(k, entry, route, symbols, target, soft, batch))


def hessian(
    function: str,
    *,
    k: int | None = None,
    entry: Sequence[int] | None = None,
    route: str | None = None,
    symbols: Mapping[str, str] | None = None,
    wrt: str | None = None,
    target: int | None = None,
    soft: bool = False,
    batch: str | None = None,
) -> Shown:
    """The derivation of a Hessian; parameters as those of `gradient`."""
    return _of("hessian", function, wrt, Asked(k, entry, route, symbols, target, soft, batch))


def derivation(name: str, **chosen: Any) -> Shown:
    """A derivation by its name in the catalogue: "softmax-jacobian"; options as `gradient`'s.

    Raises
    ------
    Mistake
        with the nearest names.
    """
    functions = catalogue.functions
    known = {f.named(d): (f, d) for f in functions().values() for d in f.derivatives if d.holds}
    if name not in known:
        raise Mistake(f"no derivation '{name}'{did_you_mean(name, known)}")
    function, derivative = known[name]
    return _derived(function, derivative, Asked(**chosen))


def book(say: Callable[[str, float], None] = lambda what, share: None) -> Iterator[Derivation]:
    """The derivations of the book: all of the catalogue, by every route, and softmax at K = 3.

    Parameters
    ----------
    say : told what is being derived, and which share is done
    """
    every = [(f, d) for f in catalogue.functions().values() for d in f.derivatives if d.holds]
    for n, (function, derivative) in enumerate(every):
        name = function.named(derivative)
        say(name, n / len(every))
        yield derivation(name)
        if derivative.kind != "hessian":
            for route in function.routes[1:]:
                other = derivation(name, route=route)
                title = f"{other.title}, by the {route} rule"
                yield replace(other, name=f"{name}-{route}", title=title)
        if name == "softmax-jacobian":
            chosen = derivation(name, k=3)
            yield replace(chosen, name=f"{name}-3", title=f"{chosen.title} at K = 3")


@dataclass(frozen=True)
class Asked:
    """What is asked of a function of the catalogue; fields as the parameters of `gradient`."""

    k: int | None = None
    entry: Sequence[int] | None = None
    route: str | None = None
    symbols: Mapping[str, str] | None = None
    target: int | None = None
    soft: bool = False
    batch: str | None = None


def _of(kind: str, name: str, wrt: str | None, asked: Asked) -> Shown:
    """The derivation of a kind: of the function itself, or of that of its family that fits."""
    functions = catalogue.functions
    check_name(name)
    if asked.target is not None and asked.soft:
        raise Mistake("--target and --soft: the target is a class label or soft, not both")
    array = None if wrt is None else wrt.split("[")[0]
    options = {"soft"} if asked.soft else set()
    options |= {f"batch-{asked.batch}"} if asked.batch else set()
    family = [f for f in functions().values() if f.family == name]
    if options and not family:
        raise Mistake(f"{name} has no variant that is {' and '.join(sorted(options))}")
    own = [] if options else [functions()[name]]
    fitting = own + [f for f in family if set(f.options) - {"linear"} == options]
    fitting.sort(key=lambda f: len(f.options))
    for function in fitting:
        for derivative in _derivatives(function, kind):
            if array is None or derivative.array.lower() == array.lower():
                return _derived(function, derivative, asked)
    if not options and array is None:
        check_name(name, kind)
    arrays = sorted({d.array for f in fitting for d in f.derivatives if d.kind == kind})
    what = f"{kind} of {name}" + "".join(f", {option}," for option in sorted(options))
    if array is not None and arrays:
        raise Mistake(f"--wrt {wrt}: no {what} by '{array}'{did_you_mean(array, arrays)}")
    raise Mistake(f"the catalogue has no {what}; `symderiv list` shows all of them")


def _derived(function: Function, derivative: Derivative, asked: Asked) -> Shown:
    from symderiv.reader import read
    from symderiv.shown import shown
    from symderiv.work import Order, vector, work

    title = _title(function, derivative)
    order = Order(
        k=asked.k,
        entry=asked.entry,
        route=asked.route or function.routes[0],
        symbols=asked.symbols,
        target=asked.target,
        name=function.named(derivative),
        title=title,
    )
    if not isinstance(function.define, str):
        return shown(vector(function.define, derivative.wrt, order))
    if order.route not in function.routes and order.route is not None:
        raise Mistake(
            f"--route {order.route}: {function.name} has no route '{order.route}'"
            f"{did_you_mean(order.route, function.routes)}"
        )
    problem = read(
        function.define, wrt=derivative.wrt, assume=function.assume, library=catalogue.library()
    )
    return shown(work(problem, order))


def _title(function: Function, derivative: Derivative) -> str:
    """What the page is headed with: "The Jacobian of softmax"."""
    called, kind = function.title, derivative.kind
    if called.startswith("The "):
        return called
    kind = kind.capitalize() if kind in ("jacobian", "hessian") else kind
    lowered = called[0].lower() + called[1:] if called[1:2].islower() else called
    several = len([d for d in function.derivatives if d.holds and d.kind == derivative.kind]) > 1
    by = f" in {derivative.array}" if several else ""
    return f"The {kind}{by} of {lowered}"


def derive(
    formula: str | Basic,
    *,
    wrt: str | Basic | Sequence[str | Basic],
    assume: str | Basic | Sequence[str | Basic] = (),
    claim: str | Basic | None = None,
    k: int | None = None,
    symbols: Mapping[str, str] | None = None,
) -> Shown:
    """The derivation for a function given in the formula language, or as ordinary SymPy.

    Parameters
    ----------
    formula : stages and, last, the function: "p[i] = softmax(z)[i]; -log(p[y])"
    wrt : the variable, "z[j]", or several, one after the other
    assume : facts that hold: "sum(y[i], i) = 1"
    claim : what the derivative is said to be; the derivation's `claim` then has the verdict
    k : a chosen size

    Raises
    ------
    ReadError
        for what is not in the language, with line and column.
    Refusal, Stuck
        where no derivation passes the judge, or none reaches the end.
    """
    from symderiv.reader import read
    from symderiv.shown import shown
    from symderiv.work import Order, work

    library = catalogue.library()
    problem = read(_text(formula), wrt=_texts(wrt), assume=_texts(assume), library=library)
    for fact in problem.facts:
        _check_fact(fact)
    order = Order(k=k, claim=None if claim is None else _text(claim), symbols=symbols)
    return shown(work(problem, order))


def _check_fact(fact: Fact) -> None:
    """Refuse an assumption that is about nothing: `1 = 2`, `x = x`.

    Raises
    ------
    Mistake
    """
    from symderiv.printers.text import text
    from symderiv.terms import release

    left, right = (release(side) for side in fact.relation.args)
    apart = left - right
    if apart.is_number or apart == 0:
        said = text(fact.relation)
        raise Mistake(f"the assumption {said} says nothing about the function; leave it out")


def _text(given: str | Basic) -> str:
    """The text of a formula; ordinary SymPy is written in the language first."""
    if isinstance(given, str):
        return given
    from symderiv.reader import formula
    from symderiv.terms import hold

    return formula(hold(given))


def _texts(given: str | Basic | Sequence[str | Basic]) -> tuple[str, ...]:
    return tuple(map(_text, given)) if isinstance(given, (tuple, list)) else (_text(given),)
