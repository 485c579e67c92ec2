"""Layer normalisation."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="layer-normalisation",
    title="Layer normalisation",
    titles={"de": "Schichtnormalisierung", "fr": "normalisation de couche"},
    define=(
        "m = mean(x[k], (k, 1, K));"
        " v = mean((x[k] - m)**2, (k, 1, K));"
        " s = sqrt(v + e);"
        " n[i] = (x[i] - m)/s;"
        " n[i]"
    ),
    assume=("e > 0",),
    derivatives=(Derivative("jacobian", ("x[j]",), "(delta(i,j) - 1/K - n[i]*n[j]/K)/s"),),
    aliases=("layer-norm", "layernorm", "layer-normalization", "ln"),
)
