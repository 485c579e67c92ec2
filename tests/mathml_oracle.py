"""What a formula in MathML is worth, read from its elements alone.

It shares nothing with the printer: rows are read with the precedence that a reader gives to what
is drawn, letters beside each other are a product.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree import ElementTree

import mpmath
from mpmath import mpf

FUNCTIONS = {
    "exp": mpmath.exp, "log": mpmath.log, "tanh": mpmath.tanh, "sin": mpmath.sin,
    "cos": mpmath.cos, "σ": lambda x: 1 / (1 + mpmath.exp(-x)),
    "max": max, "min": min, "erf": mpmath.erf, "relu": lambda x: max(mpf(0), x),
    "softplus": lambda x: mpmath.log(1 + mpmath.exp(x)),
}  # fmt: skip
CONSTANTS = {"e": mpmath.e, "π": mpmath.pi}


def value(formula: str, known: Mapping[str, mpf]) -> mpf:
    """The value of a `<math>` element; `known` by letters, with subscripts as in `z_1`."""
    return _Row(list(ElementTree.fromstring(formula)), known).whole()


class _Row:
    """Elements in a row."""

    def __init__(self, elements: list, known: Mapping[str, mpf]) -> None:
        self.known = known
        self.items = [e for each in elements for e in self._flat(each)]
        self.at = 0

    def _flat(self, element):
        if element.tag == "mspace" or (element.text or "").strip() in ("\u2061", "\u2062"):
            return []
        first = [c.text for c in element if c.tag == "mo"][:1]
        if element.tag == "mrow" and first not in (["("], ["["], ["|"]):
            return [e for child in element for e in self._flat(child)]
        return [element]

    def sign(self) -> str:
        if self.at < len(self.items) and self.items[self.at].tag == "mo":
            return self.items[self.at].text
        return ""

    def whole(self) -> mpf:
        total = self.sum()
        assert self.at == len(self.items), "something is left over"
        return total

    def sum(self) -> mpf:
        total = self.signed()
        while self.sign() in ("+", "−"):
            minus = self.sign() == "−"
            self.at += 1
            term = self.product()
            total = total - term if minus else total + term
        return total

    def signed(self) -> mpf:
        if self.sign() == "−":
            self.at += 1
            return -self.product()
        return self.product()

    def product(self) -> mpf:
        total = self.factor()
        while self.at < len(self.items) and self.sign() not in ("+", "−", ",", "=", "<", ">"):
            divided = self.sign() == "/"
            if self.sign() in ("·", "/"):
                self.at += 1
            factor = self.factor()
            total = total / factor if divided else total * factor
        return total

    def factor(self) -> mpf:
        element = self.items[self.at]
        self.at += 1
        if element.tag == "mi" and element.text in FUNCTIONS:
            following = self.items[self.at]
            if following.tag == "mrow":
                self.at += 1
                return FUNCTIONS[element.text](*self.arguments(following))
            return FUNCTIONS[element.text](self.factor())
        return self.worth(element)

    def arguments(self, bracket) -> list[mpf]:
        parts, own = [[]], list(bracket)[1:-1]
        for child in own:
            if child.tag == "mo" and child.text == ",":
                parts.append([])
            else:
                parts[-1].append(child)
        return [_Row(part, self.known).whole() for part in parts]

    def worth(self, element) -> mpf:
        parts = list(element)
        match element.tag:
            case "mn":
                return mpf(element.text)
            case "mi":
                return self.known.get(element.text, CONSTANTS.get(element.text))
            case "msub" | "mover":
                return self.known[name(element)]
            case "mfrac":
                return self.inner(parts[0]) / self.inner(parts[1])
            case "msup":
                return self.inner(parts[0]) ** self.inner(parts[1])
            case "msubsup":
                base = "_".join("".join(p.itertext()) for p in parts[:2])
                return self.known[base] ** self.inner(parts[2])
            case "msqrt":
                return mpmath.sqrt(_Row(parts, self.known).whole())
            case "mrow" if parts[0].text == "|":
                return abs(_Row(parts[1:-1], self.known).whole())
            case "mrow":
                return _Row(parts[1:-1], self.known).whole()
        raise AssertionError(element.tag)

    def inner(self, element) -> mpf:
        return _Row([element], self.known).whole()


def name(element) -> str:
    """z_1 of a letter with a subscript."""
    return "_".join("".join(part.itertext()) for part in element)
