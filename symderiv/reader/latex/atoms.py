"""Atoms: names with their scripts, numbers, brackets and bars.

Gives `powered`, an atom with what is raised on it.  A name with a letter below is a component; a
number below is an index where the name has letters elsewhere (x_1 beside x_i), else a part of the
name (w_0).

Imports scripts, applications, authored, cursor, names and tree.
"""

from __future__ import annotations

import ast

from symderiv.reader import scan, tree
from symderiv.reader.latex import applications, authored, derivatives, signs
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.names import (
    ACCENTS,
    FONTS,
    FUNCTIONS,
    GREEK,
    PARAMETERS,
    WHOLE,
    WORDS,
    spoken_for,
)
from symderiv.reader.latex.scripts import (
    indices,
    is_inverse,
    is_transpose,
    label_of,
    raise_to,
    raised,
    scripts,
    transposes,
)
from symderiv.reader.latex.tokens import Token
from symderiv.reader.marks import MOST_DIGITS
from symderiv.reader.refusal import meant

_ORDERS = {"": "norm", "1": "norm_1", "2": "norm_2", "F": "norm", "infty": "norm_inf"}


def powered(cursor: Cursor) -> ast.expr:
    """An atom and what is raised on it."""
    token = cursor.waiting
    mark = str(token)
    if token.kind == "digit" or (mark == "." and (a := cursor.ahead(1)) and a.kind == "digit"):
        return _number(cursor)
    if mark in signs.OPENING:
        return _bracket(cursor)
    if mark in signs.NORMS or (mark == "|" and _doubled(cursor)):
        return _norm(cursor)
    if mark in signs.BARS:
        return _bars(cursor)
    if mark == "\\langle":
        return _inner(cursor)
    if token.kind == "letter" or token.kind == "command":
        return named(cursor)
    raise cursor.refuse(f"a term is missing before {mark!r}", token.at)


def _number(cursor: Cursor) -> ast.expr:
    at, digits = cursor.at, ""
    while (token := cursor.next) is not None and (not digits or token.glued):
        following = cursor.ahead(1)
        point = (
            token.text == "."
            and "." not in digits
            and following is not None
            and following.kind == "digit"
            and following.glued
        )
        if token.kind != "digit" and not point:
            break
        digits += cursor.take().text
    if len(digits) > MOST_DIGITS:
        raise cursor.refuse(f"a number has at most {MOST_DIGITS} digits", at)
    term: ast.expr = tree.number(digits, at)
    if digits == "1" and (bracket := applications.indicator(cursor, at)) is not None:
        return raise_to(bracket, scripts(cursor), cursor)
    return raise_to(term, scripts(cursor), cursor)


# -- names -----------------------------------------------------------------------------------------


def identifier(cursor: Cursor) -> str:
    """The name at this place, with its accents and in whatever type; scripts are left."""
    token = cursor.take()
    if token.kind == "letter":
        return token.text
    if token.kind == "command":
        if token.text in GREEK:
            return GREEK[token.text]
        if token.text in ACCENTS or token.text in FONTS or token.text in WORDS:
            inner = cursor.inside(cursor.group())
            bare = [t for t in inner.tokens if not t.braces]
            word = "".join(t.text for t in bare)
            if token.text in WORDS and len(bare) > 1 and word.isalnum() and word.isascii():
                return word
            inside = identifier(inner)
            if inner.next is not None:
                raise inner.refuse(f"{token} stands over one name")
            return inside + ACCENTS.get(token.text, "")
    if token.text.startswith("begin "):
        environment = token.text.removeprefix("begin ")
        raise cursor.refuse(f"the environment '{environment}' is not read", token.at)
    raise cursor.refuse(f"'{token}' is not read in a formula", token.at)


