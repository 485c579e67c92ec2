"""The reader: text in index notation, LaTeX or vector notation to a `Problem`.

Gives `understand`, which brings LaTeX and vector notation to the formula language; `read` and
`read_claim` of that language; `ReadError`; `formula`, which writes a term back as text; and two for
what stands in files of ours: `of_scalars` for the formulas of functions, `read_identity` for the
laws of rules.

    >>> from symderiv.reader import read
    >>> problem = read("p[i] = exp(z[i]) / sum(exp(z[k]), k); -log(p[y])", wrt=("z[j]",))
    >>> problem.shapes["z"], sorted(problem.labels)
    ((K,), ['y'])

Each is imported when it is first asked for.  Floor 1: imports floor 0 only.  What a text is written
in finds `notation`, with `authors` and `variables` for what stands beside a formula; its way then:
`marks` bounds it, `pieces` has it parsed by Python's `ast`, `parsed` refuses what can be refused
of trees alone; so far SymPy is not imported.  `expressions` walks the trees (with `subscripts`,
`binders`, `conditions`, `literals`, `constants`, and `calls` for catalogue functions), `names`,
`freedom` and `axes` keep what each name, each free letter and each axis is, `vectors` finds the
arrays that no subscript shows, and `reading` puts the problem together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from symderiv import late

if TYPE_CHECKING:
    from symderiv.reader.claim import read_claim
    from symderiv.reader.expressions import of_scalars
    from symderiv.reader.formulas import formula
    from symderiv.reader.identities import Identity, read_identity
    from symderiv.reader.notation import Understood, understand
    from symderiv.reader.reading import read
    from symderiv.reader.refusal import ReadError

__all__ = [
    "Identity",
    "ReadError",
    "Understood",
    "formula",
    "of_scalars",
    "read",
    "read_claim",
    "read_identity",
    "understand",
]

_HOMES = {
    "Identity": "identities",
    "ReadError": "refusal",
    "Understood": "notation",
    "formula": "formulas",
    "of_scalars": "expressions",
    "read": "reading",
    "read_claim": "claim",
    "read_identity": "identities",
    "understand": "notation",
}

__getattr__ = late.names(__name__, _HOMES)
