"""Formulas of every kind that functions are made of, each with its variables."""

from __future__ import annotations

FORMULAS = [
    # label-iverson
    ("x[y] - sum(iverson(k == y)*x[k], k)", "x[j]"),
    ("sum(iverson(k != y)*max(0, 1 + x[k] - x[y]), k)", "x[j]"),
    ("sum(iverson(k <= y)*x[k]**2, k)", "x[j]"),
    ("sum(iverson(k > y)*x[k], k)*x[y]", "x[j]"),
    # label-arith
    ("sum((k - y)**2*x[k], k)", "x[j]"),
    ("sum(abs(k - y)*x[k]**2, k)", "x[j]"),
    # label-array
    ("p[n,i] = exp(z[n,i])/sum(exp(z[n,k]),k); -sum(log(p[n,y[n]]),n)", "z[m,j]"),
    ("sum(iverson(k == y[n])*x[n,k]**2, n, k)", "x[m,j]"),
    # label2
    ("x[y]*x[t]", "x[j]"),
    # wrap
    ("sum(w[t]*h[t-1], (t, 2, T))", "w[s]"),
    ("sum(w[t]*h[t-1], (t, 2, T))", "h[s]"),
    # shift
    ("sum((z[k+1]-z[k])**2,(k,1,K-1))", "z[j]"),
    ("sum(abs(z[k+1]-z[k]),(k,1,K-1))", "z[j]"),
    ("sum(x[i]*x[i+1]*x[i+2],(i,1,N-2))", "x[j]"),
    ("y[i] = sum(w[k]*x[i+k-1], (k,1,K)); sum(y[i]**2, (i,1,M))", "w[j]"),
    # conv
    ("y[i] = sum(w[k]*x[i+k], k); y[i]", "w[j]"),
    ("sum((sum(w[k]*x[i+k-1],(k,1,3)))**2,(i,1,M))", "x[j]"),
    # stride
    ("sum(x[2*i-1]**2,(i,1,3))", "x[j]"),
    ("sum(x[2*i-1]*x[2*i],(i,1,3))", "x[j]"),
    # pooling, autoregression
    ("m[i] = max(x[2*i-1], x[2*i]); sum((m[i]*v[i]-t[i])**2, i)", "x[j]"),
    ("sum(max(x[i], x[i+1], x[i+2])*v[i], (i, 1, K-2))", "x[j]"),
    (
        "m[i,j] = max(x[2*i-1,2*j-1], x[2*i-1,2*j], x[2*i,2*j-1], x[2*i,2*j]);"
        " sum((m[i,j]-t[i,j])**2, i, j)",
        "x[k,l]",
    ),
    ("sum((x[t] - sum(a[p]*x[t-p], p))**2, (t, P+1, T))", "a[q]"),
    ("sum((x[t] - sum(a[p]*x[t-p], p))**2, (t, P+1, T))", "x[s]"),
    # discounts; a letter as its value
    ("sum(d[t]*lam**(t-s), (t, s, T))", "d[j]"),
    ("sum(d[t]*lam**(t-s), (t, s, T))", "lam"),
    ("sum(d[t]*lam**(t-a), t)", "d[j]"),
    ("i*x[i]**2", "x[j]"),
    ("x[y]**2*y", "x[j]"),
    # stable
    ("-log(1/(1+exp(-x)))", "x"),
    ("log(1+exp(x))", "x"),
    ("1/(1+exp(-x))", "x"),
    ("exp(-x)/(1+exp(-x))**2", "x"),
    ("x/(1+exp(-x))", "x"),
    ("x*tanh(log(1+exp(x)))", "x"),
    ("(exp(x)-exp(-x))/(exp(x)+exp(-x))", "x"),
    ("1/cosh(x)", "x"),
    ("log(cosh(x))", "x"),
    ("log(exp(a)+exp(b))", "a"),
    ("log(exp(a)+exp(b)+exp(c))", "b"),
    ("-log(sigmoid(b*(x - y)))", "x"),
    ("-log(sigmoid(beta*(log(p/q) - log(r/s))))", "p"),
    ("sum(log(1 + exp(-y[n]*sum(X[n,d]*w[d], d))), n)", "w[c]"),
    ("sum(w[k]*exp(z[k]),k)/sum(exp(z[k]),k)", "z[j]"),
    ("m[i]*exp(z[i])/sum(m[k]*exp(z[k]),k)", "z[j]"),
    ("T*log(sum(exp(z[k]/T),k))", "z[j]"),
    ("T*log(sum(exp(z[k]/T),k))", "T"),
    ("log(sum(exp(z[k]),k)) - z[y]", "z[j]"),
    ("log(sum(exp(x[i]-y[i]),i)) + log(sum(exp(y[i]-x[i]),i))", "x[j]"),
    ("sum(exp(-(x-c[k])**2)*v[k],k)/sum(exp(-(x-c[k])**2),k)", "x"),
    ("exp(z[y])/sum(exp(z[k]),k)", "z[j]"),
    ("-log(1 - exp(z[y])/sum(exp(z[k]),k))", "z[j]"),
    ("(1 - softmax(z)[y])**g*log(softmax(z)[y])", "z[j]"),
    ("-sum(softmax(z)[i]*log(softmax(z)[i]),i)", "z[j]"),
    ("1/(1+exp(x)+exp(y))", "x"),
    ("sqrt(1+exp(x))", "x"),
    ("exp(x)/(exp(x)+1)**3", "x"),
    ("log(1+exp(-abs(x)))", "x"),
    ("sinh(x)/cosh(x)", "x"),
    ("exp(x)*sum(exp(z[k]),k)/sum(exp(z[k]+x),k)", "x"),
    ("log(x**2+1)", "x"),
    # makes
    ("sum(w[i]*softmax(x)[i],i)", "x[j]"),
    ("sum(x[n],n)", "x[m]"),
    ("x[y] + sum((1-delta(k,y))*x[k],k)", "x[j]"),
    ("sum(c[i]*x**(i-1),i)", "x"),
    ("sum(sqrt(sum((x[i,d]-y[j,d])**2,d)+1),i,j)", "x[a,b]"),
    ("sum(a[i]*b[j]*exp(-sum((x[i,d]-y[j,d])**2,d)),i,j)", "x[l,c]"),
    ("sum(x[i],(i,1,N))/N", "x[j]"),
    ("mean(x[i]**2,i)", "x[j]"),
    ("sum(x[i,i],i)", "x[j,k]"),
    ("sum(x[i]*y[i]*z[i],i)", "y[j]"),
    ("sum(A[i,j]*B[j,k]*C[k,i],i,j,k)", "B[m,n]"),
    ("K*sum(x[i],(i,1,K))", "x[j]"),
    ("sum(i*x[i],i)", "x[j]"),
    # smooth
    ("prod(x[j], j)", "x[i]"),
    ("prod(1 - x[j], j)", "x[i]"),
    ("sum(prod(x[n,j], j), n)", "x[m,i]"),
    ("log(1 - prod(1 - p[j], j))", "p[i]"),
    # kinks
    ("max(x[i], i)", "x[j]"),
    ("sum(relu(x[i] - 1), i)", "x[j]"),
    ("sum(abs(x[i]), i)", "x[j]"),
    ("max(a, b, c)", "a"),
    # layers
    (
        "p[n,m] = exp(sum(Q[n,d]*K[m,d],d))/sum(exp(sum(Q[n,d]*K[l,d],d)),l); sum(p[n,m]*V[m,j],m)",
        "Q[i,k]",
    ),
    (
        "p[n,m] = exp(sum(Q[n,d]*K[m,d],d))/sum(exp(sum(Q[n,d]*K[l,d],d)),l);"
        " sum(G[n,j]*sum(p[n,m]*V[m,j],m),n,j)",
        "K[i,k]",
    ),
    (
        "m = mean(x[k],(k,1,K)); v = mean((x[k]-m)**2,(k,1,K)); sum(g[i]*(x[i]-m)/sqrt(v+e),i)",
        "x[j]",
    ),
    (
        "h[m] = tanh(sum(U[m,d]*x[d],d)+c[m]); z[i] = sum(W[i,m]*h[m],m)+b[i];"
        " p[i] = softmax(z)[i]; L = -log(p[y])",
        "U[r,e]",
    ),
    (
        "h[n,m] = relu(sum(X[n,d]*U[d,m],d)+c[m]);"
        " z[n,i] = sum(h[n,m]*W[m,i],m)+b[i]; p[n,i] = softmax(z[n,:])[i];"
        " L = -mean(log(p[n,y[n]]),n)",
        "U[e,r]",
    ),
    # hess
    ("log(sum(exp(z[k]),k))", "z[i];z[j]"),
    ("sum(log(1+exp(-y[n]*sum(X[n,d]*w[d],d))),n)", "w[a];w[b]"),
    # new
    ("sum(elu(x[i], a), i)", "x[j]"),
    ("sum(leaky_relu(x[i], a), i)", "x[j]"),
    # norm
    ("sqrt(sum(x[i]**2,i))", "x[j]"),
    ("x[i]/sqrt(sum(x[k]**2,k))", "x[j]"),
    ("sum(norm(x[n,:] - y[m,:])*w[n,m], n, m)", "x[k,l]"),
    # cos
    ("u[i] = a[i]*c[i]; sum(u[i]*b[i],i)/(norm(u)*norm(b))", "a[j]"),
    ("sum(a[i]*b[i],i)/(sqrt(sum(a[i]**2,i))*sqrt(sum(b[i]**2,i)))", "a[j]"),
    # power
    ("sum(x[i]**a,i)", "x[j]"),
    ("sum(a[i]**2*x**i,i)", "x"),
    # kl
    ("sum(softmax(a)[i]*(log(softmax(a)[i]) - log(softmax(b)[i])),i)", "a[j]"),
    ("sum(q[i]*log(q[i]/softmax(z)[i]),i)", "z[j]"),
    # cancel
    ("sum(x[i],i) - sum(x[i],i)*y", "x[j]"),
    ("(sum(x[i],i))**2 - sum(x[i]**2,i)", "x[j]"),
    # ce-offset
    ("-sum(y[i]*log(exp(z[i])/sum(exp(z[k]),k)),i)", "z[j]"),
    # triplet
    ("relu(sum((a[i]-p[i])**2,i) - sum((a[i]-n[i])**2,i) + m)", "a[j]"),
    # infonce
    ("-log(exp(sum(q[d]*k[y,d],d)/t)/sum(exp(sum(q[d]*k[m,d],d)/t),m))", "q[c]"),
    # gauss
    ("log(s) + (x-m)**2/(2*s**2)", "s"),
    # rope
    ("sum(cos(i*t)*x[i],i)", "t"),
    # causal
    ("y[i] = sum(w[j]*x[j]*iverson(j <= i), j); sum(y[i]**2,i)", "x[k]"),
    (
        "p[i,j] = iverson(j<=i)*exp(s[i,j])/sum(iverson(k<=i)*exp(s[i,k]),k); sum(p[i,j]*v[j],j)",
        "s[a,b]",
    ),
    # found by looking for a wrong answer
    ("atan(x)*asinh(x) + log1p(x**2) + expm1(x)", "x"),
    ("x*erfc(x)", "x"),
    ("cbrt(x)", "x"),
    ("sum(mish(x[i]),i)", "x[j]"),
    ("where(x > 0, x**2, 0)", "x"),
    ("exp(z[y])*sum(w[k]*exp(-z[k]),k)", "z[j]"),
    ("log(sum(exp(a[i]+b[j]),i,j))", "a[k]"),
    ("log(prod(1+exp(x[i]),i))", "x[j]"),
    ("x[1]*x[2] + x[3]**2", "x[j]"),
    ("sum(W[2,j]*x[j],j)", "x[k]"),
    ("s[i] = sum(iverson(j <= i)*x[j], j); sum(s[i]*w[i], i)", "x[k]"),
    ("sum(x[b,c,h]*w[o,c],c)", "w[p,q]"),
    ("log(softmax(z)[i]/softmax(w)[i])", "z[j]"),
    ("exp(-x**2/2)/sqrt(2*pi)", "x"),
    ("-log((1+erf(x/sqrt(2)))/2)", "x"),
    ("sqrt(sum((a[i]-b[i])**2,i))", "a[j]"),
    ("prod(x[i],i)", "x[j];x[k]"),
    ("p[i] = softplus(z[i])/sum(softplus(z[k]),k); -log(p[y])", "z[j]"),
    ("-sum(log(exp(s[i])/sum(iverson(t[j] >= t[i])*exp(s[j]),j)),i)", "s[k]"),
    ("prod(sum(A[i,j]*x[j],j), i)", "x[k]"),
    ("E[y[n],d]", "E[v,c]"),
    ("sum(sum(E[y[n],d]*w[d],d)**2,n)", "E[v,c]"),
]
