"""Derivatives in a line, \\frac{\\partial L}{\\partial z_j} and \\frac{d}{dz}; a formula has none.

Gives `is_derivative`, `derivative`, which makes `partial(L, z[j])` of it, or `partial(L, _[j])` of
\\partial_j L, and `arguments`.

Imports authored, cursor, scripts and tree.
"""

from __future__ import annotations

import ast

from symderiv.mistakes import DASH
from symderiv.reader import scan, tree
from symderiv.reader.latex.authored import inserted
from symderiv.reader.latex.cursor import Cursor
from symderiv.reader.latex.scripts import raise_to, scripts
from symderiv.reader.latex.tokens import Token
from symderiv.reader.refusal import NO_VARIABLE

UNSAID = "_"  # the array by whose component is differentiated, where the context has to say it


def is_derivative(above: list[Token], below: list[Token]) -> bool:
    """Do these stand above and below the bar of a derivative?"""
    return _begins(above) and len(below) > 1 and (_begins(below) or _by_more(above, below))


def _by_more(above: list[Token], below: list[Token]) -> bool:
    """\\frac{df}{d(x + y)} and \\frac{df}{d 2x}, where d is neither a number nor a distance."""
    texts = [t.text for t in (*above[1:], *below[1:])]
    more = below[1].text in ("(", "[", "{") or below[1].kind == "digit"
    return above[0].text == below[0].text == "d" and more and not {"d", ","} & {*texts}


def _begins(tokens: list[Token]) -> bool:
    return bool(tokens) and (
        str(tokens[0]) == "\\partial"
        or (
            str(tokens[0]) == "d"
            and (
                len(tokens) == 1 or tokens[1].kind in ("letter", "command") or tokens[1].text == "^"
            )
        )
        or [t.text for t in tokens[:4]] == ["mathrm", "{", "d", "}"]
        or [t.text for t in tokens[:2]] == ["mathrm", "d"]
    )


def derivative(
    cursor: Cursor,
    above: list[Token] | None = None,
    below: list[Token] | None = None,
    at: int | None = None,
) -> ast.expr:
    """The derivative by the variables below, of what stands above or follows."""
    at = cursor.at if at is None else at
    if not cursor.known.derivatives:
        raise cursor.refuse(
            f"a derivative is not part of a formula; {DASH}wrt says what to differentiate by", at
        )
    after = cursor.ahead(1)
    if above is None and below is None and (cursor.sees("\\nabla") or str(after) == "_"):
        return _gradient(cursor, cursor.take())
    if above is None or below is None:
        raise cursor.refuse("write the derivative as \\frac{\\partial}{\\partial z_j}", at)
    variables = _variables(cursor.inside(below))
    top = cursor.inside(_without_sign(above))
    order = 1
    if top.taken("^"):
        power = "".join(t.text for t in top.group())
        order = int(power) if power.isdigit() and len(power) == 1 else 0
    squared = (
        order == 1 and len(variables) == 2 and ast.dump(variables[0]) == ast.dump(variables[1])
    )
    if order != len(variables) and not squared:
        raise cursor.refuse("above and below the bar are as many ∂, \\partial^2 over two", at)
    whole = top.next is not None
    if whole:
        body = top.formula()
        if top.next is not None:
            raise top.left_over(top.next)
        if (value := _at_a_point(cursor, body, variables)) is not None:
            return value
        arguments(cursor, body, variables)
    elif cursor.next is not None and str(cursor.next) in ("(", "["):
        body = cursor.factor()
    else:
        body = cursor.product()
    if squared:  # by a square, ∂L/∂σ² = (∂L/∂σ) / 2σ
        root = variables[0]
        body = tree.call("partial", [body, root], at)
        body = tree.over(body, tree.times(tree.number("2", at), root))
    else:
        for variable in variables:
            body = tree.call("partial", [body, variable], at)
    return raise_to(body, scripts(cursor), cursor) if whole else body


def _at_a_point(cursor: Cursor, body: ast.expr, variables: list[ast.expr]) -> ast.expr | None:
    """The derivative of a function that the text defines where \\frac{df}{dx}|_{x = 1} stands."""
    name, by = scan.name_of(body), {scan.name_of(v) for v in variables}
    known = cursor.known.functions.get(name + "'" * len(variables))
    after = cursor.ahead(1)
    if known is None or {*known.parameters} != by or not cursor.sees("|") or str(after) != "_":
        return None
    place = cursor.place
    cursor.take()
    below = scripts(cursor).below or []
    if len(below) < 3 or str(below[1]) != "=" or below[0].text not in by:
        cursor.place = place
        return None
    value = cursor.whole(below[2:], below[0].at)
    return inserted(known.body, {known.parameters[0]: value}, cursor.at)


