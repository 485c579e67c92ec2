"""Identities: what the stable forms rest on, to be proved by the judge.

Gives `IDENTITIES`: the formula that an atom stands for, and the form in which it is computed.
Texts in the formula language; nothing is imported.

To add an atom: its identity goes here; a test has the judge prove it.
"""

from __future__ import annotations

from dataclasses import dataclass

P = "p[i] = exp(z[i]) / sum(exp(z[k]), k); "
OTHERS = "sum(p[k]*(1 - delta(k,{0})), k)"


@dataclass(frozen=True)
class Identity:
    """`formula` is what is meant, `computed` what is computed, for the functions named."""

    name: str
    formula: str
    computed: str
    stages: str = ""
    assume: tuple[str, ...] = ()


IDENTITIES = (
    Identity("softmax", "exp(z[i])/sum(exp(z[k]), k)", "exp(z[i] - m)/sum(exp(z[k] - m), k)"),
    Identity(
        "tempered",
        "exp(z[i]/T)/sum(exp(z[k]/T), k)",
        "exp((z[i] - m)/T)/sum(exp((z[k] - m)/T), k)",
    ),
    Identity("complement", "1 - p[i]", OTHERS.format("i"), P),
    Identity("jacobian_diagonal", "p[i]*(1 - p[i])", f"p[i]*{OTHERS.format('i')}", P),
    Identity(
        "jacobian",
        "p[i]*(delta(i,j) - p[j])",
        f"delta(i,j)*p[i]*{OTHERS.format('i')} - (1 - delta(i,j))*p[i]*p[j]",
        P,
    ),
    Identity(
        "log_jacobian",
        "delta(i,j) - p[j]",
        f"delta(i,j)*{OTHERS.format('j')} - (1 - delta(i,j))*p[j]",
        P,
    ),
    Identity(
        "label_gradient",
        "p[j] - delta(j,y)",
        f"(1 - delta(j,y))*p[j] - delta(j,y)*{OTHERS.format('y')}",
        P,
    ),
    Identity(
        "label_loss", "-log(p[y])", "log(1 + sum(exp(z[k])*(1 - delta(k,y)), k)/exp(z[y]))", P
    ),
    Identity("label_loss, far", "-log(p[y])", "log(sum(exp(z[k] - m), k)) - (z[y] - m)", P),
    Identity("log_softmax", "log(p[i])", "(z[i] - z[m]) - (-log(p[m]))", P),
    Identity(
        "logsumexp",
        "log(sum(exp(z[k]), k))",
        "z[m] + log(1 + sum(exp(z[k])*(1 - delta(k,m)), k)/exp(z[m]))",
    ),
    Identity(
        "target_loss",
        "-sum(y[i]*log(p[i]), i)",
        "sum(y[i]*((z[m] - z[i]) - log(p[m])), i)",
        P,
        ("sum(y[i], i) = 1",),
    ),
    Identity(
        "jacobian_product",
        "p[i]*(v[i] - sum(p[j]*v[j], j))",
        "p[i]*((v[i] - v[m]) - sum(p[j]*(v[j] - v[m]), j))",
        P,
    ),
    Identity(
        "jacobian_product, written out",
        "v[i]*p[i] - p[i]*sum(p[j]*v[j], j)",
        "p[i]*((v[i] - v[m]) - sum(p[j]*(v[j] - v[m]), j))",
        P,
    ),
    Identity(
        "log_jacobian_product",
        "v[i] - sum(p[j]*v[j], j)",
        "(v[i] - v[m]) - sum(p[j]*(v[j] - v[m]), j)",
        P,
    ),
    Identity(
        "log_jacobian_transposed_product",
        "u[j] - p[j]*sum(u[i], i)",
        f"u[j]*{OTHERS.format('j')} - p[j]*sum(u[i]*(1 - delta(i,j)), i)",
        P,
    ),
    Identity(
        "label_gradient, summed",
        "sum(w[i]*p[i], i) - w[y]",
        "sum(w[i]*(p[i] - delta(i,y)), i)",
        P,
    ),
    Identity(
        "target_loss, smoothed",
        "-sum(((1 - a)*y[i] + a/K)*log(p[i]), i)",
        "sum(((1 - a)*y[i] + a/K)*((z[m] - z[i]) - log(p[m])), i)",
        P,
        ("sum(y[i], i) = 1",),
    ),
    Identity(
        "label_odds_gradient",
        "(p[j] - delta(j,y))/(1 - p[y])",
        f"(1 - delta(j,y))*p[j]/{OTHERS.format('y')} - delta(j,y)",
        P,
    ),
    Identity(
        "odds_jacobian",
        "(p[j] - delta(i,j))/(1 - p[i])",
        f"(1 - delta(i,j))*p[j]/{OTHERS.format('i')} - delta(i,j)",
        P,
    ),
    Identity(
        "log_complement",
        "log(1 - p[m])",
        "log(sum(exp(z[k])*(1 - delta(k,m)), k)/exp(z[m])) + log(p[m])",
        P,
    ),
    Identity(
        "root_of_squares, squared",
        "w*sum(z[k]**2, k) + r",
        "b**2*(w*sum((z[k]/b)**2, k) + r/b**2)",
    ),
    Identity(
        "centred",
        "z[i] - sum(z[k], (k, 1, N))/N",
        "z[i] - a - sum(z[k] - a, (k, 1, N))/N",
    ),
    Identity(
        "divergence",
        "sum(q[i]*log(q[i]/p[i]), i)",
        "sum(q[i]*log(q[i]), i) - sum(q[i]*log(p[i]), i)",
        P,
    ),
    Identity("sigmoid, doubled", "1 - 2*sigmoid(x)", "-tanh(x/2)"),
    Identity("sigmoid, complement", "1 - sigmoid(x)", "sigmoid(-x)"),
    Identity("sigmoid, far", "1/(1 + exp(-x))", "exp(x)/(1 + exp(x))"),
    Identity("sigmoid, less a target", "sigmoid(x) - y", "sigmoid(x)*(1 - y) - y*sigmoid(-x)"),
    Identity("softplus", "log(1 + exp(x))", "x + log(1 + exp(-x))"),
    Identity("log_sigmoid", "log(sigmoid(x))", "-softplus(-x)"),
    Identity("tanh, derivative", "1 - tanh(x)**2", "(1/cosh(x))**2"),
    Identity("log_cosh", "log(cosh(x))", "x + log(1 + exp(-2*x)) - log(2)"),
    Identity("log_cosh, near 0", "log(cosh(x))", "log(1 + 2*sinh(x/2)**2)"),
)
