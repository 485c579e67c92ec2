"""Cross-entropy with targets of any sum."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-unnormalised",
    title="Cross-entropy with targets of any sum",
    titles={
        "de": "Kreuzentropie mit Zielen beliebiger Summe",
        "fr": "entropie croisée avec des cibles de somme quelconque",
    },
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); -sum(y[i]*log(p[i]), i)",
    derivatives=(
        Derivative("gradient", ("z[j]",), "p[j]*sum(y[i], i) - y[j]"),
        Derivative("gradient", ("z[j]",), "p[j] - y[j]", holds=False),
    ),
)
