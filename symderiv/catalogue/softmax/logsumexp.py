"""Log-sum-exp."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="logsumexp",
    title="Log-sum-exp",
    titles={"de": "Log-sum-exp", "fr": "log-sum-exp"},
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); log(sum(exp(z[k]), k))",
    derivatives=(
        Derivative("gradient", ("z[j]",), "p[j]"),
        Derivative("hessian", ("z[i]", "z[j]"), "p[i]*(delta(i,j) - p[j])"),
    ),
    aliases=("lse", "log-sum-exp"),
)
