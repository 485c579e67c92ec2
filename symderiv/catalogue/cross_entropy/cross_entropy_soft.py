"""Cross-entropy with one-hot or soft targets."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-soft",
    title="Cross-entropy with one-hot or soft targets",
    titles={
        "de": "Kreuzentropie mit One-hot- oder weichen Zielen",
        "fr": "entropie croisée avec des cibles « one-hot » ou douces",
    },
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); -sum(y[i]*log(p[i]), i)",
    assume=("sum(y[i], i) = 1",),
    derivatives=(
        Derivative("gradient", ("z[j]",), "p[j] - y[j]"),
        Derivative("hessian", ("z[i]", "z[j]"), "p[i]*(delta(i,j) - p[j])"),
    ),
    family="cross-entropy",
    options=("soft",),
)
