"""Options: what several commands share, read once and refused in one sentence.

Gives the parameter types (`Size`, `Entry`, `Numbers`, `Renaming`, `OneOf`, `Function`), the
bundles of options that commands decorate themselves with (`problem_options`, `loss_options`).
Those that say how a page is to look are in `symderiv.cli.sheet`.

Floor 5: imports click and floor 0 at load, nothing heavy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import click
from click.shell_completion import CompletionItem

from symderiv.mistakes import Mistake, did_you_mean, listed

F = TypeVar("F", bound=Callable[..., Any])


def _named(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.human_readable_name if param is not None else "value"


class Size(click.ParamType):
    """A size K, or something else that is counted from 1: a whole number from 1 up."""

    name = "K"

    def __init__(self, what: str = "a size") -> None:
        self.what = what

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        return whole_number(value, _named(param), f"{self.what} is a whole number from 1 up")


class Entry(click.ParamType):
    """Indices as they stand on the page, from 1 up: `1,2`."""

    name = "i,j"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, ...]:
        if isinstance(value, tuple):
            return value
        right = "indices are whole numbers from 1 up, as in 1,2"
        return tuple(whole_number(part, _named(param), right, value) for part in value.split(","))


class Numbers(click.ParamType):
    """Finite numbers with commas between, `1,2,3`, or those of arrays, `W=[[1,2],[3,4]]; x=[5,6]`.

    Kept as typed, so that the page shows them.
    """

    name = "a,b,…"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, ...] | dict[str, Any]:
        if isinstance(value, tuple | dict):
            return value
        if "=" in value:
            return dict(self._array(part, _named(param)) for part in value.strip(" ;").split(";"))
        parts = tuple(part.strip() for part in value.split(","))
        for place, part in enumerate(parts, 1):
            number = _float(part)
            if number is None or not math.isfinite(number):
                raise Mistake(
                    f"{_named(param)} {value}: number {place} is '{part}'; "
                    "it takes finite numbers with commas between, as in 1,2.5,-3"
                )
        return parts

    def _array(self, text: str, option: str) -> tuple[str, Any]:
        """`W=[[1,2],[3,4]]` as a name and nested lists of numbers as typed."""
        import json

        def refuse(_: str) -> Any:
            raise ValueError

        name, _, numbers = (part.strip() for part in text.partition("="))
        try:
            given = json.loads(numbers, parse_float=str, parse_int=str, parse_constant=refuse)
            if not name.isidentifier() or not _all_finite(given):
                raise ValueError
        except ValueError as error:
            raise Mistake(
                f"{option}: '{text.strip()}' is no array of finite numbers; "
                "it takes such as W=[[1,2],[3,4]]; x=[5,6]; T=0.5"
            ) from error
        return name, given


def _all_finite(given: Any) -> bool:
    """Is it a number, or a list of such, and nothing else?"""
    if isinstance(given, list):
        return bool(given) and all(map(_all_finite, given))
    number = _float(given) if isinstance(given, str) else None
    return number is not None and math.isfinite(number)


def _float(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def whole_number(value: Any, where: str, right: str, whole: str | None = None) -> int:
    """A whole number from 1 up, or the sentence that says what would be one."""
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise Mistake(f"{where} {value if whole is None else whole}: {right}")
    return int(text)


class Renaming(click.ParamType):
    """Other names for the symbols of a page: `z=o,p=s`."""

    name = "z=o,p=s"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, str]:
        if isinstance(value, dict):
            return value
        names: dict[str, str] = {}
        for pair in value.split(","):
            old, equals, new = (part.strip() for part in pair.partition("="))
            if not equals or not old.isidentifier() or not new.isidentifier():
                raise Mistake(
                    f"{_named(param)} {value}: '{pair.strip()}' is no renaming; "
                    "it takes old=new with commas between, as in z=o,p=s"
                )
            if old in names:
                raise Mistake(f"{_named(param)} {value}: '{old}' is renamed twice")
            if new in names.values():
                raise Mistake(f"{_named(param)} {value}: two symbols would both be '{new}'")
            names[old] = new
        return names


class OneOf(click.Choice):
    """One of a few words; a wrong one is answered with the nearest."""

    def __init__(self, what: str, words: Iterable[str]) -> None:
        super().__init__(tuple(words))
        self.what = what

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if value not in self.choices:
            hint = did_you_mean(value, self.choices) or f"; known are {listed(self.choices)}"
            raise Mistake(f"{_named(param)} {value}: no {self.what} '{value}'{hint}")
        return str(value)


class Function(click.ParamType):
    """The name of a function of the catalogue."""

    name = "function"

    def __init__(self, kind: str | None = None) -> None:
        self.kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from symderiv.session import check_name

        return check_name(value, self.kind)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        from symderiv.session import names

        return [CompletionItem(n) for n in names(self.kind) if n.startswith(incomplete)]


class Bundle:
    """Options that belong together: a decorator that adds all of them to a command."""

    def __init__(self, *options: Callable[[Any], Any]) -> None:
        self.options = options

    def __call__(self, command: F) -> F:
        for option in reversed(self.options):
            command = option(command)
        return command


problem_options = Bundle(
    click.option("--k", type=Size(), help="A chosen size, its sums written out; else every K."),
    click.option("--entry", type=Entry(), metavar="i,j", help="One entry alone, indices from 1."),
    click.option(
        "--route", metavar="NAME", help="Another way to the same answer, as `list` names it."
    ),
    click.option(
        "--at",
        "point",
        type=Numbers(),
        metavar="a,b,…",
        help="Show the values there too: 1,2,3 or 'W=[[1,2],[3,4]]; x=[5,6]; …'.",
    ),
    click.option(
        "--symbols", type=Renaming(), metavar="z=o,p=s", help="Other names for the symbols."
    ),
)

loss_options = Bundle(
    click.option("--wrt", metavar="NAME", help="Differentiate by this: z, W, b or x."),
    click.option(
        "--target", type=Size("a class label"), metavar="LABEL", help="A class label, from 1."
    ),
    click.option("--soft", is_flag=True, help="Soft targets y_i that sum to one."),
    click.option(
        "--batch",
        is_flag=False,
        flag_value="mean",
        type=OneOf("reduction", ("mean", "sum")),
        help="Over a batch: its mean (as with no word) or its sum.",
    ),
)


def check_point(
    k: int | None,
    entry: tuple[int, ...] | None,
    point: tuple[str, ...] | dict[str, Any] | None,
    target: int | None = None,
) -> None:
    """Do the entry (of axes of size K), the label and the numbers belong to a size K?

    Raises
    ------
    Mistake
        naming the option, what it was given, and the sizes that do not agree.
    """
    if k is None:
        return
    if entry is not None and any(index > k for index in entry):
        typed = ",".join(map(str, entry))
        raise Mistake(f"--entry {typed}: at K = {k} the indices run from 1 to {k}")
    if target is not None and target > k:
        raise Mistake(f"--target {target}: at K = {k} the labels run from 1 to {k}")
    if isinstance(point, tuple) and len(point) != k:
        raise Mistake(
            f"--at {','.join(point)}: K = {k} takes {k} number{'s' * (k > 1)}, not {len(point)}"
        )
