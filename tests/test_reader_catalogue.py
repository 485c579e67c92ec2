"""Catalogue functions in formulas: the stages they bring and the values they have."""

from __future__ import annotations

import pytest

from symderiv.reader import ReadError, formula, read, read_claim

LIBRARY = {
    "softmax": "p[i] = exp(z[i]) / sum(exp(z[k]), k); p[i]",
    "logsumexp": "log(sum(exp(z[k]), k))",
    "log_softmax": "log(softmax(z)[i])",
    "silu": "s = sigmoid(x); x*s",
    "gelu": "x*(1 + erf(x/sqrt(2)))/2",
    "standardise(x, eps)": """
        mu = mean(x[k], k)
        xhat[i] = (x[i] - mu)/sqrt(mean((x[k] - mu)**2, k) + eps)
    """,
    "cross_entropy(z, y)": "-sum(y[i]*log(softmax(z)[i]), i)",
    "smooth": "((1 - a)*y[i] + a/K)*sum(y[k], (k, 1, K))",
    "loop": "loop(x) + 1",
    "wrong(x, w)": "x + v",
    "void": "",
}
P = "p[i] = exp(z[i])/sum(exp(z[k]), (k, 1, K))"
P_ROWS = "p[n,i] = exp(z[n,i])/sum(exp(z[n,k]), (k, 1, K))"


@pytest.mark.parametrize(
    ("text", "stages", "function"),
    [
        ("softmax(z)[j]", [P], "p[j]"),
        ("softmax(z[:])[j]", [P], "p[j]"),
        ("log_softmax(z)[y]", [P], "log(p[y])"),
        # one stage, however often it is called
        ("softmax(z)[i]*softmax(z)[j]", [P], "p[i]*p[j]"),
        ("logsumexp(z)", [], "log(sum(exp(z[k]), (k, 1, K)))"),
        # a stage of the user's own that says the same is the stage
        ("q[i] = exp(z[i])/sum(exp(z[j]), j); softmax(z)[y]",
         ["q[i] = exp(z[i])/sum(exp(z[j]), (j, 1, K))"], "q[y]"),
        # a stage's name that is taken gets a number
        ("p = 3; p*softmax(z)[i]", ["p = 3", P.replace("p[", "p1[")], "p*p1[i]"),
        ("softmax(z)[i] + softmax(q)[j]", [P, P.replace("z", "q").replace("p[", "p1[", 1)
         .replace("K", "M")], "p[i] + p1[j]"),
        # other stages as arguments
        ("f[i] = 2*z[i]; softmax(f)[i]", ["f[i] = 2*z[i]", P.replace("z", "f")], "p[i]"),
        # rows, whichever letter they have
        ("softmax(z[n,:])[i]", [P_ROWS], "p[n,i]"),
        ("sum(log(softmax(z[n,:])[y[n]]), n)", [P_ROWS], "sum(log(p[n,y[n]]), (n, 1, N))"),
        ("sum(softmax(z[n,:])[i]*softmax(q[n+1,:])[i], i, (n, 1, N))",
         [P_ROWS, "p1[n,i] = exp(q[n+1,i])/sum(exp(q[n+1,k]), (k, 1, K))"],
         "sum(sum(p[n,i]*p1[n,i], (n, 1, N)), (i, 1, K))"),
        ("softmax(A[:,n])[i]", ["p[n,i] = exp(A[i,n])/sum(exp(A[k,n]), (k, 1, K))"], "p[n,i]"),
        ("softmax(z[2,:])[i]", ["p[i] = exp(z[2,i])/sum(exp(z[2,k]), (k, 1, M))"], "p[i]"),
        # a label is never the index of a definition
        ("softmax(z[y,:])[i]", [P_ROWS.replace("K", "M")], "p[y,i]"),
        ("softmax(z[i,:])[j]", ["p[i,k] = exp(z[i,k])/sum(exp(z[i,m]), (m, 1, M))"], "p[i,j]"),
        # no letter is captured
        ("sum(softmax(z[k,:])[i], k)",
         ["p[k,i] = exp(z[k,i])/sum(exp(z[k,m]), (m, 1, M))"], "sum(p[k,i], (k, 1, K))"),
        ("softmax(sum(W[:,k]*x[k], k))[i]",
         ["p[i] = exp(sum(W[i,k]*x[k], (k, 1, M)))"
          "/sum(exp(sum(W[m,k]*x[k], (k, 1, M))), (m, 1, K))"], "p[i]"),
        # arrays inside an expression stand at the index that is wanted
        ("softmax(z/T)[i] + z[1]", [P.replace("z[i]", "z[i]/T").replace("z[k]", "z[k]/T")],
         "p[i] + z[1]"),
        ("softmax(softmax(z))[i]",
         ["p[k] = exp(z[k])/sum(exp(z[m]), (m, 1, K))",
          "p1[i] = exp(p[i])/sum(exp(p[k]), (k, 1, K))"], "p1[i]"),
        # elementwise functions with a stage of their own
        ("gelu(x)", [], "x*(1 + erf(x/sqrt(2)))/2"),
        ("silu(x)", ["s = sigmoid(x)"], "x*s"),
        ("silu(z[i])", ["s[i] = sigmoid(z[i])"], "z[i]*s[i]"),
        ("sum(silu(A[i,j]), i, j)", ["s[i,j] = sigmoid(A[i,j])"],
         "sum(sum(A[i,j]*s[i,j], (j, 1, M)), (i, 1, K))"),
        # arguments in the order that the name states
        ("cross_entropy(z, t)", [P],
         "-sum(t[i]*log(p[i]), (i, 1, K))"),
        ("standardise(x, 0.1)[j]",
         ["mu = sum(x[k], (k, 1, K))/K",
          "xhat[i] = (x[i] - mu)/sqrt(sum((x[k] - mu)**2, (k, 1, K))/K + 1/10)"], "xhat[j]"),
        # a size that is named in the catalogue is the size of the argument's axis
        ("smooth(a, t)[j] + sum(t[n], (n, 1, N))", [],
         "((1 - a)*t[j] + a/N)*sum(t[k], (k, 1, N)) + sum(t[n], (n, 1, N))"),
    ],
)  # fmt: skip
def test_a_call_is_its_definition(text: str, stages: list[str], function: str) -> None:
    problem = read(text, library=LIBRARY)
    written = [f"{formula(s.quantity)} = {formula(s.body)}" for s in problem.stages]
    assert (written, formula(problem.function)) == (stages, function)


