"""Applications: functions with their arguments, and brackets that hold a condition.

Gives `special` (a command or word that is a function, an indicator or a big name), `of_author`
(a function that the author defines), `indicator` and `bracket_of`.

Imports scripts, cursor, names and tree.
"""

from __future__ import annotations

import ast
import re
from itertools import chain, count

from symderiv.reader import scan, tree
from symderiv.reader.latex import signs
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.names import (
    ACCENTS,
    DERIVATIVES,
    FONTS,
    FUNCTIONS,
    GREEK,
    WHOLE,
    WORDS,
    spoken_for,
)
from symderiv.reader.latex.scripts import Scripts, indices, raise_to, raised, scripts
from symderiv.reader.latex.tokens import Token

_UNREAD = {
    "infty": "\\infty is no number here",
    "int": "integrals are not read",
    "lim": "limits are not read",
    "ldots": "write the sum with \\sum",
    "dots": "write the sum with \\sum",
    "cdots": "write the sum with \\sum",
    "pm": "write two formulas",
    "mp": "write two formulas",
    "binom": "binomial coefficients are not read",
    "arg": "\\arg has no derivative",
    "argmax": "an index has no derivative",
    "argmin": "an index has no derivative",
    "in": "write a condition with = or <",
    "mathbb": "write 1 for the indicator, \\mathbb{1}",
}


_SPACE = re.compile(r"\\(?:[,;: ]|quad|qquad|enspace|thinspace)")
_RECIPROCAL = {"sec": "cos", "csc": "sin", "cot": "tan"}
# before a bracket these are no factors
FUNCTION_LETTERS = frozenset((*"fghFGH", "Phi", "Psi", "Gamma", "phi", "psi", "zeta"))
COUNTS = frozenset("ijklmnNMKD")  # before a bracket these are numbers, and factors
_OPERATORS = frozenset(("E", "P", "Var", "Cov", "Pr"))


def special(cursor: Cursor) -> ast.expr | None:
    """A function with its argument, an indicator, a vector of ones; None for a plain name."""
    token = cursor.waiting
    at = token.at
    if token.kind == "command" and token.text in _UNREAD and token.text not in FONTS:
        raise cursor.refuse(f"{token} is not read; {_UNREAD[token.text]}", at)
    word, length = _word(cursor)
    typed = token.kind == "letter"
    always = not typed and len(word) > 1
    always |= token.text in ("mathbb", "mathds") and word in ("E", "P", "V")
    taken = word in _OPERATORS and _applies(cursor, length, typed=typed)
    if taken or (always and word in (*_OPERATORS, "V")):
        raise cursor.refuse(f"{word}[…] is not read: expectations and probabilities are not", at)
    if length > 1 and word == "d" and token.text in WORDS:
        raise cursor.refuse("a differential is not read; --wrt says the variable", at)
    if length > 1 and word in _UNREAD and word not in cursor.known.defined:
        raise cursor.refuse(f"{word} is not read; {_UNREAD[word]}", at)
    if word in ("1", "I") and token.kind == "command":
        return _ones(cursor, word, length, at)
    if token.kind == "letter" and token.text == "I":
        place = cursor.place
        cursor.take()
        found = indicator(cursor, at)
        if found is None:
            cursor.place = place
        return found
    if word in cursor.known.defined or GREEK.get(word, word) in cursor.known.given:
        return None
    if word == "sigma":
        return _sigma(cursor)
    if token.kind == "command" and word in _RECIPROCAL:
        cursor.place += length
        return tree.over(tree.number("1", at), function(_RECIPROCAL[word], cursor, at))
    if token.kind == "command" and word in FUNCTIONS and word != "sqrt":
        cursor.place += length
        return function(FUNCTIONS[word], cursor, at)
    if token.kind == "command" and word in WHOLE and length:
        cursor.place += length
        return _whole(WHOLE[word], cursor, at)
    return None


