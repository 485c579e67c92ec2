"""Derivations and pages for the tests of documents: softmax and its loss, as people get them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import symderiv
from symderiv.documents.blocks import Page
from symderiv.documents.presentation import present
from symderiv.documents.setting import Setting

SOFTMAX = symderiv.jacobian("softmax")
CROSS_ENTROPY = replace(
    symderiv.gradient("cross-entropy", soft=True),
    name="cross-entropy-gradient",
    title="The gradient of cross-entropy",
)


@cache
def softmax_at(k: int = 3) -> symderiv.Answer:
    """The Jacobian at a chosen size: entries worked, the cases, the matrix."""
    return symderiv.jacobian("softmax", k=k)


def softmax_page() -> Page:
    """Everything that a page can hold."""
    command = "symderiv jacobian --k 3 --at 1,2,3"
    return present(softmax_at(), Setting(at=(1, 2, 3)), command=command)


@cache
def all_pages() -> Sequence[tuple[str, Page]]:
    """Pages with a name each."""
    brief, full = Setting(detail="brief"), Setting(detail="full")
    return (
        ("softmax", present(SOFTMAX, command="symderiv jacobian softmax")),
        ("softmax-3", softmax_page()),
        ("softmax-100", present(softmax_at(100), Setting(style="cases"))),
        ("cross-entropy", present(CROSS_ENTROPY, command="symderiv gradient cross-entropy")),
        ("cross-entropy-full", present(CROSS_ENTROPY, full)),
        ("softmax-brief", present(SOFTMAX, brief)),
    )
