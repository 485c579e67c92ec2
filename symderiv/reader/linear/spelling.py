"""The spellings of NumPy, MATLAB and the textbook as Python's own trees.

Gives `tree_of`, a piece of text in vector notation as a tree whose places are those of the text,
and `QUOTED`, what stands in quotation marks there.

Imports refusal, tree and values.  To add a spelling of a function: `ALIASES` of functions.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from collections.abc import Callable
from typing import TYPE_CHECKING

from symderiv import late
from symderiv.reader import tree
from symderiv.reader.linear.values import Dialect
from symderiv.reader.refusal import ReadError, Source

if TYPE_CHECKING:
    from symderiv.reader.linear import functions
else:
    functions = late.module("symderiv.reader.linear.functions")

QUOTED = re.compile(r"(?<![\w)\]'])'[A-Za-z, ]+(?:->[A-Za-z ]*)?'")  # 'fro' is no transpose
_OPERAND = r"(?!(?:if|in|or|is|and|not|for|else|lambda)\b)[A-Za-z]\w*"
_SIDE_BY_SIDE = re.compile(rf"(?<![\w.])({_OPERAND}(?:'|\.T)?)\s+({_OPERAND})")
_MODULES = frozenset(
    ("np", "numpy", "jnp", "torch", "linalg", "scipy", "jax", "F", "nn", "special", "tf")
)
_BY_COUNT = frozenset(("np", "numpy", "jnp", "tf"))  # whose var divides by n


def tree_of(source: Source, text: str, start: int, dialect: Dialect) -> ast.expr:
    """One formula, parsed by Python's own `ast` after the marks of MATLAB are put in its signs."""
    spelled, origins, dotted = _in_python(text, dialect)
    stripped = len(spelled) - len(spelled.lstrip())
    dotted = frozenset(place - stripped for place in dotted)
    line = spelled.strip().replace("\n", " ")

    def origin(column: int) -> int:
        place = bisect_right([o[0] for o in origins], column + stripped) - 1
        shift = origins[place][1] if place >= 0 else 0
        return start + column + stripped + shift

    if not line:
        raise source.refuse(start, "a term is missing after '='")
    if re.search(r"\d{51}", line):
        raise source.refuse(start, "a number has at most 50 digits")
    try:
        with warnings.catch_warnings(action="ignore", category=SyntaxWarning):
            found = ast.parse(line, mode="eval").body
    except SyntaxError as error:
        raise _no_formula(source, text, start, origin((error.offset or 1) - 1), dialect) from None
    except (ValueError, RecursionError, MemoryError):
        raise source.refuse(start, "this is no formula") from None
    if dialect is Dialect.MATLAB:
        for node in ast.walk(found):
            if isinstance(node, ast.Name) and node.id == "norm":
                node.id = "norm2"  # MATLAB's norm of a matrix is its largest singular value
    return _Plain(source, origin, line, dotted, dialect).visit(found)


def _no_formula(source: Source, text: str, start: int, at: int, dialect: Dialect) -> ReadError:
    """What is said of a text that Python does not read, which tells it at `at`."""
    if found := _SIDE_BY_SIDE.search(text):
        left, right = found.groups()
        shown = f"{left}*{right}" if dialect is Dialect.MATLAB else f"{left} @ {right}"
        missing = f"an operator is missing between {left!r} and {right!r}"
        return source.refuse(start + found.start(2), f"{missing}; write {shown}")
    missing = "this is no formula; a sign or a term is missing here"
    return source.refuse(min(at, start + len(text)), missing)


def _in_python(text: str, dialect: Dialect) -> tuple[str, list[tuple[int, int]], frozenset[int]]:
    """The text with Python's signs, where columns shift by how much, and the places of `.^`."""
    dotted: set[int] = set()
    out: list[str] = []
    shifts: list[tuple[int, int]] = []
    length = place = 0
    while place < len(text):
        two = text[place : place + 2]
        before = text[place - 1] if place else " "
        if dialect is Dialect.MATLAB and two in (".*", "./", ".^"):
            new, taken = {".*": "*", "./": "//", ".^": "**"}[two], 2
            if two == ".^":
                dotted.add(length)
        elif dialect is Dialect.MATLAB and text.startswith("(:)", place):
            new, taken = ".vec", 3
        elif quoted := QUOTED.match(text, place):
            new, taken = quoted[0], len(quoted[0])
        elif text[place] == "'" and (before.isalnum() or before in "_)]'"):
            new, taken = ".T", 1
        elif text[place] == "^":
            new, taken = "**", 1
        elif two == "**":
            new, taken = "**", 2
        elif dialect is Dialect.MATLAB and text[place] == "*":
            new, taken = "@", 1
        else:
            new, taken = text[place], 1
        out.append(new)
        length += len(new)
        place += taken
        if len(new) != taken:
            shifts.append((length, place - length))
    return "".join(out), shifts, frozenset(dotted)