def arguments(cursor: Cursor, body: ast.expr, variables: list[ast.expr]) -> None:
    """Take the arguments of a derivative that is a function, \\frac{df}{dx}(x).

    Raises
    ------
    ReadError
        where the bracket is neither that nor a factor.
    """
    if not cursor.sees("(") or not isinstance(body, ast.Name):
        return
    place = cursor.place
    opened, inner = cursor.bracketed()
    shown = [t.text for t in inner if not t.braces]
    known = cursor.known.functions.get(body.id)
    own = [] if known is None else list(known.parameters)
    names = [x for x in shown if x != ","]
    plain = [v.id for v in variables if isinstance(v, ast.Name)]
    if names and (names == own or names == plain[: len(names)]) and len(plain) == len(variables):
        return
    if known is not None or "," in shown or len(names) == 1:
        raise cursor.refuse("a derivative at a point is not read; write the line out", opened.at)
    cursor.place = place


def _gradient(cursor: Cursor, sign: Token) -> ast.expr:
    """\\nabla_w L, \\partial_w L and \\nabla f(w), the derivative by w; \\nabla^2 the one of that.

    What is transposed is no function, but a factor of one: \\nabla_x x^\\top A x.
    """
    at = sign.at
    found = scripts(cursor)
    above = [] if found.above is None else [t.text for t in found.above if not t.braces]
    if above not in ([], ["2"]):
        raise cursor.refuse(f"above {sign} stands 2 at most", at)
    if found.below is not None:
        variable = cursor.whole(found.below, at)
        begun = cursor.place
        body = cursor.factor()
        if not any(scan.names(body)) or isinstance(body, ast.Attribute):
            cursor.place = begun
            body = cursor.product()
    else:
        begun = cursor.place
        body = cursor.factor()
        variable = _argument(cursor, cursor.tokens[begun : cursor.place], body, at)
    index = sign.text == "partial" and isinstance(variable, ast.Name) and variable.id in "ijklmn"
    if index and not cursor.known.vectors:  # \\partial_j L, by a component of what L is made of
        variable = tree.component(tree.name(UNSAID, at), [variable], at)
    elif not isinstance(variable, ast.Name | ast.Subscript) or index:
        raise cursor.refuse(f"below {sign} stands a variable, {sign}_w L", at, kind=NO_VARIABLE)
    for _ in range(2 if above else 1):
        body = tree.call("partial", [body, variable], at)
    return body


def _argument(cursor: Cursor, found: list[Token], body: ast.expr, at: int) -> ast.expr:
    """The variable that a gradient leaves unsaid: the one argument of its function, f or f(w).

    Raises
    ------
    ReadError
        where nothing says it.
    """
    if len(found) > 3 and found[1].text == "(" and found[-1].text == ")":
        inner = cursor.inside(found[2:-1])
        variable = inner.atom()
        if inner.next is None and isinstance(variable, ast.Name):
            return variable
    known = cursor.known.functions.get(body.id) if isinstance(body, ast.Name) else None
    if known is not None and len(known.parameters) == 1:
        return tree.name(known.parameters[0], at)
    raise cursor.refuse("say by what the gradient is, \\nabla_w L", at)


def _without_sign(tokens: list[Token]) -> list[Token]:
    if tokens[0].text == "mathrm":
        return tokens[4:] if tokens[1].text == "{" else tokens[2:]
    return tokens[1:]


def _variables(cursor: Cursor) -> list[ast.expr]:
    found: list[ast.expr] = []
    while cursor.next is not None:
        rest = cursor.tokens[cursor.place :]
        if not _begins(rest) and (found or str(rest[0]) != "d"):
            raise cursor.refuse("a variable below the bar follows its ∂")
        cursor.place = len(cursor.tokens) - len(_without_sign(rest))
        term = cursor.atom()
        count = 1
        if isinstance(term, ast.BinOp) and isinstance(term.op, ast.Pow):
            match term.right:
                case ast.Constant(value=int(power)):
                    count = power
                case _:
                    count = 0
            term = term.left
        if isinstance(term, ast.Attribute) and found and cursor.next is None:
            term = term.value  # \partial w \partial w^T, a Hessian: its columns are the second's
        if not isinstance(term, ast.Name | ast.Subscript) or not 1 <= count <= 4:
            said = "below the bar stands a variable, \\partial z_j"
            raise cursor.refuse(said, kind=NO_VARIABLE)
        found += [term] * count
    return found
