"""Networks with their forward passes written by hand, over numbers of any kind.

Gives `EXAMPLES`, and `gradients` of each.  A forward pass is NumPy over arrays of objects, so that
one text computes with floats and with mpmath's numbers; nothing of the package is used in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any

import mpmath
import numpy as np

import symderiv
from symderiv.face.networks import Gradients


@dataclass(frozen=True, eq=False)
class Example:
    """A network, its forward pass, the shapes of its inputs, its labels (from 0)."""

    name: str
    text: str
    forward: Callable[..., Any]
    shapes: Mapping[str, tuple[int, ...]]
    labels: Mapping[str, Any] = field(default_factory=dict)


@cache
def gradients(example: Example) -> Gradients:
    """The gradients by all inputs, derived once for all tests of a process."""
    return symderiv.backprop(example.text, wrt=tuple(example.shapes))


def each(function: Any) -> Callable[[Any], Any]:
    return np.vectorize(function, otypes=[object])


exp, log, tanh, sqrt, erf = map(
    each, (mpmath.exp, mpmath.log, mpmath.tanh, mpmath.sqrt, mpmath.erf)
)
sigmoid = each(lambda x: 1 / (1 + mpmath.exp(-x)))
relu = each(lambda x: x if x > 0 else 0 * x)


def softmax(z: Any) -> Any:
    e = exp(z)
    return e / e.sum(axis=-1, keepdims=True)


def mlp(W1: Any, x: Any, b1: Any, W2: Any, b2: Any, V: Any, y: int) -> Any:
    h = tanh(W1 @ x + b1)
    g = relu(W2 @ h + b2) + h
    return -log(softmax(V @ g)[y])


def attention(Wq: Any, x: Any, Wk: Any, Wv: Any, Wo: Any, y: Any) -> Any:
    total: Any = 0
    heads = []
    for q, k, v in zip(Wq, Wk, Wv, strict=True):
        s = (x @ q.T) @ (x @ k.T).T / mpmath.sqrt(q.shape[0])
        heads.append(softmax(s) @ (x @ v.T))
    o = sum(h @ w.T for h, w in zip(heads, Wo, strict=True)) + x
    p = softmax(o)
    for t, label in enumerate(y):
        total = total - log(p[t, label])
    return total / len(y)


def causal(Wq: Any, x: Any, Wk: Any, Wv: Any, g: Any) -> Any:
    s = exp((x @ Wq.T) @ (x @ Wk.T).T / mpmath.sqrt(Wq.shape[0]))
    for t in range(len(x)):
        s[t, t + 1 :] = 0
    o = s / s.sum(axis=1, keepdims=True) @ (x @ Wv.T)
    return ((o - g) ** 2).sum()


def by_distance(Wq: Any, x: Any, b: Any, g: Any) -> Any:
    steps = np.arange(len(x))
    s = x @ Wq.T @ x.T / mpmath.sqrt(2) + b[len(x) - 1 + steps[:, None] - steps]
    return ((softmax(s) @ x - g) ** 2).sum() / len(x)


def padded(w: Any, x: Any, b: Any, g: Any) -> Any:
    wide = np.concatenate([[0 * b], x, [0 * b]])
    a = tanh(np.array([w @ wide[n : n + 3] for n in range(len(x))]) + b)
    return ((a - g) ** 2).sum()


def gru(
    Wr: Any, Ur: Any, Wu: Any, Uu: Any, Wh: Any, Uh: Any, x1: Any, x2: Any, h0: Any, t: Any
) -> Any:
    h = h0
    for x in (x1, x2):
        r, u = sigmoid(Wr @ x + Ur @ h), sigmoid(Wu @ x + Uu @ h)
        h = (1 - u) * h + u * tanh(Wh @ x + Uh @ (r * h))
    return ((h - t) ** 2).sum()


def lstm(W: Any, U: Any, b: Any, x1: Any, x2: Any, h0: Any, c0: Any, V: Any, y: int) -> Any:
    h, c = h0, c0
    for x in (x1, x2):
        f, i, o, g = W @ x + U @ h + b
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c)
    return -log(softmax(V @ h)[y])


def convolution(w: Any, x: Any, b: Any, V: Any, y: int) -> Any:
    width = w.shape[-1]
    count = x.shape[-1] - width + 1
    a = np.array([[relu((k * x[:, i : i + width]).sum() + c) for i in range(count)]
                  for k, c in zip(w, b, strict=True)], dtype=object)  # fmt: skip
    pooled = a.max(axis=1) + a.sum(axis=1) / count
    return -log(softmax(V @ pooled)[y])


def strided(w: Any, x: Any, t: Any) -> Any:
    a = np.array([tanh((w * x[2 * i : 2 * i + 2]).sum()) for i in range(len(t))], dtype=object)
    return ((a - t) ** 2).sum()


def layer_norm(x: Any, g: Any, b: Any, W: Any, y: int, eps: Any) -> Any:
    m = x.sum() / len(x)
    v = ((x - m) ** 2).sum() / len(x)
    return -log(softmax(W @ (g * (x - m) / sqrt(v + eps) + b) + 0)[y])


def batch_norm(x: Any, ga: Any, be: Any, t: Any, eps: Any) -> Any:
    m = x.sum(axis=0) / len(x)
    v = ((x - m) ** 2).sum(axis=0) / len(x)
    h = relu(ga * (x - m) / sqrt(v + eps) + be)
    return ((h - t) ** 2).sum() / len(x)


def gcn(A: Any, X: Any, W1: Any, W2: Any, m: Any, y: Any) -> Any:
    d = 1 / sqrt(A.sum(axis=1))
    s = d[:, None] * A * d
    p = softmax(s @ relu(s @ X @ W1) @ W2)
    total: Any = 0
    for n, label in enumerate(y):
        total = total - m[n] * log(p[n, label])
    return total / m.sum()


def vae(A: Any, x: Any, M: Any, S: Any, e: Any, B: Any, C: Any) -> Any:
    h = tanh(A @ x)
    mu, lv = M @ h, S @ h
    xh = C @ tanh(B @ (mu + exp(lv / 2) * e))
    return ((x - xh) ** 2).sum() / 2 - (1 + lv - mu**2 - exp(lv)).sum() / 2


def experts(G: Any, x: Any, W: Any, t: Any, lam: Any) -> Any:
    g = softmax(G @ x)
    o = sum(a * tanh(w @ x) for a, w in zip(g, W, strict=True))
    return ((o - t) ** 2).sum() + lam * (g * log(g)).sum()


def siamese(W: Any, x: Any, b: Any, z: Any, m: Any, eps: Any, s: Any) -> Any:
    d = ((tanh(W @ x + b) - tanh(W @ z + b)) ** 2).sum()
    r = m - sqrt(d + eps)
    return s * d + (1 - s) * relu(r) ** 2


def dropout(W1: Any, x: Any, b1: Any, W2: Any, k: Any, y: Any, lam: Any) -> Any:
    p = softmax((k * relu(x @ W1.T + b1)) @ W2.T)
    total: Any = 0
    for n, label in enumerate(y):
        total = total - log(p[n, label])
    return total / len(y) + lam * ((W1**2).sum() + (W2**2).sum()) / 2


def tied(E: Any, W: Any, V: Any, u: Any, y: Any) -> Any:
    p = softmax(tanh(E[u] @ W.T) @ V.T @ E.T)
    return -sum(log(p[t, label]) for t, label in enumerate(y))


def two_uses(W: Any, x: Any, V: Any, a: Any, y: int) -> Any:
    h = tanh(x @ W.T)
    return -log(softmax(V @ h[2])[y]) + (h[0] * a).sum()


def binary(W: Any, x: Any, v: Any, t: Any, c: Any) -> Any:
    q = sigmoid(tanh(x @ W.T) @ v + c)
    return -(t * log(q) + (1 - t) * log(1 - q)).sum() / len(t)


def contrastive(u: Any, M: Any, v: Any, T: Any) -> Any:
    s = u @ M @ v.T / T
    p, c = softmax(s), softmax(s.T)
    return -sum(log(p[n, n]) + log(c[n, n]) for n in range(len(s))) / (2 * len(s))


def mixture(x: Any, m: Any, v: Any, a: Any) -> Any:
    total: Any = 0
    for row in x:
        parts = [exp(b - ((row - c) ** 2).sum() / (2 * w)) / sqrt(w)
                 for b, c, w in zip(a, m, v, strict=True)]  # fmt: skip
        total = total - log(sum(parts))
    return total / len(x) + log(exp(a).sum())


def gelu(W: Any, x: Any, b: Any, C: Any, t: Any) -> Any:
    a = W @ x + b
    return ((x + C @ (a * (1 + erf(a / mpmath.sqrt(2))) / 2) - t) ** 2).sum()


def recurrent_lstm(W: Any, U: Any, b: Any, x: Any, h0: Any, V: Any, y: int) -> Any:
    h, c = h0, 0 * h0
    for row in x:
        f, i, o, g = W @ row + U @ h + b
        c = sigmoid(f) * c + sigmoid(i) * tanh(g)
        h = sigmoid(o) * tanh(c)
    return -log(softmax(V @ h)[y])


def deep(W: Any, b: Any, x: Any, t: Any) -> Any:
    h = x
    for w, c in zip(W, b, strict=True):
        h = h + tanh(w @ h + c)
    return ((h - t) ** 2).sum()


def hidden_markov(A: Any, B: Any, c: Any, o: Any) -> Any:
    a = exp(c)
    for seen in o:
        a = (a @ exp(A)) * exp(B[:, seen])
    return -log(a.sum())


def crf(e: Any, A: Any, s: Any, y: Any) -> Any:
    a = s
    for row in e:
        a = row + log(exp(a[:, None] + A).sum(axis=0))
    gold = sum(e[t, label] for t, label in enumerate(y))
    return log(exp(a).sum()) - gold - sum(A[p, q] for p, q in pairwise(y))


def momentum(a: Any, b: Any, w0: Any, eta: Any, beta: Any) -> Any:
    w, m = w0, 0
    for x, t in zip(a, b, strict=True):
        m = beta * m + 2 * x * (x * w - t)
        w = w - eta * m
    return (w - 1) ** 2


def stacked(U: Any, W: Any, P: Any, Q: Any, x: Any, g0: Any, v: Any) -> Any:
    total: Any = 0
    for sequence in x:
        h, g = 0 * g0, g0
        for row in sequence:
            h = tanh(U @ h + W @ row)
            g = tanh(P @ g + Q @ h)
            total = total + (g * v).sum() ** 2
    return total / len(x)


EXAMPLES = (
    Example(
        "mlp",
        """a1[i] = sum(W1[i,j]*x[j], j) + b1[i]
           h1[i] = tanh(a1[i])
           a2[i] = sum(W2[i,j]*h1[j], j) + b2[i]
           h2[i] = h1[i] + relu(a2[i])
           z[k] = sum(V[k,j]*h2[j], j)
           p[k] = softmax(z)[k]
           -log(p[y])""",
        mlp,
        {"W1": (3, 2), "x": (2,), "b1": (3,), "W2": (3, 3), "b2": (3,), "V": (4, 3)},
        {"y": 2},
    ),
    Example(
        "attention with two heads",
        """q[h,t,a] = sum(Wq[h,a,d]*x[t,d], d)
           k[h,t,a] = sum(Wk[h,a,d]*x[t,d], d)
           v[h,t,c] = sum(Wv[h,c,d]*x[t,d], d)
           s[h,t,u] = sum(q[h,t,a]*k[h,u,a], (a,1,A))/sqrt(A)
           w[h,t,u] = softmax(s[h,t,:])[u]
           o[h,t,c] = sum(w[h,t,u]*v[h,u,c], u)
           z[t,d] = x[t,d] + sum(Wo[h,d,c]*o[h,t,c], h, c)
           p[t,d] = softmax(z[t,:])[d]
           mean(-log(p[t,y[t]]), t)""",
        attention,
        {"Wq": (2, 2, 3), "x": (2, 3), "Wk": (2, 2, 3), "Wv": (2, 2, 3), "Wo": (2, 3, 2)},
        {"y": [2, 0]},
    ),
    Example(
        "causal attention",
        """q[t,a] = sum(Wq[a,d]*x[t,d], d)
           k[t,a] = sum(Wk[a,d]*x[t,d], d)
           v[t,c] = sum(Wv[c,d]*x[t,d], d)
           e[t,u] = exp(sum(q[t,a]*k[u,a], (a,1,A))/sqrt(A))*iverson(u <= t)
           w[t,u] = e[t,u]/sum(e[t,s], s)
           o[t,c] = sum(w[t,u]*v[u,c], u)
           sum((o[t,c]-g[t,c])**2, t, c)""",
        causal,
        {"Wq": (2, 2), "x": (3, 2), "Wk": (2, 2), "Wv": (2, 2), "g": (3, 2)},
    ),
    Example(
        "causal attention by its ranges",
        """q[t,a] = sum(Wq[a,d]*x[t,d], d)
           k[t,a] = sum(Wk[a,d]*x[t,d], d)
           v[t,c] = sum(Wv[c,d]*x[t,d], d)
           s[t,u] = sum(q[t,a]*k[u,a], (a,1,A))/sqrt(A)
           w[t,u] = exp(s[t,u])/sum(exp(s[t,r]), (r,1,t))
           o[t,c] = sum(w[t,u]*v[u,c], (u,1,t))
           sum((o[t,c]-g[t,c])**2, t, c)""",
        causal,
        {"Wq": (2, 2), "x": (3, 2), "Wk": (2, 2), "Wv": (2, 2), "g": (3, 2)},
    ),
    Example(
        "attention by distance",
        """q[t,a] = sum(Wq[a,d]*x[t,d], d)
           s[t,u] = sum(q[t,a]*x[u,a], a)/sqrt(A) + b[T+t-u]
           o[t,d] = sum(softmax(s[t,:])[u]*x[u,d], u)
           sum((o[t,d]-g[t,d])**2, t, d)/T""",
        by_distance,
        {"Wq": (2, 2), "x": (3, 2), "b": (5,), "g": (3, 2)},
    ),
    Example(
        "convolution as long as its input",
        """a[i] = sum(iverson(i+k-2 >= 1)*iverson(i+k-2 <= N)*w[k]*x[i+k-2], (k,1,3)) + b
           sum((tanh(a[i])-g[i])**2, (i,1,N))""",
        padded,
        {"w": (3,), "x": (4,), "b": (), "g": (4,)},
    ),
    Example(
        "gru",
        "\n".join(
            f"""r{t}[i] = sigmoid(sum(Wr[i,d]*x{t}[d], d) + sum(Ur[i,j]*{h}[j], j))
                u{t}[i] = sigmoid(sum(Wu[i,d]*x{t}[d], d) + sum(Uu[i,j]*{h}[j], j))
                g{t}[i] = tanh(sum(Wh[i,d]*x{t}[d], d) + sum(Uh[i,j]*r{t}[j]*{h}[j], j))
                h{t}[i] = (1-u{t}[i])*{h}[i] + u{t}[i]*g{t}[i]"""
            for t, h in ((1, "h0"), (2, "h1"))
        )
        + "\nsum((h2[i]-t[i])**2, i)",
        gru,
        {
            **{f"W{g}": (2, 2) for g in "ruh"},
            **{f"U{g}": (2, 2) for g in "ruh"},
            **{"x1": (2,), "x2": (2,), "h0": (2,), "t": (2,)},
        },
    ),
    Example(
        "lstm with its gates in one array",
        "\n".join(
            f"""a{t}[g,i] = sum(W[g,i,d]*x{t}[d], d) + sum(U[g,i,j]*{h}[j], j) + b[g,i]
                c{t}[i] = sigmoid(a{t}[1,i])*{c}[i] + sigmoid(a{t}[2,i])*tanh(a{t}[4,i])
                h{t}[i] = sigmoid(a{t}[3,i])*tanh(c{t}[i])"""
            for t, h, c in ((1, "h0", "c0"), (2, "h1", "c1"))
        )
        + "\nz[k] = sum(V[k,i]*h2[i], i); p[k] = softmax(z)[k]; -log(p[y])",
        lstm,
        {
            **{"W": (4, 2, 2), "U": (4, 2, 2), "b": (4, 2), "x1": (2,), "x2": (2,)},
            **{"h0": (2,), "c0": (2,), "V": (3, 2)},
        },
        {"y": 1},
    ),
    Example(
        "convolution with both poolings",
        """a[f,i] = relu(sum(w[f,c,k]*x[c,i+k-1], c, (k,1,3)) + b[f])
           q[f] = max(a[f,i], (i,1,N)) + mean(a[f,i], (i,1,N))
           z[k] = sum(V[k,f]*q[f], f)
           p[k] = softmax(z)[k]
           -log(p[y])""",
        convolution,
        {"w": (2, 2, 3), "x": (2, 6), "b": (2,), "V": (3, 2)},
        {"y": 0},
    ),
    Example(
        "convolution with a stride",
        "a[i] = tanh(sum(w[k]*x[2*i+k-2], (k,1,2))); sum((a[i]-t[i])**2, (i,1,N))",
        strided,
        {"w": (2,), "x": (6,), "t": (3,)},
    ),
    Example(
        "layer norm",
        """m = mean(x[d], d)
           v = mean((x[d]-m)**2, d)
           n[d] = g[d]*(x[d]-m)/sqrt(v+eps) + b[d]
           z[k] = sum(W[k,d]*n[d], d)
           -log(softmax(z)[y])""",
        layer_norm,
        {"x": (3,), "g": (3,), "b": (3,), "W": (4, 3), "eps": ()},
        {"y": 3},
    ),
    Example(
        "batch norm",
        """mu[c] = mean(x[n,c], n)
           va[c] = mean((x[n,c]-mu[c])**2, n)
           h[n,c] = relu(ga[c]*(x[n,c]-mu[c])/sqrt(va[c]+eps) + be[c])
           mean(sum((h[n,c] - t[n,c])**2, c), n)""",
        batch_norm,
        {"x": (3, 2), "ga": (2,), "be": (2,), "t": (3, 2), "eps": ()},
    ),
    Example(
        "graph convolution",
        """deg[n] = sum(A[n,m], m)
           S[n,m] = A[n,m]/sqrt(deg[n]*deg[m])
           H[n,f] = relu(sum(S[n,m]*sum(X[m,d]*W1[d,f], d), m))
           Z[n,c] = sum(S[n,m]*sum(H[m,f]*W2[f,c], f), m)
           P[n,c] = softmax(Z[n,:])[c]
           -sum(m[n]*log(P[n,y[n]]), n)/sum(m[n], n)""".replace("m[n]", "mask[n]"),
        lambda mask, **given: gcn(m=mask, **given),
        {"A": (3, 3), "X": (3, 2), "W1": (2, 2), "W2": (2, 2), "mask": (3,)},
        {"y": [1, 0, 1]},
    ),
    Example(
        "variational autoencoder",
        """h[i] = tanh(sum(A[i,d]*x[d], d))
           mu[l] = sum(M[l,i]*h[i], i)
           lv[l] = sum(S[l,i]*h[i], i)
           u[l] = mu[l] + exp(lv[l]/2)*e[l]
           g[j] = tanh(sum(B[j,l]*u[l], l))
           xh[d] = sum(C[d,j]*g[j], j)
           sum((x[d]-xh[d])**2, d)/2 - sum(1 + lv[l] - mu[l]**2 - exp(lv[l]), l)/2""",
        vae,
        {"A": (2, 3), "x": (3,), "M": (2, 2), "S": (2, 2), "e": (2,), "B": (2, 2), "C": (3, 2)},
    ),
    Example(
        "mixture of experts with an entropy",
        """g[e] = softmax(sum(G[:,d]*x[d], d))[e]
           h[e,i] = tanh(sum(W[e,i,d]*x[d], d))
           o[i] = sum(g[e]*h[e,i], e)
           sum((o[i]-t[i])**2, i) + lam*sum(g[e]*log(g[e]), e)""",
        experts,
        {"G": (3, 2), "x": (2,), "W": (3, 2, 2), "t": (2,), "lam": ()},
    ),
    Example(
        "siamese",
        """a[i] = tanh(sum(W[i,d]*x[d], d) + b[i])
           c[i] = tanh(sum(W[i,d]*z[d], d) + b[i])
           d2 = sum((a[i]-c[i])**2, i)
           s*d2 + (1-s)*max(0, m - sqrt(d2 + eps))**2""",
        siamese,
        {"W": (2, 2), "x": (2,), "b": (2,), "z": (2,), "m": (), "eps": (), "s": ()},
    ),
    Example(
        "dropout mask, weight decay, two losses",
        """h[n,i] = relu(sum(W1[i,d]*x[n,d], d) + b1[i])
           z[n,c] = sum(W2[c,i]*k[n,i]*h[n,i], i)
           p[n,c] = softmax(z[n,:])[c]
           L1 = mean(-log(p[n,y[n]]), n)
           L2 = lam*(sum(W1[i,d]**2, i, d) + sum(W2[c,i]**2, c, i))/2
           L1 + L2""",
        dropout,
        {"W1": (3, 2), "x": (2, 2), "b1": (3,), "W2": (2, 3), "k": (2, 3), "lam": ()},
        {"y": [1, 0]},
    ),
    Example(
        "tied embeddings",
        """e[t,d] = E[u[t],d]
           h[t,i] = tanh(sum(W[i,d]*e[t,d], d))
           o[t,d] = sum(V[d,i]*h[t,i], i)
           z[t,k] = sum(E[k,d]*o[t,d], d)
           p[t,k] = softmax(z[t,:])[k]
           -sum(log(p[t,y[t]]), t)""",
        tied,
        {"E": (4, 2), "W": (3, 2), "V": (2, 3)},
        {"u": [1, 1, 3], "y": [0, 1, 2]},
    ),
    Example(
        "a stage used at single indices",
        """h[t,i] = tanh(sum(W[i,d]*x[t,d], d))
           z[k] = sum(V[k,i]*h[3,i], i)
           p[k] = softmax(z)[k]
           -log(p[y]) + sum(h[1,i]*a[i], i)""",
        two_uses,
        {"W": (2, 2), "x": (4, 2), "V": (3, 2), "a": (2,)},
        {"y": 1},
    ),
    Example(
        "binary cross-entropy",
        """h[n,i] = tanh(sum(W[i,d]*x[n,d], d))
           q[n] = sigmoid(sum(v[i]*h[n,i], i) + c)
           -mean(t[n]*log(q[n]) + (1-t[n])*log(1-q[n]), n)""",
        binary,
        {"W": (2, 2), "x": (3, 2), "v": (2,), "t": (3,), "c": ()},
    ),
    Example(
        "contrastive",
        """s[n,m] = sum(u[n,i]*M[i,j]*v[m,j], i, j)/T
           p[n,m] = softmax(s[n,:])[m]
           c[n,m] = exp(s[n,m])/sum(exp(s[k,m]), k)
           -mean(log(p[n,n]) + log(c[n,n]), n)/2""",
        contrastive,
        {"u": (3, 2), "M": (2, 2), "v": (3, 2), "T": ()},
    ),
    Example(
        "mixture of normals",
        """s[n,k] = -sum((x[n,d]-m[k,d])**2, d)/(2*v[k])
           l[n] = log(sum(exp(a[k])*exp(s[n,k])/sqrt(v[k]), k))
           -mean(l[n], n) + log(sum(exp(a[k]), k))""",
        mixture,
        {"x": (3, 2), "m": (2, 2), "v": (2,), "a": (2,)},
    ),
    Example(
        "gelu in a residual layer",
        """a[i] = sum(W[i,d]*x[d], d) + b[i]
           g[i] = a[i]*(1 + erf(a[i]/sqrt(2)))/2
           sum((x[d] + sum(C[d,i]*g[i], i) - t[d])**2, d)""",
        gelu,
        {"W": (3, 2), "x": (2,), "b": (3,), "C": (2, 3), "t": (2,)},
    ),
    Example(
        "lstm of any length",
        """a[t,g,i] = sum(W[g,i,d]*x[t,d], d) + sum(U[g,i,j]*h[t-1,j], j) + b[g,i]
           c[t,i] = sigmoid(a[t,1,i])*c[t-1,i] + sigmoid(a[t,2,i])*tanh(a[t,4,i])
           h[t,i] = sigmoid(a[t,3,i])*tanh(c[t,i])
           c[0,i] = 0
           h[0,i] = h0[i]
           z[k] = sum(V[k,i]*h[T,i], i); p[k] = softmax(z)[k]; -log(p[y])""",
        recurrent_lstm,
        {"W": (4, 2, 2), "U": (4, 2, 2), "b": (4, 2), "x": (3, 2), "h0": (2,), "V": (3, 2)},
        {"y": 1},
    ),
    Example(
        "residual layers of any number",
        """a[l,i] = sum(W[l,i,j]*h[l-1,j], j) + b[l,i]
           h[l,i] = h[l-1,i] + tanh(a[l,i])
           h[0,i] = x[i]
           sum((h[L,i] - t[i])**2, i)""",
        deep,
        {"W": (3, 2, 2), "b": (3, 2), "x": (2,), "t": (2,)},
    ),
    Example(
        "forward algorithm of a hidden Markov model",
        """a[t,j] = sum(a[t-1,i]*exp(A[i,j]), i)*exp(B[j,o[t]])
           a[0,i] = exp(c[i])
           -log(sum(a[T,j], j))""",
        hidden_markov,
        {"A": (2, 2), "B": (2, 3), "c": (2,)},
        {"o": [2, 0, 0, 1]},
    ),
    Example(
        "conditional random field",
        """a[t,j] = e[t,j] + log(sum(exp(a[t-1,i] + A[i,j]), i))
           a[0,j] = s[j]
           log(sum(exp(a[T,j]), j)) - sum(e[t,y[t]], t) - sum(A[y[t],y[t+1]], (t,1,T-1))""",
        crf,
        {"e": (3, 2), "A": (2, 2), "s": (2,)},
        {"y": [1, 0, 1]},
    ),
    Example(
        "descent with momentum, differentiated",
        """m[t] = beta*m[t-1] + 2*a[t]*(a[t]*w[t-1] - b[t])
           w[t] = w[t-1] - eta*m[t]
           w[0] = w0; m[0] = 0
           (w[T] - 1)**2""",
        momentum,
        {"a": (4,), "b": (4,), "w0": (), "eta": (), "beta": ()},
    ),
    Example(
        "two recurrences, one on the other, in a batch",
        """h[n,t,i] = tanh(sum(U[i,j]*h[n,t-1,j], j) + sum(W[i,d]*x[n,t,d], d))
           h[n,0,i] = 0
           g[n,t,i] = tanh(sum(P[i,j]*g[n,t-1,j], j) + sum(Q[i,j]*h[n,t,j], j))
           g[n,0,i] = g0[i]
           mean(sum(sum(g[n,t,i]*v[i], i)**2, t), n)""",
        stacked,
        {"U": (2, 2), "W": (2, 2), "P": (2, 2), "Q": (2, 2), "x": (2, 3, 2), "g0": (2,), "v": (2,)},
    ),
)  # fmt: skip
