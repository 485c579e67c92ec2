"""Vector notation: what a text is lowered to, which shapes fit, and what is refused."""

from __future__ import annotations

from contextlib import suppress
from random import Random

import pytest

import symderiv
from symderiv import catalogue
from symderiv.mistakes import Mistake, Unanswered
from symderiv.reader import ReadError, read, understand

LOWERED: list[tuple[str, str, str, str]] = [
    ("W @ x + b", "x", "sum(W[i,j]*x[j], j) + b[i]", "x[k]"),
    ("x.T @ A @ x", "x", "sum(x[j]*A[j,i]*x[i], i, j)", "x[k]"),
    ("norm(x)**2", "x", "sum(x[i]**2, i)", "x[j]"),
    ("norm(x)", "x", "sqrt(sum(x[i]**2, i))", "x[j]"),
    ("trace(A @ X)", "X", "sum(sum(A[i,j]*X[j,i], j), i)", "X[k,l]"),
    ("sum(x)", "x", "sum(x[i], i)", "x[j]"),
    ("sum(X, axis=0) @ w", "X", "sum(X[j,i]*w[i], i, j)", "X[k,l]"),
    ("diag(X) @ a", "X", "sum(X[i,i]*a[i], i)", "X[j,k]"),
    ("x'*y", "x", "sum(x[i]*y[i], i)", "x[j]"),
    ("sum(x.^2)", "x", "sum(x[i]**2, i)", "x[j]"),
    (r"\|x\|_1", "x", "sum(abs(x[i]), i)", "x[j]"),
    (r"\|x\|_\infty", "x", "max(abs(x[i]), i)", "x[j]"),
    (r"\|x\|_p^p", "x", "sum(abs(x[i])**p, i)", "x[j]"),
    (r"\lVert x - y \rVert_3", "x", "sum(abs(x[i] - y[i])**3, i)**(1/3)", "x[j]"),
    ("np.linalg.norm(x, 3)", "x", "sum(abs(x[i])**3, i)**(1/3)", "x[j]"),
    (r"\langle A, X \rangle", "X", "sum(A[i,j]*X[i,j], i, j)", "X[k,l]"),
    (r"\langle A, X \rangle_F", "X", "sum(A[i,j]*X[i,j], i, j)", "X[k,l]"),
    (r"a^\top W^{[2]} x", r"W^{[2]}", "sum(a[j]*W_2[j,i]*x[i], i, j)", "W_2[k,l]"),
    (r"x \oslash a", "x", "x[i]/a[i]", "x[j]"),
    (r"x^{\prime} A x", "x", "sum(x[j]*A[j,i]*x[i], i, j)", "x[k]"),
    (r"\lVert X \rVert_{\mathrm{F}}^2", "X", "sum(X[i,j]**2, i, j)", "X[k,l]"),
    ("np.var(x)", "x", "mean((x[i] - mean(x[j], j))**2, i)", "x[k]"),
    ("np.std(x)", "x", "sqrt(mean((x[i] - mean(x[j], j))**2, i))", "x[k]"),
    ("tf.reduce_sum(x**2)", "x", "sum(x[i]**2, i)", "x[j]"),
    ("x.pow(2)", "x", "x[i]**2", "x[j]"),
    ("x.t() @ x", "x", "sum(x[i]*x[i], i)", "x[j]"),
    ("A.mv(x)", "x", "sum(A[i,j]*x[j], j)", "x[k]"),
    ("F.softmax(z, dim=-1)", "z", "p[i] = softmax(z)[i]\np[i]", "z[j]"),
    ("F.sum()", "F", "sum(F[i,j], i, j)", "F[k,l]"),  # of a matrix F
    ("scipy.special.logsumexp(z)", "z", "log(sum(exp(z[i]), i))", "z[j]"),
    ("torch.logsumexp(Z, dim=1)", "Z", "log(sum(exp(Z[i,j]), j))", "Z[k,l]"),
    (r"x^\top y", "x", "sum(x[i]*y[i], i)", "x[j]"),
    (r"\lambda x^\top x", r"\lambda", "lam*sum(x[i]*x[i], i)", "lam"),
    ("a @ x*lam", "lam", "sum(a[i]*x[i], i)*lam", "lam"),
    ("P = softmax(X @ W); sum(P*Y)", "W",
     "Z[i,j] = sum(X[i,k]*W[k,j], k)\nP[i,j] = softmax(Z[i,:])[j]\nsum(P[i,j]*Y[i,j], i, j)",
     "W[k,l]"),
    (r"x - \mathbf 1^\top x\,\mathbf 1", "x", "x[i] - sum(1*x[j], j)*1", "x[k]"),
    (r"a^\top x\, b", "x", "sum(a[i]*x[i], i)*b", "x[j]"),  # a number, so that all is one
    (r"\mathbf a^\top \mathbf x\, \mathbf b", "x", "sum(a[j]*x[j], j)*b[i]", "x[k]"),  # bold: none
    (r"\boldsymbol\theta^\top x\, y", "x", "sum(theta[i]*x[i], i)*y", "x[j]"),
    ("i @ j", "i", "sum(i[k]*j[k], k)", "i[l]"),  # names that are letters as well
    ("np.vdot(X, Y)", "X", "sum(X[i,j]*Y[i,j], i, j)", "X[k,l]"),  # of all components
    ("np.inner(X, Y)", "X", "sum(X[i,k]*Y[j,k], k)", "X[l,m]"),  # over the last axes
    ("np.sum(X, 1) @ a", "X", "sum(X[i,j]*a[i], i, j)", "X[k,l]"),  # counted from 0
    ("sum(X, 1)*a + x'*y", "X", "sum(X[j,i]*a[i], i, j) + sum(x[i]*y[i], i)", "X[k,l]"),  # from 1
    ("sum(X, 2)'*a", "X", "sum(X[i,j]*a[i], i, j)", "X[k,l]"),
    ("sum(sum(X.^2))", "X", "sum(X[i,j]**2, i, j)", "X[k,l]"),
    ("norm(A*x - b, 2)^2", "x", "sum((sum(A[i,j]*x[j], j) - b[i])**2, i)", "x[k]"),
    ("norm(A, 'fro')^2", "A", "sum(A[i,j]**2, i, j)", "A[k,l]"),
    ("np.linalg.norm(x, ord=np.inf)", "x", "max(abs(x[i]), i)", "x[j]"),
    ("np.linalg.slogdet(X)[1]", "X", "logdet(X)", "X[i,j]"),
    ("np.linalg.solve(A, b)", "b", "sum(inv(A)[i,j]*b[j], j)", "b[k]"),
    ("np.linalg.matrix_power(X, 2)", "X", "sum(X[i,k]*X[k,j], k)", "X[l,m]"),
    ("np.multiply(x, y).sum()", "x", "sum(x[i]*y[i], i)", "x[j]"),
    ("2*np.pi*x @ x", "x", "2*pi*sum(x[i]*x[i], i)", "x[j]"),
    ("torch.softmax(z, dim=-1)", "z", "p[i] = softmax(z)[i]\np[i]", "z[j]"),
    # bold names, and a capital beside a name, are vectors and matrices; so is ^T
    (r"\tanh(Wx + b)", "W", "tanh(sum(W[i,j]*x[j], j) + b[i])", "W[k,l]"),
    (r"\mathbf{W}^{(1)} \mathbf{x}", r"\mathbf{x}", "sum(W_1[i,j]*x[j], j)", "x[k]"),
    (r"\sum_n \|\mathbf{W} \mathbf{x}_n\|^2", r"\mathbf{W}",
     "sum(sum(sum(W[i,j]*x[n,j], j)**2, i), n)", "W[k,l]"),
    (r"\sum_n \|x_n - \mu\|^2", r"\mu", "sum(sum((x[n,i] - mu[i])**2, i), n)", "mu[j]"),
    (r"\|w^\top x\|^2", "w", "abs(sum(w[i]*x[i], i))**2", "w[j]"),
    (r"-\log \operatorname{softmax}(Wx + b)_y", "b",
     "z[i] = sum(W[i,j]*x[j], j) + b[i]\np[i] = softmax(z)[i]\n-log(p[y])", "b[i]"),
    (r"x^{\rm T} A x", "x", "sum(x[j]*A[j,i]*x[i], i, j)", "x[k]"),
    ("x^T A x", "x", "sum(x[j]*A[j,i]*x[i], i, j)", "x[k]"),
    ("x^T*A*x", "x", "sum(x[j]*A[j,i]*x[i], i, j)", "x[k]"),
    ("f(x) = x @ x", "x", "f = sum(x[i]*x[i], i)\nf", "x[i]"),
    (r"a^\top e^{-x}", "x", "sum(a[i]*exp(-x[i]), i)", "x[j]"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "meant", "by"), LOWERED, ids=[r[0] for r in LOWERED])
