"""The array API standard: how it says each operation, as templates of Python expressions.

Gives `STANDARD`, by the names that NumPy has for them, and `RENAMED`, what the standard calls
otherwise.  `xp` is the namespace, `a`, `b`, `c` are operands, and `x` is an array beside which new
ones are made; what is a name alone takes the operands as they are.  To add an operation: its row.
"""

from __future__ import annotations

SAME = (
    "abs", "exp", "expm1", "log", "log1p", "log2", "log10", "sqrt", "sign", "sin", "cos", "tan",
    "sinh", "cosh", "tanh", "isfinite", "any", "all", "ones_like", "finfo",
    "where", "maximum", "minimum", "logaddexp", "broadcast_to", "clip", "moveaxis", "hypot",
)  # fmt: skip
RENAMED = {
    "arcsin": "asin", "arccos": "acos", "arctan": "atan", "arcsinh": "asinh", "arccosh": "acosh",
    "arctanh": "atanh",
}  # fmt: skip
STANDARD = {
    **{name: f"xp.{name}" for name in SAME},
    **{name: f"xp.{other}" for name, other in RENAMED.items()},
    "sum": "xp.sum(a, axis=b)",
    "vecdot": "xp.sum(a * b, axis=-1)",
    "prod": "xp.prod(a, axis=b)",
    "max": "xp.max(a, axis=b)",
    "min": "xp.min(a, axis=b)",
    "max_kept": "xp.max(a, axis=b, keepdims=True)",
    "squeeze": "xp.squeeze(a, axis=b)",
    "argmax": "xp.argmax(a, axis=b)",
    "cumprod": "xp.cumulative_prod(a, axis=b)",
    "flip": "xp.flip(a, axis=b)",
    "stack": "xp.stack(a, axis=b)",
    "concatenate": "xp.concat(a, axis=b)",
    "astype": "xp.astype(a, b)",
    "copy": "xp.asarray(a, copy=True)",
    "transpose": "xp.permute_dims(a, b)",
    "reshape": "xp.reshape(a, b)",
    "mT": "xp.matrix_transpose(a)",
    "take": "_taken(a, b, c)",
    "shape": "a.shape",
    "ndim": "a.ndim",
    "arange": "_count(x, a, b)",
    "eye": "_eye(x, a)",
    "full": "_full(x, a, b)",
    "zeros": "_full(x, a, 0)",
    "full_like": "_full(a, a.shape, b)",
    "cbrt": "_cbrt(a)",
    "einsum": "_einsum",
    "broadcast_arrays": "_broadcast_arrays",
    "_wide": "a",
    "inv": "xp.linalg.inv(a)",
    "det": "xp.linalg.det(a)",
    "slogdet": "xp.linalg.slogdet(a)",
    "solve": "xp.linalg.solve(a, b)",
}
