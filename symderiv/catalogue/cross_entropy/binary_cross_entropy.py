"""Binary cross-entropy."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="binary-cross-entropy",
    title="Binary cross-entropy",
    titles={"de": "Binäre Kreuzentropie", "fr": "entropie croisée binaire"},
    define="s[i] = 1/(1 + exp(-z[i])); -sum(y[i]*log(s[i]) + (1 - y[i])*log(1 - s[i]), i)",
    derivatives=(
        Derivative("gradient", ("z[j]",), "s[j] - y[j]"),
        Derivative("hessian", ("z[i]", "z[j]"), "delta(i,j)*s[i]*(1 - s[i])"),
    ),
    aliases=("bce",),
)
