"""Softmax with a temperature."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="softmax-with-temperature",
    title="Softmax with a temperature",
    titles={"de": "Softmax mit einer Temperatur", "fr": "softmax avec une température"},
    define="p[i] = exp(z[i]/T) / sum(exp(z[k]/T), k); p[i]",
    assume=("T > 0",),
    derivatives=(Derivative("jacobian", ("z[j]",), "p[i]*(delta(i,j) - p[j])/T"),),
)
