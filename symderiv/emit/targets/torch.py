"""PyTorch: tensors, with gradients that its autograd uses.

Imports the standard library only: every piece takes the namespace.
"""

from __future__ import annotations

import math
from contextlib import suppress
from functools import reduce
from itertools import zip_longest
from typing import Any

from symderiv.emit.targets.autograd import differentiable
from symderiv.emit.targets.entry import Target, pieces
from symderiv.emit.targets.fused import Fused


def floats(torch: Any, **given: Any) -> Any:
    """The type of the results, and the arguments as floats of one type, float32 for halves.

    z=(z, "... K") names the axes of z, `...` those of a batch.
    """
    known: dict[str, int] = {}
    whole: list[Any] = []
    single: list[Any] = []
    device = next((a.device for a, _ in given.values() if isinstance(a, torch.Tensor)), None)
    for name, (a, text) in given.items():
        if not isinstance(a, int | float | torch.Tensor):
            raise TypeError(f"{name} takes a tensor, not {type(a).__name__}")
        if isinstance(a, torch.Tensor):
            if a.is_complex():
                raise TypeError(f"{name} takes real numbers, not {a.dtype}")
            real = a.dtype if a.is_floating_point() else torch.get_default_dtype()
            (whole if a.ndim else single).append(real)
        said, shape = text.split(), tuple(getattr(a, "shape", ()))
        axes = said[said[:1] == ["..."] :]
        sizes = shape[len(shape) - len(axes) :] if said != axes else shape
        fits = [k == (int(s) if s.isdigit() else known.setdefault(s, k))
                for s, k in zip(axes, sizes, strict=False)]  # fmt: skip
        if len(axes) != len(sizes) or not all(fits):
            raise ValueError(f"{name} takes ({', '.join(said)}), not {shape}, with {known}")
    kind = reduce(torch.promote_types, whole or single or [torch.get_default_dtype()])
    dtype = kind if torch.finfo(kind).bits >= 32 else torch.float32
    return kind, *(torch.as_tensor(a, dtype=dtype, device=device) for a, _ in given.values())


def labels(torch: Any, y: Any, K: int, name: str) -> Any:
    """Labels; those outside their range are refused as an index is, on every device.

    They are what is looked up at them, so that no compiler leaves that out.
    """
    y = torch.as_tensor(y)
    if y.is_floating_point() or y.is_complex() or y.dtype == torch.bool:
        raise TypeError(f"{name} takes integers from 0 to {K - 1}, not {y.dtype}")
    return torch.arange(K, device=y.device).gather(0, y.long().reshape(-1)).reshape(y.shape)


def where_it_holds(torch: Any, value: Any, kind: Any, holds: Any) -> Any:
    """A result in the type of the arguments, and nan where they are not as they must be."""
    return torch.where(holds, value, torch.nan).to(kind)


def full(torch: Any, x: Any, shape: Any, v: Any) -> Any:
    """A new tensor of this shape, of x's type, filled with v."""
    return v + torch.zeros(shape, dtype=x.dtype, device=x.device)


def taken(torch: Any, x: Any, places: Any, axis: int) -> Any:
    """The entries of an axis at some places."""
    axis %= x.ndim
    return x[(slice(None),) * axis + (places,)]


def eye(torch: Any, x: Any, size: int) -> Any:
    """Where row and column are one."""
    places = torch.arange(size, device=x.device)
    return places[:, None] == places


def broadcast_arrays(torch: Any, *arrays: Any) -> Any:
    """Numbers and tensors in one shape; the last is a tensor."""
    zero = torch.zeros_like(arrays[-1])
    made = [zero + a for a in arrays]
    shape = torch.broadcast_shapes(*(a.shape for a in made))
    return [a.expand(shape) for a in made]


def both(torch: Any, a: Any, b: Any) -> Any:
    """Two tensors, where one may be a number."""
    like = a if isinstance(a, torch.Tensor) else b
    return (torch.as_tensor(x, dtype=like.dtype, device=like.device) for x in (a, b))


def magnitude(torch: Any, x: Any) -> Any:
    """|x|, whose slope at 0 is 1, so that what is smooth there has its own slope."""
    return torch.where(x < 0, -x, x) if torch.is_grad_enabled() else x.abs()