@pytest.mark.parametrize(
    ("text", "claim", "term"),
    [
        ("log_softmax(z)[i]", "delta(i,j) - softmax(z)[j]", "delta(i,j) - p[j]"),
        ("log_softmax(z)[i]", "delta(i,j) - p[j]", "delta(i,j) - p[j]"),
        ("logsumexp(z)", "softmax(z)[j]", "exp(z[j])/sum(exp(z[k]), (k, 1, K))"),
        ("sum(logsumexp(A[n,:])*z[n], n)", "sum(softmax(A[n,:])[i], n, i)*z[j]",
         "sum(sum(exp(A[n,i])/sum(exp(A[n,k]), (k, 1, K)), (i, 1, K)), (n, 1, N))*z[j]"),
    ],
)  # fmt: skip
def test_a_claim_folds_into_the_stages_of_its_problem(text: str, claim: str, term: str) -> None:
    problem = read(text, "z[j]", library=LIBRARY)
    assert formula(read_claim(claim, problem, LIBRARY)) == term


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("1 + loop(x)", 5, "'loop' is defined by itself"),
        ("wrong(x, 1)", 1, "wrong(x, w) is used with ['x', 'v']"),
        ("void(x)", 1, "'void' has an empty definition"),
        ("sum(t[n], (n, 1, N)) + logsumexp(1)", 34,
         "this argument has no index here; write an array as z[:], a row of a matrix as z[t,:]"),
        ("cross_entropy(z[:], t[n,:]) + sum(z[k], (k, 1, K)) + sum(t[n,k], n, (k, 1, M))", 58,
         "K and M are both sizes of t's axis"),
    ],
)  # fmt: skip
def test_a_call_is_refused(text: str, column: int, message: str) -> None:
    with pytest.raises(ReadError) as refusal:
        read(text, library=LIBRARY)
    assert (refusal.value.message, refusal.value.column) == (message, column)


@pytest.mark.parametrize(
    ("text", "wrt", "shapes"),
    [
        ("softmax(z/T)[i]", "T", {"z": 1}),
        ("softmax(z/T)[i]", "z[j]", {"z": 1}),
        ("softmax(z[:]/T)[i]", "T", {"z": 1}),
        ("logsumexp(2*z)", "", {"z": 1}),
        ("logsumexp(x/T) + logsumexp(x)", "T", {"x": 1}),
        ("softmax((z - m)/T)[i] + m", "T", {"z": 1}),
        ("-log(softmax(exp(s)*z)[y])", "s", {"z": 1}),
        ("q = 3*T; softmax(z/q)[i]", "T", {"z": 1}),
        ("standardise(a*x, e)[i]", "a", {"x": 1}),
        ("softmax(a*softmax(z)[:])[i]", "a", {"z": 1}),
    ],
)
def test_the_one_bare_name_in_an_argument_is_the_array(
    text: str, wrt: str, shapes: dict[str, int]
) -> None:
    problem = read(text, (wrt,) if wrt else (), library=LIBRARY)
    stages = {s.name for s in problem.stages}
    assert {n: len(s) for n, s in problem.shapes.items() if n not in stages} == shapes


@pytest.mark.parametrize(
    ("text", "wrt"),
    [
        ("softmax(z/T)[i]", "z"),  # T stands only below the bar
        ("softmax(a*z/T)[i]", "T"),  # a or z
        ("logsumexp(x/T) + x", "T"),  # x is a scalar
        ("cross_entropy(b*x, c*y)", "b"),  # c or y
        ("softmax(3)[i]", ""),
        ("x = 2; logsumexp(x/3)", ""),
    ],
)
def test_an_argument_without_an_array_says_how_to_write_it(text: str, wrt: str) -> None:
    with pytest.raises(
        ReadError, match=r"this argument has no index here; write an array as z\[:\]"
    ):
        read(text, (wrt,) if wrt else (), library=LIBRARY)