def named(cursor: Cursor) -> ast.expr:
    """A name with what stands below, above and behind it."""
    at = cursor.at
    token = cursor.waiting
    special = applications.special(cursor)
    if special is not None:
        return special
    worded = token.kind == "command" and token.text in WORDS
    operator = worded and token.text in ("operatorname", "mathop")
    base = identifier(cursor)
    found = scripts(cursor)
    unknown = worded and len(base) > 1 and base not in cursor.known.defined
    if unknown and (operator or cursor.sees("(")):
        near = meant(base, (*FUNCTIONS, *WHOLE))
        raise cursor.refuse(f"unknown function {base!r}{near}", at)
    above, below = found.above, found.below
    parts = [base]
    label = label_of(above, cursor) if above is not None else ""
    if base in cursor.known.exampled and len(label) == 1 and label.isalpha():
        label = ""  # an example's number, y^{(n)}
    if label:
        parts.append(label)
        above = None
    term: ast.expr
    places: list[ast.expr] = []
    if below is not None:
        word = name_part(base, below, cursor)
        if word:
            parts.append(word)
        else:
            places = indices(below, cursor)
    if above is not None and (example := _example(above)) is not None:
        places, above = [example, *places], None
    name = "_".join(parts)
    if name == "delta" and len(places) == 2 and "delta" not in cursor.known.defined:
        return raised(tree.call("delta", places, at), above, cursor, found.at)
    own_e = "e" in cursor.known.defined | cursor.known.lettered
    if name == "e" and above is not None and not places and not own_e:
        exponent = cursor.whole(above, found.at)
        if cursor.known.vectors:  # of a matrix it is none of its components alone
            return tree.power(tree.name("e", at), exponent)
        return tree.call("exp", [exponent], at)
    if authored.is_partial(name, [scan.name_of(p) for p in places], cursor.known):
        term = function = tree.name(spoken_for(name), at)
        for place in places:
            term = tree.call("partial", [term, place], at)
        derivatives.arguments(cursor, function, places)
        return raised(term, above, cursor, found.at)
    if places and cursor.sees("("):
        if base in authored.FUNCTION_LETTERS:
            authored.check_product(base, cursor)
        chance = base in "EP" and not _is_defined_factor(name, cursor)
        if cursor.known.derivatives and (chance or _is_parameter(places)):
            raise cursor.refuse(f"nothing says what {base}_…(…) is; write it out before", at)
        authored.check_argument(base, cursor)
    primed = found.primes == 1 and not places and transposes(cursor)
    turned = is_transpose(above, capital=cursor.known.vectors) and name not in cursor.known.applied
    if not places and not primed and not turned:  # W_2^T (z - t) is a product
        called = authored.of_author(name, found, cursor, at)
        if called is not None:
            return called
    if found.primes and not primed:
        raise cursor.refuse(
            f"{base}' is no name here; a prime is read on functions, \\sigma'(z)", found.at
        )
    if name == "pi" and places:
        name = "pi_"
    name = name if name == "pi" else spoken_for(name)
    term = tree.name(name, at)
    if places:
        if base[:1].isupper() and len(places) == 2 and is_inverse(above):
            raise cursor.refuse(
                f"this is read both as 1/{base}_{{ij}} and as a component of the inverse: write "
                f"the one so, the other in index notation, inv({base})[i,j]", found.at,
            )  # fmt: skip
        term = tree.component(term, places, at)
    if primed:
        term = tree.transposed(term)
    return raised(term, above, cursor, found.at)


def _is_defined_factor(name: str, cursor: Cursor) -> bool:
    """Is P_ij (1 - P_ij) a product, of P_ij = ... with a sum?"""
    return name in cursor.known.defined and any(t.text in ("+", "-") for t in cursor.between())


def _is_parameter(places: list[ast.expr]) -> bool:
    """Are these the parameters of a function, p_\\theta(x), and no indices?"""
    return all(isinstance(p, ast.Name) and p.id in PARAMETERS for p in places)


