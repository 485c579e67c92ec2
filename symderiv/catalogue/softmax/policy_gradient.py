"""The policy gradient of a softmax policy."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="policy-gradient",
    title="The log-probability of an action of a softmax policy",
    titles={
        "de": "Log-Wahrscheinlichkeit einer Aktion einer Softmax-Strategie",
        "fr": "log-probabilité d’une action d’une politique softmax",
    },
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); log(p[a])",
    derivatives=(Derivative("gradient", ("z[j]",), "delta(a,j) - p[j]"),),
)