def _applies(cursor: Cursor, length: int, *, typed: bool) -> bool:
    """Is it an expectation, E[x] or \\mathbb{E}(x), with or without what is below it?"""
    place = cursor.place
    cursor.place += length
    if cursor.sees("_"):
        cursor.take()
        if cursor.next is not None:
            cursor.group()
    opened = cursor.sees("[") if typed else cursor.sees("[", "(", "\\{", "|")
    cursor.place = place
    return opened


def _word(cursor: Cursor) -> tuple[str, int]:
    """The word at this place and how many tokens it takes: \\tanh, \\operatorname{softmax}."""
    token = cursor.waiting
    if token.kind != "command":
        return token.text, 1
    if token.text not in WORDS and token.text not in FONTS:
        return token.text, 1
    place = cursor.place
    cursor.take()
    if cursor.next is None:
        raise cursor.refuse(f"{token} takes an argument")
    group = cursor.group()
    length, cursor.place = cursor.place - place, place
    return "".join(t.text for t in group if t.text not in "{}*"), length


def _ones(cursor: Cursor, word: str, length: int, at: int) -> ast.expr | None:
    """\\mathbb{1}[condition], or the vector \\mathbf 1 and the matrix \\mathbf I."""
    place = cursor.place
    cursor.place += length
    found = indicator(cursor, at)
    if found is not None:
        return raise_to(found, scripts(cursor), cursor)
    if cursor.known.vectors and word == "1":
        return raise_to(tree.name("ones_", at), scripts(cursor), cursor)
    if word == "1":
        raise cursor.refuse("a condition is missing after the indicator, \\mathbb{1}[i = j]")
    cursor.place = place
    return None


def indicator(cursor: Cursor, at: int) -> ast.expr | None:
    """The bracket of a condition that follows: {i = j}, [i = j], (i = j) or _{i = j}."""
    place = cursor.place
    low = cursor.taken("_") is not None
    if low and cursor.next is not None:
        inner = [t for t in cursor.group() if t.text not in ("\\{", "\\}", "{", "}", "[", "]")]
    elif cursor.next is not None and str(cursor.next) in signs.OPENING:
        _, inner = cursor.bracketed()
    else:
        inner = []
    if any(signs.is_relation(t) for t in inner):
        return bracket_of(cursor.inside(inner), at)
    cursor.place = place
    return None


def bracket_of(cursor: Cursor, at: int) -> ast.expr:
    """1 where the condition holds: a delta of two indices, or Iverson's bracket."""
    condition = cursor.relation()
    if cursor.next is not None:
        raise cursor.left_over(cursor.next)
    if not isinstance(condition, ast.Compare):
        raise cursor.refuse("a condition is missing, such as i = j", at)
    return holds(condition, at, cursor)


def holds(condition: ast.Compare, at: int, cursor: Cursor) -> ast.expr:
    """1 where a comparison holds, else 0."""
    left, right = condition.left, condition.comparators[0]
    match condition.ops[0]:
        case ast.Eq() if _is_index(left, cursor) and _is_index(right, cursor):
            return tree.call("delta", [left, right], at)
        case ast.NotEq() if _is_index(left, cursor) and _is_index(right, cursor):
            one = tree.number("1", at)
            return tree.minus(one, tree.call("delta", [left, right], at))
    return tree.call("iverson", [condition], at)


def _is_index(term: ast.expr, cursor: Cursor) -> bool:
    """Can it be an index?  A letter, a number, or an array of labels at a letter."""
    match term:
        case ast.Name(id=name):
            return len(name) == 1 and name not in cursor.known.lettered
        case ast.Subscript(value=ast.Name()):
            return all(isinstance(s, ast.Name) for s in scan.slots(term))
        case ast.Constant(value=int()):
            return True
    return False


# -- functions -------------------------------------------------------------------------------------