def name_part(base: str, below: list[Token], cursor: Cursor) -> str:
    """The subscript as a part of the name: a word, a capital, or a number on a plain name."""
    shown = [t for t in below if not t.braces]
    if not shown:
        raise cursor.refuse("an empty subscript; an index is missing")
    first = shown[0]
    if first.kind == "command" and (first.text in WORDS or first.text in FONTS):
        word = "".join(t.text for t in shown[1:])
        return word if word.isalnum() else ""
    if first.kind == "command" and first.text in ("max", "min", "star", "ast"):
        return first.text
    word = "".join(t.text for t in shown)
    if all(t.kind == "letter" and t.text.isupper() for t in shown):
        known = cursor.known
        last = word in known.ends and base in known.lettered
        return "" if last or word in cursor.bound or word in known.free else word
    if base in cursor.known.labelled and word not in cursor.known.free:
        return word
    plain = base not in cursor.known.lettered or word == "0"
    return word if plain and all(t.kind == "digit" for t in shown) else ""


def _example(above: list[Token]) -> ast.expr | None:
    """The index of x^{(i)}, where a sum or a variable has the letter i."""
    shown = [t.text for t in above]
    if len(shown) == 3 and (shown[0], shown[2]) in (("(", ")"), ("[", "]")):
        (_, inner, _) = above
        if inner.kind == "letter" or inner.text in GREEK:
            return tree.name(GREEK.get(inner.text, inner.text), inner.at)
    return None


# -- brackets --------------------------------------------------------------------------------------


def _bracket(cursor: Cursor) -> ast.expr:
    opened, inner = cursor.bracketed()
    if opened.text == "[" and any(signs.is_relation(t) for t in inner):
        return applications.bracket_of(cursor.inside(inner), opened.at)
    term = cursor.whole(inner, opened.at)
    if opened.text != "{":
        scan.close(term)
    if cursor.sees("_") and (after := cursor.ahead(1)) is not None and after.text == "+":
        cursor.place += 2
        term = tree.call("relu", [term], opened.at)
    return raise_to(term, scripts(cursor), cursor)


def _bars(cursor: Cursor) -> ast.expr:
    opened = cursor.take()
    inner = cursor.until(signs.BARS[str(opened)], opened)
    function = "bars" if cursor.known.vectors else "abs"
    term = tree.call(function, [cursor.whole(inner, opened.at)], opened.at)
    return raise_to(term, scripts(cursor), cursor)


def _doubled(cursor: Cursor) -> bool:
    after = cursor.ahead(1)
    return after is not None and after.text == "|" and after.glued


def _norm(cursor: Cursor) -> ast.expr:
    opened = cursor.take()
    if opened.text == "|" and opened.kind == "mark":
        cursor.take()
        inner = cursor.until("|", opened)
        cursor.expect("|", "to close the norm")
    else:
        inner = cursor.until(signs.NORMS[str(opened)], opened)
    arguments = [cursor.whole(inner, opened.at)]
    found = scripts(cursor)
    order = "".join(t.text for t in found.below or [] if not t.braces and t.text not in FONTS)
    function = _ORDERS.get(order, "norm_p")
    if function == "norm_p":
        if order not in ("p", "q", "r") and (not order.isdigit() or int(order) == 0):
            known = "1, 2, 3, …, p, \\infty and F"
            raise cursor.refuse(f"the norm {order} is not read; there are {known}", found.at)
        arguments.append(cursor.whole(found.below or [], found.at))
    term = tree.call(function, arguments, opened.at)
    return raised(term, found.above, cursor, found.at)


def _inner(cursor: Cursor) -> ast.expr:
    opened = cursor.take()
    left = cursor.formula()
    cursor.expect(",", "in an inner product, \\langle a, b \\rangle")
    right = cursor.formula()
    cursor.expect("\\rangle", "to close the inner product")
    found = scripts(cursor)
    if [t.text for t in found.below or [] if not t.braces and t.text not in FONTS] in (
        ["F"],
        ["2"],
    ):
        found.below = None  # of all components with their own, which is what is read without
    if found.below is not None:
        said = "an inner product has no letter below; write its matrix, a^\\top M b"
        raise cursor.refuse(said, found.at)
    return raise_to(tree.call("vdot", [left, right], opened.at), found, cursor)
