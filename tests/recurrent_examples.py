"""Recurrences and masks with their forward passes written by hand, as in `network_examples`.

Gives `EXAMPLES`: steps further back than one, from the last step on, and from the first step.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from tests.network_examples import Example, exp, log, sigmoid, softmax, tanh


def both_ways(
    U: Any, W: Any, h0: Any, P: Any, Q: Any, g0: Any, V: Any, S: Any, x: Any, y: Any
) -> Any:
    h, g, forwards, backwards = h0, g0, [], []
    for row in x:
        h = tanh(U @ h + W @ row)
        forwards.append(h)
    for row in x[::-1]:
        g = tanh(P @ g + Q @ row)
        backwards.insert(0, g)
    total: Any = 0
    for h, g, label in zip(forwards, backwards, y, strict=True):
        total = total - log(softmax(V @ h + S @ g)[label])
    return total / len(y)


def two_back(U: Any, V: Any, W: Any, h0: Any, hm: Any, x: Any) -> Any:
    h = [hm, h0]
    for row in x:
        h.append(tanh(U @ h[-1] + V @ h[-2] + W @ row))
    return (h[-1] ** 2).sum() + (h[-1] * h[-2]).sum()


def onwards(U: Any, W: Any, h1: Any, x: Any, v: Any) -> Any:
    h = [h1]
    for row in x:
        h.append(tanh(U @ h[-1] + W @ row))
    return sum((one * weights).sum() for one, weights in zip(h, v, strict=True))


def from_the_first(B: Any, q: Any, A: Any, o: Any) -> Any:
    a = exp(q) * exp(B[:, o[0]])
    for seen in o[1:]:
        a = exp(B[:, seen]) * (a @ exp(A))
    return -log(a.sum())


def conditional(e: Any, A: Any, y: Any) -> Any:
    a = e[0]
    for row in e[1:]:
        a = row + log(exp(a[:, None] + A).sum(axis=0))
    gold = sum(e[t, label] for t, label in enumerate(y))
    return log(exp(a).sum()) - gold - sum(A[p, q] for p, q in pairwise(y))


def backward_algorithm(A: Any, B: Any, c: Any, o: Any) -> Any:
    b = exp(B[:, o[-1]])
    for seen in o[-2::-1]:
        b = exp(B[:, seen]) * (exp(A) @ b)
    return -log((exp(c) * b).sum())


def masked(W: Any, U: Any, x: Any, m: Any, v: Any) -> Any:
    h = np.zeros(len(U), dtype=object)
    for row, keep in zip(x, m, strict=True):
        h = keep * sigmoid(U @ h + W @ row) + (1 - keep) * h
    return (h * v).sum()


def negatives(u: Any, v: Any) -> Any:
    p = softmax(u @ v.T)
    total: Any = 0
    for n in range(len(p)):
        for m in range(len(p)):
            total = total - (log(1 - p[n, m]) if m != n else 0)
    return total


def others(u: Any, v: Any, y: Any) -> Any:
    s = u @ v.T
    total: Any = 0
    for n, label in enumerate(y):
        rest = sum(exp(s[n, m]).item() for m in range(len(s)) if m != n)
        total = total - s[n, label] + log(rest)
    return total


def three_ways(u: Any, v: Any, w: Any, x: Any) -> Any:
    h, g, k, total = 0, 0, 0, 0
    forwards, backwards = [], []
    for value in x:
        h = tanh(u * h + value)
        forwards.append(h)
    for value, inner in zip(x[::-1], forwards[::-1], strict=True):
        g = tanh(v * g + value * inner)
        backwards.insert(0, g)
    for h, g in zip(forwards, backwards, strict=True):
        k = tanh(w * k + h + g)
        total = total + k
    return total


def first_alone(x: Any, a: Any) -> Any:
    return (5 * a * x[0]) ** 2 + ((2 * a * x[1:]) ** 2).sum()


def proximal(W: Any, x: Any, v: Any, A: Any, y: Any) -> Any:
    p = softmax(x @ W.T)
    total: Any = 0
    for n, label in enumerate(y):
        r = p[n, label] / v[n]
        total = total - min(r * A[n], min(max(r, 0.8), 1.2) * A[n])
    return total / len(y)


def rms(x: Any, g: Any, W: Any, t: Any, eps: Any) -> Any:
    r = ((x**2).sum(axis=1) / x.shape[1] + eps) ** 0.5
    return ((g * x / r[:, None] @ W.T - t) ** 2).sum()


def alignments(u: Any, q: Any, b: Any) -> Any:
    p = np.array([softmax(row) for row in u])
    a = [p[0, label] if s < 2 else 0 for s, label in enumerate(q)]
    for row in p[1:]:
        skips = [s >= 2 and q[s] not in (b, q[s - 2]) for s in range(len(q))]
        a = [
            row[label] * (a[s] + (a[s - 1] if s else 0) + (a[s - 2] if skips[s] else 0))
            for s, label in enumerate(q)
        ]
    return -log(np.array([a[-1] + a[-2]], dtype=object))[0]


EXAMPLES = (
    Example(
        "the next step from this one",
        """h[1,i] = h1[i]
           h[t+1,i] = tanh(sum(U[i,j]*h[t,j], j) + sum(W[i,d]*x[t,d], d))
           sum(h[t,i]*v[t,i], t, i)""",
        onwards,
        {"U": (2, 2), "W": (2, 2), "h1": (2,), "x": (3, 2), "v": (4, 2)},
    ),
    Example(
        "both ways",
        """h[t,i] = tanh(sum(U[i,j]*h[t-1,j], j) + sum(W[i,d]*x[t,d], d))
           h[0,i] = h0[i]
           g[t,i] = tanh(sum(P[i,j]*g[t+1,j], j) + sum(Q[i,d]*x[t,d], d))
           g[T+1,i] = g0[i]
           p[t,k] = softmax(sum(V[:,i]*h[t,i], i) + sum(S[:,i]*g[t,i], i))[k]
           mean(-log(p[t,y[t]]), t)""",
        both_ways,
        {"U": (2, 2), "W": (2, 2), "h0": (2,), "P": (2, 2), "Q": (2, 2), "g0": (2,),
         "V": (3, 2), "S": (3, 2), "x": (3, 2)},
        {"y": [2, 0, 1]},
    ),
    Example(
        "two steps back",
        """h[t,i] = tanh(sum(U[i,j]*h[t-1,j], j) + sum(V[i,j]*h[t-2,j], j) + sum(W[i,d]*x[t,d], d))
           h[0,i] = h0[i]
           h[-1,i] = hm[i]
           sum(h[T,i]**2, i) + sum(h[T,i]*h[T-1,i], i)""",
        two_back,
        {"U": (2, 2), "V": (2, 2), "W": (2, 2), "h0": (2,), "hm": (2,), "x": (3, 2)},
    ),
    Example(
        "a hidden Markov model from the first step",
        """a[t,j] = exp(B[j,o[t]])*sum(a[t-1,i]*exp(A[i,j]), i)
           a[1,j] = exp(q[j])*exp(B[j,o[1]])
           -log(sum(a[T,j], j))""",
        from_the_first,
        {"B": (2, 3), "q": (2,), "A": (2, 2)},
        {"o": [2, 0, 1]},
    ),
    Example(
        "a conditional random field from the first step",
        """a[t,j] = e[t,j] + log(sum(exp(a[t-1,i] + A[i,j]), i))
           a[1,j] = e[1,j]
           log(sum(exp(a[T,j]), j)) - sum(e[t,y[t]], t) - sum(A[y[t-1],y[t]], (t,2,T))""",
        conditional,
        {"e": (3, 2), "A": (2, 2)},
        {"y": [1, 0, 0]},
    ),
    Example(
        "the backward algorithm",
        """b[t,i] = exp(B[i,o[t]])*sum(exp(A[i,j])*b[t+1,j], j)
           b[T,i] = exp(B[i,o[T]])
           -log(sum(exp(c[i])*b[1,i], i))""",
        backward_algorithm,
        {"A": (2, 2), "B": (2, 3), "c": (2,)},
        {"o": [2, 0, 1]},
    ),
    Example(
        "connectionist temporal classification, a label twice",
        """p[t,k] = softmax(u[t,:])[k]
           a[t,s] = p[t,q[s]]*(a[t-1,s] + iverson(s >= 2)*a[t-1,s-1]
             + iverson(s >= 3)*(1 - delta(q[s],b))*iverson(q[s] != q[s-2])*a[t-1,s-2])
           a[1,s] = iverson(s <= 2)*p[1,q[s]]
           -log(a[T,S] + a[T,S-1])""",
        alignments,
        {"u": (5, 4)},
        {"q": [3, 0, 3, 0, 3, 1, 3], "b": 3},
    ),
    Example(
        "a recurrence with a mask",
        """s[t,i] = sigmoid(sum(U[i,j]*h[t-1,j], j) + sum(W[i,d]*x[t,d], d))
           h[t,i] = m[t]*s[t,i] + (1 - m[t])*h[t-1,i]
           h[0,i] = 0
           sum(h[T,i]*v[i], i)""",
        masked,
        {"W": (2, 2), "U": (2, 2), "x": (3, 2), "m": (3,), "v": (2,)},
    ),
    Example(
        "negatives under a mask",
        """s[n,m] = sum(u[n,d]*v[m,d], d)
           p[n,m] = softmax(s[n,:])[m]
           L = -sum(iverson(n != m)*log(1 - p[n,m]), n, m)""",
        negatives,
        {"u": (3, 2), "v": (3, 2)},
    ),
    Example(
        "a label among all others",
        """s[n,m] = sum(u[n,d]*v[m,d], d)
           L = sum(log(sum(exp(s[n,m]), m, m != n)) - s[n,y[n]], n)""",
        others,
        {"u": (3, 2), "v": (3, 2)},
        {"y": [1, 0, 1]},
    ),
    Example(
        "three recurrences, one called as a letter is",
        """h[t] = tanh(u*h[t-1] + x[t]); h[0] = 0
           g[t] = tanh(v*g[t+1] + x[t]*h[t]); g[T+1] = 0
           k[t] = tanh(w*k[t-1] + h[t] + g[t]); k[0] = 0
           sum(k[t], t)""",
        three_ways,
        {"u": (), "v": (), "w": (), "x": (3,)},
    ),
    Example(
        "a first step of its own",
        "h[t] = 2*a*x[t]; h[1] = 5*a*x[1]; sum(h[t]**2, t)",
        first_alone,
        {"x": (4,), "a": ()},
    ),
    Example(
        "a proximal policy",
        """z[n,k] = sum(W[k,d]*x[n,d], d)
           p[n,k] = softmax(z[n,:])[k]
           r[n] = p[n,y[n]]/v[n]
           -mean(min(r[n]*A[n], clip(r[n], 4/5, 6/5)*A[n]), n)""",
        proximal,
        {"W": (3, 2), "x": (3, 2), "v": (3,), "A": (3,)},
        {"y": [2, 0, 1]},
    ),
    Example(
        "root mean square normalisation",
        """r[n] = sqrt(mean(x[n,d]**2, d) + eps)
           u[n,d] = g[d]*x[n,d]/r[n]
           sum((sum(W[k,d]*u[n,d], d) - t[n,k])**2, n, k)""",
        rms,
        {"x": (3, 2), "g": (2,), "W": (2, 2), "t": (3, 2), "eps": ()},
    ),
)  # fmt: skip