def above(torch: Any, x: Any) -> Any:
    """max(x, 0), whose slope at 0 is 1, as that of `magnitude` is."""
    return torch.where(x < 0, 0, x) if torch.is_grad_enabled() else x.clamp(0)


def gated(torch: Any, g: Any, h: Any) -> Any:
    """g where h > 0, else 0, in the kernel of relu's slope: `where` takes a branch an entry."""
    alike = isinstance(g, torch.Tensor) and g.dtype == h.dtype
    return torch.ops.aten.threshold_backward(g, h, 0) if alike else torch.where(h > 0, g, 0)


def log1p(torch: Any, x: Any) -> Any:
    """log(1 + x); where it is infinite it has no slope, as it is used where it is not."""
    near = torch.log1p(torch.where(x > -1, x, 0))
    return torch.where(x > -1, near, torch.log1p(x.detach()))


def series(torch: Any, x: Any, *c: float) -> Any:
    """c0 + c1 x + c2 x² + …, used where x is small; beyond, no slope of it overflows."""
    near, total = x.clamp(-1, 1), 0.0
    for k in c[::-1]:
        total = total * near + k
    return total


def zero_times(torch: Any, a: Any, b: Any) -> Any:
    """a b, and 0 where one is 0, though the other be infinite; its slopes by both likewise."""
    if not torch.is_grad_enabled():
        return torch.where((a == 0) | (b == 0) & (a == a), 0, a * b)
    few, rest = torch.where(a.isinf(), 0, a), torch.where(b.isfinite(), b, 0)
    return torch.where(b == 0, few, a) * torch.where(a == 0, rest, b)


def equations(torch: Any, X: Any, B: Any) -> Any:
    """Matrices and right-hand sides of as many axes, which are not taken for vectors then."""
    return X, B.expand(*X.shape[: max(X.ndim - B.ndim, 0)], *B.shape)


def cbrt(torch: Any, x: Any) -> Any:
    """The cube root."""
    return x.sign() * x.abs() ** (1 / 3)


def pulled(torch: Any, x: Any, *factors: Any) -> Any:
    """A product, summed over the leading axes along which x was repeated."""
    made = (torch.as_tensor(f, dtype=x.dtype, device=x.device) for f in factors)
    factors = tuple(sorted(made, key=lambda f: f.numel()))  # multiplied in this order
    shape = torch.broadcast_shapes(x.shape, *(f.shape for f in factors))
    if shape == x.shape or len(factors) == 1:
        return reduce(torch.mul, factors).expand(shape).sum_to_size(x.shape)
    letters = "abcdefghijklmnopqrstuvwxyz"[: len(shape)]
    terms, arrays = [], []
    for f in factors:
        own = letters[len(shape) - f.ndim :] if f.ndim else ""
        wide = [n for n, size in enumerate(f.shape) if size != 1]
        terms.append("".join(own[n] for n in wide))
        arrays.append(f.reshape([f.shape[n] for n in wide]))
    kept = letters[len(shape) - x.ndim :] if x.ndim else ""
    kept = "".join(a for a, size in zip(kept, x.shape, strict=True) if size != 1)
    held = {a for term in terms for a in term}
    many = [n for a, n in zip(letters, shape, strict=True) if a not in held and a not in kept]
    summed = torch.einsum(f"{','.join(terms)}->{''.join(a for a in kept if a in held)}", *arrays)
    places = [
        size if a in held and a in kept else 1
        for a, size in zip(letters[len(shape) - x.ndim :] if x.ndim else "", x.shape, strict=True)
    ]
    return (summed * math.prod(many)).reshape(places).expand(x.shape)


def at(torch: Any, x: Any, y: Any) -> Any:
    """x[y] of each row."""
    shape = torch.broadcast_shapes(x.shape[:-1], y.shape)
    return x.expand(*shape, x.shape[-1]).gather(-1, y.expand(shape)[..., None])[..., 0]