def _sigma(cursor: Cursor) -> ast.expr | None:
    """\\sigma(z) is the sigmoid; \\sigma with a subscript or without a bracket is a name."""
    place = cursor.place
    token = cursor.take()
    found = scripts(cursor)
    opened = cursor.next
    if found.below is not None or opened is None or str(opened) not in ("(", "["):
        cursor.place = place
        return None
    if "sigma" in cursor.known.lettered:
        cursor.place = place
        return None
    if cursor.known.sigma and not cursor.known.derivatives:
        raise cursor.refuse(
            "\\sigma stands alone elsewhere: write \\sigma \\cdot (…) for a product, "
            "\\operatorname{sigmoid}(…) for the function", token.at,
        )  # fmt: skip
    return _applied("sigmoid", found, cursor, token.at)


def function(name: str, cursor: Cursor, at: int) -> ast.expr:
    """An elementwise function with its argument, in brackets or beside it."""
    return _applied(name, scripts(cursor), cursor, at)


def _applied(name: str, found: Scripts, cursor: Cursor, at: int) -> ast.expr:
    base = None
    if found.below is not None:
        if name != "log":
            raise cursor.refuse(f"{name} has no subscript; write the index on its argument", at)
        base = cursor.whole(found.below, found.at)
    inner = argument(cursor, at)
    if cursor.sees("_") and str(cursor.tokens[cursor.place - 1]) in (")", "]"):
        instead = "\\operatorname{softmax}(z)_i is softmax" if name == "sigmoid" else "write it so"
        raise cursor.refuse(f"the index stands on the argument, as in {name}(z_i); {instead}")
    term = _derived(name, inner, found.primes, cursor, found.at, at)
    if base is not None:
        term = tree.over(term, tree.call("log", [base], at))
    if found.above is not None:
        if [t.text for t in found.above if not t.braces] == ["-", "1"]:
            raise cursor.refuse(f"inverse functions are not read; 1/{name}(x) is a quotient", at)
        term = raised(term, found.above, cursor, found.at)
    if str(cursor.tokens[cursor.place - 1]) in (")", "]", "\\}") and cursor.sees("^"):
        term = raise_to(term, scripts(cursor), cursor)
    return term


def _derived(
    name: str, inner: ast.expr, primes: int, cursor: Cursor, place: int, at: int
) -> ast.expr:
    """The function, or by its prime its derivative, in terms of the formula language."""
    if not primes:
        return tree.call(name, [inner], at)
    if primes > 1 or name not in DERIVATIVES:
        raise cursor.refuse(f"{name} with {primes} primes is not read; write it out", place)
    body = ast.parse(DERIVATIVES[name], mode="eval").body
    return inserted(body, {"x": inner}, at)


def inserted(body: ast.expr, arguments: dict[str, ast.expr], at: int) -> ast.expr:
    """A body with arguments for its parameters; bound letters step aside."""
    used = {x for a in arguments.values() for x in scan.words([a])}
    letters = chain("kmnlqrstuvabcdefghij", (f"k{n}" for n in count(1)))
    spare = (x for x in letters if x not in used)
    fresh: dict[str, str] = {}
    for node in ast.walk(body):
        if isinstance(node, ast.Call) and scan.called(node) in scan.BINDERS:
            for letter in scan.own_letters(node):
                if letter in used and letter not in fresh:
                    fresh[letter] = next(spare)

    def put(node: ast.expr) -> ast.expr | None:
        if not isinstance(node, ast.Name):
            return None
        if node.id in arguments:
            return tree.copied(arguments[node.id])
        return tree.name(fresh.get(node.id, node.id), at)

    return tree.copied(body, put)


def argument(cursor: Cursor, at: int) -> ast.expr:
    """What a function is applied to: a bracket or a group, or the factors beside it."""
    opened = cursor.next
    if opened is None:
        raise cursor.refuse("the argument of this function is missing", at)
    if str(opened) in ("(", "[", "\\{", "{", "\\lbrace"):
        _, inner = cursor.bracketed()
        term = cursor.whole(inner, opened.at)
        cursor.known.closed[id(term)] = term
        return term
    return _beside(cursor)


