r"""Heads: terms whose form is read and whose meaning nothing says, p(y \mid x), E[f(x)], \int.

Gives `head`, which reads one, `joined`, which makes one of a part that was read already, and
`applies`.  The same form is the same quantity; a letter that is bound around it is
its index, so that \sum_i f(x_i) is no multiple of f(x_i).  What stands inside is read as formulas,
so that nothing is taken for a term that is none.  Only who checks somebody else's lines reads so:
such a term may be equal to anything, and the line is at most proved for every value of it.

Imports cursor, names, signs, tokens and tree.  To read another operator: its name in `_OVER`.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from symderiv.reader import scan, tree
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.names import ACCENTS, FONTS, GREEK, WORDS
from symderiv.reader.latex.signs import BARS, DEPTH, FRACTIONS, NORMS, OPENING, is_relation, outside
from symderiv.reader.latex.tokens import Token, group
from symderiv.reader.refusal import ReadError


def _commands(names: str) -> frozenset[str]:
    return frozenset(f"\\{name}" for name in names.split())


_DOTS = _commands("ldots dots cdots dotsc dotsb vdots ddots")
_SYMBOLS = _commands("infty emptyset varnothing hbar top dagger")
_OVER = _commands("int iint iiint oint sum prod bigcup bigcap lim limsup liminf")
_OVER |= _commands("arg argmax argmin max min sup inf")
_SLOPES = _commands("nabla partial")
_CLOSED = BARS | NORMS
_CLOSED |= {"\\langle": "\\rangle", "\\lfloor": "\\rfloor", "\\lceil": "\\rceil"}
_PAIRS = _commands("binom dbinom tbinom")
_EXPECTED = frozenset(("E", "Var", "Cov", "Pr", "P"))
BETWEEN = _commands("otimes oplus ominus cup cap setminus star bullet wedge vee pm mp circledast")
_APART = _DOTS | frozenset((",", ";", ".", "|", ":", "&", "\\\\", "\n", "\\|"))
_APART |= _commands("Vert mid sim in notin to rightarrow mapsto forall exists subset subseteq")
_APART |= _commands("parallel approx propto colon vert quad qquad cup cap setminus wedge vee ll gg")
_APART |= _commands("perp implies leftarrow")
_PLACEHOLDERS = ("\\cdot", "*", "\\ast", "\\bullet", "+", "-", "/")


def head(cursor: Cursor) -> ast.expr:
    """The term at this place, as a quantity of which only its form is known.

    Raises
    ------
    ReadError
        for what is no term, or holds what is none.
    """
    heads = cursor.known.heads
    assert heads is not None
    heads.left -= 1
    if heads.left < 0:
        raise cursor.refuse("too much in it has no meaning here")
    begun = cursor.place
    _unit(cursor)
    return joined(cursor, begun)


def joined(cursor: Cursor, begun: int) -> ast.expr:
    """The tokens from a place on to the next one, as one such term."""
    heads = cursor.known.heads
    assert heads is not None
    found = cursor.tokens[begun : cursor.place]
    letters: list[str] = []
    form: list[str] = []
    for token in found:
        shown = str(token)
        if token.text in cursor.bound and token.kind in ("letter", "command"):
            if token.text not in letters:
                letters.append(token.text)
            shown = f"#{letters.index(token.text) + 1}"
        if form and form[-1][:1] == "\\" and form[-1][-1:].isalpha() and shown[:1].isalpha():
            form.append(" ")
        form.append(shown)
    if any(str(t) in _DOTS for t in found):  # dots stand for something else each time
        form.append(f" ({len(heads.names) + 1})")
    term: ast.expr = tree.name(heads.name("".join(form)), found[0].at)
    if letters:
        places: list[ast.expr] = [tree.name(x, found[0].at) for x in letters]
        term = tree.component(term, places, found[0].at)
    scan.close(term)
    return term


def taken_behind(cursor: Cursor) -> bool:
    """Take what stands behind a term and makes another of it: n!, f|_{x=0}, \\pm a, (x)_i."""
    following = cursor.ahead(1)
    if cursor.sees("!", "_", "^", "'"):
        _scripts(cursor)
        return True
    if cursor.sees("|", "\\vert", "\\rvert") and following is not None and following.text == "_":
        cursor.take()
        _scripts(cursor)
        return True
    if cursor.taken(*BETWEEN) is not None:
        _operand(cursor)
        return True
    return False


def applies(cursor: Cursor) -> bool:
    """Does a name stand here before a bracket that no product has, p(y \\mid x) or f(x, y)?"""
    place = cursor.place
    try:
        token = cursor.next
        if token is None or not _is_name(token):
            return False
        if GREEK.get(_name(cursor), token.text) in cursor.known.applied:
            return False
        _scripts(cursor)
        if not cursor.sees("(", "["):
            return False
        _, inner = cursor.bracketed()
        return any(str(t) in (",", ";", "|", "\\mid", "\\|", ":") for t in outside(inner))
    except ReadError:
        return False
    finally:
        cursor.place = place


def _is_name(token: Token) -> bool:
    if token.kind == "letter":
        return True
    return token.kind == "command" and (
        token.text in GREEK or token.text in FONTS | WORDS or token.text in ACCENTS
    )


def _unit(cursor: Cursor) -> None:
    """Take one term."""
    token = cursor.waiting
    mark = str(token)
    if mark in OPENING:
        _, inner = cursor.bracketed()
        _read(cursor, inner)
        _scripts(cursor)
        return
    if _is_name(token):
        _applied(cursor)
        return
    cursor.take()
    if mark in _DOTS or mark in _SYMBOLS or token.kind == "digit":
        _scripts(cursor)
    elif mark.startswith("\\begin "):
        _read(cursor, cursor.until(f"\\end {token.text.removeprefix('begin ')}", token))
        _scripts(cursor)
    elif mark in _OVER:
        _scripts(cursor)
        while cursor.sees(*_OVER):
            cursor.take()
            _scripts(cursor)
        _operand(cursor)
    elif mark in _SLOPES:
        _scripts(cursor)
        cursor.taken("\\cdot", "\\times")
        if cursor.next is not None and str(cursor.next) not in (*_APART, ")", "]", "}", "="):
            cursor.factor()
    elif mark in _CLOSED:
        _read(cursor, cursor.until(_CLOSED[mark], token))
        _scripts(cursor)
    elif mark in FRACTIONS:
        above = cursor.group()
        _read(cursor, above)
        _read(cursor, cursor.group())
        if [str(t) for t in above if t.text not in "{}^" and t.kind != "digit"] in (
            ["\\partial"], ["d"], ["\\mathrm", "d"], ["D"],
        ):  # fmt: skip
            if cursor.next is not None:
                _operand(cursor)
        elif cursor.sees("("):  # \frac{dg}{dx}(x)
            _, inner = cursor.bracketed()
            _read(cursor, inner)
        _scripts(cursor)
    elif mark in _PAIRS:
        _read(cursor, cursor.group())
        _read(cursor, cursor.group())
    elif mark == "\\sqrt":
        if cursor.sees("["):
            cursor.bracketed()
        _read(cursor, cursor.group())
    else:
        raise cursor.refuse(f"'{token}' is not read in a formula", token.at)


def _operand(cursor: Cursor) -> None:
    """What an operator reaches over: the product behind it."""
    sign = cursor.taken("-", "+")
    if cursor.next is None:
        at = sign.at if sign is not None else cursor.at
        raise cursor.refuse("what this reaches over is missing", at)
    cursor.product()


def _applied(cursor: Cursor) -> None:
    """A name with what stands on it, and its arguments."""
    word = _name(cursor)
    _scripts(cursor)
    bracketed = False
    while cursor.next is not None and str(cursor.next) in ("(", "[", "\\{"):
        _, inner = cursor.bracketed()
        _read(cursor, inner)
        _scripts(cursor)
        bracketed = True
    if not bracketed and word in _EXPECTED and cursor.next is not None:
        if cursor.sees("|", "\\|", "\\lVert"):
            cursor.factor()
        elif _is_name(cursor.next):
            _operand(cursor)


def _name(cursor: Cursor) -> str:
    token = cursor.take()
    if token.kind != "command" or token.text in GREEK:
        return token.text
    group = cursor.group() if cursor.next is not None else []
    if token.text in ACCENTS:
        _read(cursor, group)
    return "".join(t.text for t in group if not t.braces)


def _scripts(cursor: Cursor) -> None:
    """Take what stands below and above, whatever it is."""
    while cursor.sees("_", "^", "'", "!"):
        mark = cursor.take()
        if mark.text in "_^":
            if cursor.next is None:
                raise cursor.refuse(f"{mark.text!r} ends the formula; a script is missing", mark.at)
            cursor.group()


def _read(cursor: Cursor, found: Sequence[Token]) -> None:
    """Read what stands between the marks of a group as formulas.

    Raises
    ------
    ReadError
        for a part that is none.
    """
    for part in _parts(found):
        shown = [str(t) for t in part]
        if not part or (len(part) == 1 and shown[0] in _PLACEHOLDERS):
            continue
        inner = cursor.inside(_without_signs(part))
        if inner.tokens:
            inner.formula()
            if inner.next is not None:
                raise inner.left_over(inner.next)


def _without_signs(part: list[Token]) -> list[Token]:
    """Without a sign at the end, which what was left out goes on from: a + \\cdots + b."""
    while part and str(part[-1]) in _PLACEHOLDERS and str(part[-2:][0]) not in ("_", "^"):
        part = part[:-1]
    while len(part) > 1 and part[0].text in ("_", "^"):  # what is left of \\|x\\|_2^2
        part = part[group(part, 1)[1] :]
    while part and str(part[0]) in ("\\cdot", "*", "/", "\\times"):
        part = part[1:]
    return part


def _parts(found: Sequence[Token]) -> Iterator[list[Token]]:
    """What stands between commas, bars, dots, signs of relations and words."""
    part: list[Token] = []
    place, depth = 0, 0
    while place < len(found):
        token = found[place]
        mark = str(token)
        depth += DEPTH.get(mark, 0)
        place += 1
        decimal = mark == "." and place < len(found) and found[place].kind == "digit"
        if depth == 0 and not decimal and (mark in _APART or is_relation(token)):
            yield part
            part = []
        elif depth == 0 and token.kind == "command" and token.text in ("text", "textrm", "mbox"):
            inner, end = group(found, place)
            words = "".join(t.text for t in inner)
            behind = found[end].text if end < len(found) else ""
            if (part and str(part[-1]) in ("_", "^")) or (words.isalnum() and behind in "(_^+-*/"):
                part.append(token)
                continue
            yield part
            part = []
            place = end
        else:
            part.append(token)
    yield part
