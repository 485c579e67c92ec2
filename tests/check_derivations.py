"""Derivations as formulas: right ones, of which no line may be called wrong, and wrong ones.

Each is a text in LaTeX.  Of a wrong one the last line is wrong, as people and language models err:
a lost sign, sum, factor or delta, a swapped index, a forgotten inner derivative.
"""

RIGHT = (
    r"\[f=\sum_i\sum_jx_iA_{ij}x_j\]\[\frac{\partial f}{\partial x_k}=2\sum_jA_{kj}x_j\]",
    r"\[\frac{d}{dx}|x| = \frac{x}{|x|}\]",
    r"\[\frac{d}{dx}\max(0,x) = \begin{cases}1 & x \ge 0\\ 0 & x<0\end{cases}\]",
    r"\[ \log(x^2) = 2\log x \]",
    r"\[ \sqrt{x^2} = x \]",
    r"\[ \log(ab) = \log a + \log b \]",
    r"\[f(x)=\frac{1}{1+e^{-x}}\] \[ f'(x) = \frac{e^{-x}}{(1+e^{-x})^2} = f(x)(1-f(x)) \]",
    r"\[ \frac{d}{dx} f(g(x)) = f'(g(x)) g'(x) \]",
    r"\[ \frac{d}{dx}\left(f(x)g(x)\right) = f'(x)g(x)+f(x)g'(x) \]",
    r"\[ \frac{d}{dx}\frac{f(x)}{g(x)} = \frac{f'(x)g(x)-f(x)g'(x)}{g(x)^2} \]",
    r"\[ w = w - \eta \frac{\partial L}{\partial w} \]",
    r"\[ w_{t+1} = w_t - \eta g_t \]",
    (
        r"\[J=\frac{1}{2m}\sum_{i=1}^m(\theta x_i-y_i)^2\]"
        r" \[\frac{dJ}{d\theta} = \frac1m\sum_{i=1}^m(\theta x_i-y_i)x_i = 0\]"
    ),
    (
        r"The softmax $p$: \[p_i=\frac{e^{z_i}}{\sum_j e^{z_j}}\]"
        r" For $i=j$: \[\frac{\partial p_i}{\partial z_j}=p_i(1-p_i)\]"
        r" and for $i\neq j$: \[\frac{\partial p_i}{\partial z_j}=-p_ip_j\]"
    ),
    (
        r"\[z = wx+b\]\[a=\sigma(z)\]\[L=-(y\log a+(1-y)\log(1-a))\] \begin{align}"
        r"\frac{\partial L}{\partial a}&=-\frac{y}{a}+\frac{1-y}{1-a}\\ \frac{\partial a}{"
        r"\partial z}&=a(1-a)\\ \frac{\partial L}{\partial z}&=\frac{\partial L}{\partial a}"
        r"\frac{\partial a}{\partial z}=a-y\\ \frac{\partial L}{\partial w}&=(a-y)x\\ \frac{"
        r"\partial L}{\partial b}&=a-y\end{align}"
    ),
    (
        r"\[z_j=\sum_i w_{ji}x_i+b_j\]\[a_j=\sigma(z_j)\]\[E=\frac12\sum_j(t_j-a_j)^2\]"
        r"\begin{align*}\frac{\partial E}{\partial w_{ji}}&=\frac{\partial E}{\partial a_j}"
        r"\frac{\partial a_j}{\partial z_j}\frac{\partial z_j}{\partial w_{ji}}\\"
        r"&=(a_j-t_j)a_j(1-a_j)x_i\end{align*}"
    ),
    (
        r"\[L=\log\sum_k e^{z_k}\]"
        r"\[\frac{\partial L}{\partial z_j}=\frac{e^{z_j}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial^2 L}{\partial z_i\partial z_j}=\delta_{ij}\frac{e^{z_i}}{"
        r"\sum_k e^{z_k}}-\frac{e^{z_i}e^{z_j}}{(\sum_k e^{z_k})^2}\]"
        r""
    ),
    r"\[\tanh'(x)=1-\tanh^2(x)\]",
    r"\[\tanh(x)=2\sigma(2x)-1\]",
    r"\[\sigma(x)=\frac{e^x}{1+e^x}=\frac{1}{1+e^{-x}}\]",
    (
        r"\[\sigma(x) = \frac{1}{1+e^{-x}}\]"
        r" \begin{align} \frac{d\sigma}{dx} &= \frac{d}{dx}(1+e^{-x})^{-1}\\ &= -"
        r"(1+e^{-x})^{-2}(-e^{-x})\\ &=\frac{e^{-x}}{(1+e^{-x})^2}\\"
        r"&=\sigma(x)(1-\sigma(x))\end{align}"
    ),
    r"\[\text{softplus}(x)=\log(1+e^x)\] \[\frac{d}{dx}\log(1+e^x)=\sigma(x)\]",
    (
        r"\[\mu=\frac1N\sum_i x_i\]\[\sigma^2=\frac1N\sum_i(x_i-\mu)^2\]"
        r"\[\hat x_i=\frac{x_i-\mu}{\sqrt{\sigma^2+\epsilon}}\]\[y_i=\gamma\hat x_i+\beta\]"
        r"\[L=L(y)\]\begin{align}"
        r"\frac{\partial L}{\partial\gamma}&=\sum_i\frac{\partial L}{\partial y_i}\hat x_i\\ "
        r"\frac{\partial L}{\partial\beta}&=\sum_i\frac{\partial L}{\partial y_i}\\ \frac{"
        r"\partial L}{\partial\hat x_i}&=\frac{\partial L}{\partial y_i}\gamma\\ \frac{"
        r"\partial L}{\partial\sigma^2}&=\sum_i\frac{\partial L}{\partial\hat x_i}(x_i-\mu)"
        r"\cdot\frac{-1}{2}(\sigma^2+\epsilon)^{-3/2}\\ \frac{\partial L}{\partial\mu}&="
        r"\sum_i\frac{\partial L}{\partial\hat x_i}\cdot\frac{-1}{\sqrt{\sigma^2"
        r"+\epsilon}}\\ \frac{\partial L}{\partial x_i}&=\frac{\partial L}{\partial\hat x_i}"
        r"\frac{1}{\sqrt{\sigma^2+\epsilon}}+\frac{\partial L}{\partial\sigma^2}\frac{2(x_i-"
        r"\mu)}{N}+\frac{\partial L}{\partial\mu}\frac1N\end{align}"
    ),
    (
        r"\[\mu_B=\frac1m\sum_{i=1}^m x_i\]\[v=\frac1m\sum_{i=1}^m(x_i-\mu_B)^2\]"
        r" \[ v = \frac1m\sum_{i=1}^m x_i^2-\mu_B^2\]"
    ),
    (
        r"\[C=\frac{(y-a)^2}{2}\]\[a=\sigma(z)\]\[z=wx+b\]"
        r"\[\frac{\partial C}{\partial w}=(a-y)\sigma'(z)x\]"
        r"\[\frac{\partial C}{\partial b}=(a-y)\sigma'(z)\]"
    ),
    (
        r"\[L(w)=\frac12\sum_n(y_n-w x_n)^2+\frac\lambda2w^2\]"
        r"\[L'(w)=-\sum_n(y_n-wx_n)x_n+\lambda w\]"
    ),
    r"\[y=Wx\] \[\frac{\partial y}{\partial x}=W\]",
    r"\[ z = 0.5\cdot 2+1 = 2\]\[\sigma(2)=0.88\]",
    r"\[ E[x^2]-E[x]^2 = \mathrm{Var}(x) \]",
    r"\[ P(y=1|x) = \sigma(w x) \]",
    (
        r"\[ p_i = \frac{e^{z_i}}{\sum_k e^{z_k}} \] \[\sum_i p_i = 1\]"
        r" \[ \log p_i = z_i-\log\sum_k e^{z_k}\]"
    ),
    (
        r"\[f(x)=x\sigma(x)\]"
        r" \[f'(x)=\sigma(x)+x\sigma(x)(1-\sigma(x)) = f(x)+\sigma(x)(1-f(x))\]"
    ),
    r"\[ \frac{\partial}{\partial z_j}\sum_k e^{z_k}=e^{z_j}\]",
    r"\[ \frac{\partial z_i}{\partial z_j}=\delta_{ij}\]",
    r"\[ \frac{\partial \sum_k z_k^2}{\partial z_j}=2z_j\]",
    r"\[ n=\sqrt{\sum_k x_k^2}\]\[\frac{\partial n}{\partial x_i}=\frac{x_i}{n}\]",
    (
        r"\[ KL=\sum_i p_i\log\frac{p_i}{q_i}\]"
        r" \[\frac{\partial KL}{\partial q_i}=-\frac{p_i}{q_i}\]"
    ),
    (
        r"\[ L = -\sum_i y_i\log p_i \] \[p_i = \mathrm{softmax}(z)_i\]"
        r" Labels are one-hot. \[\frac{\partial L}{\partial z_i}=p_i-y_i\]"
    ),
    (
        r"Softmax with cross-entropy \[\frac{\partial p_i}{\partial z_j}=p_i(\delta_{ij}-p_j)\]"
        r""
    ),
    (
        r"\[ L=-\log p_y \]\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial L}{\partial z_i}=p_i-\mathbb{1}[i=y]\]"
    ),
    (
        r"\[ L=-\log p_y \]\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial L}{\partial z_i}=\begin{cases}p_i-1&i=y\\p_i&i\ne y\end{cases}\]"
    ),
    (
        r"\[h=\max(0,z)\]\[L=\frac12(h-y)^2\]"
        r"\[\frac{\partial L}{\partial z}=(h-y)\mathbb{1}[z>0]\]"
    ),
    (
        r"\[\frac{\partial L}{\partial w}=\frac{\partial L}{\partial z}"
        r"\frac{\partial z}{\partial w}\]"
    ),
    r"\[\frac{dy}{dx} = \frac{dy}{du}\frac{du}{dx}\]",
    (
        r"\[\ell(\theta)=\sum_i y_i\log h_i+(1-y_i)\log(1-h_i)\]"
        r"\[h_i=\sigma(\sum_j\theta_jx_{ij})\]"
        r"\[\frac{\partial\ell}{\partial\theta_j}=\sum_i(y_i-h_i)x_{ij}\]"
    ),
    r"\[\ell(\theta)=\sum_i y^{(i)}\log h(x^{(i)})+(1-y^{(i)})\log(1-h(x^{(i)}))\]",
    (
        r"\[ s_i = \frac{e^{x_i/T}}{\sum_j e^{x_j/T}} \]"
        r" \[ \frac{\partial s_i}{\partial x_j} = \frac{1}{T}s_i(\delta_{ij}-s_j)\]"
    ),
    (
        r"\[A=\sum_{i}\sum_j x_iM_{ij}x_j\]"
        r"\[\frac{\partial A}{\partial x_k}=\sum_j(M_{kj}+M_{jk})x_j\]"
    ),
    (
        r"\[c_{ij}=\sum_k a_{ik}b_{kj}\]"
        r"\[\frac{\partial c_{ij}}{\partial a_{mn}}=\delta_{im}b_{nj}\]"
        r"\[\frac{\partial L}{\partial a_{mn}}=\sum_j\frac{\partial L}{\partial c_{mj}}b_{nj}\]"
        r""
    ),
    r"\[ y = x^2 \]\[\frac{dy}{dx}=2x\]\[y = 3x\]\[\frac{dy}{dx}=3\]",
    r"\[ y_i = a_{ij}x_j \] \[ \frac{\partial y_i}{\partial x_k} = a_{ik} \]",
    (
        r"\[ f=\frac{1}{2}\sum_i (\sum_j A_{ij}x_j-b_i)^2 \]\begin{align}"
        r"\frac{\partial f}{\partial x_k}&=\sum_i(\sum_jA_{ij}x_j-b_i)A_{ik}\\ &=\sum_i"
        r"\sum_jA_{ik}A_{ij}x_j-\sum_iA_{ik}b_i\end{align}"
    ),
    (
        r"\[\mathrm{GELU}(x)=x\Phi(x)\]\[\Phi(x)=\frac12(1+\mathrm{erf}(x/\sqrt2))\]"
        r"\[\Phi'(x)=\frac{1}{\sqrt{2\pi}}e^{-x^2/2}\]"
    ),
    r"\[ h_t = \tanh(W h_{t-1}+U x_t) \]",
    r"\[ \frac{d}{dx} a^x = a^x \ln a \]",
    r"\[ \frac{d}{dx} x^n = n x^{n-1} \]",
    r"\[ \cosh^2 x-\sinh^2 x = 1 \]",
    r"\[ \sum_i (p_i - y_i) = 0 \]",
    (
        r"\[ L = \sum_i \max(0, 1 - y_i s_i) \]"
        r" \[ \frac{\partial L}{\partial s_i} = -y_i \mathbb{1}[y_i s_i < 1] \]"
    ),
    (
        r"\[ \hat y = w_1x_1+w_2x_2+b \]\[\frac{\partial \hat y}{\partial w_1}=x_1\]"
        r"\[L=(\hat y-y)^2\]\[\frac{\partial L}{\partial w_2}=2(\hat y-y)x_2\]"
    ),
    (
        r"\[ x = r\cos\theta \]\[\frac{\partial x}{\partial r}=\cos\theta\]"
        r"\[\frac{\partial x}{\partial\theta}=-r\sin\theta\]"
    ),
    (
        r"\[ \frac{\partial}{\partial \theta}\log p = \frac{1}{p}"
        r"\frac{\partial p}{\partial \theta} \]"
    ),
    r"\[ D_{KL}(p\|q) = \sum_i p_i \log\frac{p_i}{q_i} \]",
)