class _Plain(ast.NodeTransformer):
    """Names without modules, methods as functions, offsets of the source; all else refused."""

    def __init__(
        self,
        source: Source,
        origin: Callable[[int], int],
        line: str,
        dotted: frozenset[int],
        dialect: Dialect,
    ) -> None:
        self.left_first = dialect is Dialect.MATLAB
        self.source, self.origin, self.line, self.dotted = source, origin, line, dotted
        self.deep = 0

    def visit(self, node: ast.AST) -> ast.expr:
        self.deep += 1
        if self.deep > 200:
            raise self.source.refuse(0, "the formula is nested too deep")
        text = ast.get_source_segment(self.line, node) if isinstance(node, ast.Constant) else None
        if isinstance(node, ast.expr):
            node.col_offset = self.origin(node.col_offset)
        if isinstance(node, ast.Constant):
            if isinstance(node.value, str):  # of a norm or of einsum, refused elsewhere
                return node
            if not isinstance(node.value, int | float) or isinstance(node.value, bool):
                raise self.source.refuse(node.col_offset, "this is no number")
            node.kind = text
        made = super().visit(node)
        self.deep -= 1
        return made  # type: ignore[no-any-return]

    def visit_BinOp(self, node: ast.BinOp) -> ast.expr:
        end, start = node.left.end_col_offset or 0, node.right.col_offset
        at = node.col_offset
        by_elements = any(place in self.dotted for place in range(end, start))
        power = isinstance(node.op, ast.Pow)
        if power and self.left_first and "(" not in self.line[end:start]:
            self._check_one_power(node.right)
        self.generic_visit(node)
        if power and by_elements:
            return tree.call("power", [node.left, node.right], at)
        return node

    def _check_one_power(self, exponent: ast.expr) -> None:
        """Refuse a^b^c, which MATLAB reads from the left."""
        match exponent:
            case ast.BinOp(left=base, op=ast.Pow()):
                raise self.source.refuse(
                    self.origin(base.end_col_offset or 0),
                    "MATLAB takes powers from the left, a textbook from the right; write brackets",
                )

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        module = isinstance(node.value, ast.Name) and node.value.id in _MODULES
        if module and node.attr in ("pi", "inf"):
            return ast.Name(node.attr, col_offset=node.col_offset)
        self.generic_visit(node)
        if node.attr.startswith("T") and node.attr != "T":
            raise self.source.refuse(node.col_offset, "a sign is missing behind '; write x'*A*x")
        if node.attr == "vec" and self.left_first:
            return tree.call("vec", [node.value], node.col_offset)
        if node.attr != "T":
            raise self.source.refuse(node.col_offset, f".{node.attr} is not in vector notation")
        return node

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """X.shape[0] and slogdet(X)[1]; any other component is refused where it is lowered."""
        match node:
            case ast.Subscript(
                value=ast.Attribute(value=array, attr="shape"), slice=ast.Constant()
            ):
                found = [self.visit(array), self.visit(node.slice)]
                return tree.call("shape", found, node.col_offset)
            case ast.Subscript(
                value=ast.Call(func=ast.Attribute(attr="slogdet")) as call,
                slice=ast.Constant(value=1),
            ):
                return self.visit(call)
        raise self.source.refuse(
            node.col_offset,
            "a component stands in no vector notation; write all with indices, or none",
        )

    def visit_Call(self, node: ast.Call) -> ast.expr:
        arguments = list(node.args)
        function, root = node.func, ""
        if isinstance(function, ast.Attribute) and function.attr == "T":
            at = self.origin(function.col_offset)
            raise self.source.refuse(at, "' transposes here, and what is transposed is not called")
        if isinstance(function, ast.Attribute):
            inner = function.value
            while isinstance(inner, ast.Attribute):
                inner = inner.value
            root = inner.id if isinstance(inner, ast.Name) else ""
            module = root in _MODULES and (bool(node.args) or root != "F")  # F.sum() is of an F
            if root == "math":
                at = self.origin(node.col_offset)
                said = f"math.{function.attr} is of one number; write {function.attr}(…)"
                raise self.source.refuse(at, f"{said}, or np.{function.attr}(…) of an array")
            if not module:
                arguments.insert(0, function.value)
            name = "transpose" if function.attr == "t" else function.attr
            function = ast.Name(name, ast.Load(), col_offset=function.col_offset)
        if not isinstance(function, ast.Name):
            raise self.source.refuse(
                self.origin(node.func.col_offset), "only a function that has a name is called"
            )
        if function.id in ("var", "std") and root not in _BY_COUNT:
            at, last = self.origin(node.col_offset), arguments[0] if arguments else function
            x = ast.get_source_segment(self.line, last) or "x"
            raise self.source.refuse(
                at, f"{function.id} divides by n in NumPy, by n - 1 elsewhere; write "
                f"np.{function.id}({x}), or what is meant"
            )  # fmt: skip
        name = "shape" if function.id == "len" else functions.ALIASES.get(function.id, function.id)
        made = tree.call(name, [self.visit(a) for a in arguments], node.col_offset)
        if function.id == "len":
            made.args.append(tree.number("0", node.col_offset))
        made.keywords = [ast.keyword(k.arg, self.visit(k.value)) for k in node.keywords]
        return made
