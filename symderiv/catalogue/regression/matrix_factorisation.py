"""One entry of a matrix factorisation."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="matrix-factorisation",
    title="One entry of a matrix factorisation",
    titles={
        "de": "Ein Eintrag einer Matrixfaktorisierung",
        "fr": "un élément d’une factorisation de matrice",
    },
    define="(r - sum(p[d]*q[d], d))**2/2",
    derivatives=(Derivative("gradient", ("p[e]",), "(sum(p[d]*q[d], d) - r)*q[e]"),),
)