def test_vector_notation_is_lowered_by_shapes(text: str, wrt: str, meant: str, by: str) -> None:
    asked = understand(text, (wrt,))
    assert (asked.formula, asked.wrt, asked.notation) == (meant, (by,), "vector")


def test_arguments_that_are_written_alike_are_not_confused() -> None:
    asked = understand("softmax((A + B) @ x) @ y + softmax(A @ x + B @ x) @ y", ("x",))
    stages = asked.formula.split("\n")
    assert len(stages) == 5
    text = "softmax((a + b)*x) @ y - softmax(a + b*x) @ y"  # two stages z, not one
    assert str(symderiv.derive(text, wrt="x").strength) == "proved"
    assert understand(text, ("x",)).formula.count("softmax") == 2


SCALARS = ("x*tanh(x)", "exp(-x**2)", "log(x) + y", "logsumexp(z)", "max(a, b)", "sqrt(x)")


@pytest.mark.parametrize("text", SCALARS)
def test_what_has_no_sign_of_vectors_stays_as_it_is(text: str) -> None:
    asked = understand(text, ("x",))
    assert (asked.formula, asked.notation) == (text, "index")


def test_shapes_are_declared() -> None:
    asked = understand("sigmoid(w @ x + b)", ("b",), shape="b: 1; w: D; x: D")
    assert asked.formula == "sigmoid(sum(w[i]*x[i], (i, 1, D)) + b)"
    assert asked.wrt == ("b",)
    asked = understand("tanh(x)", ("x",), shape="x: 3")
    assert (asked.formula, asked.wrt) == ("tanh(x[i])", ("x[j]",))


