"""The multiclass hinge loss."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="hinge",
    title="The multiclass hinge loss",
    titles={"de": "Hinge-Verlust für mehrere Klassen", "fr": "perte charnière à plusieurs classes"},
    define="s[k] = sum(W[k,d]*x[d], d); sum(max(0, s[k] - s[y] + 1), k) - 1",
    derivatives=(
        Derivative(
            "gradient",
            ("W[l,c]",),
            (
                "x[c]*(iverson(s[l] - s[y] + 1 > 0) - delta(l,y)*sum(iverson(s[k] - s[y] + 1 >"
                " 0), k))"
            ),
        ),
    ),
)
