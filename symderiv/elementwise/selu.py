"""The scaled exponential linear unit."""

from __future__ import annotations

from symderiv.elementwise.entry import Defined

# The scale and a of Klambauer et al., 2017, with which mean 0 and variance 1 stay so; at 0 the
# slope is that from the left.
SCALE = "1.0507009873554804934193349852946"
A = "1.6732632423543772848170429916717"
FUNCTION = Defined(
    name="selu",
    title="scaled exponential linear unit",
    formula=f"{SCALE}*(iverson(x > 0)*x + iverson(x <= 0)*{A}*(exp(x) - 1))",
)
