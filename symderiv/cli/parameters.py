"""Parameters: what an option takes, each refused in one sentence that says what would be right.

Gives `Size`, `Seconds`, `Entry`, `Numbers`, `Renaming`, `Text`, `OneOf`, `Function` and
`whole_number`; `rows`, the options that are fields of a request or of a setting, and `gathered`,
which hands a command what is made of them.

Floor 5: imports click, the names of the catalogue and floor 0 at load, nothing heavy.  To add one:
a `click.ParamType` here.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any

import click

from symderiv import late
from symderiv.catalogue.names import check_name, names
from symderiv.cli.inputs import given_text
from symderiv.documents.setting import number
from symderiv.mistakes import Mistake, did_you_mean, listed

if TYPE_CHECKING:
    import json

    from click import shell_completion
else:
    json = late.module("json")
    shell_completion = late.module("click.shell_completion")


def rows(
    help: Mapping[str, str], typed: Mapping[str, dict[str, Any]], *of: type
) -> dict[str, dict[str, Any]]:
    """The options that are fields of some dataclasses: flags and texts, or as they are typed."""
    usual = {field.name: field.default for each in of for field in fields(each)}
    made: dict[str, dict[str, Any]] = {}
    for name, said in help.items():
        value = usual[name]
        row = {"default": value} if isinstance(value, str | float) else {}
        row |= {"is_flag": True} if isinstance(value, bool) else {}
        made[name] = {**row, **typed.get(name, {}), "help": said}
    return made


def gathered(
    given: Mapping[str, dict[str, Any]], made: Callable[[dict[str, Any]], dict[str, Any]]
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """A decorator: some options, handed to the command as what is made of them.

    Parameters
    ----------
    given : what click takes of each, by its name; `short` is a second spelling
    """

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def with_options(**typed: Any) -> Any:
            own = {name: typed.pop(name) for name in given}
            return command(**made(own), **typed)

        decorated: Callable[..., Any] = with_options
        for name, row in reversed([*given.items()]):
            more = {key: value for key, value in row.items() if key != "short"}
            spellings = [f"--{name.replace('_', '-')}", *row.get("short", ())]
            decorated = click.option(*spellings, **more)(decorated)
        return decorated

    return decorate


def _named(param: click.Parameter | None) -> str:
    if isinstance(param, click.Option):
        return max(param.opts, key=len)
    return param.human_readable_name if param is not None else "value"


class Size(click.ParamType):
    """A size K, or something else that is counted: a whole number from 1, or from `least`, up."""

    name = "K"

    def __init__(self, what: str = "a size", least: int = 1) -> None:
        self.what, self.least = what, least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        right = f"{self.what} is a whole number from {self.least} up"
        number = whole_number(value, _named(param), right)
        if number < self.least:
            raise Mistake(f"{_named(param)} {value}: {right}")
        return number


class Seconds(click.ParamType):
    """How long to work at something: a number above 0."""

    name = "seconds"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        typed = number(value)
        if typed is None or not float(typed) > 0:
            raise Mistake(f"{_named(param)} {value}: it takes a number of seconds, such as 30")
        return float(typed)


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
            arrays: dict[str, Any] = {}
            for part in value.strip(" ;").split(";"):
                name, array = self._array(part, _named(param))
                if name in arrays:
                    raise Mistake(f"{_named(param)}: '{name}' is given twice")
                arrays[name] = array
            return arrays
        parts = tuple(part.strip() for part in value.split(","))
        for place, part in enumerate(parts, 1):
            if number(part) is None:
                raise Mistake(
                    f"{_named(param)} {value:.60}: number {place} is '{part:.60}'; "
                    "it takes finite numbers with commas between, as in 1,2.5,-3"
                )
        return parts

    def _array(self, text: str, option: str) -> tuple[str, Any]:
        """`W=[[1,2],[3,4]]` as a name and nested lists of numbers as typed."""

        def refuse(_: str) -> Any:
            raise ValueError

        name, _, numbers = (part.strip() for part in text.partition("="))
        shown = f"{text.strip():.60}"
        try:
            given = json.loads(numbers, parse_float=str, parse_int=str, parse_constant=refuse)
            if not (name.isascii() and name.isidentifier()) or not _all_finite(given):
                raise ValueError
        except (ValueError, RecursionError) as error:
            raise Mistake(
                f"{option}: '{shown}' is no array of finite numbers; "
                "it takes such as W=[[1,2],[3,4]]; x=[5,6]; T=0.5"
            ) from error
        return name, given


def _all_finite(given: Any) -> bool:
    """Is it a number, or a list of such, and nothing else?"""
    if isinstance(given, list):
        return bool(given) and all(map(_all_finite, given))
    return isinstance(given, str) and number(given) is not None


def whole_number(value: Any, where: str, right: str, whole: str | None = None) -> int:
    """A whole number from 1 up, or the sentence that says what would be one."""
    text = str(value).strip()
    if not (text.isascii() and text.isdigit()) or len(text) > 9 or int(text) < 1:
        raise Mistake(f"{where} {value if whole is None else whole}: {right}")
    return int(text)


class Renaming(click.ParamType):
    """Other names for the symbols of a page: `z=o,p=s`, also in LaTeX, `p=\\hat{y}`."""

    def __init__(self, name: str = "z=o,p=s") -> None:
        self.name = name  # an example

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> dict[str, str]:
        if isinstance(value, dict):
            return value
        names: dict[str, str] = {}
        for pair in value.split(","):
            old, equals, new = (part.strip() for part in pair.partition("="))
            if not equals or not _is_name(old) or not _is_name(new):
                raise Mistake(
                    f"{_named(param)} {value}: '{pair.strip()}' is no renaming; "
                    f"it takes old=new with commas between, as in {self.name}"
                )
            if old in names:
                raise Mistake(f"{_named(param)} {value}: '{old}' is renamed twice")
            if new in names.values():
                raise Mistake(f"{_named(param)} {value}: two symbols would both be '{new}'")
            names[old] = new
        return names


def _is_name(word: str) -> bool:
    """Is it a name, or one in LaTeX, which is read when it is used: \\hat{y}?"""
    return word.isidentifier() or (bool(set(word) & set("\\{^")) and word.isprintable())


class Text(click.ParamType):
    """A file, by what it holds."""

    name = "file"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not value:
            return ""
        try:
            return given_text(value)
        except Mistake as error:
            raise Mistake(f"{_named(param)} {value}: {error}") from error


class OneOf(click.Choice):
    """One of a few words; a wrong one is answered with the nearest.

    The words, or what gives them when there is one to be looked up: a default is none.
    """

    def __init__(self, what: str, words: Iterable[str] | Callable[[], Iterable[str]]) -> None:
        self.what, self._words, self.case_sensitive = what, words, True

    @property
    def choices(self) -> tuple[str, ...]:  # type: ignore[override]
        return tuple(self._words() if callable(self._words) else self._words)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if (param is None or value != param.default) and value not in self.choices:
            hint = did_you_mean(value, self.choices) or f"; known are {listed(self.choices)}"
            raise Mistake(f"{_named(param)} {value}: no {self.what} '{value}'{hint}")
        return str(value)


class Function(click.ParamType):
    """The name of a function of the catalogue."""

    name = "function"

    def __init__(self, kind: str | None = None) -> None:
        self.kind = kind

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        return check_name(value, self.kind)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[shell_completion.CompletionItem]:
        found = (n for n in names(self.kind) if n.startswith(incomplete))
        return [shell_completion.CompletionItem(n) for n in found]
