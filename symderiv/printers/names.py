"""Names: how an identifier of a formula is read for the page.

Gives `Name` (what is written, with its accents and own subscript), `parse` and the table of Greek
letters.

Imports records.  To add a suffix (as in xhat): one row in ACCENTS.
"""

from __future__ import annotations

import re
from functools import lru_cache

from symderiv.records import dataclass

ACCENTS = ("hat", "bar", "tilde", "dot")

GREEK = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "eps": "ε",
    "zeta": "ζ", "eta": "η", "theta": "θ", "iota": "ι", "kappa": "κ", "lambda": "λ",
    "lamda": "λ", "lam": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "pi": "π", "rho": "ρ",
    "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "φ", "chi": "χ", "psi": "ψ", "omega": "ω",
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π",
    "Sigma": "Σ", "Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω",
}  # fmt: skip

_SPLIT = re.compile(r"^([A-Za-z]+?)_?(\d+)$")


@dataclass(frozen=True)
class Name:
    """An identifier taken apart: `xhat2` is x with a hat and the subscript 2.

    `accents` stand one over the other, as on the bar of x̂, the lowest first.
    """

    base: str
    accents: tuple[str, ...] = ()
    subscript: str = ""

    @property
    def is_greek(self) -> bool:
        return self.base in GREEK

    @property
    def is_word(self) -> bool:
        """More than one letter, and no Greek one: set upright."""
        return len(self.base) > 1 and not self.is_greek


@lru_cache(maxsize=4096)
def parse(identifier: str) -> Name:
    """What an identifier says: x1 -> x₁, xhat -> x̂, z_max -> z with the subscript max."""
    identifier = identifier.rstrip("_")  # pi_ is the array π, which the number pi leaves no name
    for accent in ACCENTS:  # h1bar is hbar1: the bar of h1
        numbered = _SPLIT.match(identifier.removesuffix(accent))
        if identifier.endswith(accent) and numbered and _takes_an_accent(numbered[1]):
            return Name(numbered[1], (accent,), numbered[2])
        stem = identifier.removesuffix(accent)
        if stem not in (identifier, "") and (inner := parse(stem)).accents:  # xhatbar
            return Name(inner.base, (*inner.accents, accent), inner.subscript)
    base, subscript = identifier, ""
    if found := _SPLIT.match(identifier):
        base, subscript = found[1], found[2]
    elif "_" in identifier.strip("_"):
        base, _, subscript = identifier.strip("_").partition("_")
    for accent in ACCENTS:
        stem = base.removesuffix(accent)
        if stem != base and _takes_an_accent(stem):
            return Name(stem, (accent,), subscript)
    return Name(base, (), subscript)


def _takes_an_accent(stem: str) -> bool:
    return len(stem) == 1 or stem in GREEK
