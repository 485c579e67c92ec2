"""Chapters: the networks of the book, each backpropagated on a page of its own.

Gives `NETWORKS` and `chapters`.

Floor 5: imports the documents and the face's networks.  To add a network: a row of `NETWORKS`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from symderiv.documents.book import Chapter
from symderiv.documents.setting import Setting
from symderiv.face.networks import backprop
from symderiv.face.request import NetworkRequest
from symderiv.records import dataclass


@dataclass(frozen=True)
class Network:
    """A network of the book: `data` names the arrays of which no gradient is shown."""

    name: str
    title: str
    text: str
    data: tuple[str, ...] = ()


NETWORKS = (
    Network(
        "network-two-layers",
        "A network of two layers",
        """a[i] = sum(W1[i,j]*x[j], j) + b1[i]
           h[i] = tanh(a[i])
           z[k] = sum(W2[k,i]*h[i], i) + b2[k]
           p[k] = softmax(z)[k]
           -log(p[y])""",
        ("x",),
    ),
    Network(
        "network-attention",
        "Attention",
        """q[t,a] = sum(Q[a,d]*x[t,d], d)
           k[t,a] = sum(K[a,d]*x[t,d], d)
           v[t,c] = sum(V[c,d]*x[t,d], d)
           s[t,u] = sum(q[t,a]*k[u,a], (a,1,A))/sqrt(A)
           w[t,u] = softmax(s[t,:])[u]
           o[t,c] = sum(w[t,u]*v[u,c], u)
           z[t,n] = sum(U[n,c]*o[t,c], c)
           p[t,n] = softmax(z[t,:])[n]
           mean(-log(p[t,y[t]]), t)""",
    ),
    Network(
        "network-layer-norm",
        "Layer norm in a residual block",
        """m[t] = mean(x[t,d], d)
           v[t] = mean((x[t,d] - m[t])**2, d)
           n[t,d] = g[d]*(x[t,d] - m[t])/sqrt(v[t] + eps) + b[d]
           a[t,f] = sum(W[f,d]*n[t,d], d) + c[f]
           h[t,f] = relu(a[t,f])
           r[t,d] = x[t,d] + sum(U[d,f]*h[t,f], f)
           mean(sum((r[t,d] - y[t,d])**2, d), t)""",
        ("y",),
    ),
    Network(
        "network-lstm",
        "An LSTM of any length",
        """a[t,g,i] = sum(W[g,i,d]*x[t,d], d) + sum(U[g,i,j]*h[t-1,j], j) + b[g,i]
           c[t,i] = sigmoid(a[t,1,i])*c[t-1,i] + sigmoid(a[t,2,i])*tanh(a[t,4,i])
           h[t,i] = sigmoid(a[t,3,i])*tanh(c[t,i])
           c[0,i] = 0
           h[0,i] = 0
           z[k] = sum(V[k,i]*h[T,i], i)
           p[k] = softmax(z)[k]
           -log(p[y])""",
        ("x",),
    ),
    Network(
        "network-graph-convolution",
        "A graph convolution of two layers",
        """D[n] = sum(A[n,m], m)
           S[n,m] = A[n,m]/sqrt(D[n]*D[m])
           a[n,f] = sum(S[n,m]*sum(X[m,d]*W[d,f], d), m)
           h[n,f] = relu(a[n,f])
           z[n,c] = sum(S[n,m]*sum(h[m,f]*V[f,c], f), m)
           p[n,c] = softmax(z[n,:])[c]
           -sum(w[n]*log(p[n,y[n]]), n)""",
        ("A", "X", "w"),
    ),
    Network(
        "network-autoencoder",
        "A variational autoencoder",
        """h[i] = tanh(sum(A[i,d]*x[d], d) + a[i])
           mu[l] = sum(M[l,i]*h[i], i)
           s[l] = sum(S[l,i]*h[i], i)
           u[l] = mu[l] + exp(s[l]/2)*e[l]
           g[j] = tanh(sum(B[j,l]*u[l], l) + b[j])
           xhat[d] = sum(C[d,j]*g[j], j) + c[d]
           sum((x[d] - xhat[d])**2, d)/2 - sum(1 + s[l] - mu[l]**2 - exp(s[l]), l)/2""",
        ("x", "e"),
    ),
    Network(
        "network-transformer",
        "A block of a transformer",
        """m[t] = mean(x[t,d], d)
           v[t] = mean((x[t,d] - m[t])**2, d)
           n[t,d] = g[d]*(x[t,d] - m[t])/sqrt(v[t] + eps) + b[d]
           q[h,t,a] = sum(Q[h,a,d]*n[t,d], d)
           k[h,t,a] = sum(K[h,a,d]*n[t,d], d)
           V[h,t,c] = sum(W[h,c,d]*n[t,d], d)
           s[h,t,u] = sum(q[h,t,a]*k[h,u,a], (a,1,A))/sqrt(A)
           w[h,t,u] = softmax(s[h,t,:])[u]
           o[h,t,c] = sum(w[h,t,u]*V[h,u,c], u)
           r[t,d] = x[t,d] + sum(U[d,h,c]*o[h,t,c], h, c)
           l[t,f] = sum(W1[f,d]*r[t,d], d) + b1[f]
           e[t,f] = l[t,f]*(1 + erf(l[t,f]/sqrt(2)))/2
           R[t,d] = r[t,d] + sum(W2[d,f]*e[t,f], f) + b2[d]
           z[t,j] = sum(E[j,d]*R[t,d], d)
           p[t,j] = softmax(z[t,:])[j]
           mean(-log(p[t,y[t]]), t)""",
    ),
)  # fmt: skip


def chapters() -> Iterator[Chapter]:
    """The pages of the book's networks."""
    for network in NETWORKS:
        made = backprop(NetworkRequest(network.text, data=network.data))
        page = replace(made.chapter(Setting(), "symderiv export"), title=network.title)
        stages, edges = len(made.made.network.stages), len(made.lemmas)
        yield Chapter(network.name, network.title, page, f"{stages} stages, {edges} edges")
