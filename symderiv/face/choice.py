"""Choice: which derivative of the catalogue a request means.

Gives `choose` (by a kind and a request), `by_name` ("softmax-jacobian") and `title_of`.

Floor 5: imports the catalogue and the request.
"""

from __future__ import annotations

from symderiv import catalogue
from symderiv.catalogue import Derivative, Function
from symderiv.catalogue.names import check_name, derivatives, named
from symderiv.face.request import Request
from symderiv.mistakes import DASH, Mistake, did_you_mean


def choose(kind: str, request: Request) -> tuple[Function, Derivative]:
    """The derivative of a kind: of the function itself, or of that of its family that fits.

    Raises
    ------
    Mistake
        for a name, a kind, an array or a variant that there is not.
    """
    if not isinstance(request.function, str):
        raise Mistake("the function: it takes a name of the catalogue; `derive` takes formulas")
    asked = named(request.function)
    name = asked.name
    array = _array(request)
    options = {"soft"} if request.soft else set()
    options |= {f"batch-{request.batch}"} if request.batch else set()
    if not options and (found := _derivative(asked, kind, array)) is not None:
        return asked, found
    family = [f for f in catalogue.functions().values() if f.family == name]
    if options and not family:
        raise Mistake(f"{name} has no variant that is {' and '.join(sorted(options))}")
    own = [] if options else [asked]
    fitting = own + [f for f in family if set(f.options) - {"linear"} == options]
    fitting.sort(key=lambda f: len(f.options))
    for function in fitting:
        if (found := _derivative(function, kind, array)) is not None:
            return function, found
    if not options and array is None:
        check_name(request.function, kind)
    arrays = sorted({d.array for f in fitting for d in f.derivatives if d.kind == kind})
    what = f"{kind} of {name}" + "".join(f", {option}," for option in sorted(options))
    if array is not None and arrays:
        raise Mistake(
            f"{DASH}wrt {request.variables[0]}: no {what} by '{array}'{did_you_mean(array, arrays)}"
        )
    raise Mistake(f"the catalogue has no {what}; `symderiv list` shows all of them")


def _derivative(function: Function, kind: str, array: str | None) -> Derivative | None:
    """The first derivative of that kind, by that array."""
    for derivative in derivatives(function, kind):
        if array is None or derivative.array.lower() == array.lower():
            return derivative
    return None


def _array(request: Request) -> str | None:
    """The name of the array to differentiate by; the catalogue knows the rest."""
    if not request.variables:
        return None
    if len(request.variables) > 1:
        raise Mistake("wrt: of a function of the catalogue it takes one array, such as 'W'")
    return str(request.variables[0]).split("[")[0]


def by_name(name: str) -> tuple[Function, Derivative]:
    """A derivative by the name of its derivation.

    Raises
    ------
    Mistake
        with the nearest names.
    """
    every = catalogue.functions().values()
    known = {f.named(d): (f, d) for f in every for d in f.derivatives if d.holds}
    if name not in known:
        raise Mistake(f"no derivation '{name}'{did_you_mean(name, known)}")
    return known[name]


def title_of(function: Function, derivative: Derivative) -> str:
    """What the page is headed with: "The Jacobian of softmax"."""
    kind = derivative.kind
    kind = kind.capitalize() if kind in ("jacobian", "hessian") else kind
    several = len([d for d in function.derivatives if d.holds and d.kind == derivative.kind]) > 1
    by = f", with respect to {derivative.array}" if several else ""
    return f"The {kind} of {function.called}{by}"
