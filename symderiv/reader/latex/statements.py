"""Statements: a LaTeX text as definitions and, last, its function.

Gives `Statement`, `Text` (a whole text with what it says of its names) and `statements`.

Imports the rest of latex, and tree.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from symderiv.reader import scan, tree
from symderiv.reader.latex import atoms, grammar, heads, operators
from symderiv.reader.latex.cursor import Cursor, Function, Known, Rules
from symderiv.reader.latex.lefts import Left, left_of
from symderiv.reader.latex.names import spoken_for
from symderiv.reader.latex.primes import transposing
from symderiv.reader.latex.signs import DEPTH
from symderiv.reader.latex.standing import sigma_alone
from symderiv.reader.latex.survey import ends, exampled, labelled, lettered, sizes_of
from symderiv.reader.latex.tokens import Token, tokens
from symderiv.reader.refusal import Source
from symderiv.records import dataclass

_DEFINES = ("=", "\\triangleq", "\\coloneqq", "\\equiv")
_GOES_ON = frozenset(("+", "=", "\\cdot", "\\times", "*", "/", "^", "_", ")", "]", "}", "\\odot"))
_CONTINUES = frozenset(("+", "-", "=", "\\cdot", "\\times", "*", "/", "^", "_", "\\odot", ","))


RULES = Rules(
    grammar.formula,
    grammar.product,
    grammar.relation,
    operators.factor,
    atoms.powered,
    heads.head,
)


@dataclass(frozen=True)
class Statement:
    """`left = right`, or `right` alone."""

    left: ast.expr | None
    right: ast.expr
    at: int


@dataclass
class Text:
    """A text cut into statements in tokens, and what can be said of it before it is read."""

    source: Source
    parts: list[list[Token]]

    @property
    def all(self) -> Iterator[Token]:
        for part in self.parts:
            yield from part

    @property
    def said(self) -> Iterator[Token]:
        """The tokens without the left sides, where p \\| q are two arguments."""
        for part in self.parts:
            place, width = _sign_of_definition(part) or (0, 0)
            yield from part[place + width :]


def cut(source: Source, macros: Mapping[str, tuple[int, str]]) -> Text:
    """The statements of a text, in tokens: lines, or what semicolons part."""
    parts: list[list[Token]] = [[]]
    depth = 0
    found = tokens(source, macros)
    for n, token in enumerate(found):
        mark = str(token)
        depth += DEPTH.get(mark, 0)
        if token.kind == "newline" or (mark == ";" and depth == 0):
            after = next((t for t in found[n + 1 :] if t.kind != "newline"), None)
            open_end = bool(parts[-1]) and str(parts[-1][-1]) in _CONTINUES
            goes_on = token.kind == "newline" and (
                depth > 0 or open_end or (after is not None and str(after) in _GOES_ON)
            )
            if not goes_on:
                parts.append([])
        else:
            parts[-1].append(token)
    return Text(source, [p for p in map(_without_end, parts) if p])


def _without_end(part: list[Token]) -> list[Token]:
    """Without the punctuation that ends it."""
    while part and str(part[-1]) in (",", "."):
        part = part[:-1]
    return part


def statements(
    text: Text, variables: Collection[str] = (), others: Sequence[Token] = (), **more: object
) -> tuple[Statement, ...]:
    """The statements as trees, in order.

    Parameters
    ----------
    variables : letters that the variables have as indices
    others : the tokens of what is read beside it, for what they say of names
    more : further fields of `Known`

    Raises
    ------
    ReadError
        for what has no meaning, with its line and column and what would be right.
    """
    out, known = learnt(text, variables, others, **more)
    return _used(out, known)


def known_of(
    everything: Sequence[Token], defined: frozenset[str] = frozenset(), **more: object
) -> Known:
    """What the tokens of a text say of its names; `more` are further fields of `Known`."""
    known = Known(
        RULES,
        lettered=lettered(everything),
        labelled=labelled(everything),
        exampled=exampled(everything),
        ends=ends(everything),
        defined=defined,
        primed=transposing(everything),
        **more,  # type: ignore[arg-type]
    )
    known.sizes = {} if known.vectors else sizes_of(everything, defined)
    return known


def learnt(
    text: Text, variables: Collection[str] = (), others: Sequence[Token] = (), **more: object
) -> tuple[list[Statement], Known]:
    """All statements, and what they say of names to whoever reads on; as `statements`."""
    everything = [*text.all, *others]
    lefts = [_left(part, text.source) for part in text.parts]
    defined = frozenset(x.name for x, _ in lefts if x is not None)
    applied = (x.name for x, _ in lefts if x is not None and x.parameters and not x.letters)
    sigma = sigma_alone(everything)
    known = known_of(everything, defined, sigma=sigma, applied=frozenset(applied), **more)
    out: list[Statement] = []
    for part, (left, length) in zip(text.parts, lefts, strict=True):
        own = frozenset(variables).union(() if left is None else left.letters)
        here = replace(known, free=own, functions=known.functions)
        body = part[length:]
        if not body:
            raise text.source.refuse(part[-1].at, "a term is missing after '='")
        right = Cursor(text.source, body, here).whole(body, body[0].at)
        if left is None:
            out.append(Statement(None, right, part[0].at))
            continue
        if left.parameters and not left.letters:
            known.functions[left.name] = Function(left.parameters, right)
        target: ast.expr = tree.name(spoken_for(left.name), part[0].at)
        if left.letters:
            places = [tree.name(x, part[0].at) for x in left.letters]
            target = tree.component(target, places, part[0].at)
        out.append(Statement(target, right, part[0].at))
    return out, known


def relation_of(
    text: Text,
    variables: Collection[str],
    others: Sequence[Token],
    role: str,
    *,
    vectors: bool = False,
    given: Collection[str] = (),
) -> ast.expr:
    """One formula, or in an assumption one comparison, as a tree; `given` are no functions.

    Raises
    ------
    ReadError
        for what is not one formula, and as `statements`.
    """
    if len(text.parts) != 1:
        raise text.source.refuse(0, f"the {role} is one formula")
    everything = [*others, *text.all]
    free = frozenset(variables)
    known = known_of(everything, free=free, vectors=vectors, given=frozenset(given))
    cursor = Cursor(text.source, text.parts[0], known)
    term = cursor.relation() if role == "assumption" else cursor.formula()
    if cursor.next is not None:
        raise cursor.left_over(cursor.next)
    return term


def _used(found: list[Statement], known: Known) -> tuple[Statement, ...]:
    """Without the author's functions that nothing applies to their own argument."""
    words = [set(scan.words([s.right])) for s in found]
    return tuple(
        s
        for n, s in enumerate(found)
        if n == len(found) - 1
        or not (isinstance(s.left, ast.Name) and s.left.id in known.applied)
        or any(s.left.id in later for later in words[n + 1 :])
    )


def _sign_of_definition(part: Sequence[Token]) -> tuple[int, int] | None:
    """The place of the sign that defines, = or :=, and its length."""
    depth = 0
    for n, token in enumerate(part):
        mark = str(token)
        depth += DEPTH.get(mark, 0)
        if depth == 0 and mark in _DEFINES:
            return (n - 1, 2) if n and str(part[n - 1]) == ":" else (n, 1)
    return None


def _left(part: list[Token], source: Source) -> tuple[Left | None, int]:
    """The left side of a statement, if it has one, and how many tokens it takes with its sign."""
    sign = _sign_of_definition(part)
    if sign is None:
        return None, 0
    cut_at, width = sign
    if cut_at == 0:
        raise source.refuse(part[0].at, "a name is missing before '='")
    left = left_of(Cursor(source, part[:cut_at], Known(RULES)))
    if left.squared:
        raise source.refuse(part[0].at, "on the left of '=' stands a name or a component")
    return left, cut_at + width
