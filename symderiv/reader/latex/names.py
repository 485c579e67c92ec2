"""Names in LaTeX: `\\hat{y}`, `x^{(l)}` and `\\lambda` as identifiers of the formula language.

Gives the tables of letters, accents and functions.  An identifier says how it is to be drawn:
yhat is y with a hat, x_l is x with the subscript l (see `symderiv.printers.names`).

Imports functions and elementwise.  A function that the formula language has is read by
its name; to add another spelling: a row in `_SPELLED`.
"""

from __future__ import annotations

from keyword import iskeyword

from symderiv.elementwise import NAMED
from symderiv.reader.functions import RESERVED

_SPELLED_ALIKE = frozenset(
    (
        *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa"),
        *("mu", "nu", "xi", "pi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega"),
        *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Pi", "Sigma", "Upsilon", "Phi", "Psi"),
        "Omega",
    )
)
GREEK = {name: name for name in _SPELLED_ALIKE} | {
    "lambda": "lam", "varepsilon": "eps", "vartheta": "theta", "varphi": "phi", "varrho": "rho",
    "varsigma": "sigma", "ell": "ell", "imath": "i", "jmath": "j",
}  # fmt: skip
ACCENTS = {
    "hat": "hat", "widehat": "hat", "bar": "bar", "overline": "bar", "tilde": "tilde",
    "widetilde": "tilde", "dot": "dot",
}  # fmt: skip
FONTS = frozenset(
    (
        *("mathbf", "boldsymbol", "bm", "pmb", "mathrm", "mathit", "mathsf", "mathcal", "mathscr"),
        *("mathfrak", "mathbb", "mathds", "vec", "underline", "bf", "rm", "cal", "textbf"),
        *("textrm", "textit"),
    )
)
BOLD = frozenset(["mathbf", "boldsymbol", "bm", "pmb", "vec", "textbf", "bf"])
WORDS = frozenset(
    ["operatorname", "mathrm", "text", "textrm", "mathsf", "mbox", "mathop", "textsf", "textnormal"]
)
# commands and words that are spelled otherwise in the formula language
_SPELLED = {
    "sigm": "sigmoid", "ReLU": "relu", "Relu": "relu", "sgn": "sign", "Softplus": "softplus",
    "Sigmoid": "sigmoid",
}  # fmt: skip
FUNCTIONS = {
    name: known.name for name, known in NAMED.items() if len(known.arguments) == 1 and len(name) > 1
} | _SPELLED
# functions of a whole array, by the names of the catalogue and of vector notation
WHOLE = {
    "softmax": "softmax", "Softmax": "softmax", "logsumexp": "logsumexp", "LSE": "logsumexp",
    "lse": "logsumexp", "tr": "trace", "Tr": "trace", "trace": "trace", "det": "det",
    "diag": "diag", "Diag": "diag", "logdet": "logdet", "sum": "sum", "mean": "mean",
    "sech": "sech", "vec": "vec",
}  # fmt: skip
MATRIX_FUNCTIONS = frozenset(("tr", "Tr", "trace", "diag", "Diag", "logdet", "det", "vec"))


def spoken_for(identifier: str) -> str:
    """The identifier, changed where the formula language uses it: \\pi_k is the array pi_."""
    return f"{identifier}_" if identifier in RESERVED or iskeyword(identifier) else identifier