WRONG = (
    r"\[1-\sigma(x)=\tanh(x)\]",
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
        r"\[\frac{\partial p_i}{\partial z_j}=p_i(1-p_j)\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial p_i}{\partial z_j}=\delta_{ij}-p_ip_j\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
        r"\[\frac{\partial p_i}{\partial z_i}=p_i(1+p_i)\]"
    ),
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\log p_i=z_i+\log\sum_k e^{z_k}\]",
    r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[\log p_i=z_i-\sum_k z_k\]",
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}=y_j-p_j\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}=-\frac{y_j}{p_j}\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}=-\sum_i y_i(1-p_j)\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial p_i}=\frac{y_i}{p_i}\]"
    ),
    (
        r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]\[L=-\sum_i y_i\log p_i\]"
        r"\[\frac{\partial L}{\partial z_j}=\frac{\partial L}{\partial p_j}"
        r"\frac{\partial p_j}{\partial z_j}\]"
    ),
    r"\[\frac{d}{dx}\sigma(x)=\sigma(x)(1+\sigma(x))\]",
    r"\[\frac{d}{dx}\tanh x=1-\tanh x\]",
    r"\[\frac{d}{dx}\tanh x=\tanh^2x-1\]",
    r"\[\frac{d}{dx}\log(1+e^x)=\frac{1}{1+e^x}\]",
    r"\[\frac{d}{dx}x\sigma(x)=\sigma(x)(1-\sigma(x))\]",
    r"\[1-\sigma(x)=\sigma(x)\]",
    r"\[\sigma(-x)=-\sigma(x)\]",
    r"\[\frac{d}{dx}\frac{u(x)}{v(x)}=\frac{u'(x)v(x)+u(x)v'(x)}{v(x)^2}\]",
    r"\[\frac{d}{dx}f(g(x))=f'(x)g'(x)\]",
    r"\[\frac{d}{dx}e^{-x^2}=-2e^{-x^2}\]",
    r"\[\frac{d}{dx}\sqrt{1+x^2}=\frac{1}{2\sqrt{1+x^2}}\]",
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=\frac12(a-y)^2\]"
        r"\[\frac{\partial L}{\partial w}=(a-y)a(1-a)\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=\frac12(a-y)^2\]"
        r"\[\frac{\partial L}{\partial b}=(a-y)a(1+a)\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-y\log a-(1-y)\log(1-a)\]"
        r"\[\frac{\partial L}{\partial z}=y-a\]"
    ),
    (
        r"\[z=wx+b\]\[a=\sigma(z)\]\[L=-y\log a-(1-y)\log(1-a)\]"
        r"\[\frac{\partial L}{\partial a}=-\frac ya-\frac{1-y}{1-a}\]"
    ),
    r"\[y_i=\sum_jW_{ij}x_j\]\[\frac{\partial y_i}{\partial x_k}=W_{ki}\]",
    (
        r"\[y_i=\sum_jW_{ij}x_j\]\[L=L(y)\]"
        r"\[\frac{\partial L}{\partial x_k}=\sum_i\frac{\partial L}{\partial y_i}W_{ki}\]"
    ),
    (
        r"\[y_i=\sum_jW_{ij}x_j\]\[L=L(y)\]"
        r"\[\frac{\partial L}{\partial W_{ij}}=\frac{\partial L}{\partial y_j}x_i\]"
    ),
    (
        r"\[J=\frac1{2m}\sum_{i=1}^m(h_i-y_i)^2\]\[h_i=\theta x_i\]"
        r"\[\frac{\partial J}{\partial\theta}=\frac{1}{2m}\sum_{i=1}^m(h_i-y_i)x_i\]"
    ),
    (
        r"\[J=\frac1{2m}\sum_{i=1}^m(h_i-y_i)^2\]\[h_i=\theta x_i\]"
        r"\[\frac{\partial J}{\partial\theta}=\frac{1}{m}\sum_{i=1}^m(h_i-y_i)\]"
    ),
    r"\[n=\sqrt{\sum_kx_k^2}\]\[\frac{\partial n}{\partial x_i}=\frac{2x_i}{n}\]",
    r"\[L=\log\sum_ke^{z_k}\]\[\frac{\partial L}{\partial z_i}=\frac{1}{\sum_ke^{z_k}}\]",
    (
        r"\[v=\frac1N\sum_{j=1}^Nx_j^2-\left(\frac1N\sum_{j=1}^Nx_j\right)^2\]"
        r"\[\frac{\partial v}{\partial x_i}=\frac2Nx_i\]"
    ),
    (
        r"\[s_i=\frac{e^{x_i/T}}{\sum_je^{x_j/T}}\]"
        r"\[\frac{\partial s_i}{\partial x_j}=s_i(\delta_{ij}-s_j)\]"
    ),
    (
        r"\[D=\sum_ip_i\log\frac{p_i}{q_i}\]"
        r"\[\frac{\partial D}{\partial q_i}=\frac{p_i}{q_i}\]"
    ),
    (
        r"\[\hat y=w_1x_1+w_2x_2\]\[E=(\hat y-y)^2\]"
        r"\[\frac{\partial E}{\partial w_1}=2(\hat y-y)x_2\]"
    ),
    r"\[\frac{d}{dx}\frac{1}{1+e^{-x}}=\frac{-e^{-x}}{(1+e^{-x})^2}\]",
    r"\[\frac{d}{dx}\frac{1}{1+e^{-x}}=\frac{e^{-x}}{1+e^{-x}}\]",
    r"\[\frac{d}{dx}|x| = |x|\]",
    r"\[\frac{d}{dx}\max(0,x) = \mathbb{1}[x<0]\]",
    r"\[\log(x+y)=\log x+\log y\]",
    (
        r"\[L=\sum_i\max(0,1-y_is_i)\]"
        r"\[\frac{\partial L}{\partial s_i}=y_i\mathbb{1}[y_is_i<1]\]"
    ),
)
