"""Checks: which function of logits is compared with which exact value, within how many ulp.

Gives `CHECKS`.  Every bound of `symderiv.emit.accuracy`, from which docstrings have theirs, is
verified here, in `atoms`, or in `elementwise` (functions of one number).

To add a check: one row, which names a function of `symderiv.functions`.
"""

from __future__ import annotations

from symderiv.emit.accuracy import bound
from symderiv.verification.exact import Exact, Pair
from symderiv.verification.matrices import (
    STEP,
    by_complex_step,
    of_entries,
    of_log_matrix,
    of_log_product,
    of_matrix,
    of_product,
    of_transposed,
)
from symderiv.verification.measures import (
    Check,
    log_of_sum,
    of_batch,
    of_labels,
    of_logits,
    of_mean_gradient,
    of_targets,
    sums,
)

LOSS, GRADIENT = bound("label_loss"), bound("label_gradient")
BOTH = tuple(bound("label_loss_and_gradient", part) for part in ("loss", "gradient"))


def _p(x: Exact) -> Pair:
    return x.pair("p")


def _loss(x: Exact, y: int) -> Pair:
    return x.pair("loss")[y]


def _gradient(x: Exact, y: int) -> Pair:
    return x.pair("p").at(y, -x.pair("q"), y)


CHECKS: tuple[Check, ...] = (
    of_logits("softmax", _p, bound("softmax")),
    sums("softmax", "sum", 1),
    *of_matrix("softmax_jacobian"),
    Check("softmax_jacobian", "complex step", STEP, by_complex_step, "derivative by complex step"),
    *of_entries("softmax_jacobian_entry"),
    *of_entries("jacobian_entry"),
    of_product("softmax_jvp"),
    of_product("softmax_vjp"),
    of_product("softmax_vjp_gradient"),
    of_logits("softmax_of_activations", _p, bound("softmax")),
    *of_matrix("softmax_of_activations_jacobian"),
    *of_entries("softmax_of_activations_jacobian_entry"),
    of_product("softmax_of_activations_jvp"),
    of_product("softmax_of_activations_vjp"),
    of_logits("log_softmax", lambda x: -x.pair("loss"), bound("log_softmax")),
    of_log_matrix("log_softmax_jacobian"),
    of_log_product("log_softmax_jvp"),
    of_transposed("log_softmax_vjp"),
    sums("log_softmax_jacobian", "row sums", 0),
    Check("logsumexp", "", bound("logsumexp"), log_of_sum),
    of_logits("logsumexp_gradient", _p, bound("logsumexp_gradient")),
    *of_matrix("logsumexp_hessian"),
    *of_entries("logsumexp_hessian_entry"),
    of_product("logsumexp_hvp"),
    of_labels("policy_gradient", lambda x, y: -_loss(x, y), bound("policy_gradient")),
    of_labels(
        "policy_gradient_gradient", lambda x, y: -_gradient(x, y), bound("policy_gradient_gradient")
    ),
    of_labels("cross_entropy", _loss, LOSS),
    of_labels("cross_entropy_gradient", _gradient, GRADIENT),
    sums("cross_entropy_gradient", "sum", 0, labelled=True),
    of_labels("cross_entropy_and_gradient", _loss, BOTH[0], "value", 0),
    of_labels("cross_entropy_and_gradient", _gradient, BOTH[1], "gradient", 1),
    *of_matrix("cross_entropy_hessian"),
    *of_entries("cross_entropy_hessian_entry"),
    of_product("cross_entropy_hvp"),
    of_labels("cross_entropy_of_scores", _loss, LOSS),
    of_labels("cross_entropy_of_scores_gradient", _gradient, GRADIENT),
    of_labels("cross_entropy_of_scores_and_gradient", _loss, BOTH[0], "value", 0),
    of_labels("cross_entropy_of_scores_and_gradient", _gradient, BOTH[1], "gradient", 1),
    of_batch("cross_entropy_logits_batch", _loss, bound("cross_entropy_logits_batch")),
    of_batch("cross_entropy_logits_batch_gradient", _gradient, GRADIENT),
    of_batch("cross_entropy_logits_batch_mean", _loss, bound("cross_entropy_logits_batch_mean")),
    of_mean_gradient("cross_entropy_logits_batch_mean_gradient"),
    of_targets("cross_entropy_soft", loss=True),
    of_targets("cross_entropy_soft_gradient", loss=False),
    of_targets("cross_entropy_soft_and_gradient", loss=True, part="value"),
    of_targets("cross_entropy_soft_and_gradient", loss=False, part="gradient"),
    *of_matrix("cross_entropy_soft_hessian"),
    *of_entries("cross_entropy_soft_hessian_entry"),
    of_product("cross_entropy_soft_hvp"),
    of_targets("kl_divergence_gradient", loss=False),
)
