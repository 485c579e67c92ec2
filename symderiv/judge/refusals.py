"""What to print of a line that was refused: everything that is needed to see it.

Imports floor 0 only.
"""

from __future__ import annotations

from collections.abc import Mapping

from symderiv.terms.verdict import Verdict


def refusal(rule: str, verdict: Verdict) -> str:
    """One sentence, then the size, the indices, the point and both values.

    >>> from symderiv.terms.verdict import Counterexample, Strength
    >>> shown = Counterexample({"K": 2}, {"i": 1, "j": 2}, {"z[1]": "1/2"}, "0.25", "-0.25")
    >>> print(refusal("quotient rule", Verdict(Strength.REFUTED, counterexample=shown)))
    quotient rule: the line does not equal the line before
      at K = 2, i = 1, j = 2
      with z[1] = 1/2
      before: 0.25
      after:  -0.25
    """
    shown = verdict.counterexample
    if shown is None:
        why = f" ({verdict.note})" if verdict.note else ""
        return f"{rule}: it could not be decided whether the line equals the line before{why}"
    at = _listed({**shown.sizes, **shown.indices})
    lines = [f"{rule}: the line does not equal the line before"]
    lines += [f"  at {at}"] if at else []
    lines += [f"  with {_listed(shown.point)}"] if shown.point else []
    lines += [f"  before: {shown.left}", f"  after:  {shown.right}"]
    lines += [f"  ({verdict.note})"] if verdict.note else []
    return "\n".join(lines)


def _listed(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name} = {value}" for name, value in values.items())
