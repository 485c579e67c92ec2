"""Identities: what the stable forms rest on, to be proved by the judge.

Gives `IDENTITIES`: the formula that an atom stands for, and the form in which it is computed, on
each branch that has a form of its own; and `WITHOUT`, the atoms that have none, and why.  Texts in
the formula language; nothing is imported.

Two things are no identities and stand in no row: limits (0 log 0 = 0), and what is below a
rounding (1 + e^x is 1 where e^x is subnormal; e^r is 1 + r where r is a rounding error).

To add an atom: its identity goes here, under its name; a test has the judge prove it, and another
finds the atom that was forgotten.
"""

from __future__ import annotations

from dataclasses import dataclass

P = "p[i] = exp(z[i]) / sum(exp(z[k]), k); "
OTHERS = "sum(p[k]*(1 - delta(k,{0})), k)"
ROOTS = P + "r[i] = exp((z[i] - m)/2)/sqrt(sum(exp((z[k] - m)/2)**2, k)); "  # of p


@dataclass(frozen=True)
class Identity:
    """`formula` is what is meant, `computed` what is computed, by the function named.

    A comma in the name parts it from the branch.
    """

    name: str
    formula: str
    computed: str
    stages: str = ""
    assume: tuple[str, ...] = ()

    @property
    def atom(self) -> str:
        """The function alone, without the branch."""
        return self.name.partition(",")[0]


