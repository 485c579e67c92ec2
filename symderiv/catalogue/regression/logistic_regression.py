"""Logistic regression."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="logistic-regression",
    title="Logistic regression",
    titles={"de": "Logistische Regression", "fr": "régression logistique"},
    define=(
        "s[n] = 1/(1 + exp(-sum(X[n,d]*w[d], d)));"
        " -sum(t[n]*log(s[n]) + (1 - t[n])*log(1 - s[n]), n)"
    ),
    derivatives=(Derivative("gradient", ("w[c]",), "sum(X[n,c]*(s[n] - t[n]), n)"),),
)
