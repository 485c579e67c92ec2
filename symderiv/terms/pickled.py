"""Pickled: what is stored and copied has its terms as they are written.

Gives `Pickled`, of which a record with terms in it is made.

Floor 0: imports late; how it is stored is imported when something is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from symderiv import late

if TYPE_CHECKING:
    from symderiv.terms import pickling
else:
    pickling = late.module("symderiv.terms.pickling")


class Pickled:
    """A record that is loaded, and copied, with every term in it as it was written."""

    __slots__ = ()

    def __reduce__(self) -> tuple[Any, ...]:
        return pickling.reduced(self, Pickled)
