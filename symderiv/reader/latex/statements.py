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
from symderiv.reader.latex.names import spoken_for
from symderiv.reader.latex.primes import transposing
from symderiv.reader.latex.scripts import indices, label_of, scripts
from symderiv.reader.latex.signs import DEPTH
from symderiv.reader.latex.standing import sigma_alone
from symderiv.reader.latex.survey import exampled, lettered, sizes_of
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


def learnt(
    text: Text, variables: Collection[str] = (), others: Sequence[Token] = (), **more: object
) -> tuple[list[Statement], Known]:
    """All statements, and what they say of names to whoever reads on; as `statements`."""
    everything = [*text.all, *others]
    lefts = [_left(part, text.source) for part in text.parts]
    defined = frozenset(x.name for x in lefts if x is not None)
    known = Known(
        RULES,
        lettered=lettered(everything),
        exampled=exampled(everything),
        defined=defined,
        sigma=sigma_alone(everything),
        primed=transposing(everything),
        applied=frozenset(x.name for x in lefts if x is not None and x.parameters),
        **more,  # type: ignore[arg-type]
    )
    known.sizes = {} if known.vectors else sizes_of(everything, defined)
    out: list[Statement] = []
    for part, left in zip(text.parts, lefts, strict=True):
        own = set(variables) | {x.id for x in left.letters} if left is not None else set(variables)
        here = replace(known, free=frozenset(own), functions=known.functions)
        body = part if left is None else part[left.length :]
        if not body:
            raise text.source.refuse(part[-1].at, "a term is missing after '='")
        right = Cursor(text.source, body, here).whole(body, body[0].at)
        if left is None:
            out.append(Statement(None, right, part[0].at))
            continue
        if left.parameters:
            known.functions[left.name] = Function(left.parameters, right)
        target: ast.expr = tree.name(spoken_for(left.name), part[0].at)
        if left.places:
            target = tree.component(target, left.places, part[0].at)
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
    known = Known(
        RULES,
        lettered=lettered(everything),
        exampled=exampled(everything),
        free=frozenset(variables),
        vectors=vectors,
        given=frozenset(given),
        primed=transposing(everything),
    )
    known.sizes = {} if known.vectors else sizes_of(everything, frozenset())
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


@dataclass(frozen=True)
class _Left:
    """What stands before the sign of a definition: its name, letters and parameters."""

    name: str
    places: list[ast.expr]
    parameters: tuple[str, ...]
    length: int

    @property
    def letters(self) -> list[ast.Name]:
        return [x for x in self.places if isinstance(x, ast.Name)]


def _sign_of_definition(part: Sequence[Token]) -> tuple[int, int] | None:
    """The place of the sign that defines, = or :=, and its length."""
    depth = 0
    for n, token in enumerate(part):
        mark = str(token)
        depth += DEPTH.get(mark, 0)
        if depth == 0 and mark in _DEFINES:
            return (n - 1, 2) if n and str(part[n - 1]) == ":" else (n, 1)
    return None


def _left(part: list[Token], source: Source) -> _Left | None:
    """The left side of a statement, if it has one."""
    sign = _sign_of_definition(part)
    if sign is None:
        return None
    cut_at, width = sign
    if cut_at == 0:
        raise source.refuse(part[0].at, "a name is missing before '='")
    cursor = Cursor(source, part[:cut_at], Known(RULES))
    name = atoms.identifier(cursor)
    found = scripts(cursor)
    parts = [name]
    if found.above is not None:
        label = label_of(found.above, cursor)
        if not label:
            raise source.refuse(part[0].at, "on the left of '=' stands a name or a component")
        parts.append(label)
    places: list[ast.expr] = []
    parameters: tuple[str, ...] = ()
    below = found.below
    if cursor.sees("("):
        _, inner = cursor.bracketed()
        parameters = _parameters(Cursor(source, inner, Known(RULES)))
        below = scripts(cursor).below if below is None else below
    if below is not None:
        word = atoms.name_part(name, below, cursor)
        if (word and not all(t.kind == "digit" for t in below)) or word:
            parts.append(word)
        else:
            places = indices(below, cursor)
    if cursor.next is not None:
        raise source.refuse(
            cursor.at, "on the left of '=' stands a name or a component, such as p_i"
        )
    for place in places:
        if not isinstance(place, ast.Name):
            raise source.refuse(place.col_offset, "a definition is for letters, p_i = ...")
    return _Left("_".join(parts), places, () if places else parameters, cut_at + width)


def _parameters(cursor: Cursor) -> tuple[str, ...]:
    """The names between the brackets of f(x, y)."""
    found: list[str] = []
    while cursor.next is not None:
        if cursor.taken(",", ";", "|", "\\|", "\\mid", "\\Vert"):  # KL(p \\| q)
            continue
        name = atoms.identifier(cursor)
        behind = scripts(cursor)
        if behind.above is not None or (
            behind.below is not None and not all(t.kind == "digit" for t in behind.below)
        ):
            raise cursor.refuse("the arguments of a function that is defined are names, f(x)")
        digits = "".join(t.text for t in behind.below or [])
        found.append(f"{name}_{digits}" if digits else name)
    return tuple(found)
