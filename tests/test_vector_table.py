"""Vector notation: formulas as people write them, derived, proved, and held against differences.

Each row of `TABLE` is a formula, its variable, the shapes of its names as letters, and, where the
formula is not NumPy already, the same function in NumPy.  Every answer is compared with central
differences of that function at shapes 2 x 3, 3 x 1 and 1 x 1.  Sources: the examples of
matrixcalculus.org, chapter 2 of The Matrix Cookbook (Petersen and Pedersen, 2012; its numbers are
given), and what stands in papers and lecture notes on neural networks.
"""

from __future__ import annotations

from itertools import zip_longest
from typing import Any

import numpy as np
import pytest

import symderiv
from symderiv import catalogue
from symderiv.matrices import matrix_form
from symderiv.terms.problem import name_of

pytestmark = pytest.mark.usefixtures("derived_once")

Array = Any


def stable_softmax(z: Array) -> Array:
    e = np.exp(z - z.max())
    return e / e.sum()


NAMES = {
    "np": np, "exp": np.exp, "log": np.log, "tanh": np.tanh, "sqrt": np.sqrt, "sum": np.sum,
    "trace": np.trace, "tr": np.trace, "norm": np.linalg.norm, "inv": np.linalg.inv,
    "det": np.linalg.det, "logdet": lambda X: np.linalg.slogdet(X)[1], "diag": np.diag,
    "relu": lambda x: np.maximum(x, 0), "sigmoid": lambda x: 1 / (1 + np.exp(-x)),
    "softmax": stable_softmax, "abs": np.abs, "mean": np.mean, "dot": np.dot, "outer": np.outer,
    "norm1": lambda x: np.abs(x).sum(), "max": np.max, "sin": np.sin, "cos": np.cos,
    "logsumexp": lambda x: np.log(np.exp(x).sum()),
    "softplus": lambda x: np.log1p(np.exp(x)), "maximum": np.maximum,
    "silu": lambda x: x / (1 + np.exp(-x)), "leaky_relu": lambda x, a: np.where(x > 0, x, a * x),
}  # fmt: skip

