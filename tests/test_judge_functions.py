"""Derivatives of many functions, stated as people state them: each claim is proved for every size.

Normalisations, attention, losses, divergences, activations, temperature, second derivatives,
convolutions.  A row: name, formula, variables, assumptions, claim.
"""

from __future__ import annotations

import pytest

from symderiv.judge import Judge
from symderiv.reader import read, read_claim
from symderiv.terms import D
from symderiv.terms.verdict import Strength

ROWS = (
    ("temp", "p[i] = exp(z[i]/T)/sum(exp(z[k]/T),k); p[i]", ["z[j]"], (),
     "p[i]*(delta(i,j)-p[j])/T"),
    ("tempT", "p[i] = exp(z[i]/T)/sum(exp(z[k]/T),k); log(p[i])", ["T"], (),
     "(sum(p[k]*z[k],k) - z[i])/T**2"),
    ("kl",
     "p[i] = exp(z[i]) / sum(exp(z[k]), k); sum(q[i]*log(q[i]/p[i]), i)",
     ["z[j]"], ("sum(q[i],i)=1",),
     "p[j]-q[j]"),
    ("klrev",
     "p[i] = exp(z[i]) / sum(exp(z[k]), k); sum(p[i]*log(p[i]/q[i]), i)",
     ["z[j]"], ("q[i] > 0",),
     "p[j]*(log(p[j]/q[j]) - sum(p[i]*log(p[i]/q[i]),i))"),
    ("entropy", "p[i] = exp(z[i]) / sum(exp(z[k]), k); -sum(p[i]*log(p[i]), i)", ["z[j]"], (),
     "-p[j]*(log(p[j]) - sum(p[i]*log(p[i]),i))"),
    ("ln",
     "m = mean(x[k],(k,1,K)); v = mean((x[k]-m)**2,(k,1,K)); "
     "h[i] = (x[i]-m)/sqrt(v+e); h[i]",
     ["x[j]"], (),
     "(delta(i,j) - 1/K - h[i]*h[j]/K)/sqrt(v+e)"),
    ("lnvjp",
     "m = mean(x[k],(k,1,K)); v = mean((x[k]-m)**2,(k,1,K)); "
     "h[i] = (x[i]-m)/sqrt(v+e); sum(g[i]*h[i],i)",
     ["x[j]"], (),
     "(g[j] - sum(g[i],i)/K - h[j]*sum(g[i]*h[i],i)/K)/sqrt(v+e)"),
    ("rms", "r = sqrt(mean(x[k]**2,(k,1,K)) + e); x[i]/r", ["x[j]"], (),
     "delta(i,j)/r - x[i]*x[j]/(K*r**3)"),
    ("norm", "n = sqrt(sum(x[k]**2,k)); x[i]/n", ["x[j]"], (),
     "(delta(i,j) - x[i]*x[j]/n**2)/n"),
    ("cos", "sum(x[k]*y[k],k)/(sqrt(sum(x[k]**2,k))*sqrt(sum(y[k]**2,k)))", ["x[j]"], (),
     "y[j]/(sqrt(sum(x[k]**2,k))*sqrt(sum(y[k]**2,k))) - "
     "x[j]*sum(x[k]*y[k],k)/(sum(x[k]**2,k)**(3/2)*sqrt(sum(y[k]**2,k)))"),
    ("attn",
     "s[n,m] = sum(Q[n,d]*K[m,d],d); a[n,m] = exp(s[n,m])/sum(exp(s[n,l]),l); "
     "o[n,c] = sum(a[n,m]*V[m,c],m); o[n,c]",
     ["Q[r,e]"], (),
     "delta(n,r)*sum(a[n,m]*(V[m,c]-o[n,c])*K[m,e],m)"),
    ("attnK",
     "s[n,m] = sum(Q[n,d]*W[m,d],d); a[n,m] = exp(s[n,m])/sum(exp(s[n,l]),l); "
     "o[n,c] = sum(a[n,m]*V[m,c],m); o[n,c]",
     ["W[r,e]"], (),
     "a[n,r]*(V[r,c]-o[n,c])*Q[n,e]"),
    ("gelu", "x*(1+erf(x/sqrt(2)))/2", ["x"], (),
     "(1+erf(x/sqrt(2)))/2 + x*exp(-x**2/2)/sqrt(2*pi)"),
    ("gelutanh", "x*(1+tanh(a*(x+b*x**3)))/2", ["x"], (),
     "(1+tanh(a*(x+b*x**3)))/2 + x*(1-tanh(a*(x+b*x**3))**2)*a*(1+3*b*x**2)/2"),
    ("swish", "x*sigmoid(b*x)", ["x"], (),
     "sigmoid(b*x) + b*x*sigmoid(b*x)*(1-sigmoid(b*x))"),
    ("mish", "x*tanh(softplus(x))", ["x"], (),
     "tanh(softplus(x)) + x*sigmoid(x)*(1-tanh(softplus(x))**2)"),
    ("elu", "iverson(x>0)*x + iverson(x<=0)*a*(exp(x)-1)", ["x"], (),
     "iverson(x>0) + iverson(x<=0)*a*exp(x)"),
    ("focal", "p[i] = exp(z[i]) / sum(exp(z[k]), k); -(1-p[y])**g*log(p[y])", ["z[j]"], (),
     "(delta(y,j)-p[j])*(g*(1-p[y])**(g-1)*p[y]*log(p[y]) - (1-p[y])**g)"),
    ("lse2", "log(sum(exp(z[k]),k))", ["z[i]", "z[j]"], (),
     "delta(i,j)*exp(z[i])/sum(exp(z[k]),k) - exp(z[i])*exp(z[j])/sum(exp(z[k]),k)**2"),
    ("softmax2", "p[i] = exp(z[i]) / sum(exp(z[k]), k); p[i]", ["z[j]", "z[l]"], (),
     "p[i]*((delta(i,j)-p[j])*(delta(i,l)-p[l]) - p[j]*(delta(j,l)-p[l]))"),
    ("ridge", "sum((sum(X[n,d]*w[d],d)-t[n])**2,n)/2 + l*sum(w[d]**2,d)/2", ["w[c]"], (),
     "sum(X[n,c]*(sum(X[n,d]*w[d],d)-t[n]),n) + l*w[c]"),
    ("lasso", "sum(abs(w[d]),d)", ["w[c]"], (),
     "sign(w[c])"),
    ("huber", "iverson(abs(r)<=d)*r**2/2 + iverson(abs(r)>d)*d*(abs(r)-d/2)", ["r"], (),
     "iverson(abs(r)<=d)*r + iverson(abs(r)>d)*d*sign(r)"),
    ("conv", "y[i] = sum(w[k]*x[i+k],k); sum(g[i]*y[i],i)", ["w[j]"], (),
     "sum(g[i]*x[i+j],i)"),
    ("convx", "y[i] = sum(w[k]*x[i+k-1],k); sum(g[i]*y[i],i)", ["x[j]"], (),
     "sum(w[k]*g[j-k+1]*iverson(j-k+1 >= 1)*iverson(j-k+1<=K),k)"),
    ("prod", "prod(x[k],k)", ["x[j]"], (),
     "prod(x[k],k)/x[j]"),
    ("geo", "exp(mean(log(x[k]),(k,1,K)))", ["x[j]"], (),
     "exp(mean(log(x[k]),(k,1,K)))/(K*x[j])"),
    ("pnorm", "sum(x[k]**a,k)**(1/a)", ["x[j]"], (),
     "sum(x[k]**a,k)**(1/a - 1)*x[j]**(a-1)"),
    ("logit", "log(x/(1-x))", ["x"], (),
     "1/(x*(1-x))"),
    ("gauss", "-log(exp(-(x-m)**2/(2*s**2))/sqrt(2*pi*s**2))", ["s"], (),
     "1/s - (x-m)**2/s**3"),
    ("gausskl", "log(b/a) + (a**2+(m-n)**2)/(2*b**2) - 1/2", ["b"], (),
     "1/b - (a**2+(m-n)**2)/b**3"),
    ("poisson", "exp(sum(w[d]*x[d],d)) - t*sum(w[d]*x[d],d)", ["w[c]"], (),
     "(exp(sum(w[d]*x[d],d)) - t)*x[c]"),
    ("infonce",
     "s[n,m]=sum(a[n,d]*b[m,d],d)/T; q[n,m]=exp(s[n,m])/sum(exp(s[n,l]),l); "
     "-sum(log(q[n,n]),n)",
     ["a[r,c]"], (),
     "(sum(q[r,m]*b[m,c],m) - b[r,c])/T"),
    ("maxk", "max(z[k],k)", ["z[j]"], (),
     "iverson(z[j] >= max(z[k],k))"),
    ("lsemax", "m = max(z[k],k); m + log(sum(exp(z[k]-m),k))", ["z[j]"], (),
     "exp(z[j])/sum(exp(z[k]),k)"),
    ("dice", "1 - 2*sum(p[i]*t[i],i)/(sum(p[i],i)+sum(t[i],i))", ["p[j]"], (),
     "-2*t[j]/(sum(p[i],i)+sum(t[i],i)) + 2*sum(p[i]*t[i],i)/(sum(p[i],i)+sum(t[i],i))**2"),
    ("sparsetr", "sum(A[i,k]*B[k,j]*C[j,i],i,k,j)", ["B[m,n]"], (),
     "sum(C[n,i]*A[i,m],i)"),
    ("cube", "sum(A[i,j]*A[j,k]*A[k,i],i,j,k)", ["A[m,n]"], (),
     "3*sum(A[n,k]*A[k,m],k)"),
    ("bn",
     "m[d]=mean(x[n,d],n); v[d]=mean((x[n,d]-m[d])**2,n); "
     "h[n,d]=(x[n,d]-m[d])/sqrt(v[d]+e); sum(g[n,d]*h[n,d],n,d)",
     ["x[l,c]"], (),
     "(g[l,c] - mean(g[n,c],n) - h[l,c]*mean(g[n,c]*h[n,c],n))/sqrt(v[c]+e)"),
)  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_claim_is_proved(row: tuple) -> None:
    _, formula, variables, assumptions, claim = row
    problem = read(formula, variables, assumptions)
    line = problem.function
    for variable in problem.wrt:
        line = D(line, variable)
    assert Judge(problem).compare(line, read_claim(claim, problem)).strength is Strength.PROVED
