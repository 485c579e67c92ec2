"""Functions: the names that mean something already.

Gives `RESERVED`.  What an elementwise function is says its file in `elementwise`.  One that is only
another name, or that is written out, may also be the name of an array.

Imports elementwise and scan.
"""

from __future__ import annotations

from symderiv.elementwise import FUNCTIONS
from symderiv.reader.scan import BINDERS
from symderiv.terms.derived import FUNCTIONS as DERIVED

RESERVED: dict[str, str] = {
    "pi": "the number pi",
    **dict.fromkeys(("sqrt", *FUNCTIONS, *BINDERS, *DERIVED, "delta", "iverson"), "a function"),
}
