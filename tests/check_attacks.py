"""Attacks on check: right derivations in odd styles, and wrong ones as a clever author errs.

Of a wrong one the last line is wrong.  The right ones come from the ways in which papers, notes and
lectures write the same things; that some of them are merely read by their form is no fault.
"""

ODD_STYLES = (
    r"\[\sqrt{ab}=\sqrt a\sqrt b\]",
    r"\[\log(abc)=\log a+\log b+\log c\]",
    r"\[\log\frac{ab}{cd}=\log a+\log b-\log c-\log d\]",
    r"\[(ab)^{1/2} = a^{1/2}b^{1/2}\]",
    r"\[\frac{a}{\sqrt a}=\sqrt a\]",
    r"\[x\sqrt{y/x}=\sqrt{xy}\]",
    r"\[K\lambda\sqrt{\frac{h}{2K\lambda}}=\sqrt{\frac{hK\lambda}{2}}\]",
    r"\[f(Q)=\frac{K}{Q}+hQ\]\[Q^*=\sqrt{\frac Kh}\]\[f(Q)=\frac KQ+hQ=2\sqrt{hK}\]",
    (
        r"\[J(\theta)=\frac12x^TAx\]"
        r"\[\frac{\partial}{\partial x_i}x^TAx=\frac{\partial}{\partial x_i}\sum_{j"
        r"=1}^n\sum_{k=1}^na_{jk}x_jx_k\]"
    ),
    r"\[x^\top Ax=\sum_{i,j}a_{ij}x_ix_j\]",
    (
        r"\[(Mean)\; \mu=\frac1N\sum_jx_j\]\[(Variance) \space s=\frac1N\sum_j(x_j-\mu)^2\]"
        r"\[\frac{\partial s}{\partial x_i}=\frac2N(x_i-\mu)\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}"
        r"=\sum_i\frac{\partial L}{\partial p_i}\frac{\partial p_i}{\partial z_j}="
        r"-\sum_i\frac{y_i}{p_i}p_i(\delta_{ij}-p_j)=-y_j+p_j\sum_iy_i=p_j-y_j\]"
    ),
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\frac{dp_i}{dz_j}=p_i(1\{i=j\}-p_j)\]",
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\frac{dp_i}{dz_j}=p_i(\mathbf 1_{i=j}-p_j)\]",
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\frac{dp_i}{dz_j}=p_i([i=j]-p_j)\]",
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial p_i}{\partial z_j}=\begin{cases}p_i(1-p_j)&\text{if }i=j\\-p_jp_i"
        r"&\text{if }i\ne j\end{cases}\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial p_i}{\partial z_j}=\begin{cases}p_i(1-p_j),& i=j\\-p_jp_i,"
        r"& \text{otherwise}\end{cases}\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial\log p_i}{\partial z_j}=\delta_{ij}-p_j\]"
    ),
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\log p_i=z_i-\log\sum_ke^{z_k}\]",
    (
        r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[\frac{d\sigma(x)}{dx}=\sigma(x)(1-\sigma(x))\]"
        r"\[\frac{d\sigma}{dx}(x)=\sigma(x)(1-\sigma(x))\]"
    ),
    r"\[f(x)=x^3\]\[\frac{df}{dx}(x)=3x^2\]",
    r"\[f(x)=x^3\]\[f'(x)=\frac{df}{dx}(x)\]",
    r"\[f(x)=x^2\]\[\left.\frac{df}{dx}\right|_{x=3}=6\]",
    r"\[f(x)=x^2\]\[f'(3)=6\]",
    r"\[f(x)=x^2\]\[\frac{df}{dx}\Big|_{x=a}=2a\]",
    r"\[\frac{d}{dx}x^2\Big|_{x=3}=6\]",
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[C=\frac12(a-y)^2\]"
        r"\[\frac{\partial C}{\partial w}=(a-y)\sigma'(z)x\]"
        r"\[\frac{\partial C}{\partial b}=(a-y)\sigma'(z)\]"
    ),
    (
        r"\[z^{(l)}_j=\sum_kw^{(l)}_{jk}a^{(l-1)}_k+b^{(l)}_j\]"
        r"\[\frac{\partial z^{(l)}_j}{\partial w^{(l)}_{jk}}=a^{(l-1)}_k\]"
    ),
    (
        r"\[\delta_j^l=\frac{\partial C}{\partial z_j^l}\]"
        r"\[\delta_j^L=\frac{\partial C}{\partial a_j^L}\sigma'(z_j^L)\]"
    ),
    r"\[h_t=\tanh(W_hh_{t-1}+W_xx_t)\]",
    r"\[h_t = \tanh(a_t)\]\[\frac{\partial h_t}{\partial a_t}=1-h_t^2\]",
    r"\[y=Wx+b\]\[\frac{\partial L}{\partial W}=\frac{\partial L}{\partial y}x^\top\]",
    r"\[y=Wx\]\[\frac{\partial L}{\partial x}=W^\top\frac{\partial L}{\partial y}\]",
    r"\[L=\frac12\|y-\hat y\|^2\]\[\frac{\partial L}{\partial\hat y}=\hat y-y\]",
    r"\[L=\|Xw-y\|^2\]\[\nabla_wL=2X^\top(Xw-y)\]",
    r"\[L=\|Xw-y\|_2^2\]\[\nabla_wL=2X^TXw-2X^Ty=0\]\[w=(X^TX)^{-1}X^Ty\]",
    (
        r"\[J(w)=\frac1{2m}\sum_{i=1}^m(h(x^{(i)})-y^{(i)})^2\]\[h(x)=w^Tx\]"
        r"\[\frac{\partial J}{\partial w_j}=\frac1m\sum_{i=1}^m(h(x^{(i)})-y^{(i)})x_j^{(i)}\]"
    ),
    (
        r"\[\hat y^{(i)}=\sigma(w^\top x^{(i)}+b)\]"
        r"\[J=-\frac1m\sum_i[y^{(i)}\log\hat y^{(i)}+(1-y^{(i)})\log(1-\hat y^{(i)})]\]"
        r"\[\frac{\partial J}{\partial b}=\frac1m\sum_i(\hat y^{(i)}-y^{(i)})\]"
    ),
    (
        r"\[p(x|\theta)=\theta^x(1-\theta)^{1-x}\]"
        r"\[\log p(x|\theta)=x\log\theta+(1-x)\log(1-\theta)\]"
        r"\[\frac{\partial}{\partial\theta}\log p(x|\theta)=\frac x\theta-\frac{1-x}{1"
        r"-\theta}\]"
    ),
    (
        r"\[\log p(x)=\log\int p(x,z)dz=\log\int q(z|x)\frac{p(x"
        r",z)}{q(z|x)}dz\ge\int q(z|x)\log\frac{p(x,z)}{q(z|x)}dz\]"
    ),
    (
        r"\[\mathrm{KL}(q\|p)=\mathbb E_q[\log q-\log p]\]"
        r"\[\mathrm{KL}(q\|p)=\mathbb E_q[\log q]-\mathbb E_q[\log p]\]"
    ),
    r"\[\mathbb E[aX+b]=a\mathbb E[X]+b\]",
    r"\[\mathrm{Var}(X)=\mathbb E[X^2]-\mathbb E[X]^2\]",
    r"\[\mathrm{Var}(aX)=a^2\mathrm{Var}(X)\]",
    r"\[\nabla_\theta\mathbb E[f]=\mathbb E[\nabla_\theta f]\]",
    (
        r"\[\nabla_\theta\log\pi_\theta(a|s)"
        r"=\frac{\nabla_\theta\pi_\theta(a|s)}{\pi_\theta(a|s)}\]"
    ),
    r"\[\nabla_\theta p_\theta(x)=p_\theta(x)\nabla_\theta\log p_\theta(x)\]",
    r"\[\int_0^1x\,dx=\frac12\]",
    r"\[\lim_{h\to0}\frac{(x+h)^2-x^2}h=2x\]",
    r"\[f'(x)=\lim_{h\to0}\frac{f(x+h)-f(x)}{h}\]",
    r"\[\arg\max_\theta p(x|\theta)=\arg\max_\theta\log p(x|\theta)\]",
    r"\[1+2+\cdots+n=\frac{n(n+1)}2\]",
    r"\[x_1+x_2+\dots+x_n=\sum_{i=1}^nx_i\]",
    r"\[e^x=1+x+\frac{x^2}{2!}+\cdots\]",
    (
        r"\[A=\begin{bmatrix}1&2\\3&4\end{bmatrix}\]"
        r"\[A^\top=\begin{bmatrix}1&3\\2&4\end{bmatrix}\]"
    ),
    (
        r"\[\begin{pmatrix}a\\b\end{pmatrix}+\begin{pmatrix}c\\d\end{pmatrix}"
        r"=\begin{pmatrix}a+c\\b+d\end{pmatrix}\]"
    ),
    (
        r"\[J=\begin{bmatrix}\frac{\partial y_1}{\partial x_1}&\cdots"
        r"&\frac{\partial y_1}{\partial x_n}\\\vdots&\ddots"
        r"&\vdots\\\frac{\partial y_m}{\partial x_1}&\cdots"
        r"&\frac{\partial y_m}{\partial x_n}\end{bmatrix}\]"
    ),
    r"\[f(x,y)=x^2y\]\[\nabla f(x,y)=\begin{bmatrix}2xy\\x^2\end{bmatrix}\]",
    r"\[f(x,y)=x^2y\]\[\frac{\partial f}{\partial x}(x,y)=2xy\]",
    (
        r"\[f(\mathbf x)=\mathbf x^\top A\mathbf x\]"
        r"\[\nabla f(\mathbf x)=(A+A^\top)\mathbf x\]"
    ),
    (
        r"\[z=f(x;\theta)\]\[L=(z-y)^2+\lambda w^2\]"
        r"\[\frac{\partial L}{\partial w}=2(z-y)\frac{\partial z}{\partial w}+2\lambda w\]"
    ),
    r"\[h=g(W,x)\]\[L=\frac12(h-y)^2\]\[\frac{\partial L}{\partial h}=h-y\]",
    r"\[\hat y=f(x;\theta)\]\[\hat y=wx+b\]",
    r"\[z=g_\phi(\epsilon,x)\]\[z=\mu+\sigma\odot\epsilon\]",
    (
        r"\[u=x^2\]\[y=\sin u\]"
        r"\[\frac{dy}{dx}=\frac{dy}{du}\cdot\frac{du}{dx}=\cos(u)\cdot2x=2x\cos(x^2)\]"
    ),
    r"\[y=uv\]\[dy=u\,dv+v\,du\]",
    r"\[\frac{d(uv)}{dx}=u\frac{dv}{dx}+v\frac{du}{dx}\]",
    r"\[\frac{d}{dx}\left(\frac uv\right)=\frac{v\frac{du}{dx}-u\frac{dv}{dx}}{v^2}\]",
    r"\[\frac{d}{dx}\log x=\frac1x\]",
    r"\[\frac{d}{dx}\ln(x)=1/x\]",
    r"\[\frac{d}{dx}a^x=a^x\ln a\]",
    r"\[\frac{d}{dx}x^n=nx^{n-1}\]",
    r"\[\frac{d}{dx}\tan x=\sec^2x\]",
    r"\[\frac{\mathrm d}{\mathrm dx}\arctan x=\frac1{1+x^2}\]",
    (
        r"\[\tanh(x)=\frac{e^x-e^{-x}}{e^x+e^{-x}}\]"
        r"\[\tanh'(x)=1-\tanh(x)^2=\operatorname{sech}^2(x)\]"
    ),
    (
        r"\[\mathrm{ReLU}(x)=\max(0,x)\]"
        r"\[\mathrm{ReLU}'(x)=\begin{cases}1&x>0\\0&x<0\end{cases}\]"
    ),
    r"\[\text{softplus}(x)=\log(1+e^x)\]\[\text{softplus}'(x)=\sigma(x)\]",
    (
        r"\[\mathrm{swish}(x)=x\sigma(x)\]"
        r"\[\mathrm{swish}'(x)=\sigma(x)+x\sigma(x)(1-\sigma(x))\]"
    ),
    r"\[\mathrm{GELU}(x)=x\Phi(x)\]\[\mathrm{GELU}'(x)=\Phi(x)+x\phi(x)\]",
    r"\[\mu=\frac1m\sum_ix_i\]\[\frac{\partial\mu}{\partial x_i}=\frac1m\]",
    r"\[\bar x=\frac1n\sum_{i=1}^nx_i\]\[\sum_{i=1}^n(x_i-\bar x)=0\]",
    r"\[\sum_i\sum_ja_ib_j=\left(\sum_ia_i\right)\left(\sum_jb_j\right)\]",
    r"\[\Big(\sum_ix_i\Big)^2=\sum_i\sum_jx_ix_j\]",
    (
        r"\[y_i=\sum_jA_{ij}x_j\]\[\frac{\partial y_i}{\partial x_j}=A_{ij}\]"
        r"\[\frac{\partial y_i}{\partial A_{kl}}=\delta_{ik}x_l\]"
    ),
    r"\[y_i=A_{ij}x_j\]\[\frac{\partial y_i}{\partial x_k}=A_{ik}\]",
    r"\[C_{ik}=A_{ij}B_{jk}\]\[\frac{\partial C_{ik}}{\partial B_{mn}}=A_{im}\delta_{kn}\]",
    (
        r"\[s=\frac{QK^\top}{\sqrt{d_k}}\]\[P=\mathrm{softmax}(S)\]\[O=PV\]"
        r"\[\frac{\partial L}{\partial V}=P^\top\frac{\partial L}{\partial O}\]"
    ),
    r"\[\mathrm{Attention}(Q,K,V)=\mathrm{softmax}\left(\frac{QK^T}{\sqrt{d_k}}\right)V\]",
    (
        r"\[c_t=f_t\odot c_{t-1}+i_t\odot\tilde c_t\]\[h_t=o_t\odot\tanh(c_t)\]"
        r"\[\frac{\partial h_t}{\partial c_t}=o_t\odot(1-\tanh^2(c_t))\]"
    ),
    r"\[w\leftarrow w-\eta\nabla_wL\]\[w:=w-\eta\frac{\partial L}{\partial w}\]",
    r"\[\theta_{t+1}=\theta_t-\eta\nabla L(\theta_t)\]",
    r"\[m_t=\beta_1m_{t-1}+(1-\beta_1)g_t\]\[\hat m_t=\frac{m_t}{1-\beta_1^t}\]",
    r"\[x=2\]\[y=3x=6\]",
    r"\[z=wx+b=2\times3+1=7\]",
    r"\[\hat y=a+b=6+1=7\]",
    r"\[L=(wx+b-y)^2\]\[\frac{\partial L}{\partial w}=2x(wx+b-y)=2\cdot2\cdot(7-5)=8\]",
    (
        r"\[a = wx, \quad \hat{y} = a + b, \quad e = \hat{y} - y, \quad L = e^2\]"
        r"\[\frac{\partial L}{\partial w}=2ex\]"
    ),
    (
        r"\[\frac{\partial L}{\partial w}"
        r"=\frac{\partial L}{\partial e}\cdot\frac{\partial e}{\partial\hat y}\cdot\frac{\part"
        r"ial\hat y}{\partial a}\cdot\frac{\partial a}{\partial w}\]"
    ),
    r"\[\sigma(-x)=1-\sigma(x)\]",
    r"\[\log\sigma(x)=-\log(1+e^{-x})\]",
    r"\[-\log\sigma(x)=\mathrm{softplus}(-x)\]",
    r"\[1-\sigma(x)=\frac{e^{-x}}{1+e^{-x}}=\frac1{1+e^x}\]",
    r"\[H(p)=-\sum_ip_i\log p_i\]\[\frac{\partial H}{\partial p_i}=-\log p_i-1\]",
    r"\[D_{KL}(p\|q)=\sum_ip_i\log\frac{p_i}{q_i}=\sum_ip_i\log p_i-\sum_ip_i\log q_i\]",
    (
        r"\[\mathcal N(x|\mu,\sigma^2)=\frac1{\sqrt{2\pi\sigma^2}}\exp\left(-\frac{(x"
        r"-\mu)^2}{2\sigma^2}\right)\]"
        r"\[\log\mathcal N(x|\mu,\sigma^2)=-\frac12\log(2\pi\sigma^2)-\frac{(x"
        r"-\mu)^2}{2\sigma^2}\]"
    ),
    (
        r"\[\ell=-\frac n2\log(2\pi\sigma^2)-\frac1{2\sigma^2}\sum_i(x_i-\mu)^2\]"
        r"\[\frac{\partial\ell}{\partial\mu}=\frac1{\sigma^2}\sum_i(x_i-\mu)\]"
    ),
    (
        r"\[\ell=-\frac n2\log(2\pi\sigma^2)-\frac1{2\sigma^2}\sum_i(x_i-\mu)^2\]"
        r"\[\frac{\partial\ell}{\partial\sigma^2}=-\frac n{2\sigma^2}"
        r"+\frac1{2\sigma^4}\sum_i(x_i-\mu)^2\]"
    ),
    r"\[\log\prod_ip_i=\sum_i\log p_i\]",
    r"\[\log\prod_{i=1}^np(x_i|\theta)=\sum_{i=1}^n\log p(x_i|\theta)\]",
    r"\[\frac{\partial}{\partial W}\mathrm{tr}(W^\top A)=A\]",
    r"\[\frac{\partial}{\partial X}\log\det X=X^{-\top}\]",
    r"\[\mathrm{tr}(AB)=\mathrm{tr}(BA)\]",
    r"\[(AB)^\top=B^\top A^\top\]",
    r"\[\frac{\partial a^\top x}{\partial x}=a\]",
    r"\[\frac{\partial a^\top x}{\partial x}=a^\top\]",
    r"\[\frac{\partial Ax}{\partial x}=A\]",
    r"\[\frac{\partial Ax}{\partial x}=A^\top\]",
    r"\[\|a-b\|^2=\|a\|^2-2a^\top b+\|b\|^2\]",
    r"\[\|a-b\|^2=\|a\|^2+\|b\|^2-2\langle a,b\rangle\]",
    (
        r"\[\|w_{t+1}-w^*\|^2=\|w_t-\eta g_t-w^*\|^2=\|w_t-w^*\|^2-2\eta\langle g_t,w_t"
        r"-w^*\rangle+\eta^2\|g_t\|^2\]"
    ),
    r"\[x^{(k+1)}=x^{(k)}-\frac{f(x^{(k)})}{f'(x^{(k)})}\]",
    r"\[e^{(k+1)}=x^{(k+1)}-x^*\]",
    (
        r"\[\frac{\partial^2f}{\partial x\partial y}"
        r"=\frac{\partial}{\partial x}\left(\frac{\partial f}{\partial y}\right)\]"
    ),
    (
        r"\[f(x)=\frac{1}{1+e^{-x}}\]"
        r"\[f'(x)=\frac{-1}{(1+e^{-x})^2}\cdot(-e^{-x})=\frac{1}{1+e^{-x}}\cdot\frac{e^{"
        r"-x}}{1+e^{-x}}=f(x)\cdot(1-f(x))\]"
    ),
)

