"""Cross-entropy, its letter that of the variable."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="cross-entropy-reused-letter",
    title="Cross-entropy, its letter that of the variable",
    titles={
        "de": "Kreuzentropie mit dem Buchstaben der Variablen",
        "fr": "entropie croisée avec la lettre de la variable",
    },
    define="p[i] = exp(z[i]) / sum(exp(z[k]), k); -sum(y[j]*log(p[j]), j)",
    derivatives=(Derivative("gradient", ("z[j]",), "p[j]*sum(y[k], k) - y[j]"),),
)