def _beside(cursor: Cursor) -> ast.expr:
    """The factors that stand beside a function without brackets: log 2 pi sigma^2."""
    sign = cursor.taken("-")
    total = cursor.factor()
    while (token := cursor.next) is not None:
        plain = token.kind in ("letter", "digit") or str(token) in ("\\frac", "\\pi", "\\sigma")
        if not plain:
            break
        if _parted(cursor):
            raise cursor.refuse(
                "how far does the function before this space reach?  Write brackets"
            )
        total = tree.times(total, cursor.factor())
    if cursor.sees("/"):
        raise cursor.refuse("how far does the function before '/' reach?  Write brackets")
    return total if sign is None else tree.negative(total, sign.at)


def _parted(cursor: Cursor) -> bool:
    """Does a space that the author set stand before the next token, \\log p_i \\, y_i?"""
    before = cursor.tokens[cursor.place - 1].at
    return _SPACE.search(cursor.source.text, before, cursor.at) is not None


def _whole(name: str, cursor: Cursor, at: int) -> ast.expr:
    """A function of a whole array, softmax(z)_i."""
    found = scripts(cursor)
    if found.above is not None or found.primes:
        raise cursor.refuse(f"{name} has no superscript; put it in brackets", found.at)
    opened = cursor.next
    if opened is None or str(opened) not in ("(", "[", "{", "\\{"):
        if name in ("trace", "det", "logdet"):
            return tree.call(name, [_beside(cursor)], at)
        raise cursor.refuse(f"{name} takes its argument in brackets, {name}(z)")
    inner = argument(cursor, at)
    after = scripts(cursor)
    below = found.below or after.below
    places = indices(below, cursor) if below is not None else []
    term: ast.expr
    if name == "softmax" and not places and not cursor.known.vectors:
        inner, places = _of_component(inner, cursor, at)
    term = tree.call(name, [inner], at)
    if places:
        term = tree.component(term, places, at)
    return raised(term, after.above, cursor, after.at)


def _of_component(inner: ast.expr, cursor: Cursor, at: int) -> tuple[ast.expr, list[ast.expr]]:
    """softmax(z_i) is the component i of softmax(z); of a row, softmax(W_{ni}), that of W_{n,:}."""
    if isinstance(inner, ast.Subscript) and isinstance(inner.value, ast.Name):
        places = list(scan.slots(inner))
        if isinstance(places[-1], ast.Name):
            whole: ast.expr = inner.value
            if len(places) > 1:
                line: list[ast.expr] = [*places[:-1], ast.Slice(col_offset=at)]
                whole = tree.component(inner.value, line, at)
            return whole, [places[-1]]
    raise cursor.refuse("softmax has an index: write \\operatorname{softmax}(z)_i", at)


# -- functions of the author -----------------------------------------------------------------------


def of_author(name: str, found: Scripts, cursor: Cursor, at: int) -> ast.expr | None:
    """A function that the text defines, f(x) = ..., with these arguments; None for a product."""
    opened = cursor.next
    if opened is None or str(opened) not in ("(", "["):
        return None
    if name in cursor.known.given:
        return None
    if name not in cursor.known.applied:
        if cursor.known.derivatives and (meant := _in_a_line(name, cursor, at)) is not None:
            return meant
        if name in FUNCTION_LETTERS and found.below is None:
            check_product(name, cursor)
        check_argument(name, cursor)
        return None
    _, inner = cursor.bracketed()
    given = _arguments(cursor, inner)
    known = cursor.known.functions.get(name + "'" * found.primes)
    if known is None and found.primes:
        raise cursor.refuse(f"{name}' is not read; write its derivative out", found.at)
    if known is None:
        raise cursor.refuse(f"{name} is used before its definition", at)
    if len(given) != len(known.parameters):
        raise cursor.refuse(f"{name} has {len(known.parameters)} arguments, not {len(given)}", at)
    own = [
        isinstance(a, ast.Name) and a.id == p for a, p in zip(given, known.parameters, strict=True)
    ]
    term: ast.expr
    if all(own) and not found.primes:
        term = tree.name(name, at)
    else:
        term = inserted(known.body, dict(zip(known.parameters, given, strict=True)), at)
        cursor.known.closed[id(term)] = term
    if found.above is not None:
        term = raised(term, found.above, cursor, found.at)
    return raise_to(term, scripts(cursor), cursor)