Row = tuple[str, ...]
TABLE: list[Row] = [
    # -- NumPy, as in a notebook
    ("x @ x", "x", "x:n"),
    ("x @ y", "x", "x:n y:n"),
    ("a.T @ x", "x", "a:n x:n"),
    ("x.T @ A @ x", "x", "x:n A:nn"),
    ("x.T @ A @ x + b.T @ x + c", "x", "x:n A:nn b:n c:", "", "c:1"),
    ("y.T @ A @ x", "y", "y:m A:mn x:n"),
    ("y.T @ A @ x", "A", "y:m A:mn x:n"),
    ("norm(A @ x - b)**2", "x", "A:mn x:n b:m"),
    ("norm(A @ x - b)**2", "A", "A:mn x:n b:m"),
    ("norm(A @ x - b)**2", "b", "A:mn x:n b:m"),
    ("norm(A @ x - b)", "x", "A:mn x:n b:m"),
    ("norm(x)", "x", "x:n"),
    ("norm(x - a)", "x", "x:n a:n"),
    ("norm(x)**2/2", "x", "x:n"),
    ("norm(x)**3", "x", "x:n"),
    ("norm1(x)", "x", "x:n"),
    ("norm(X)**2", "X", "X:mn"),
    ("norm(X)", "X", "X:mn"),
    ("norm(A - X @ Y)**2", "X", "A:mn X:mk Y:kn"),
    ("norm(A - X @ Y)**2", "Y", "A:mn X:mk Y:kn"),
    ("norm(W @ x - y)**2", "W", "W:mn x:n y:m"),
    ("norm(W @ x + b - y)**2", "b", "W:mn x:n y:m b:m"),
    ("lam*norm(w)**2 + norm(X @ w - y)**2", "w", "w:n X:mn y:m lam:"),
    ("lam*norm(w)**2 + norm(X @ w - y)**2", "lam", "w:n X:mn y:m lam:"),
    ("sum((X @ w - y)**2)", "w", "w:n X:mn y:m"),
    ("sum((X @ w - y)**2)/len(y)", "w", "w:n X:mn y:m"),
    ("np.mean((X @ w - y)**2)", "w", "w:n X:mn y:m"),
    ("0.5*np.sum((y - X.dot(w))**2)", "w", "w:n X:mn y:m"),
    ("(y - X @ w).T @ (y - X @ w)", "w", "w:n X:mn y:m"),
    ("sum(log(1 + exp(-y*(X @ w))))", "w", "w:n X:mn y:m"),
    ("-sum(y*log(sigmoid(X @ w)) + (1 - y)*log(1 - sigmoid(X @ w)))", "w", "w:n X:mn y:m"),
    ("sum(softplus(X @ w) - y*(X @ w))", "w", "w:n X:mn y:m"),
    ("log(sum(exp(z)))", "z", "z:n"),
    ("logsumexp(A @ x)", "x", "A:mn x:n"),
    ("log(sum(exp(A @ x + b)))", "A", "A:mn x:n b:m"),
    ("a.T @ tanh(W @ x)", "W", "a:m W:mn x:n"),
    ("a.T @ tanh(W @ x)", "x", "a:m W:mn x:n"),
    ("a.T @ sigmoid(W @ x + b)", "b", "a:m W:mn x:n b:m"),
    ("a @ exp(W @ x)", "W", "a:m W:mn x:n"),
    ("-log(softmax(W @ x + b)) @ y", "W", "W:mn x:n b:m y:m"),
    ("-log(softmax(W @ x + b)) @ y", "b", "W:mn x:n b:m y:m"),
    ("-log(softmax(W @ x + b)) @ y", "x", "W:mn x:n b:m y:m"),
    ("-y @ log(softmax(z))", "z", "z:n y:n"),
    ("sum(softmax(z)**2)", "z", "z:n"),
    ("sum(relu(W @ x + b))", "W", "W:mn x:n b:m"),
    ("v @ relu(W @ x + b)", "x", "v:m W:mn x:n b:m"),
    ("sum(x**2)", "x", "x:n"),
    ("sum(x**3)/3", "x", "x:n"),
    ("sum(x*y*z)", "y", "x:n y:n z:n"),
    ("sum(X*Y)", "X", "X:mn Y:mn"),
    ("sum(X)", "X", "X:mn"),
    ("sum(X @ w)", "X", "X:mn w:n"),
    ("sum(x/y)", "y", "x:n y:n"),
    ("sum(sqrt(1 + x**2))", "x", "x:n"),
    ("sum(sin(A @ x))", "x", "A:mn x:n"),
    ("sum(abs(A @ x - b))", "x", "A:mn x:n b:m"),
    ("sum(maximum(0, 1 - y*(X @ w)))", "w", "w:n X:mn y:m"),
    ("dot(a, x)*dot(b, x)", "x", "a:n b:n x:n"),
    ("(a @ x)**2", "x", "a:n x:n"),
    ("exp(-norm(x - a)**2)", "x", "x:n a:n"),
    ("exp(a @ x)", "x", "x:n a:n"),
    ("log(a @ x)**2", "a", "x:n a:n"),
    ("(x @ A @ x)/(x @ x)", "x", "x:n A:nn"),
    ("(x @ y)/(norm(x)*norm(y))", "x", "x:n y:n"),
    ("x @ diag(d) @ x", "d", "x:n d:n"),
    ("x @ diag(d) @ x", "x", "x:n d:n"),
    ("sum(outer(x, y)*A)", "x", "x:m y:n A:mn"),
    ("trace(outer(x, y) @ A)", "A", "x:m y:n A:nm"),
    ("sum(tanh(X @ W))", "W", "X:mk W:kn"),
    ("sum(A*tanh(X @ W))", "X", "X:mk W:kn A:mn"),
    ("sum((X @ W + b)**2)", "b", "X:mk W:kn b:n"),
    ("sigmoid(w @ x + b)", "w", "w:n x:n b:"),  # a number, if it can be
    ("(y - w @ x)**2", "w", "w:n x:n y:"),
    ("c*(x @ y)", "x", "x:n y:n c:"),
    ("log(1 + exp(-y*(w @ x)))", "w", "w:n x:n y:"),
    # -- Jacobians: rows are the function's
    ("A @ x", "x", "A:mn x:n"),
    ("tanh(W @ x)", "x", "W:mn x:n"),
    ("softmax(z)", "z", "z:n"),
    ("sigmoid(z)", "z", "z:n", "", "z:K"),
    ("x/norm(x)", "x", "x:n"),
    ("x*(a @ x)", "x", "x:n a:n"),
    ("x - mean(x)", "x", "x:n"),
    # -- the Matrix Cookbook, chapter 2
    ("trace(X)", "X", "X:nn"),  # 99
    ("trace(X @ A)", "X", "X:mn A:nm"),  # 100
    ("trace(A @ X @ B)", "X", "A:km X:mn B:nk"),  # 101
    ("trace(A @ X.T @ B)", "X", "A:kn X:mn B:mk"),  # 102
    ("trace(X.T @ A)", "X", "X:mn A:mn"),  # 103
    ("trace(A @ X.T)", "X", "A:mn X:mn"),  # 104
    ("trace(X @ X)", "X", "X:nn"),  # 106
    ("trace(X @ X @ B)", "X", "X:nn B:nn"),  # 107
    ("trace(X.T @ B @ X)", "X", "X:mn B:mm"),  # 108
    ("trace(B @ X @ X.T)", "X", "X:mn B:mm"),  # 109
    ("trace(X @ B @ X.T)", "X", "X:mn B:nn"),  # 111
    ("trace(A @ X @ B @ X)", "X", "A:nm X:mn B:nm"),  # 114
    ("trace(X.T @ X)", "X", "X:mn"),  # 115
    ("trace(B.T @ X.T @ C @ X @ B)", "X", "B:nk X:mn C:mm"),  # 116
    ("trace(X.T @ B @ X @ C)", "X", "X:mn B:mm C:nn"),  # 117
    ("trace(A @ X @ B @ X.T @ C)", "X", "A:km X:mn B:nn C:mk"),  # 118
    ("a.T @ X @ b", "X", "a:m X:mn b:n"),  # 70
    ("a.T @ X.T @ b", "X", "a:n X:mn b:m"),  # 71
    ("a.T @ X @ a", "X", "a:n X:nn"),  # 72
    ("b.T @ X.T @ X @ c", "X", "b:n X:mn c:n"),  # 77
    ("(B @ x + b).T @ C @ (D @ x + d)", "x", "B:mn x:n b:m C:mk D:kn d:k"),  # 78
    ("b.T @ X.T @ D @ X @ c", "X", "b:n X:mn D:mm c:n"),  # 82
    ("(X @ b + c).T @ D @ (X @ b + c)", "X", "X:mn b:n c:m D:mm"),  # 83
    ("det(X)", "X", "X:NN"),  # 49
    ("log(abs(det(X)))", "X", "X:NN", "logdet(X)", "", "logdet(X)"),  # 57
    ("logdet(X)", "X", "X:NN"),  # 57
    ("det(A @ X @ B)", "X", "A:NN X:NN B:NN"),  # 50
    ("logdet(X.T @ X)", "X", "X:NN"),  # 54
    ("a.T @ inv(X) @ b", "X", "a:N X:NN b:N"),  # 61
    ("trace(A @ inv(X) @ B)", "X", "A:NN X:NN B:NN"),  # 63
    ("trace(inv(X + A))", "X", "X:NN A:NN"),  # 64
    ("(x - s).T @ inv(W) @ (x - s)", "s", "x:N s:N W:NN"),  # 84-86
    ("logdet(S) + (x - a).T @ inv(S) @ (x - a)", "S", "S:NN x:N a:N"),
    # -- MATLAB, matrixcalculus.org
    ("x'*A*x + c*sin(y)'*x", "x", "x:n A:nn y:n c:", "x @ A @ x + c*(sin(y) @ x)", "c:1"),
    ("norm2(A*x - y)^2", "x", "A:mn x:n y:m", "norm(A @ x - y)**2"),
    ("tr(A*X'*B*X)", "X", "A:nn X:mn B:mm", "trace(A @ X.T @ B @ X)"),
    ("sum(log(exp(A*x) + vector(1)))", "x", "A:mn x:n", "sum(log(exp(A @ x) + 1))"),
    ("a'*(x.*y)", "x", "a:n x:n y:n", "a @ (x*y)"),
    ("sum(x.^2)", "x", "x:n", "sum(x**2)"),
    ("x'*inv(A)*x", "x", "x:N A:NN", "x @ inv(A) @ x"),
    # -- LaTeX
    (r"\|Xw-y\|_2^2", "w", "X:mn w:n y:m", "norm(X @ w - y)**2"),
    (r"\frac{1}{2} \|y - Xw\|^2 + \frac{\lambda}{2} \|w\|^2", "w", "X:mn w:n y:m lam:",
     "norm(y - X @ w)**2/2 + lam/2*(w @ w)"),
    (r"(y - Xw)^\top (y - Xw)", "w", "X:mn w:n y:m", "(y - X @ w) @ (y - X @ w)"),
    (r"\mathbf{x}^{\mathsf T} \mathbf{A} \mathbf{x}", "x", "x:n A:nn", "x @ A @ x"),
    (r"\sigma(w^\top x)", "w", "w:n x:n", "sigmoid(w @ x)"),
    (r"\sigma(w^T x + b)", "w", "w:n x:n b:", "sigmoid(w @ x + b)"),
    (r"\log(1 + e^{-y w^\top x})", "w", "w:n x:n y:", "log(1 + exp(-y*(w @ x)))"),
    (r"\max(0, 1 - y\, w^\top x) + \lambda \|w\|_2^2", "w", "w:n x:n y: lam:",
     "maximum(0, 1 - y*(w @ x)) + lam*(w @ w)"),
    (r"\operatorname{tr}(A^\top X B)", "X", "A:mk X:mn B:nk", "trace(A.T @ X @ B)"),
    (r"\mathrm{tr}\left( X^\top X \right)", "X", "X:mn", "trace(X.T @ X)"),
    (r"\|A - XY\|_F^2", "X", "A:mn X:mk Y:kn", "norm(A - X @ Y)**2"),
    (r"a^\top X^{-1} b", "X", "a:N X:NN b:N", "a @ inv(X) @ b"),
    (r"\log \det X", "X", "X:NN", "logdet(X)"),
    (r"\frac12 \log\det S + \frac12 (x-m)^\top S^{-1} (x-m)", "S", "S:NN x:N m:N",
     "logdet(S)/2 + (x - m) @ inv(S) @ (x - m)/2"),
    (
        r"\frac12 \log|\Sigma| + \frac12 (x-\mu)^\top \Sigma^{-1} (x-\mu)", r"\mu",
        "Sigma:NN x:N mu:N", "logdet(Sigma)/2 + (x - mu) @ inv(Sigma) @ (x - mu)/2",
    ),
    (
        r"\frac12 \log|\Sigma| + \frac12 (x-\mu)^\top \Sigma^{-1} (x-\mu)", r"\Sigma",
        "Sigma:NN x:N mu:N", "logdet(Sigma)/2 + (x - mu) @ inv(Sigma) @ (x - mu)/2",
    ),
    ("x'*(A.^2)*x + x'*A^2*x", "A", "x:n A:nn", "x @ A**2 @ x + x @ A @ A @ x"),
    ("sum(x./y)", "y", "x:n y:n", "sum(x/y)"),
    (r"\log|X| + a^\top X a", "X", "X:NN a:N", "logdet(X) + a @ X @ a"),
    (r"\|x\|_1", "x", "x:n", "norm1(x)"),
    (r"v^\top \tanh(Wx + b)", "W", "v:m W:mn x:n b:m", "v @ tanh(W @ x + b)"),
    (r"\mathbf{1}^\top (a \odot x)", "x", "a:n x:n", "sum(a*x)"),
    (r"\mathbf{1}^\top \exp(Xw) - y^\top X w", "w", "X:mn w:n y:m",
     "sum(exp(X @ w)) - y @ X @ w"),
    (r"-y^\top \log \operatorname{softmax}(Wx)", "W", "W:mn x:n y:m", "-y @ log(softmax(W @ x))"),
    (r"\langle w, x \rangle^2", "w", "w:n x:n", "(w @ x)**2"),
    (r"x^\top \operatorname{diag}(d) x", "d", "x:n d:n", "sum(d*x*x)"),
    (r"\sum_n (w^\top x_n - t_n)^2", "w", "w:n x:mn t:m", "sum((x @ w - t)**2)"),
    (
        r"\frac{1}{N} \sum_{n=1}^N \log(1 + e^{-y_n w^\top x_n})", "w", "w:n x:mn y:m",
        "sum(log(1 + exp(-y*(x @ w))))/len(y)",
    ),
    (
        r"\frac{1}{N} \sum_{n=1}^N \|\mathbf{W} \mathbf{x}_n - \mathbf{y}_n\|^2", "W",
        "W:mn x:kn y:km", "norm(x @ W.T - y)**2/len(y)",
    ),
    (r"\frac{x^\top y}{\|x\| \|y\|}", "x", "x:n y:n", "(x @ y)/(norm(x)*norm(y))"),
    # -- the Matrix Cookbook, chapter 2: what else is differentiable in this sense
    ("det(X.T @ A @ X)", "X", "X:NN A:NN"),
    ("det(X @ X)", "X", "X:NN"),
    ("det(X)**3", "X", "X:NN"),
    ("det(inv(X))", "X", "X:NN"),
    ("logdet(A @ X)", "X", "A:NN X:NN"),
    ("a.T @ X.T @ a", "X", "a:n X:nn"),
    ("b.T @ X @ X.T @ c", "X", "b:m X:mn c:m"),
    ("(x - A @ s).T @ W @ (x - A @ s)", "s", "x:m A:mk s:k W:mm"),
    ("(x - A @ s).T @ W @ (x - A @ s)", "x", "x:m A:mk s:k W:mm"),
    ("(x - A @ s).T @ W @ (x - A @ s)", "A", "x:m A:mk s:k W:mm"),
    ("a.T @ X @ X @ b", "X", "a:n X:nn b:n"),
    ("a.T @ X @ X @ X @ b", "X", "a:n X:nn b:n"),
    ("a.T @ X.T @ X.T @ X @ X @ b", "X", "a:n X:nn b:n"),
    ("trace(A @ X)", "X", "A:nm X:mn"),
    ("trace(B @ X.T @ X)", "X", "B:nn X:mn"),
    ("trace(X.T @ X @ B)", "X", "X:mn B:nn"),
    ("trace((A @ X @ B + C) @ (A @ X @ B + C).T)", "X", "A:km X:mn B:nk C:kk"),
    ("trace(X @ X @ X)", "X", "X:nn"),
    ("trace(A @ X @ X @ X)", "X", "A:nn X:nn"),
    ("trace(B.T @ X.T @ C @ X @ X.T @ C @ X @ B)", "X", "B:nk X:mn C:mm"),
    ("trace(inv(X.T @ C @ X) @ A)", "X", "X:NN C:NN A:NN"),
    ("(x - a)/norm(x - a)", "x", "x:n a:n"),
    ("trace(A @ diag(d))", "d", "A:nn d:n"),
    # -- NumPy, as in a script
    ("np.sum((X @ w - y)**2) + lam*np.sum(w**2)", "w", "X:mn w:n y:m lam:"),
    ("np.mean(np.maximum(0, 1 - y*(X @ w)))", "w", "X:mn w:n y:m"),
    (
        "-np.mean(y*np.log(1/(1 + np.exp(-X @ w))) + (1 - y)*np.log(1 - 1/(1 + "
        "np.exp(-X @ w))))", "w", "X:mn w:n y:m",
    ),
    ("np.log(np.sum(np.exp(X @ w)))", "w", "X:mn w:n"),
    ("np.linalg.norm(X @ W - Y)**2", "W", "X:mk W:kn Y:mn"),
    ("(x - m).T @ np.linalg.solve(S, x - m)", "S", "S:NN x:N m:N"),
    ("np.linalg.slogdet(S)[1] + np.trace(np.linalg.solve(S, A))", "S", "S:NN A:NN"),
    ("np.einsum('i,ij,j->', x, A, x)", "x", "x:n A:nn"),
    ("np.einsum('ij,ij->', A, X)", "X", "A:mn X:mn"),
    ("np.where(x > 0, x, 0.1*x).sum()", "x", "x:n"),
    ("np.linalg.norm(w, 1) + np.linalg.norm(w, ord=2)**2", "w", "w:n"),
    ("(X @ w - y) @ (X @ w - y) / len(y)", "w", "X:mn w:n y:m"),
    ("np.sum(X, axis=0) @ a", "X", "X:mn a:n"),
    ("np.sum(X, axis=1) @ a", "X", "X:mn a:m"),
    ("x.T @ A.T @ A @ x", "x", "x:n A:mn"),
    ("np.vdot(X, Y)", "X", "X:mn Y:mn"),
    ("np.inner(x, y)**2", "x", "x:n y:n"),
    ("np.exp(-0.5*(x - m) @ (x - m))", "m", "x:n m:n"),
    ("np.sum(np.log(np.diag(X)**2))", "X", "X:NN"),
    ("np.multiply(X, X).sum()", "X", "X:mn"),
    ("np.trace(np.linalg.matrix_power(X, 2))", "X", "X:nn"),
    ("v @ np.tanh(W @ np.tanh(U @ x))", "W", "v:m W:mn U:nk x:k"),
    ("v @ np.tanh(W @ np.tanh(U @ x))", "U", "v:m W:mn U:nk x:k"),
    ("np.sum(np.square(X @ W + b - Y))", "b", "X:mk W:kn b:n Y:mn"),
    # -- MATLAB and matrixcalculus.org once more
    ("sum(log(1 + exp(-y.*(X*w))))", "w", "X:mn w:n y:m", "sum(log(1 + exp(-y*(X @ w))))"),
    (
        "w'*w + sum(max(0, 1 - y.*(X*w)))", "w", "X:mn w:n y:m",
        "w @ w + sum(maximum(0, 1 - y*(X @ w)))",
    ),
    ("tr(X'*A*X*B)", "X", "X:mn A:mm B:nn", "trace(X.T @ A @ X @ B)"),
    ("x'*inv(A)*x", "A", "x:N A:NN", "x @ inv(A) @ x"),
    ("(x'*A*x)/(x'*x)", "x", "x:n A:nn", "(x @ A @ x)/(x @ x)"),
    ("exp(-norm2(x - a)^2)", "x", "x:n a:n", "exp(-norm(x - a)**2)"),
    ("sum(sum((A - X*Y).^2))", "X", "A:mn X:mk Y:kn", "norm(A - X @ Y)**2"),
    ("norm(A, 'fro')^2 + tr(A'*B)", "A", "A:mn B:mn", "norm(A)**2 + trace(A.T @ B)"),
    ("y'*sum(A, 2)", "A", "A:mn y:m", "y @ A.sum(axis=1)"),
    ("log(det(X)) - tr(S*X)", "X", "X:NN S:NN", "logdet(X) - trace(S @ X)"),
    ("0.5*norm2(A*x)^2 + c*norm1(x)", "x", "A:mn x:n c:", "0.5*norm(A @ x)**2 + c*norm1(x)", "c:1"),
    # -- LaTeX, as in papers
    (
        r"\frac{1}{2}\|y - X\beta\|_2^2 + \lambda\|\beta\|_1", r"\beta", "y:m X:mn beta:n lam:",
        "norm(y - X @ beta)**2/2 + lam*norm1(beta)",
    ),
    (
        r"-\frac{1}{N}\sum_{n=1}^{N} \log \sigma(y_n \mathbf{w}^\top \mathbf{x}_n)",
        r"\mathbf{w}", "w:n x:mn y:m", "-sum(log(sigmoid(y*(x @ w))))/len(y)",
    ),
    (
        r"\frac{1}{2}\mathbf{w}^\top\mathbf{w} + C\sum_n \max(0, 1 - y_n "
        r"\mathbf{w}^\top\mathbf{x}_n)", r"\mathbf{w}", "w:n x:mn y:m C:",
        "w @ w/2 + C*sum(maximum(0, 1 - y*(x @ w)))", "C:1",
    ),
    (
        r"\|\mathbf{X} - \mathbf{U}\mathbf{V}^\top\|_F^2", r"\mathbf{U}", "X:mn U:mk V:nk",
        "norm(X - U @ V.T)**2",
    ),
    (
        r"\|\mathbf{X} - \mathbf{U}\mathbf{V}^\top\|_F^2", r"\mathbf{V}", "X:mn U:mk V:nk",
        "norm(X - U @ V.T)**2",
    ),
    (r"\operatorname{tr}(W^\top S W)", "W", "W:mn S:mm", "trace(W.T @ S @ W)"),
    (
        r"\operatorname{tr}\left((X - WH)^\top (X - WH)\right)", "H", "X:mn W:mk H:kn",
        "norm(X - W @ H)**2",
    ),
    (r"\frac{w^\top A w}{w^\top B w}", "w", "w:n A:nn B:nn", "(w @ A @ w)/(w @ B @ w)"),
    (r"\log\det(I + X X^\top)", "X", "X:mn", "logdet(np.eye(len(X)) + X @ X.T)"),
    (r"e^{-\gamma \|x - y\|^2}", "x", "x:n y:n gamma:", "exp(-gamma*norm(x - y)**2)"),
    (r"(x^\top y + c)^3", "x", "x:n y:n c:", "(x @ y + c)**3"),
    (r"v^\top \sigma(Wx + b)", "W", "v:m W:mn x:n b:m", "v @ sigmoid(W @ x + b)"),
    (
        r"\mathbf{a}^\top \operatorname{ReLU}(\mathbf{W}\mathbf{x} + \mathbf{b})", r"\mathbf{W}",
        "a:m W:mn x:n b:m", "a @ relu(W @ x + b)",
    ),
    (
        r"\log(1 + e^{x^\top \beta}) - y x^\top \beta", r"\beta", "x:n beta:n y:",
        "log(1 + exp(x @ beta)) - y*(x @ beta)",
    ),
    (r"\langle Ax, y\rangle", "x", "A:mn x:n y:m", "(A @ x) @ y"),
    (r"y^\top K^{-1} y + \log\det K", "K", "y:N K:NN", "y @ inv(K) @ y + logdet(K)"),
    (r"\frac{1}{2}\sum_n \|x_n - W z_n\|^2", "W", "x:km W:mn z:kn", "norm(x - z @ W.T)**2/2"),
    (r"\sum_n \|x_n - \mu\|^2", r"\mu", "x:mn mu:n", "norm(x - mu)**2"),
    (r"\sum_n y_n w^\top x_n", "w", "y:m w:n x:mn", "y @ (x @ w)"),
    ("x^T A x + 2 b^T x", "x", "x:n A:nn b:n", "x @ A @ x + 2*(b @ x)"),
    (r"{\bf x}^T {\bf A} {\bf x}", r"{\bf x}", "x:n A:nn", "x @ A @ x"),
    (r"\tanh(\mathbf{W}\mathbf{x})", r"\mathbf{x}", "W:mn x:n", "tanh(W @ x)"),
    (
        r"\|\mathbf{w}^\top\mathbf{X} - \mathbf{y}^\top\|^2", r"\mathbf{w}", "w:m X:mn y:n",
        "norm(w @ X - y)**2",
    ),
    (r"\ln\det(X^\top A X)", "X", "X:NN A:NN", "logdet(X.T @ A @ X)"),
    (r"\operatorname{tr}(A X^{-1} B)", "X", "A:NN X:NN B:NN", "trace(A @ inv(X) @ B)"),
    (r"(A x + b)^\top (A x + b)", "x", "A:mn x:n b:m", "(A @ x + b) @ (A @ x + b)"),
    (
        r"-\log \frac{e^{w^\top x}}{1 + e^{w^\top x}}", "w", "w:n x:n",
        "-log(exp(w @ x)/(1 + exp(w @ x)))",
    ),
    # -- chapter 2 once more, from its first page to its last
    ("det(X @ X @ X)", "X", "X:NN"),
    ("det(inv(X) @ A)", "X", "X:NN A:NN"),
    ("det(X.T)", "X", "X:NN"),
    ("logdet(lam*X)", "lam", "X:NN lam:"),
    ("det(A + X)", "X", "X:NN A:NN"),
    ("trace(inv(X.T @ C @ X) @ (X.T @ B @ X))", "X", "X:NN C:NN B:NN"),
    ("trace(inv(A + X.T @ C @ X) @ (X.T @ B @ X))", "X", "X:NN C:NN B:NN A:NN"),
    ("sum(X)**2", "X", "X:mn"),
    ("trace(X @ X @ X @ X)", "X", "X:nn"),
    ("trace(X.T @ X @ X.T @ X)", "X", "X:mn"),
    ("trace(X)**2", "X", "X:nn"),
    ("trace(inv(X) @ inv(X))", "X", "X:NN"),
    ("a.T @ inv(X).T @ b", "X", "X:NN a:N b:N"),
    ("a @ inv(X + X.T) @ b", "X", "X:NN a:N b:N"),
    ("norm(inv(X))**2", "X", "X:NN"),
    ("norm(inv(X) @ b - a)**2", "X", "X:NN a:N b:N"),
    ("inv(A) @ x", "x", "A:NN x:N"),
    ("trace(diag(x) @ A @ diag(x))", "x", "A:nn x:n"),
    ("logdet(A + outer(x, x))", "x", "A:NN x:N"),
    ("logdet(B @ diag(a) @ B.T + A)", "a", "A:NN B:Nn a:n"),
    ("(x - A @ s).T @ inv(W) @ (x - A @ s)", "A", "x:N A:Nn s:n W:NN"),
    ("x @ inv(B.T @ B) @ x", "x", "B:NN x:N"),
    (r"\operatorname{tr}(A X^2 B)", "X", "X:nn A:nn B:nn", "trace(A @ X @ X @ B)"),
    (r"\det(X^2)", "X", "X:NN", "det(X @ X)"),
    (r"\det(X^{-1})", "X", "X:NN", "1/det(X)"),
    (r"\mathbf{a}^T (X^2)^T X^2 \mathbf{b}", "X", "X:nn a:n b:n", "a @ (X @ X).T @ X @ X @ b"),
    # -- LaTeX of econometrics, where a prime transposes
    ("(y-X\\beta)'(y-X\\beta)", "\\beta", "y:m X:mn beta:n", "norm(y - X @ beta)**2"),
    ("\\beta'X'X\\beta - 2\\beta'X'y", "\\beta", "y:m X:mn beta:n",
     "beta @ X.T @ X @ beta - 2*(beta @ X.T @ y)"),
    ("X'(y - X\\beta)", "\\beta", "y:m X:mn beta:n", "X.T @ (y - X @ beta)"),
    ("\\mu\\beta'(X'X + \\lambda I)\\beta", "\\beta", "mu: lam: X:mn beta:n",
     "mu*(beta @ X.T @ X @ beta + lam*(beta @ beta))"),
    # -- columns below each other
    ("norm(A(:) - B(:))^2", "A", "A:mn B:mn", "norm(A - B)**2"),
    ("A(:)'*B(:) + sum(A(:).^2)", "A", "A:mn B:mn", "sum(A*B) + sum(A**2)"),
    (r"\operatorname{vec}(X)^\top \operatorname{vec}(A X)", "X", "X:mn A:mm", "sum(X*(A @ X))"),
    ("A.ravel() @ (A @ B).ravel()", "A", "A:mn B:nn", "sum(A*(A @ B))"),
    ("np.zeros_like(x) @ x + 0*sum(y)", "x", "x:n y:n"),
    # -- a number sigma beside the sigmoid, and before a bracket
    (r"y^\top (K + \sigma^2 I)^{-1} y", r"\sigma", "y:N K:NN sigma:",
     "y @ inv(K + sigma**2*np.eye(len(y))) @ y"),
    ("sigma*norm(sigmoid(X @ w) - y)**2", "w", "sigma: X:mn w:n y:m"),
    # -- as papers and scripts have them
    (r"\sum_i \sum_j w_{ij} (x_i - x_j)^2", "x_k", "w:nn x:n",
     "sum(w*(x[:, None] - x[None, :])**2)"),
    ("((X - X.mean(axis=0))**2).sum()", "X", "X:mn"),
    ("np.cos(x) @ A @ np.sin(x)", "x", "A:nn x:n"),
    ("np.log(np.exp(X).sum(axis=1)).sum()", "X", "X:mn"),
    ("torch.sum((torch.relu(X @ W) @ v - y)**2)", "W", "X:mk W:kn v:n y:m",
     "sum((relu(X @ W) @ v - y)**2)"),
    ("sum(sum(X.*exp(X)))", "X", "X:mn", "sum(X*exp(X))"),
    ("exp(-0.5*(x-m)'*inv(S)*(x-m))", "m", "x:N m:N S:NN",
     "exp(-0.5*((x - m) @ inv(S) @ (x - m)))"),
    (r"\sum_{i=1}^n \|x_i - U U^\top x_i\|^2", "U", "x:mn U:nk", "norm(x - x @ U @ U.T)**2"),
    (r"w^\top \Sigma w - \lambda (w^\top w - 1)", "w", "w:n Sigma:nn lam:",
     "w @ Sigma @ w - lam*(w @ w - 1)"),
    (r"\mathbf{q}^\top\mathbf{k}/\sqrt{a}", r"\mathbf{q}", "q:n k:n a:", "q @ k/sqrt(a)", "a:1"),
    (r"\| W_2\,\mathrm{ReLU}(W_1 x + b_1) + b_2 - y\|^2", "b_1",
     "W_1:mn x:n W_2:km y:k b_1:m b_2:k", "norm(W_2 @ relu(W_1 @ x + b_1) + b_2 - y)**2"),
    # -- functions of the catalogue and of several arguments, entry by entry
    ("v @ torch.nn.functional.silu(W @ x + b)", "x", "v:m W:mn x:n b:m", "v @ silu(W @ x + b)"),
    ("np.sum(np.clip(X @ w, -1, 1) * y)", "w", "X:mn w:n y:m"),
    ("v @ leaky_relu(W @ x, 0.1)", "W", "v:m W:mn x:n"),
    (r"v^\top \operatorname{LeakyReLU}(W x, 0.1)", "x", "v:m W:mn x:n",
     "v @ leaky_relu(W @ x, 0.1)"),
]  # fmt: skip
SHAPES = ({"m": 2, "n": 3, "k": 2, "N": 3}, {"m": 3, "n": 1, "k": 4, "N": 2},
          {"m": 1, "n": 1, "k": 1, "N": 1})  # fmt: skip


