"""Transformers of any depth, as text: the network that times are taken of.

Imports nothing.
"""

from __future__ import annotations

BLOCK = """
mu{n}[t] = mean({x}[t,d], d)
va{n}[t] = mean(({x}[t,d]-mu{n}[t])**2, d)
n{n}[t,d] = g{n}[d]*({x}[t,d]-mu{n}[t])/sqrt(va{n}[t]+eps) + be{n}[d]
q{n}[h,t,a] = sum(Wq{n}[h,a,d]*n{n}[t,d], d)
k{n}[h,t,a] = sum(Wk{n}[h,a,d]*n{n}[t,d], d)
v{n}[h,t,c] = sum(Wv{n}[h,c,d]*n{n}[t,d], d)
s{n}[h,t,u] = sum(q{n}[h,t,a]*k{n}[h,u,a], (a,1,A))/sqrt(A)
w{n}[h,t,u] = softmax(s{n}[h,t,:])[u]
o{n}[h,t,c] = sum(w{n}[h,t,u]*v{n}[h,u,c], u)
r{n}[t,d] = {x}[t,d] + sum(Wo{n}[d,h,c]*o{n}[h,t,c], h, c)
l{n}[t,f] = sum(Wl{n}[f,d]*r{n}[t,d], d) + bl{n}[f]
m{n}[t,f] = l{n}[t,f]*(1+erf(l{n}[t,f]/sqrt(2)))/2
x{n}[t,d] = r{n}[t,d] + sum(Wm{n}[d,f]*m{n}[t,f], f) + bm{n}[d]
"""


def transformer(count: int) -> str:
    """A transformer with this many blocks."""
    blocks = "".join(BLOCK.format(n=n, x=f"x{n - 1}") for n in range(1, count + 1))
    return blocks + (
        f"z[t,j] = sum(E[j,d]*x{count}[t,d], d)\n"
        "p[t,j] = softmax(z[t,:])[j]\n"
        "mean(-log(p[t,y[t]]), t)"
    )