def put(torch: Any, x: Any, y: Any, v: Any) -> Any:
    """Each row with v in place of x[y]."""
    if torch.compiler.is_compiling():  # which no compiler fuses
        v = v.to(x.dtype)[..., None] if isinstance(v, torch.Tensor) else v
        return torch.where(torch.arange(x.shape[-1], device=x.device) == y[..., None], v, x)
    value = torch.as_tensor(v, dtype=x.dtype, device=x.device)
    shape = torch.broadcast_shapes(x.shape[:-1], y.shape, value.shape)
    index, value = (a.expand(shape)[..., None] for a in (y, value))
    return x.expand(*shape, x.shape[-1]).scatter(-1, index, value)


def in_place(torch: Any, op: str, a: Any, *others: Any) -> Any:
    """An operation in the place of a tensor that nobody else holds, where nothing forbids it."""
    if not torch.is_grad_enabled():
        with suppress(RuntimeError):  # the result is larger, or has a batch that a has not
            return getattr(a, f"{op}_")(*others)
    return getattr(a, op)(*others)


def placed(torch: Any, x: Any, y: Any, v: Any) -> Any:
    """Each row with v in place of x[y]; nobody else holds x."""
    if not torch.is_grad_enabled() and x.shape[:-1] == y.shape:
        with suppress(RuntimeError):  # as in_place
            rows = x.view(-1, x.shape[-1])
            value = torch.as_tensor(v, dtype=x.dtype, device=x.device).expand(y.shape)
            places = (torch.arange(rows.shape[0], device=x.device), y.reshape(-1))
            rows.index_put_(places, value.reshape(-1))
            return x
    return put(torch, x, y, v)