def test_an_array_may_be_named_whole_in_index_notation_too() -> None:
    library = {"half": "x/2", "norm2(z)": "sum(z[k]**2, k)"}
    whole = {
        ("sum(x[i]**2, i)", "x"): "x[j]",
        ("sum(W[i,k]*x[k], i, k)", "W"): "W[j,l]",
        (r"\sum_i x_i^2", "x"): "x[j]",
        ("norm2(z)", "z"): "z[j]",
        ("half(x)", "x"): "x",
        ("x*tanh(x)", "x"): "x",
    }
    for (formula, wrt), meant in whole.items():
        assert understand(formula, (wrt,), library=library).wrt == (meant,)
    asked = understand("sum(x[i]**2, i)", ("x",), claim="2*x[m]")
    assert asked.wrt == ("x[m]",)


def test_a_name_with_an_underscore_is_one_name() -> None:
    asked = understand("mean((y_pred - y)**2)", wrt=("y_pred",))
    assert (asked.formula, asked.wrt) == ("mean((y_pred[i] - y[i])**2, i)", ("y_pred[j]",))
    with pytest.raises(ReadError, match=r"a variable is a whole array, z$"):
        understand("norm(z)**2", wrt=("z_j",))


def test_a_letter_is_a_number_where_only_that_fits() -> None:
    asked = understand(r"\log(1 + e^{-y w^\top x})", ("w",))
    assert asked.formula == "log(1 + exp(-y*sum(w[i]*x[i], i)))"
    asked = understand(r"w^\top x + b", ("b",), shape="b: 1")
    assert asked.wrt == ("b",)