def _in_a_line(name: str, cursor: Cursor, at: int) -> ast.expr | None:
    """What brackets behind a name mean in a line of a derivation; None for a product.

    L(w) is the quantity L, where L is defined and w a name; E[x] and Var(x) are not read.
    """
    place = cursor.place
    _, inner = cursor.bracketed()
    names = all(
        t.kind == "letter" or str(t) in (",", ";", "{", "}", "_") or t.kind in ("command", "digit")
        for t in inner
    )
    if names and name in cursor.known.defined and not any(t.kind == "digit" for t in inner[:1]):
        return tree.name(spoken_for(name), at)
    cursor.place = place
    if name in FUNCTION_LETTERS and name not in cursor.known.lettered:
        raise cursor.refuse(f"nothing says what {name}(…) is; write {name}(x) = … before it", at)
    counted = all(t.kind == "digit" or t.text in "ijklmnt+-" for t in inner)
    number = name in COUNTS or name in cursor.bound  # n (n + 1)
    if counted and not number and any(t.kind == "letter" for t in inner):
        raise cursor.refuse(
            f"{name}(…) is read neither as a product nor as a sequence; write {name}_{{…}}", at
        )
    word = len(name) > 1 and name not in GREEK.values() and name not in cursor.known.lettered
    if word and name.rstrip("_0123456789").isalpha() and name[-3:] not in ("hat", "bar"):
        raise cursor.refuse(f"nothing says what {name}(…) is; write {name}(x) = … before it", at)
    if name in ("E", "P", "V"):
        raise cursor.refuse("expectations and probabilities are not read", at)
    if any(t.text in (",", ";", "|") for t in inner if t.kind == "mark"):
        raise cursor.refuse(f"nothing says what {name}(…) is; write {name}(x, y) = … before it", at)
    return None


def _arguments(cursor: Cursor, inner: list[Token]) -> list[ast.expr]:
    """The arguments between commas, on the outermost level."""
    reading = cursor.inside(inner)
    given = [reading.formula()]
    while reading.taken(",", ";"):
        given.append(reading.formula())
    if reading.next is not None:
        raise reading.left_over(reading.next)
    return given


def check_argument(name: str, cursor: Cursor) -> None:
    """Refuse p(x), p_\\theta(y \\mid x): names alone in brackets are arguments, and no factors."""
    if cursor.known.derivatives:
        return  # a line of a derivation has its own reading of it
    place = cursor.place
    _, inner = cursor.bracketed()
    cursor.place = place
    marks = [t for t in inner if t.kind == "mark" and t.text not in "{}_^,;|"]
    named = all(
        t.kind in ("letter", "mark") or t.text in GREEK or t.text in FONTS | ACCENTS.keys()
        or t.text in ("mid", "|") for t in inner
    )  # fmt: skip
    if inner and named and not marks:
        name = next((f"\\{c}" for c, n in GREEK.items() if n == name and len(c) > 1), name)
        raise cursor.refuse(
            f"{name}(…) is read neither as a function, since nothing defines {name}, nor as a "
            f"product; write {name}({inner[0]}) = … before it, or {name} \\cdot (…)"
        )


def check_product(name: str, cursor: Cursor) -> None:
    """Refuse f(x) where nothing says what f is."""
    place = cursor.place
    _, inner = cursor.bracketed()
    cursor.place = place
    letters = [t for t in inner if t.kind in ("letter", "command")]
    if letters and (len(name) > 1 or not any(t.kind == "mark" and t.text in "+-=" for t in inner)):
        raise cursor.refuse(
            f"{name}(…) is read neither as a function, since nothing defines {name}, nor as a "
            f"product; write {name}({letters[0]}) = … before it, or {name} \\cdot (…)"
        )