def given(shapes: str, sizes: dict[str, int], seed: int) -> dict[str, Array]:
    """Values of all names; invertible matrices are those with a capital size."""
    rng = np.random.default_rng(seed)
    values: dict[str, Array] = {}
    for part in shapes.split():
        name, _, letters = part.partition(":")
        shape = tuple(sizes[c] for c in letters)
        value = rng.uniform(0.3, 1.6, shape) * rng.choice((-1, 1), shape)
        values[name] = value + 3 * np.eye(len(value)) if letters == "NN" else value
        if name in ("a", "x") and letters != "NN":
            values[name] = np.abs(values[name])
    return values


def differences(code: str, name: str, values: dict[str, Array]) -> Array:
    """The derivative by central differences: the function's axes first."""

    def at(x: Array) -> Array:
        return np.asarray(eval(code, {**NAMES, **values, name: x}), float)

    x = np.asarray(values[name], float)
    out = np.zeros((*at(x).shape, *x.shape))
    for place in np.ndindex(x.shape):
        step = np.zeros_like(x)
        step[place] = 1e-6
        out[(..., *place)] = (at(x + step) - at(x - step)) / 2e-6
    return out


@pytest.mark.parametrize("row", TABLE, ids=[f"{r[0]} by {r[1]}" for r in TABLE])
def test_an_answer_in_matrices_is_the_derivative(row: Row) -> None:
    formula, name, shapes, numpy, shape, text, *_ = (
        value for value, _ in zip_longest(row, range(7), fillvalue="")
    )
    answer = symderiv.derive(text or formula, wrt=name, shape=shape, timeout=600)
    name = name_of(answer.problem.wrt[0])
    assert str(answer.strength) == "proved"
    form = matrix_form(answer, catalogue.library())
    assert form is not None
    assert form.numpy is not None
    assert form.verdict.holds
    for sizes in SHAPES:
        values = given(shapes, sizes, seed=len(formula))
        expected = differences(numpy or formula, name, values)
        found = eval(form.numpy, {**NAMES, **values})
        assert np.shape(found) in (expected.shape, ()), form.numpy
        np.testing.assert_allclose(found + 0 * expected, expected, rtol=1e-4, atol=1e-6)


