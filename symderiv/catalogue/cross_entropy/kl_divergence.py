"""The Kullback-Leibler divergence from softmax."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="kl-divergence",
    title="The Kullback-Leibler divergence from softmax",
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); sum(q[i]*log(q[i]/p[i]), i)",
    assume=("sum(q[i], i) = 1", "q[i] > 0"),
    derivatives=(Derivative("gradient", ("z[j]",), "p[j] - q[j]"),),
    aliases=("kl", "kld"),
)