BIASES = {
    ("sigmoid(w @ x + b)", "b"): "sigmoid(sum(w[i]*x[i], i) + b)",
    ("b - 2*c + w.T @ x", "c"): "b - 2*c + sum(w[i]*x[i], i)",
    ("z = np.dot(w, x) + b; y - z", "y"): "z = sum(w[i]*x[i], i) + b\ny - z",
    ("W @ x + b", "b"): "sum(W[i,j]*x[j], j) + b[i]",
    ("softmax(w @ x + b)", "b"):
    "z[i] = sum(w[j]*x[j], j) + b[i]\np[i] = softmax(z)[i]\np[i]",
    ("v @ (w @ x + b)", "b"): "sum(v[i]*(sum(w[j]*x[j], j) + b[i]), i)",
    ("x - x @ x", "x"): "x[i] - sum(x[j]*x[j], j)",
    ("x/norm(w)", "x"): "x[i]/sqrt(sum(w[j]**2, j))",
}  # fmt: skip


@pytest.mark.parametrize(("text", "wrt"), BIASES)
def test_what_is_added_to_an_inner_product_is_a_number_where_that_fits(text: str, wrt: str) -> None:
    assert understand(text, (wrt,)).formula == BIASES[text, wrt]
    if wrt == "b":  # what is declared is as declared
        assert "b[i]" in understand(text, ("b",), shape="b: 3").formula