def in_rows(torch: Any, lines: Any, ranks: Any, lead: int, slopes: bool, *arrays: Any) -> Any:
    """What a function of rows returns, some rows at a time: what it makes between is not large.

    ranks: how many axes are of a row's own, of other arrays all that follow those of `lead`.
    slopes: are the results the slopes by the arrays, and not a row for each?
    """
    first = arrays[lead]
    batch = first.shape[: first.ndim - ranks[lead]]
    own = [a.shape[: a.ndim - n] for a, n in zip(arrays, ranks, strict=False)]
    whole = torch.is_grad_enabled() or torch.compiler.is_compiling() or first.device.type != "cpu"
    if whole or not batch or not {*own} <= {batch, ()}:
        return lines(*arrays)
    size = 2**20 // first.itemsize * torch.get_num_threads()
    if first.numel() <= 4 * size:
        return lines(*arrays)
    made, rows = [], max(1, size * batch[0] // first.numel())
    for start in range(0, batch[0], rows):
        few = [a if b == () else a[start : start + rows]
               for a, b in zip_longest(arrays, own, fillvalue=batch)]  # fmt: skip
        part = lines(*few)
        for n, r in enumerate(part):
            each = r is not None and not (slopes and own[n] == ())
            if start == 0:
                made.append(r.new_empty((batch[0], *r.shape[1:])) if each else r)
            if each:
                made[n][start : start + rows] = r
            elif start and r is not None:  # of an array that all rows have
                made[n] = made[n] + r
    return tuple(made)


def kernel(torch: Any, x: Any, op: str, made: Any, own: bool = False) -> Any:
    """An operation by the engine's kernel; compiled as it is made, which compilers fuse.

    own: nobody else holds x.
    """
    if torch.compiler.is_compiling() and not torch.is_grad_enabled():
        return made(x)
    return in_place(torch, op, x) if own else getattr(x, op)()


def softmax_slope(torch: Any, p: Any, u: Any) -> Any:
    """p (u - Σ p u) of each row, by the engine's own kernel, which keeps the digits."""
    shape = torch.broadcast_shapes(p.shape, u.shape)
    slope = torch.ops.aten._softmax_backward_data
    return slope(u.expand(shape), p.expand(shape), -1, p.dtype)


def log_softmax(torch: Any, z: Any) -> Any:
    """log p of each row, by the engine, but where a p is nearly 1 from what the others leave."""
    if not (torch.is_grad_enabled() or torch.compiler.is_compiling() or z.device.type != "cpu"):
        with suppress(RuntimeError):  # in a batch of vmap no value is looked at
            logs = z.log_softmax(-1)
            near = logs.amax(-1) > -0.1
            if near.any():
                logs[near] = exact_logs(torch, z[near])
            return logs
    return exact_logs(torch, z)


def exact_logs(torch: Any, z: Any) -> Any:
    """log p of each row, that of the largest too: log(1 + the others) takes nothing from 1."""
    t = z - z.amax(-1, keepdim=True)
    return t - log1p(torch, rest(torch, torch.exp(t), own=True))[..., None]


def label_loss(torch: Any, z: Any, y: Any) -> Any:
    """-log p_y of each row, by the engine, but where p_y is nearly 1 from what the others leave."""
    if not (torch.is_grad_enabled() or torch.compiler.is_compiling() or z.device.type != "cpu"):
        with suppress(RuntimeError):  # in a batch of vmap no value is looked at
            loss = -at(torch, z.log_softmax(-1), y)
            near = loss < 0.1
            if near.any():
                few = z.expand(*loss.shape, -1)[near]
                loss[near] = exact_loss(torch, few, y.expand(loss.shape)[near])
            return loss
    return exact_loss(torch, z, y)


def exact_loss(torch: Any, z: Any, y: Any) -> Any:
    """-log p_y of each row, as log(1 + (the others)/p_y); 0, and flat, where nothing is left."""
    m, _, rest = shares(torch, z, y)
    none = rest == 0
    few = torch.log(rest.masked_fill(none, 1)) + (m - at(torch, z, y))
    return torch.logaddexp(torch.zeros_like(rest), few).masked_fill(none, 0)


def label_slope(torch: Any, z: Any, y: Any, loss: Any) -> Any:
    """p of each row with p_y - 1 in place of p_y, which the loss -log p_y has the digits of.

    y and the loss have an axis for that of the row.
    """
    y = y[..., 0]
    if torch.compiler.is_compiling():  # once with the loss
        m, e, rest = shares(torch, z, y)
        p = e / (rest + torch.exp(at(torch, z, y) - m))[..., None]
    else:
        p = z.softmax(-1)
    less = -without(torch, p, y) if torch.is_grad_enabled() else torch.expm1(-loss[..., 0])
    return placed(torch, p, y, less)


def shares(torch: Any, z: Any, y: Any) -> Any:
    """The largest z of each row, e^(z - that), and its sum but for that of y."""
    m = z.amax(-1)
    e = torch.exp(z - m[..., None])
    return m, e, without(torch, e, y)


def log_softmax_slope(torch: Any, logs: Any, u: Any) -> Any:
    """u - e^logs Σ u of each row, by the engine's own kernel, which keeps the digits."""
    shape = torch.broadcast_shapes(logs.shape, u.shape)
    slope = torch.ops.aten._log_softmax_backward_data
    return slope(u.expand(shape), logs.expand(shape), -1, logs.dtype)


def without(torch: Any, x: Any, y: Any, own: bool = False) -> Any:
    """The sum of each row but for x[y].

    own: nobody else holds x, so that x[y] may be away for a time.
    """
    if not own:
        return put(torch, x, y, 0).sum(-1)
    away, total = at(torch, x, y), placed(torch, x, y, 0).sum(-1)
    placed(torch, x, y, away)
    return total


def rest(torch: Any, e: Any, own: bool = False) -> Any:
    """The sum of each row without its largest term, which is 1 and stays so.

    own: nobody else holds e.
    """
    if not torch.is_grad_enabled():  # the fractions, and a 1 for each other term that ties
        total = e.sum(-1)
        few = (e.frac_() if own else e.frac()).sum(-1)
        return few + ((total - few).round() - 1)
    top = e.argmax(-1, keepdim=True)
    one = e.take_along_dim(top, -1)
    return e.scatter(-1, top, one - one.detach()).sum(-1)


def others(torch: Any, e: Any) -> Any:
    """For each term of a row of positive ones, the sum of the others."""
    top = e.argmax(-1, keepdim=True)
    few = e.scatter(-1, top, 0.0).sum(-1, keepdim=True)
    return (e.sum(-1, keepdim=True) - e).scatter(-1, top, few)


SOFTPLUS = "torch.log1p(torch.exp(-_magnitude(Z)))"  # of z and -z, but for their part above 0
ROOT = f"X * {-1 / math.sqrt(2)}"  # of which erfc has the exponential of -X²/2
TAIL = f"erfc(-(X / {math.sqrt(2)}))"
LOG = "log1p(rest(E))"  # log Σ E of each row, whose largest entry is 1
TARGET = Target(
    name="torch",
    title="PyTorch",
    module="torch",
    imports=("import torch",),
    spellings={
        "sum": "a.sum(b)",
        "vecdot": "(a * b).sum(-1)",
        "prod": "a.prod(b)",
        "max": "a.amax(b)",
        "min": "a.amin(b)",
        "max_kept": "a.amax(b, keepdim=True)",
        "squeeze": "a.squeeze(b)",
        "argmax": "a.argmax(b)",
        "cumprod": "a.cumprod(b)",
        "flip": "a.flip(b)",
        "stack": "torch.stack(a, b)",
        "concatenate": "torch.cat(a, b)",
        "astype": "a.to(b)",
        "copy": "a.clone()",
        "_typed": "a.to(b)",
        "_held": "a.detach()",
        "transpose": "a.permute(b)",
        "reshape": "a.reshape(b)",
        "mT": "a.mT",
        "arange": "torch.arange(a, b, device=x.device)",
        "clip": "torch.clamp",
        "einsum": "torch.einsum",
        "broadcast_shapes": "torch.broadcast_shapes",
        "solve": "torch.linalg.solve(*_equations(a, b))",
        "abs": "_magnitude(a)",
        "log1p": "_log1p(a)",
        "hypot": "torch.hypot(*_both(a, b))",
        "maximum": "torch.maximum(*_both(a, b))",
        "minimum": "torch.minimum(*_both(a, b))",
        "logaddexp": "torch.logaddexp(*_both(a, b))",
        "_sigmoid": "torch.sigmoid(a)",
        "_erf": "torch.special.erf(a)",
        "_erfc": "_kernel(a, 'erfc', _erfc)",
    },
    pieces=pieces("torch", __name__),
    fused=(
        Fused(
            "put(P, Y, -(R / S))",
            "_label_slope(Z, Y, L)",
            beside={
                "P": "E / S",
                "S": "E.sum(-1)",
                "E": "exp(Z - M)",
                "M": "Z.max(-1)",
                "R": "put(E, Y, 0).sum(-1)",
                "L": "logaddexp(0, log(R) + (M - at(Z, Y)))",
            },
            instead={"L": "_label_loss(Z, Y)"},
        ),
        Fused(
            "logaddexp(0, log(R) + C)",
            "torch.logaddexp(torch.zeros_like(R), torch.log(R.masked_fill(R == 0, 1)) + C)"
            ".masked_fill(R == 0, 0)",
            beside={"R": "put(E, Y, 0).sum(-1)"},
        ),
        Fused("E / E.sum(-1)", "Z.softmax(-1)", where={"E": "exp(Z - Z.max(-1))"}),
        Fused("P * (U - (U * P).sum(-1))", "_softmax_slope(P, U)"),
        Fused("where(H > 0, G, 0)", "_gated(G, H)"),
        # nowhere is 1 over a square root too large or too small for its digits
        Fused("X / s", "X * R", beside={"s": "sqrt(V)"}, shared={"R": ("1 / s", "s")}),
        Fused("exp(-(X ** 2 / 2))", f"torch.exp(-({ROOT}) ** 2)", beside={"T": TAIL}),
        Fused("softplus(-Z)", "torch.relu(-Z) + N", shared={"N": (SOFTPLUS, "Z")}),
        Fused("softplus(Z)", "_above(Z) + N", shared={"N": (SOFTPLUS, "Z")}),
        Fused(
            "U - P * U.sum(-1)",
            "_log_softmax_slope(R, U)",
            where={"L": LOG},
            beside={"P": "E / E.sum(-1)", "E": "exp(T)", "R": "T - L"},
        ),
        Fused(
            "E / E.sum(-1)", "torch.exp(R)", where={"E": "exp(T)", "L": LOG}, beside={"R": "T - L"}
        ),
        Fused(
            "T - L",
            "_log_softmax(Z)",
            where={"L": LOG, "E": "exp(T)"},
            beside={"T": "Z - Z.max(-1)"},
        ),
    ),
    differentiable=differentiable,
    raises=True,
    place=2,
)
