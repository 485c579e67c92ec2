"""Autograd: a function of PyTorch's with its derivatives, from its lines.

Gives `differentiable`, which the target of PyTorch has.  `forward` is the value, `backward` the
products with a cotangent; both are written in the place of what they have made, and for some rows
at a time where they make large arrays.

Imports the standard library and the rest of this room.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence

from symderiv.emit.spelling import Filling, filled
from symderiv.emit.targets.parted import Parted
from symderiv.emit.targets.rows import by_rows, followed
from symderiv.emit.targets.temporaries import in_place


def differentiable(parted: Parted) -> list[ast.stmt]:
    """An autograd.Function, and the function that applies it.

    What is kept for `backward` beside the inputs and the result is no function of the inputs to
    autograd: where the gradient is to be differentiated itself it is computed again from them.
    """
    name, inputs, made, u = parted.name, parted.inputs, parted.kept, parted.vectors[0]
    shown = parted.result.id if isinstance(parted.result, ast.Name) else "_"
    beside = [n for n in made if n != shown]
    asked = inputs if beside else parted.mentioned
    shapes = [n for n in parted.by if n not in asked]  # of which no more is needed
    saved = [*asked, *made]
    ctx, given, output = parted.free("ctx", "inputs", "output")
    lines = [
        f"class {name}(torch.autograd.Function):",
        "    generate_vmap_rule = True",
        "    @staticmethod",
        f"    def forward({', '.join(inputs)}):",
        f"        return {_tuple(['VALUE', *beside])}",
        "    @staticmethod",
        f"    def setup_context({ctx}, {given}, {output}):",
        f"        {_tuple(inputs)}, {_tuple([shown, *beside])} = {given}, {output}",
        *(f"        {ctx}._{n} = {n}.shape" for n in shapes),
        f"        {ctx}.save_for_backward({', '.join(saved)})",
        *([f"        {ctx}.mark_non_differentiable({', '.join(beside)})"] if beside else []),
        f"        {ctx}.set_materialize_grads(False)",
        "    @staticmethod",
        f"    def backward({ctx}, {u}, *_):",
        f"        {_tuple(saved)} = {ctx}.saved_tensors" if saved else "        pass",
        f"        _slopes = [None] * {len(inputs)}",
        f"        if {u} is None:",
        "            return tuple(_slopes)",
        *(f"        {n} = {u}.new_empty(()).expand({ctx}._{n})" for n in shapes),
        *(["        if torch.is_grad_enabled():",  # it is differentiated again
           f"            {_tuple([shown, *beside])} = {name}.forward({', '.join(inputs)})"]
          if beside else []),
        "        return tuple(_slopes)",
    ]  # fmt: skip
    frame = ast.parse("\n".join(lines)).body[0]
    assert isinstance(frame, ast.ClassDef)
    _, forward, _, backward = frame.body
    assert isinstance(forward, ast.FunctionDef)
    assert isinstance(backward, ast.FunctionDef)
    value = Filling({"VALUE": parted.result}).visit(forward.body[-1])
    sizes = parted.sizes(parted.forward, [parted.result])
    written, many = in_place([*parted.forward, value], parted.small)
    forward.body = [*sizes, *written]
    lead = followed(parted, [parted.result, *map(ast.Name, beside)])
    if lead is not None and many > 1 + len({*beside} - parted.small):
        forward.body = by_rows(forward.body, parted, inputs, lead, slopes=False)
    behind: list[ast.stmt] = [*parted.common]
    for n, (by, slope) in enumerate(zip(parted.by, parted.slopes, strict=True)):
        place = inputs.index(by)
        pulled = ast.Call(ast.Name("_pulled"), [ast.Name(by), *_factors(slope)], [])
        found = ast.Assign([filled(f"_slopes[{place}]", {})], pulled)
        wanted = filled(f"{ctx}.needs_input_grad[{place}]", {})
        behind.append(ast.If(wanted, [*parted.own(n), found], []))
    for other in parted.others:
        behind += ast.parse(
            f"if {ctx}.needs_input_grad[{inputs.index(other)}]:\n"
            f"    raise NotImplementedError('no derivative by {other} was derived; "
            f"give {other}.detach()')"
        ).body
    written, many = in_place(behind, parted.small)
    behind = [*parted.sizes(written), *written, backward.body[-1]]
    if lead is not None and many > 1 and {*inputs} == {*asked, *shapes}:
        behind[:0] = ast.parse(f"_slopes = [None] * {len(inputs)}").body
        behind = by_rows(behind, parted, [*inputs, *made, u], lead, slopes=True)
    backward.body[-1:] = behind
    applied = parted.value.finished(filled(f"{name}.apply({', '.join(inputs)})[0]", {}))
    return [frame, parted.value.function([ast.Return(applied)])]


def _tuple(parts: Sequence[str]) -> str:
    return f"({', '.join(parts)},)"


def _factors(code: ast.expr) -> list[ast.expr]:
    """The factors of a product."""
    match code:
        case ast.BinOp(left, ast.Mult(), right):
            return [*_factors(left), *_factors(right)]
    return [code]
