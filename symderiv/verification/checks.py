"""Checks: which function of logits is compared with which exact value, within how many ulp.

Gives `CHECKS`.  Every bound that a docstring of `symderiv.functions` states is verified here (or
in `symderiv.verification.elementwise`, for functions of one number).

To add a check: one row, which names a function of `symderiv.functions`.
"""

from __future__ import annotations

from symderiv.verification.exact import Exact, Pair
from symderiv.verification.measures import (
    Check,
    by_complex_step,
    log_of_sum,
    of_batch,
    of_entries,
    of_labels,
    of_log_matrix,
    of_log_product,
    of_logits,
    of_matrix,
    of_product,
    of_targets,
    of_transposed,
    sums,
)

STEP = ("eps/4", "derivative by complex step")


def _p(x: Exact) -> Pair:
    return x.pair("p")


def _loss(x: Exact, y: int) -> Pair:
    return x.pair("loss")[y]


def _gradient(x: Exact, y: int) -> Pair:
    return x.pair("p").at(y, -x.pair("q"), y)


CHECKS: tuple[Check, ...] = (
    of_logits("softmax", _p, 5),
    sums("softmax", "sum", 1),
    *of_matrix("softmax_jacobian"),
    Check("softmax_jacobian", "complex step", 8, by_complex_step, *STEP),
    of_entries("softmax_jacobian_entry"),
    of_entries("jacobian_entry"),
    of_product("softmax_jvp"),
    of_product("softmax_vjp"),
    of_product("softmax_vjp_gradient"),
    of_logits("softmax_of_activations", _p, 5),
    *of_matrix("softmax_of_activations_jacobian"),
    of_entries("softmax_of_activations_jacobian_entry"),
    of_product("softmax_of_activations_jvp"),
    of_product("softmax_of_activations_vjp"),
    of_logits("log_softmax", lambda x: -x.pair("loss"), 4),
    of_log_matrix("log_softmax_jacobian"),
    of_log_product("log_softmax_jvp"),
    of_transposed("log_softmax_vjp"),
    sums("log_softmax_jacobian", "row sums", 0),
    Check("logsumexp", "", 4, log_of_sum, "ulp of max(|max z|, log K)"),
    of_logits("logsumexp_gradient", _p, 5),
    *of_matrix("logsumexp_hessian"),
    of_entries("logsumexp_hessian_entry"),
    of_product("logsumexp_hvp"),
    of_labels("policy_gradient", lambda x, y: -_loss(x, y), 4),
    of_labels("policy_gradient_gradient", lambda x, y: -_gradient(x, y), 5),
    of_labels("cross_entropy", _loss, 4),
    of_labels("cross_entropy_gradient", _gradient, 5),
    sums("cross_entropy_gradient", "sum", 0, labelled=True),
    of_labels("cross_entropy_and_gradient", _loss, 4, "value", 0),
    of_labels("cross_entropy_and_gradient", _gradient, 5, "gradient", 1),
    *of_matrix("cross_entropy_hessian"),
    of_entries("cross_entropy_hessian_entry"),
    of_product("cross_entropy_hvp"),
    of_labels("cross_entropy_of_scores", _loss, 4),
    of_labels("cross_entropy_of_scores_gradient", _gradient, 5),
    of_labels("cross_entropy_of_scores_and_gradient", _loss, 4, "value", 0),
    of_labels("cross_entropy_of_scores_and_gradient", _gradient, 5, "gradient", 1),
    of_batch("cross_entropy_logits_batch", _loss, 4),
    of_batch("cross_entropy_logits_batch_gradient", _gradient, 5),
    of_batch("cross_entropy_logits_batch_mean", _loss, 4),
    of_batch("cross_entropy_logits_batch_mean_gradient", _gradient, 5),
    of_targets("cross_entropy_soft", loss=True),
    of_targets("cross_entropy_soft_gradient", loss=False),
    of_targets("cross_entropy_soft_and_gradient", loss=True, part="value"),
    of_targets("cross_entropy_soft_and_gradient", loss=False, part="gradient"),
    *of_matrix("cross_entropy_soft_hessian"),
    of_entries("cross_entropy_soft_hessian_entry"),
    of_product("cross_entropy_soft_hvp"),
    of_targets("kl_divergence_gradient", loss=False),
)
