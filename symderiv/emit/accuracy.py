"""Accuracy: what docstrings state of functions, and what `symderiv verify` holds them to.

Gives `ACCURACY`, the bounds of each numerical function and of each function of the catalogue that
is more than one of those; `OPERATIONS`, that of all others; `bound`, one of them, and `stated`, all
in words.  Imports nothing.

To state a bound: a row here, and a check in `symderiv.verification` that asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Bound:
    """So many units in the last place: of the exact value, or `of` something else.

    `part` is what part of a result it is for, `then` what else is to be said; `unit` stands in the
    table.
    """

    ulp: float
    of: str = ""
    unit: str = "ulp"
    part: str = ""
    then: str = ""

    def said(self, first: bool) -> str:
        """In words; of several, `ulp` is said of the first."""
        words = [self.part, "within" if first or self.part else "", f"{self.ulp:g}"]
        words += ["ulp" if first else "", f"of {self.of}" if self.of else ""]
        return " ".join(word for word in words if word) + self.then


def stated(bounds: tuple[Bound, ...]) -> str:
    """The sentence of a docstring.

    >>> stated((Bound(4, part="loss"), Bound(5, part="gradient")))
    'loss within 4 ulp, gradient within 5'
    >>> stated((Bound(0),))
    'exact'
    """
    if all(b.ulp == 0 for b in bounds):
        return "exact"
    return ", ".join(b.said(first=n == 0) for n, b in enumerate(bounds))


def bound(name: str, part: str = "") -> Bound:
    """The bound of a function, or of a part of its result."""
    (found,) = (b for b in ACCURACY[name] if not part or part in (b.part, b.then.strip()))
    return found


_SIDES = "w = v - v_m where a p_m > 1/2, else v"
_LOGISTIC = {"of": "(1 + |x|) s", "unit": "ulp of (1 + |x|)s"}
_NORMAL = {"of": "(1 + x²) (Φ(x) + |x| φ(x))", "unit": "ulp of (1 + x²)(Φ + |x|φ)"}
_LARGER = {"of": "the larger of p and y", "unit": "ulp of max(p, y)"}

ACCURACY: dict[str, tuple[Bound, ...]] = {
    "softmax": (Bound(5),),
    "complement": (Bound(5),),
    "log_softmax": (Bound(4),),
    "logsumexp": (Bound(4, "the larger of |max z| and log K", "ulp of max(|max z|, log K)"),),
    "label_loss": (Bound(4),),
    "label_gradient": (Bound(5),),
    "label_loss_and_gradient": (Bound(4, part="loss"), Bound(5, part="gradient")),
    "target_loss": (Bound(4, then=" where y is not negative"),),
    "target_gradient": (Bound(5, **_LARGER),),
    "target_loss_and_gradient": (Bound(4, part="loss"), Bound(5, **_LARGER, part="gradient")),
    "jacobian": (Bound(5, part="diagonal"), Bound(9, part="the rest")),
    "jacobian_entry": (Bound(5, then=" on the diagonal"), Bound(9, then=" elsewhere")),
    "log_jacobian": (Bound(5),),
    "jacobian_diagonal": (Bound(5),),
    "jacobian_product": (
        Bound(8, f"p_i (|w_i| + Σ_j p_j |w_j|), {_SIDES}", "ulp of p_i(|w_i| + Σp|w|)"),
    ),
    "log_jacobian_product": (Bound(8, f"|w_i| + Σ_j p_j |w_j|, {_SIDES}", "ulp of |w_i| + Σp|w|"),),
    "log_jacobian_transposed_product": (
        Bound(
            8,
            "|u_j| Σ_{k≠j} p_k + p_j Σ_{i≠j} |u_i| where p_j > 1/2, and of "
            "|u_j| + p_j Σ_i |u_i| elsewhere",
            "ulp of |u_j| + p_j Σ|u|",
        ),
    ),
    "weighted": (Bound(6),),
    "log_complement": (Bound(8),),
    "label_odds_gradient": (Bound(5),),
    "odds_jacobian": (Bound(8),),
    "centred": (Bound(4, "the largest entry", "ulp of the largest"),),
    "sigmoid": (Bound(4),),
    "softplus": (Bound(4),),
    "log_sigmoid": (Bound(4),),
    # functions that are more than one of those
    "cross_entropy_logits_batch": (Bound(4, part="each row", then=", then added up"),),
    "cross_entropy_logits_batch_mean": (Bound(4, part="each row", then=", then averaged"),),
    "cross_entropy_logits_batch_mean_gradient": (Bound(6),),
    "gelu": (Bound(4, **_NORMAL),),
    "gelu_derivative": (Bound(4, **_NORMAL),),
    "log_cosh": (Bound(8),),
    "log_cosh_derivative": (Bound(4),),
    "log_sigmoid_derivative": (Bound(4),),
    "logsumexp_gradient": (Bound(5),),
    "policy_gradient": (Bound(4),),
    "policy_gradient_gradient": (Bound(5),),
    "relu": (Bound(0),),
    "relu_derivative": (Bound(0),),
    "sigmoid_derivative": (Bound(8),),
    "sigmoid_hessian": (Bound(8),),
    "silu": (Bound(4, **_LOGISTIC),),
    "silu_derivative": (Bound(4, **_LOGISTIC),),
    "tanh": (Bound(4),),
    "tanh_derivative": (Bound(8),),
    "tanh_hessian": (Bound(8),),
}

OPERATIONS = Bound(
    4,
    "what their roundings add up to",
    "ulp of its operations",
    part="that of its operations:",
    then=", on short axes",
)
