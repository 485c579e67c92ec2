"""NumPy: the file as it is made."""

from __future__ import annotations

from symderiv.emit.targets.entry import Target

TARGET = Target(name="numpy", title="NumPy", module="np", imports=("import numpy as np",))
