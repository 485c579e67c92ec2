"""Cross-entropy of a network with one hidden relu layer."""

from symderiv.catalogue.entry import Derivative, Function

FUNCTION = Function(
    name="two-layer",
    title="Cross-entropy of a network with one hidden relu layer",
    titles={
        "de": "Kreuzentropie eines Netzes mit einer verborgenen ReLU-Schicht",
        "fr": "entropie croisée d’un réseau à une couche cachée ReLU",
    },
    define=(
        "h[m] = relu(sum(U[m,d]*x[d], d) + c[m]);"
        " z[i] = sum(W[i,m]*h[m], m) + b[i];"
        " p[i] = exp(z[i]) / sum(exp(z[k]), k);"
        " -sum(y[i]*log(p[i]), i)"
    ),
    assume=("sum(y[i], i) = 1",),
    derivatives=(
        Derivative(
            "gradient",
            ("U[r,e]",),
            ("sum((p[k] - y[k])*W[k,r], k)*x[e]*iverson(sum(U[r,d]*x[d], d) + c[r] > 0)"),
        ),
    ),
)