REFUSED: list[tuple[str, str, str, str]] = [
    ("A @ x + y @ B", "x", "A: M,N; B: K,L",
     "A @ x and y @ B do not fit: M and L would be one size"),
    ("2 @ x", "x", "", "@ takes arrays, and 2 is a number; write *"),
    ("torch.var(x)", "x", "",
     "var divides by n in NumPy, by n - 1 elsewhere; write np.var(x), or what is meant"),
    ("math.exp(x)", "x", "",
     "math.exp is of one number; write exp(…), or np.exp(…) of an array"),
    ("torch.sum(x, dim=1)", "x", "",
     'axis is 0 or 1, one that x has; for a matrix write X, or shape "x: N,K"'),
    ("x'*y' + A*x", "x", "", "x.T and y.T are both rows; a^T b is their inner product, "
     "a b^T the outer one"),
    ("sum(log(b - A*x))", "x", "", "A*x is by components in NumPy, a product in MATLAB; "
     "write A @ x or A .* x"),
    ("sum(x'^2)", "x", "", "x.T is a row, which has no power; its components have, and the inner "
     "product of a column x with itself is x^T x"),
    ("A(:)", "A", "", "A(:) is one column of components that have two indices here; it stands in "
     "sums, in norms and in inner products with another such"),
    ("A(:)*B(:)'", "A", "", "A(:) @ (B(:)).T has four indices; only the inner product is read"),
    ("A(:)'*B", "A", "", "(A(:)).T and B do not fit: only one is A(:)"),
    ("b'Ab", "b", "", "a sign is missing behind '; write x'*A*x"),
    (r"\|x - x'\|^2", "x", "",
     "x' is no name here; a prime is read on functions, \\sigma'(z)"),
    ("trace(x)", "x", "", "trace takes a matrix, and x is a column"),
    ("norm(x) + foo(x)", "x", "", "unknown function 'foo'"),
    ("x @ y[i]", "x", "", "a component stands in no vector notation; "
     "write all with indices, or none"),
    ("outer(A, x)", "x", "", "outer takes two vectors; A is a matrix, x is a column"),
    ("x @", "x", "", "this is no formula; a sign or a term is missing here"),
    ("norm(x", "x", "", "this is no formula; a sign or a term is missing here"),
    ("norm(X w - y)", "w", "", "an operator is missing between 'X' and 'w'; write X @ w"),
    ("x' A x", "x", "", "an operator is missing between \"x'\" and 'A'; write x'*A"),
    ("norm(x).y", "x", "", ".y is not in vector notation"),
    ("x @ y; z @ y", "x", "", "only the last part is the function; a stage is named"),
    ("norm(x)", "q", "", "'q' is not in the formula"),
    ("2*np.pi*x @ x", "pi", "", "'pi' is a constant here, not a variable"),
    ("norm(x)", "x", "x: N,D,E", "'x: N,D,E' is no shape; it takes such as X: N,D; lam: 1"),
    (r"\|A\|_2^2", "A", "", "the norm 2 of a matrix is none of its components alone; "
     r"\|A\|_F and norm(A) are the root of the sum of their squares"),
    ("norm(A, 2)", "A", "", "the norm 2 of a matrix is none of its components alone; "
     r"\|A\|_F and norm(A) are the root of the sum of their squares"),
    ("x @ y.T", "x", "", "x @ y.T is the inner product in NumPy, the outer one on paper; "
     "write x @ y for the one, outer(x, y) for the other"),
    ("sum(A.^2)", "A", "", "sum of a matrix goes down its columns in MATLAB; "
     "write sum(sum(…)) for the whole, sum(…, 1) for the columns"),
    ("max(A'*A)", "A", "", "max of a matrix goes down its columns in MATLAB; "
     "write max(max(…)) for the whole"),
    ("x'*2^3^2", "x", "", "MATLAB takes powers from the left, a textbook from the right; "
     "write brackets"),
    (r"\operatorname{tr}(e^X)", "X", "", "e to the matrix X is not read; "
     "exp(X) is taken by components"),
    (r"\operatorname{tr} \log X", "X", "", "trace of log(X) is read both by components and as "
     "the function of a matrix; write the components with indices"),
    ("np.linalg.norm(X, axis=1)", "X", "", "norm takes one order beside its array: "
     "1, 2, inf or 'fro'"),
    ("np.sum(X, axis=2)", "X", "", "axis is 0 or 1, one that X has"),
    ("softmax(X @ W, axis=0)", "X", "", "softmax is read along the last axis, axis=-1"),
    ("a @ X @ a", "sym(a)", "", 'sym(a): a is a vector; shape "a: N,N"'),
    ("X = A + B; a @ X @ a", "sym(X)", "", "sym(X): X is defined here, and no variable"),
    ("norm(A*x - b)", "x", "", "A*x is by components in NumPy, a product in MATLAB; "
     "write A @ x or A .* x"),
    ("diag(x)*y", "x", "", "diag(x)*y is by components in NumPy, a product in MATLAB; "
     "write diag(x) @ y or diag(x) .* y"),
    ("log(det(X)) - trace(S*X)", "X", "", "S*X is by components in NumPy, a product in MATLAB; "
     "write S @ X or S .* X"),
    ("softmax(2) @ x", "x", "", "softmax takes a vector; 2 is a number"),
    (r"A \odot B x", "x", "", r"how far does '\odot' reach?  Both sides of it are matrices, and a "
     "product stands behind; write brackets"),
    (r"x^\top A^\top \odot B x", "x", "", r"how far does '\odot' reach?  Both sides of it are "
     "matrices, and a product stands behind; write brackets"),
    (r"A \odot (B x)", "x", "", "A is a matrix and B @ x is a column; they have no sum and no "
     "elementwise product"),
    (r"\|A - B c\|_F^2", "c", "", "A is a matrix and B @ c is a column; they have no sum and no "
     "elementwise product"),
    (r"\operatorname{tr}(A x)", "x", "", "trace takes a matrix, and A @ x is a column"),
    (r"A \odot x", "x", "", "A is a matrix and x is a column; they have no sum and no elementwise "
     "product"),
    (r"\mathbf 1^\top x\,\mathbf 1", "x", "", "(1).T @ x @ 1 is a column of equal components, and "
     "nothing says how many; differentiate one of them"),
    ("__import__('os') @ x", "x", "", "no"),
    ("x @ (lambda: 1)", "x", "", "no"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "wrt", "shape", "message"), REFUSED)
