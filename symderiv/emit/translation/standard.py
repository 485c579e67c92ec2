"""The array API standard: how it says each operation, as templates of Python expressions.

Gives `STANDARD`, by the names that NumPy has for them; a function of one number that NumPy calls
by its name here has that name in the standard too.  `xp` is the namespace, `a`, `b`, `c` are
operands, and `x` is an array beside which new ones are made; what is a name alone takes the
operands as they are.  To add an operation: its row.
"""

from __future__ import annotations

from symderiv.elementwise import FUNCTIONS

SAME = (
    *(name for name, f in FUNCTIONS.items() if f.spellings.get("numpy") == f"np.{name}(x)"),
    "expm1", "log1p", "log2", "log10", "sqrt", "isfinite", "any", "all", "ones_like", "finfo",
    "where", "maximum", "minimum", "logaddexp", "broadcast_to", "clip", "moveaxis", "hypot",
)  # fmt: skip
STANDARD = {
    **{name: f"xp.{name}" for name in SAME},
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
    "_held": "a",
    "inv": "xp.linalg.inv(a)",
    "det": "xp.linalg.det(a)",
    "slogdet": "xp.linalg.slogdet(a)",
    "solve": "xp.linalg.solve(a, b)",
}
