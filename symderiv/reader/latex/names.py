"""Names in LaTeX: `\\hat{y}`, `x^{(l)}` and `\\lambda` as identifiers of the formula language.

Gives the tables of letters, accents and functions.  An identifier says how it is to be drawn:
yhat is y with a hat, x_l is x with the subscript l (see `symderiv.printers.names`).

Imports functions and elementwise.  A function that the formula language has is read by
its name, however that is capitalised; to add another spelling: a row in `FUNCTIONS`.
"""

from __future__ import annotations

from keyword import iskeyword

from symderiv.elementwise import NAMED
from symderiv.reader.functions import RESERVED, Words

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
PARAMETERS = frozenset(("theta", "phi", "psi"))  # of f_\\theta(x): below a name they count nothing
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
# functions of numbers, and those of a whole array, by the names of the catalogue and of vector
# notation
FUNCTIONS = Words(
    {name: known.name for name, known in NAMED.items() if len(name) > 1} | {"sigm": "sigmoid"}
)
WHOLE = Words(
    {
        "lse": "logsumexp", "tr": "trace",
        **{n: n for n in ("softmax", "logsumexp", "trace", "det", "diag", "logdet", "vec")},
        **{n: n for n in ("sum", "mean")},
    }
)  # fmt: skip
MATRIX_FUNCTIONS = frozenset(("tr", "Tr", "trace", "diag", "Diag", "logdet", "det", "vec"))


def spoken_for(identifier: str) -> str:
    """The identifier, changed where the formula language uses it: \\pi_k is the array pi_."""
    return f"{identifier}_" if identifier in RESERVED or iskeyword(identifier) else identifier
