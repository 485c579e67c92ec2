"""Cross-entropy with label smoothing."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="label-smoothing",
    title="Cross-entropy with label smoothing",
    titles={
        "de": "Kreuzentropie mit geglätteten Labels",
        "fr": "entropie croisée avec lissage des étiquettes",
    },
    define=(
        "p[i] = exp(z[i]) / sum(exp(z[k]), (k, 1, K));"
        " -sum(((1 - a)*y[i] + a/K)*log(p[i]), (i, 1, K))"
    ),
    assume=("sum(y[i], i) = 1",),
    derivatives=(Derivative("gradient", ("z[j]",), "p[j] - (1 - a)*y[j] - a/K"),),
)