CLEVER_ERRORS = (
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial p_i}{\partial z_j}=p_i(\delta_{ij}+p_j)\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial p_i}{\partial z_j}=p_j(\delta_{ij}-p_j)\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial p_i}{\partial z_j}=p_i(1-p_j)+p_i\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial p_i}{\partial z_j}=\delta_{ij}-p_ip_j\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial p_i}{\partial z_j}=p_i\delta_{ij}-p_j\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial\log p_i}{\partial z_j}=p_i(\delta_{ij}-p_j)\]"
    ),
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\log p_i=z_i+\log\sum_ke^{z_k}\]",
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\log p_i=z_i-\sum_k\log e^{z_k}\]",
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\log p_i=z_i-\sum_kz_k\]",
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\sum_ip_i=\sum_iz_i\]",
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}=y_j-p_j\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}=p_j+y_j\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial p_i}=\frac{y_i}{p_i}\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial p_i}=-\frac{p_i}{y_i}\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}=p_jy_j-y_j\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}=-\sum_i\frac{y_i}{p_i}p_i(\delta_{ij}+p_j)\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}=-\sum_iy_i(\delta_{ij}-p_i)\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial^2L}{\partial z_j\partial z_k}=p_jp_k\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[L=-\sum_i y_i\log p_i\]\begin{align}\frac{\partial L}{\partial z_j}&="
        r"-\sum_iy_i\frac1{p_i}\frac{\partial p_i}{\partial z_j}\\ &=-\sum_iy_i(\delta_{ij}"
        r"-p_j)\\ &=-y_j-p_j\sum_iy_i\end{align}"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[L=-\sum_i y_i\log p_i\]\begin{align}\frac{\partial L}{\partial z_j}&="
        r"-\sum_iy_i\frac{\partial\log p_i}{\partial z_j}\\ &="
        r"-\sum_iy_i\frac{1}{p_i}p_i(\delta_{ij}-p_j)\\ &=-y_j+p_j^2\end{align}"
    ),
    r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[\frac{d\sigma}{dx}=\sigma(x)(1+\sigma(x))\]",
    r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[\sigma'(x)=\sigma(x)^2(1-\sigma(x))\]",
    r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[\frac{d}{dx}\sigma(x)=-\frac{e^{-x}}{(1+e^{-x})^2}\]",
    r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[\sigma'(x)=\frac{e^{-1}}{(1+e^{-x})^2}\]",
    r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[\sigma'(x)=\frac{e^{-x}}{1+e^{-x}}\]",
    r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[\sigma'(x)=\frac{1}{(1+e^{-x})^2}\]",
    r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[1-\sigma(x)=\sigma(x)\]",
    r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[\sigma(-x)=-\sigma(x)\]",
    r"\[\sigma(x)=\frac1{1+e^{-x}}\]\[\sigma''(x)=\sigma'(x)(1-\sigma(x))\]",
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\]"
        r"\[\frac{\partial L}{\partial a}=\frac ya+\frac{1-y}{1-a}\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\]"
        r"\[\frac{\partial L}{\partial a}=-\frac ya-\frac{1-y}{1-a}\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\]"
        r"\[\frac{\partial L}{\partial z}=y-a\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\]"
        r"\[\frac{\partial L}{\partial w}=(a-y)w\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\]"
        r"\[\frac{\partial L}{\partial w}=a-y\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\]"
        r"\[\frac{\partial L}{\partial b}=(a-y)x\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\]"
        r"\[\frac{\partial L}{\partial x}=(a-y)x\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\]"
        r"\[\frac{\partial a}{\partial z}=a(a-1)\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\]"
        r"\[\frac{\partial L}{\partial w}=(a-y)a(1-a)x\]"
    ),
    (
        r"\[J=\frac1m\sum_{i=1}^m(wx_i+b-y_i)^2\]"
        r"\[\frac{\partial J}{\partial w}=\frac1m\sum_{i=1}^m(wx_i+b-y_i)x_i\]"
    ),
    (
        r"\[J=\frac1m\sum_{i=1}^m(wx_i+b-y_i)^2\]"
        r"\[\frac{\partial J}{\partial w}=\frac2m\sum_{i=1}^m(wx_i+b-y_i)\]"
    ),
    (
        r"\[J=\frac1m\sum_{i=1}^m(wx_i+b-y_i)^2\]"
        r"\[\frac{\partial J}{\partial b}=\frac2m\sum_{i=1}^m(wx_i-b-y_i)\]"
    ),
    (
        r"\[J=\frac1m\sum_{i=1}^m(wx_i+b-y_i)^2\]"
        r"\[\frac{\partial J}{\partial w}=-\frac2m\sum_{i=1}^m(wx_i+b-y_i)x_i\]"
    ),
    (
        r"\[J=\frac1m\sum_{i=1}^m(wx_i+b-y_i)^2\]"
        r"\[\frac{\partial J}{\partial w}=2\sum_{i=1}^m(wx_i+b-y_i)x_i\]"
    ),
    (
        r"\[J=\frac1m\sum_{i=1}^m(wx_i+b-y_i)^2\]"
        r"\[\frac{\partial^2J}{\partial w^2}=\frac2m\sum_{i=1}^mx_i\]"
    ),
    (
        r"\[J=\frac1m\sum_{i=1}^m(wx_i+b-y_i)^2\]"
        r"\[\frac{\partial J}{\partial b}=\frac2{m^2}\sum_{i=1}^m(wx_i+b-y_i)\]"
    ),
    (
        r"\[z_j=\sum_iw_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\[\frac{\partial E}{\partial w_{ji}}=(a_j-t_j)a_j(1-a_j)x_j\]"
    ),
    (
        r"\[z_j=\sum_iw_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\[\frac{\partial E}{\partial w_{ji}}=(t_j-a_j)a_j(1-a_j)x_i\]"
    ),
    (
        r"\[z_j=\sum_iw_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\[\frac{\partial E}{\partial w_{ji}}=(a_j-t_j)a_jx_i\]"
    ),
    (
        r"\[z_j=\sum_iw_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\[\frac{\partial E}{\partial w_{ji}}=\sum_i(a_j-t_j)a_j(1-a_j)x_i\]"
    ),
    (
        r"\[z_j=\sum_iw_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\[\frac{\partial E}{\partial x_i}=\sum_j(a_j-t_j)a_j(1-a_j)w_{ij}\]"
    ),
    (
        r"\[z_j=\sum_iw_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\[\frac{\partial E}{\partial x_i}=(a_j-t_j)a_j(1-a_j)w_{ji}+x_i\]"
    ),
    (
        r"\[z_j=\sum_iw_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\[\frac{\partial E}{\partial b_j}=(a_j-t_j)a_j(1-a_j)b_j\]"
    ),
    (
        r"\[z_j=\sum_iw_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\[\frac{\partial z_j}{\partial w_{ji}}=x_j\]"
    ),
    (
        r"\[z_j=\sum_iw_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\[\frac{\partial z_j}{\partial w_{kl}}=x_l\]"
    ),
    (
        r"\[\mu=\frac1N\sum_{j=1}^Nx_j\]\[v=\frac1N\sum_{j=1}^N(x_j-\mu)^2\]"
        r"\[\frac{\partial v}{\partial x_i}=\frac1N(x_i-\mu)\]"
    ),
    (
        r"\[\mu=\frac1N\sum_{j=1}^Nx_j\]\[v=\frac1N\sum_{j=1}^N(x_j-\mu)^2\]"
        r"\[\frac{\partial v}{\partial x_i}=\frac2N(x_i-\mu)(1-\frac1N)\]"
    ),
    (
        r"\[\mu=\frac1N\sum_{j=1}^Nx_j\]\[v=\frac1N\sum_{j=1}^N(x_j-\mu)^2\]"
        r"\[\frac{\partial v}{\partial x_i}=\frac2N(\mu-x_i)\]"
    ),
    r"\[f=\sum_ix_i^2\]\[\frac{\partial f}{\partial x_k}=x_k\]",
    r"\[f=\sum_ix_i^2\]\[\frac{\partial f}{\partial x_k}=2\sum_ix_i\]",
    r"\[f=\sum_i\sum_jx_iA_{ij}x_j\]\[\frac{\partial f}{\partial x_k}=\sum_jA_{kj}x_j\]",
    (
        r"\[f=\sum_i\sum_jx_iA_{ij}x_j\]"
        r"\[\frac{\partial f}{\partial x_k}=\sum_j(A_{kj}-A_{jk})x_j\]"
    ),
    (
        r"\[f=\sum_i\sum_jx_iA_{ij}x_j\]"
        r"\[\frac{\partial^2f}{\partial x_k\partial x_l}=A_{kl}\]"
    ),
    r"\[c=\sum_ka_kb_k\]\[c^2=\sum_ka_k^2b_k^2\]",
    r"\[(\sum_ix_i)^2=\sum_ix_i^2\]",
    r"\[\log\sum_ie^{x_i}=\sum_ix_i\]",
    r"\[\sum_i(a_i b_i)=\left(\sum_ia_i\right)\left(\sum_ib_i\right)\]",
    r"\[\sum_i\sum_jx_ix_j=\sum_ix_i^2\]",
    r"\[\prod_ie^{x_i}=\sum_ie^{x_i}\]",
    r"\[\exp(\sum_ix_i)=\sum_i\exp(x_i)\]",
    r"\[\log(a+b)=\log a+\log b\]",
    r"\[\sqrt{a^2+b^2}=a+b\]",
    r"\[\frac1{a+b}=\frac1a+\frac1b\]",
    r"\[e^{a+b}=e^a+e^b\]",
    r"\[(a+b)^2=a^2+b^2\]",
    r"\[\frac{a}{b+c}=\frac ab+\frac ac\]",
    r"\[\frac{d}{dx}x^3=3x^3\]",
    r"\[\frac{d}{dx}\log x=-\frac1{x^2}\]",
    r"\[\frac{d}{dx}e^{x^2}=e^{x^2}\]",
    r"\[\frac{d}{dx}\sin x=-\cos x\]",
    r"\[\frac{d}{dx}\frac1x=\frac1{x^2}\]",
    r"\[\frac{d}{dx}\sqrt x=\frac1{\sqrt x}\]",
    r"\[\frac{d}{dx}\tanh x=1-\tanh x\]",
    r"\[\frac{d}{dx}(x\log x)=\log x\]",
    r"\[\frac{d}{dx}\frac{u(x)}{v(x)}=\frac{u'(x)v(x)+u(x)v'(x)}{v(x)^2}\]",
    r"\[\frac{d}{dx}(u(x)v(x))=u'(x)v'(x)\]",
    r"\[\frac{d}{dx}f(g(x))=f'(x)g'(x)\]",
    r"\[H=-\sum_ip_i\log p_i\]\[\frac{\partial H}{\partial p_i}=-\log p_i\]",
    r"\[H=-\sum_ip_i\log p_i\]\[\frac{\partial H}{\partial p_i}=1+\log p_i\]",
    (
        r"\[K=\sum_ip_i\log\frac{p_i}{q_i}\]"
        r"\[\frac{\partial K}{\partial q_i}=\frac{p_i}{q_i}\]"
    ),
    (
        r"\[\ell=-\frac n2\log(2\pi s)-\frac1{2s}\sum_{i=1}^n(x_i-\mu)^2\]"
        r"\[\frac{\partial\ell}{\partial\mu}=-\frac1s\sum_{i=1}^n(x_i-\mu)\]"
    ),
    (
        r"\[\ell=-\frac n2\log(2\pi s)-\frac1{2s}\sum_{i=1}^n(x_i-\mu)^2\]"
        r"\[\frac{\partial\ell}{\partial s}=-\frac n{2s}-\frac1{2s^2}\sum_{i=1}^n(x_i-\mu)^2\]"
    ),
    r"\[L=\|Xw-y\|^2\]\[\nabla_wL=X^\top(Xw-y)\]",
    r"\[L=\|Xw-y\|^2\]\[\nabla_wL=2X^\top(y-Xw)\]",
    r"\[L=\|y-Xw\|^2+\lambda\|w\|^2\]\[\nabla_wL=-2X^\top(y-Xw)+\lambda w\]",
    r"\[f=x^\top Ax\]\[\nabla_xf=2Ax+A^\top x\]",
    r"\[f=x^\top Ax\]\[\nabla_xf=Ax-A^\top x\]",
    r"\[f=a^\top x\]\[\nabla_xf=x\]",
    r"\[\|a-b\|^2=\|a\|^2-\|b\|^2\]",
    r"\[\|a-b\|^2=\|a\|^2+2a^\top b+\|b\|^2\]",
    r"\[(AB)^\top=A^\top B^\top+A\]",
    r"\[L=\frac12\|a-y\|^2\]\[\nabla_aL=y-a\]",
    r"\[L=\frac12\|a\odot b\|^2\]\[\nabla_aL=a\odot b\]",
    r"\[f=\|x\|\]\[\nabla_xf=2x\]",
    r"\[f=\log\|x\|^2\]\[\nabla_xf=\frac{x}{\|x\|^2}\]",
    (
        r"\[y_i=\sum_jW_{ij}x_j\]\[L=L(y)\]"
        r"\[\frac{\partial L}{\partial W_{ij}}=\frac{\partial L}{\partial y_j}x_i\]"
    ),
    (
        r"\[y_i=\sum_jW_{ij}x_j\]\[L=L(y)\]"
        r"\[\frac{\partial L}{\partial x_j}=\frac{\partial L}{\partial y_i}W_{ij}+x_j\]"
    ),
    (
        r"\[y_i=\sum_jW_{ij}x_j\]\[L=L(y)\]"
        r"\[\frac{\partial L}{\partial x_k}=\sum_i\frac{\partial L}{\partial y_i}W_{ki}\]"
    ),
    r"\[m=\max(0,x)\]\[\frac{dm}{dx}=\begin{cases}x&x>0\\0&x\le0\end{cases}\]",
    r"\[m=\max(0,x)\]\[\frac{dm}{dx}=\begin{cases}0&x>0\\1&x\le0\end{cases}\]",
    r"\[s=x\sigma(x)\]\[\frac{ds}{dx}=\sigma(x)+x\sigma(x)\]",
    r"\[s=\log(1+e^x)\]\[\frac{ds}{dx}=\frac1{1+e^x}\]",
    (
        r"\begin{align}\frac{d}{dx}\left(x^2e^x\right)&=2xe^x+x^2e^x\\ &=xe^x(2"
        r"+x^2)\end{align}"
    ),
    r"\begin{align}(x+1)^3&=(x+1)(x+1)^2\\ &=(x+1)(x^2+2x+1)\\ &=x^3+3x^2+3x\end{align}",
    (
        r"\[u=x^2\]\[y=\sin u\]"
        r"\[\frac{dy}{dx}=\frac{dy}{du}\cdot\frac{du}{dx}=\cos(u)\cdot2x=2x\cos(x)\]"
    ),
    r"\[L=(wx+b-y)^2\]\[\frac{\partial L}{\partial w}=2(wx+b-y)\]",
    (
        r"\[z^l_j=\sum_kw^l_{jk}a^{l-1}_k+b^l_j\]"
        r"\[\frac{\partial z^l_j}{\partial w^l_{jk}}=a^l_k\]"
    ),
    (
        r"\[z^{(l)}_j=\sum_kw^{(l)}_{jk}a^{(l-1)}_k+b^{(l)}_j\]"
        r"\[\frac{\partial z^{(l)}_j}{\partial b^{(l)}_{j}}=b^{(l)}_j\]"
    ),
    (
        r"\[\mathcal N(x|\mu,\sigma^2)=\frac1{\sqrt{2\pi\sigma^2}}\exp\left(-\frac{(x"
        r"-\mu)^2}{2\sigma^2}\right)\]"
        r"\[\log\mathcal N(x|\mu,\sigma^2)=-\frac12\log(2\pi\sigma^2)+\frac{(x"
        r"-\mu)^2}{2\sigma^2}\]"
    ),
    (
        r"\[p(x|\theta)=\theta^x(1-\theta)^{1-x}\]"
        r"\[\frac{\partial}{\partial\theta}\log p(x|\theta)=\frac x\theta+\frac{1-x}{1"
        r"-\theta}\]"
    ),
)