SYMMETRIC: list[Row] = [  # with the form that chapter 2.8 of the Cookbook has, where it has one
    ("logdet(X)", "X:NN", "2 X⁻¹ − X⁻¹ ⊙ I"),  # 140
    ("det(X)", "X:NN", "det(X) (2 X⁻¹ − X⁻¹ ⊙ I)"),  # 139
    ("trace(A @ X)", "X:NN A:NN", "Aᵀ + A − A ⊙ I"),  # 138
    ("a @ X @ b", "X:NN a:N b:N", "a bᵀ + b aᵀ − diag(a ⊙ b)"),
    ("a @ inv(X) @ b", "X:NN a:N b:N", "diag(X⁻¹ b ⊙ X⁻¹ a) − X⁻¹ a bᵀ X⁻¹ − X⁻¹ b aᵀ X⁻¹"),
    ("norm(X)**2", "X:NN", "4 X − 2 (X ⊙ I)"),
    ("trace(X)", "X:NN", "I"),
    (
        "logdet(X) + (x - m) @ inv(X) @ (x - m)", "X:NN x:N m:N",
        "2 X⁻¹ − X⁻¹ ⊙ I + diag(X⁻¹ (x − m) ⊙ X⁻¹ (x − m)) − 2 X⁻¹ (x − m) (x − m)ᵀ X⁻¹",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("formula", "shapes", "text"), SYMMETRIC, ids=[r[0] for r in SYMMETRIC])
def test_a_symmetric_matrix_with_its_constraint(formula: str, shapes: str, text: str) -> None:
    """Both X_ij and X_ji are moved by the one variable that they are."""
    answer = symderiv.derive(formula, wrt="sym(X)")
    assert str(answer.strength) == "proved"
    assert any("symmetric" in note for note in answer.problem.notes)
    form = matrix_form(answer, catalogue.library())
    assert form is not None
    assert form.text == text
    assert form.numpy is not None
    for sizes in SHAPES:
        values = given(shapes, sizes, seed=len(formula))
        X = values["X"] = values["X"] + values["X"].T
        free = np.tril(X) + np.tril(X, -1).T - np.triu(X, 1)  # S + S^T - diag(S) is X
        expected = np.zeros_like(X)
        for i, j in np.ndindex(X.shape):
            step = np.zeros_like(X)
            step[i, j] = step[j, i] = 1e-6
            up, down = (eval(formula, {**NAMES, **values, "X": X + s * step}) for s in (1, -1))
            expected[i, j] = (up - down) / 2e-6
        found = eval(form.numpy, {**NAMES, **values, "S": free})
        np.testing.assert_allclose(found + 0 * expected, expected, rtol=1e-4, atol=1e-6)


DECLARED: list[Row] = [
    ("x @ A @ x", "x", "2 A x"),
    ("x @ inv(A) @ x", "x", "2 A⁻¹ x"),
    ("logdet(A)", "A", "A⁻¹"),  # its components vary one by one
    ("a @ inv(A) @ b", "A", "−A⁻¹ a bᵀ A⁻¹"),
]


@pytest.mark.parametrize(("formula", "wrt", "text"), DECLARED, ids=[r[0] for r in DECLARED])
def test_a_matrix_that_is_declared_symmetric_is_its_transpose(
    formula: str, wrt: str, text: str
) -> None:
    form = matrix_form(symderiv.derive(formula, wrt=wrt, assume="A[i,j] = A[j,i]"))
    assert form is not None
    assert form.text == text
    turned = matrix_form(symderiv.derive("x @ inv(A) @ x", wrt="x", assume="A[i,j] = -A[j,i]"))
    assert turned is not None
    assert turned.text == "(A⁻¹ + A⁻ᵀ) x"


def test_which_convention_a_symmetric_matrix_has_is_said() -> None:
    free = symderiv.derive("logdet(X)", wrt="X", assume="X[i,j] = X[j,i]")
    assert any("vary one by one" in note for note in free.problem.notes)
    assert not symderiv.derive("logdet(X)", wrt="X").problem.notes


def test_the_table_is_as_long_as_promised() -> None:
    assert len(TABLE) >= 220