def test_what_does_not_fit_is_refused(text: str, wrt: str, shape: str, message: str) -> None:
    with pytest.raises(ReadError) as caught:
        symderiv.derive(text, wrt=wrt, shape=shape)
    assert message == "no" or caught.value.message == message


@pytest.mark.parametrize(
    ("text", "form"),
    [
        (r"(A \odot B) x", "A ⊙ B"),
        (r"a \odot B x", "diag(a) B"),  # no product of a column and a matrix: only one reach fits
        (r"\alpha \odot x", "α I"),
    ],
)
def test_a_product_by_elements_reaches_as_its_brackets_and_shapes_say(text: str, form: str) -> None:
    assert f"∂f/∂x = {form}," in symderiv.derive(text, wrt="x").page()


def test_a_claim_in_vector_notation_is_judged() -> None:
    def verdict(claim: str) -> str:
        answer = symderiv.derive("norm(A @ x - b)**2", wrt="x", claim=claim)
        assert answer.claim is not None
        return str(answer.claim.verdict.strength)

    assert verdict("2*A.T @ (A @ x - b)") == "proved"
    assert verdict("A.T @ (A @ x - b)") == "refuted"
    answer = symderiv.derive(r"\|Xw-y\|_2^2", wrt="w", claim=r"2 X^\top (Xw - y)")
    assert answer.claim is not None
    assert str(answer.claim.verdict.strength) == "proved"


PIECES = [
    *("x", "A", "X", "lam", "@", "*", ".T", "'", ".*", "+", "-", "(", ")", "norm(", "trace("),
    *("softmax(", "sum(", "inv(", "logdet(", "diag(", ",", "**", "2", "^", "/", ";", "=", "np."),
    *("exp(", "x[", "]", "axis=0", "\n", "outer(", "len(", ".shape[0]", "where(", ">", "e", "I"),
]


def test_a_claim_may_name_the_size_that_the_page_names() -> None:
    said = symderiv.derive("mean((x - y)**2)", wrt="x", claim="2*(x - y)/K").claim
    assert said is not None
    assert str(said.verdict.strength) == "proved"
    with pytest.raises(ReadError, match="'Q' is not in the formula"):
        symderiv.derive("mean((x - y)**2)", wrt="x", claim="2*(x - y)/Q")


def test_no_text_breaks_the_reader_of_vectors() -> None:
    random = Random(8)
    library = catalogue.library()
    for _ in range(4_000):
        text = "".join(random.choices(PIECES, k=random.randint(2, 12)))
        with suppress(Mistake, Unanswered):  # nothing else may be raised
            asked = understand(text, ("x",), shape=random.choice(("", "x: N")))
            with asked.blaming():
                read(asked.formula, asked.wrt, asked.assume, library)


@pytest.mark.parametrize(
    "text",
    ["(" * 2000 + "x" + ")" * 2000 + " @ x", "-" * 9000 + "x @ x", "x @ " * 2400 + "x",
     "norm(" * 500 + "x" + ")" * 500, "x**" * 500 + "x @ x", "x @ y" + "'" * 5000,
     "9" * 60 + " @ x", "x @ y" * 3000, "x\x00 @ y", "é @ x"],
)  # fmt: skip
def test_hostile_vector_text_is_refused(text: str) -> None:
    with pytest.raises((Mistake, Unanswered)):
        symderiv.derive(text, wrt="x", timeout=5)