IDENTITIES = (
    Identity("softmax", "exp(z[i])/sum(exp(z[k]), k)", "exp(z[i] - m)/sum(exp(z[k] - m), k)"),
    Identity(
        "tempered",
        "exp(z[i]/T)/sum(exp(z[k]/T), k)",
        "exp((z[i] - m)/T)/sum(exp((z[k] - m)/T), k)",
    ),
    Identity(
        "tempered, far",
        "exp(z[i]/T)/sum(exp(z[k]/T), k)",
        "exp(z[i]/T - m/T)/sum(exp(z[k]/T - m/T), k)",
    ),
    Identity("row_sums", "sum(z[k], k)", "sum(g[k], k) + sum(z[k] - g[k], k)"),
    Identity("less_exactly", "z[i] - b", "d + ((z[i] - (d - a)) - (b + a))"),
    Identity("less_exactly, in e^", "exp(z[i] - b)", "exp(d)*exp((z[i] - (d - a)) - (b + a))"),
    Identity(
        "faint",
        "sum(exp(z[k] - z[c])*(1 - delta(k,c)), k)",
        "exp((m - z[c])/2)*(sum(exp(z[k] - m)*(1 - delta(k,c)), k)*exp((m - z[c])/2))",
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
        "jacobian_entry",
        "p[i]*(delta(i,j) - p[j])",
        "exp(z[i])/s*(delta(i,j)*sum(exp(z[k])*(1 - delta(k,i)), k)/s"
        " - (1 - delta(i,j))*exp(z[j])/s)",
        P + "s = sum(exp(z[k]), k); ",
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
        "target_loss, far",
        "-sum(y[i]*log(p[i]), i)",
        "4*sum((z[m]/4 - z[i]/4 - log(p[m])/4)*y[i], i)",
        P,
        ("sum(y[i], i) = 1",),
    ),
    Identity(
        "target_gradient",
        "p[j] - y[j]",
        f"(1 - delta(j,m))*(p[j] - y[j]) + delta(j,m)*((1 - y[m]) - {OTHERS.format('m')})",
        P,
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
        "jacobian_product, by roots of p",
        "p[i]*(v[i] - sum(p[j]*v[j], j))",
        "(v[i] - v[c])*r[i]*r[i] - r[i]*(r[i]*sum((v[j] - v[c])*r[j]*r[j], j))",
        ROOTS,
    ),
    Identity(
        "jacobian_product, of a large v",
        "p[i]*(v[i] - sum(p[j]*v[j], j))",
        "(p[i]*(v[i]*b - sum(p[j]*(v[j]*b), j)))/b",
        P,
    ),
    Identity(
        "log_jacobian_product",
        "v[i] - sum(p[j]*v[j], j)",
        "(v[i] - v[m]) - sum(p[j]*(v[j] - v[m]), j)",
        P,
    ),
    Identity(
        "log_jacobian_product, by roots of p",
        "v[i] - sum(p[j]*v[j], j)",
        "(v[i] - v[c]) - sum(r[j]*(r[j]*(v[j] - v[c])), j)",
        ROOTS,
    ),
    Identity(
        "log_jacobian_transposed_product",
        "u[j] - p[j]*sum(u[i], i)",
        f"u[j]*{OTHERS.format('j')} - p[j]*sum(u[i]*(1 - delta(i,j)), i)",
        P,
    ),
    Identity(
        "log_jacobian_transposed_product, by roots of p",
        "u[j] - p[j]*sum(u[i], i)",
        "u[j] - r[j]*(r[j]*(sum(u[i]*(1 - delta(i,c)), i) + u[c]))",
        ROOTS,
    ),
    Identity(
        "log_jacobian_transposed_product, by roots of p, at the largest",
        "u[c] - p[c]*sum(u[i], i)",
        "sum(r[k]*(r[k]*u[c])*(1 - delta(k,c)), k) - r[c]**2*sum(u[i]*(1 - delta(i,c)), i)",
        ROOTS,
    ),
    Identity("roots", "p[i]", "r[i]**2", ROOTS),
    Identity("weighted, by roots of p", "p[i]*v[i]", "r[i]*(r[i]*v[i])", ROOTS),
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
        "(1 - delta(j,y))*exp(z[j])/sum(exp(z[k])*(1 - delta(k,y)), k) - delta(j,y)",
        P,
    ),
    Identity(
        "odds_jacobian",
        "(p[j] - delta(i,j))/(1 - p[i])",
        f"(1 - delta(i,j))*p[j]/{OTHERS.format('i')} - delta(i,j)",
        P,
    ),
    Identity(
        "odds_jacobian, the row of the largest",
        "(p[j] - delta(j,m))/(1 - p[m])",
        "(1 - delta(j,m))*exp(z[j])/sum(exp(z[k])*(1 - delta(k,m)), k) - delta(j,m)",
        P,
    ),
    Identity("log_complement", "log(1 - p[m])", f"log({OTHERS.format('m')})", P),
    Identity(
        "log_complement, too little left",
        "log(1 - p[m])",
        "log(sum(exp(z[k] - z[m])*(1 - delta(k,m)), k)) + log(p[m])",
        P,
    ),
    Identity(
        "root_of_squares",
        "sqrt(w*sum(z[k]**2, k) + r)",
        "exp(b)*sqrt(w*sum((z[k]/exp(b))**2, k) + r/exp(b)**2)",
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
    Identity("sigmoid_times, far", "sigmoid(x)*v", "exp(x/2)*(exp(x/2)*v)/(1 + exp(x))"),
    Identity("zero_times", "x*v", "(1 - iverson(x >= 0)*iverson(-x >= 0))*x*v"),
    Identity("log_ratio", "log(x)*(1 - x)**(g - 1)", "log(x)/(1 - x)*(1 - x)**g"),
    Identity("erfc", "(1 + erf(x))/2", "(1 - erf(-x))/2"),
    Identity("tanh, derivative", "1 - tanh(x)**2", "(1/cosh(x))**2"),
    Identity("log_cosh", "log(cosh(x))", "x + log(1 + exp(-2*x)) - log(2)"),
    Identity("log_cosh, near 0", "log(cosh(x))", "log(1 + 2*sinh(x/2)**2)"),
)

WITHOUT = {
    "erf": "from the C library",
    "label_loss_and_gradient": "label_loss and label_gradient in one pass",
    "target_loss_and_gradient": "target_loss and target_gradient in one pass",
}
