"""The Kullback-Leibler divergence from softmax."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="kl-divergence",
    title="The Kullback-Leibler divergence from softmax",
    titles={
        "de": "Kullback-Leibler-Divergenz von Softmax",
        "fr": "divergence de Kullback-Leibler par rapport à softmax",
    },
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); sum(q[i]*log(q[i]/p[i]), i)",
    assume=("sum(q[i], i) = 1", "q[i] > 0"),
    derivatives=(Derivative("gradient", ("z[j]",), "p[j] - q[j]"),),
    aliases=("kl", "kld"),
)
