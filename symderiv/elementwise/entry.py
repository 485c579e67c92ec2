"""Entries of the register of elementwise functions: all that is known of one function.

Gives `Elementwise` (a function with a head of its own, which stays on the page), `Defined` (a
function that the reader writes out by its formula), `Kink`, `Interval` and `numbers_in` (a domain
in words).

Floor 0: imports the standard library only, so that names can be looked up before SymPy is there.
"""

from __future__ import annotations

import importlib
import math
from collections.abc import Callable, Mapping
from dataclasses import field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symderiv.records import dataclass

if TYPE_CHECKING:
    from fractions import Fraction

    from sympy.core.basic import Basic

INFINITY = math.inf


@dataclass(frozen=True)
class Interval:
    """The numbers from `start` to `end`, with these ends unless they are left out."""

    start: float
    end: float
    left_open: bool = False
    right_open: bool = False

    @classmethod
    def open(cls, start: float, end: float) -> Interval:
        """The numbers between `start` and `end`."""
        return cls(start, end, True, True)

    def __contains__(self, value: Fraction | int) -> bool:
        above = self.start < value or (self.start == value and not self.left_open)
        return above and (value < self.end or (value == self.end and not self.right_open))


REALS = Interval.open(-INFINITY, INFINITY)


@dataclass(frozen=True)
class Kink:
    """A point of the domain at which a function has no derivative.

    Attributes
    ----------
    at : the point
    value : the derivative there by convention; None where it is infinite, and none is taken
    left, there, right : what the function is on either side and at the point, in the formula
        language, where it is in pieces
    """

    at: int
    value: int | None = None
    left: str = ""
    there: str = ""
    right: str = ""


@dataclass(frozen=True)
class Elementwise:
    """A function of one number that stays as written.

    Attributes
    ----------
    name : how it is written in a formula
    title : what it is called; the rule of its derivative has this name
    titles : the same in other languages, by language
    head_name : where the SymPy function, or the head of `terms`, is that stands for it
    derivative : its derivative at x, in the formula language
    spellings : by target.  For a program ("numpy", "mpmath") a Python expression in `x`, in which
        np, numeric and mpmath are those modules.  For a page ("text", "ascii", "latex", "typst",
        "speech") the sign or command that stands for its name, where it is not `printed`
    printed : its name on the page, where it is not `name`
    aliases : other names by which it is read
    domain : where it is real
    kinks : where in its domain it has no derivative
    prefix : is it printed without brackets round a plain argument: sin x?
    """

    name: str
    title: str
    head_name: str
    derivative: str
    titles: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    printed: str = ""
    aliases: tuple[str, ...] = ()
    domain: Interval = REALS
    kinks: tuple[Kink, ...] = ()
    prefix: bool = False

    @cached_property
    def head(self) -> type[Basic]:
        """The SymPy function, or the head of `terms`, that stands for it."""
        module, _, name = self.head_name.rpartition(".")
        found: type[Basic] = getattr(importlib.import_module(module), name)
        return found

    @cached_property
    def at(self) -> Callable[[Any], Any]:
        """Its value at a number of mpmath's, as the spelling for it says, which is our own text."""
        known = {"mpmath": importlib.import_module("mpmath")}
        made: Callable[[Any], Any] = eval(f"lambda x: {self.spellings['mpmath']}", known)
        return made

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it is read, its own first."""
        return (self.name, *self.aliases)

    @property
    def arguments(self) -> tuple[str, ...]:
        """The names of its arguments, of which it has one."""
        return ("x",)

    @property
    def defaults(self) -> tuple[str, ...]:
        """What arguments are that are not given: it has none such."""
        return ()

    @property
    def on_the_page(self) -> str:
        """Its name on the page, for a target that has no sign for it."""
        return self.printed or self.name


@dataclass(frozen=True)
class Defined:
    """A function that is read as the formula that defines it.

    Attributes
    ----------
    name, title, aliases : as those of `Elementwise`
    formula : what it is, in the formula language
    arguments : the names that its arguments have in the formula, in order
    defaults : what the last of them are where they are not given, on which all libraries agree
    domain : where it is real, as a set of values of the first
    """

    name: str
    title: str
    formula: str
    arguments: tuple[str, ...] = ("x",)
    defaults: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    domain: Interval = REALS

    @property
    def names(self) -> tuple[str, ...]:
        """Every name by which it is read, its own first."""
        return (self.name, *self.aliases)


def numbers_in(domain: Interval) -> str:
    """What lies in a domain, in words: a positive number, a number from -1 to 1."""
    low, high = domain.start, domain.end
    if high == INFINITY and low == 0:
        return "a positive number" if domain.left_open else "a number that is not negative"
    if high == INFINITY:
        return f"a number above {low}" if domain.left_open else f"a number not below {low}"
    between = "between {} and {}" if domain.left_open else "from {} to {}"
    return f"a number {between.format(low, high)}"
