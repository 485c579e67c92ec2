"""Programs of networks: `value_and_gradients` in NumPy, written from the stages and the adjoints.

Gives `source`, `compiled` (the function of such a file) and `check`.

Floor 4: imports the network.  `lowering` makes code of terms (`values` are its pieces,
`exponentials` carry their shift), `common` computes nothing twice, `sizes` finds the lengths of
axes, `runtime` holds what is copied into the file, `program` writes it,
`check` runs it.
"""

from __future__ import annotations

from symderiv.programs.check import check
from symderiv.programs.program import compiled, source

__all__ = ["check", "compiled", "source"]
