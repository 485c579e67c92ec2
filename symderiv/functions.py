"""Functions and their derivatives, accurate to the last digits and fast: NumPy only.

Generated from the derivations of the catalogue by `make functions`; not to be edited.  Each
function's docstring has its formula, shapes, errors and accuracy.  Common to all: leading axes
are a batch and broadcast; float32 stays float32 and integers are taken as float64; inputs are
never changed, unless `out=`, an array for the result, is one of them; legal input gives no
warning, and nan only where the input has one.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from symderiv import numeric

__all__ = [
    "bilinear_form",
    "bilinear_form_and_gradient",
    "bilinear_form_gradient",
    "binary_cross_entropy",
    "binary_cross_entropy_and_gradient",
    "binary_cross_entropy_gradient",
    "binary_cross_entropy_hessian",
    "binary_cross_entropy_hvp",
    "cross_entropy",
    "cross_entropy_and_gradient",
    "cross_entropy_batch",
    "cross_entropy_batch_and_gradient",
    "cross_entropy_batch_gradient",
    "cross_entropy_batch_mean",
    "cross_entropy_batch_mean_and_gradient_b",
    "cross_entropy_batch_mean_and_gradient_w",
    "cross_entropy_batch_mean_gradient_b",
    "cross_entropy_batch_mean_gradient_w",
    "cross_entropy_gradient",
    "cross_entropy_hessian",
    "cross_entropy_hessian_entry",
    "cross_entropy_hvp",
    "cross_entropy_linear",
    "cross_entropy_linear_and_gradient_W",
    "cross_entropy_linear_and_gradient_b",
    "cross_entropy_linear_and_gradient_x",
    "cross_entropy_linear_gradient_W",
    "cross_entropy_linear_gradient_b",
    "cross_entropy_linear_gradient_x",
    "cross_entropy_linear_hessian",
    "cross_entropy_logits_batch",
    "cross_entropy_logits_batch_and_gradient",
    "cross_entropy_logits_batch_gradient",
    "cross_entropy_logits_batch_mean",
    "cross_entropy_logits_batch_mean_and_gradient",
    "cross_entropy_logits_batch_mean_gradient",
    "cross_entropy_of_scores",
    "cross_entropy_of_scores_and_gradient",
    "cross_entropy_of_scores_gradient",
    "cross_entropy_reused_letter",
    "cross_entropy_reused_letter_and_gradient",
    "cross_entropy_reused_letter_gradient",
    "cross_entropy_soft",
    "cross_entropy_soft_and_gradient",
    "cross_entropy_soft_gradient",
    "cross_entropy_soft_hessian",
    "cross_entropy_soft_hessian_entry",
    "cross_entropy_soft_hvp",
    "cross_entropy_soft_linear",
    "cross_entropy_soft_linear_and_gradient_W",
    "cross_entropy_soft_linear_and_gradient_b",
    "cross_entropy_soft_linear_and_gradient_x",
    "cross_entropy_soft_linear_gradient_W",
    "cross_entropy_soft_linear_gradient_b",
    "cross_entropy_soft_linear_gradient_x",
    "cross_entropy_soft_linear_hessian",
    "cross_entropy_unnormalised",
    "cross_entropy_unnormalised_and_gradient",
    "cross_entropy_unnormalised_gradient",
    "cross_entropy_weights",
    "cross_entropy_weights_and_gradient",
    "cross_entropy_weights_gradient",
    "entropy",
    "entropy_and_gradient",
    "entropy_gradient",
    "frobenius",
    "frobenius_and_gradient",
    "frobenius_gradient",
    "gelu",
    "gelu_derivative",
    "hinge",
    "hinge_and_gradient",
    "hinge_gradient",
    "jacobian_entry",
    "kl_divergence",
    "kl_divergence_and_gradient",
    "kl_divergence_gradient",
    "label_smoothing",
    "label_smoothing_and_gradient",
    "label_smoothing_gradient",
    "layer_normalisation",
    "layer_normalisation_jacobian",
    "layer_normalisation_jvp",
    "layer_normalisation_vjp",
    "least_squares",
    "least_squares_and_gradient",
    "least_squares_gradient",
    "least_squares_hessian",
    "least_squares_hvp",
    "log_cosh",
    "log_cosh_derivative",
    "log_sigmoid",
    "log_sigmoid_derivative",
    "log_softmax",
    "log_softmax_jacobian",
    "log_softmax_jvp",
    "log_softmax_vjp",
    "logistic_regression",
    "logistic_regression_and_gradient",
    "logistic_regression_gradient",
    "logsumexp",
    "logsumexp_and_gradient",
    "logsumexp_gradient",
    "logsumexp_hessian",
    "logsumexp_hessian_entry",
    "logsumexp_hvp",
    "matrix_factorisation",
    "matrix_factorisation_and_gradient",
    "matrix_factorisation_gradient",
    "mean_squared_error",
    "mean_squared_error_and_gradient",
    "mean_squared_error_gradient",
    "policy_gradient",
    "policy_gradient_and_gradient",
    "policy_gradient_gradient",
    "polynomial_gradient",
    "quadratic_form",
    "quadratic_form_and_gradient",
    "quadratic_form_gradient",
    "relu",
    "relu_derivative",
    "sigmoid",
    "sigmoid_derivative",
    "sigmoid_hessian",
    "silu",
    "silu_derivative",
    "softmax",
    "softmax_jacobian",
    "softmax_jacobian_entry",
    "softmax_jvp",
    "softmax_of_activations",
    "softmax_of_activations_jacobian",
    "softmax_of_activations_jacobian_entry",
    "softmax_of_activations_jvp",
    "softmax_of_activations_vjp",
    "softmax_vjp",
    "softmax_vjp_and_gradient",
    "softmax_vjp_gradient",
    "softmax_with_temperature",
    "softmax_with_temperature_jacobian",
    "softmax_with_temperature_jvp",
    "softmax_with_temperature_vjp",
    "softplus",
    "softplus_derivative",
    "tanh",
    "tanh_derivative",
    "tanh_hessian",
    "trace_product",
    "trace_product_and_gradient",
    "trace_product_gradient",
    "two_layer",
    "two_layer_and_gradient",
    "two_layer_gradient",
    "vector_function_jacobian",
]


@np.errstate(over="ignore", under="ignore", divide="ignore")
def gelu(x: Any, *, out: Any = None) -> Any:
    """GELU: its value.

        x (1 + erf(x / √(2))) / 2

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp of (1 + x²) (Φ(x) + |x| φ(x)).
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    return numeric.deliver(numeric.zero_times(numeric.erfc(-x / 2**(1 / 2)) / 2, x), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def gelu_derivative(x: Any, *, out: Any = None) -> Any:
    """GELU: its derivative.

        ∂/∂x (x (1 + erf(x / √(2))) / 2) = (1 + erf(x / √(2)) + 2 x e^(−x²/2) / (√(π) √(2))) / 2

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp of (1 + x²) (Φ(x) + |x| φ(x)).
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    return numeric.deliver((numeric.erfc(-x / 2**(1 / 2)) + 2 * numeric.zero_times(np.exp(-x**2 /
        2), x) / (np.pi**(1 / 2) * 2**(1 / 2))) / 2, out)


def log_sigmoid(x: Any, *, out: Any = None) -> Any:
    """Log-sigmoid: its value.

        log s

        where s = 1 / (1 + e^(−x))

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number.
    """
    return numeric.log_sigmoid(x, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def log_sigmoid_derivative(x: Any, *, out: Any = None) -> Any:
    """Log-sigmoid: its derivative.

        ∂/∂x log s = 1 − s

        where s = 1 / (1 + e^(−x))

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    return numeric.sigmoid(-x, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def relu(x: Any, *, out: Any = None) -> Any:
    """The rectifier: its value.

        relu(x)

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: exact.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    return numeric.deliver(np.maximum(x, 0), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def relu_derivative(x: Any, *, out: Any = None) -> Any:
    """The rectifier: its derivative.

        ∂/∂x relu(x) = 1[x > 0]

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: exact.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    dtype = x.dtype
    return numeric.deliver((x > 0).astype(dtype), out)


def sigmoid(x: Any, *, out: Any = None) -> Any:
    """The sigmoid: its value.

        s

        where s = 1 / (1 + e^(−x))

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number.
    """
    return numeric.sigmoid(x, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def sigmoid_derivative(x: Any, *, out: Any = None) -> Any:
    """The sigmoid: its derivative.

        ∂s/∂x = s (1 − s)

        where s = 1 / (1 + e^(−x))

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 8 ulp.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    s = numeric.sigmoid(x)
    return numeric.deliver(s * numeric.sigmoid(-x), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def sigmoid_hessian(x: Any, *, out: Any = None) -> Any:
    """The sigmoid: its Hessian.

        ∂²s/∂x² = s (1 − s) (1 − 2 s)

        where s = 1 / (1 + e^(−x))

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 8 ulp.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    s = numeric.sigmoid(x)
    return numeric.deliver(s * numeric.sigmoid(-x) * np.tanh((-x) / 2), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def silu(x: Any, *, out: Any = None) -> Any:
    """SiLU, or swish: its value.

        x s

        where s = 1 / (1 + e^(−x))

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp of (1 + |x|) s.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    return numeric.deliver(numeric.sigmoid_times(x, x), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def silu_derivative(x: Any, *, out: Any = None) -> Any:
    """SiLU, or swish: its derivative.

        ∂/∂x (x s) = s (1 + x (1 − s))

        where s = 1 / (1 + e^(−x))

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp of (1 + |x|) s.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    return numeric.deliver(numeric.sigmoid_times(x, 1 + numeric.sigmoid_times(-x, x)), out)


def softplus(x: Any, *, out: Any = None) -> Any:
    """Softplus: its value.

        log(1 + e^x)

        where s = 1 / (1 + e^(−x))

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number.
    """
    return numeric.softplus(x, out=out)


def softplus_derivative(x: Any, *, out: Any = None) -> Any:
    """Softplus: its derivative.

        ∂/∂x log(1 + e^x) = s

        where s = 1 / (1 + e^(−x))

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number.
    """
    return numeric.sigmoid(x, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def tanh(x: Any, *, out: Any = None) -> Any:
    """The hyperbolic tangent: its value.

        t

        where t = tanh x

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    t = np.tanh(x)
    return numeric.deliver(t, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def tanh_derivative(x: Any, *, out: Any = None) -> Any:
    """The hyperbolic tangent: its derivative.

        ∂t/∂x = 1 − t²

        where t = tanh x

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 8 ulp.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    return numeric.deliver((1 / np.cosh(x))**2, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def tanh_hessian(x: Any, *, out: Any = None) -> Any:
    """The hyperbolic tangent: its Hessian.

        ∂²t/∂x² = −2 t (1 − t²)

        where t = tanh x

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 8 ulp.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    t = np.tanh(x)
    return numeric.deliver(-2 * t * (1 / np.cosh(x))**2, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def binary_cross_entropy(z: Any, y: Any, *, out: Any = None) -> Any:
    """Binary cross-entropy: its value.

        −Σᵢ (yᵢ log sᵢ + (1 − yᵢ) log(1 − sᵢ))

        where sᵢ = 1 / (1 + e^(−zᵢ))

    z : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, y = numeric.together(z=z, y=y)
    numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1))
    return numeric.deliver(-(numeric.zero_times(y, numeric.log_sigmoid(z)) + numeric.zero_times(1 -
        y, numeric.log_sigmoid(-z))).sum(axis=-1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def binary_cross_entropy_gradient(z: Any, y: Any, *, out: Any = None) -> Any:
    """Binary cross-entropy: its gradient.

        ∂/∂zⱼ (−Σᵢ (yᵢ log sᵢ + (1 − yᵢ) log(1 − sᵢ))) = sⱼ − yⱼ

        where sᵢ = 1 / (1 + e^(−zᵢ))

    z : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, y = numeric.together(z=z, y=y)
    numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1))
    s = numeric.sigmoid(z)
    return numeric.deliver(s * (1 - y) - y * numeric.sigmoid(-z), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def binary_cross_entropy_and_gradient(z: Any, y: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Binary cross-entropy: value and gradient in one pass.

        −Σᵢ (yᵢ log sᵢ + (1 − yᵢ) log(1 − sᵢ)), and ∂/∂zⱼ (−Σᵢ (yᵢ log sᵢ + (1 − yᵢ) log(1 −
            sᵢ))) = sⱼ − yⱼ

        where sᵢ = 1 / (1 + e^(−zᵢ))

    z : (..., K)
    y : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, y = numeric.together(z=z, y=y)
    numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1))
    s = numeric.sigmoid(z)
    return (-(numeric.zero_times(y, numeric.log_sigmoid(z)) + numeric.zero_times(1 - y,
        numeric.log_sigmoid(-z))).sum(axis=-1), numeric.deliver(s * (1 - y) - y *
        numeric.sigmoid(-z), out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def binary_cross_entropy_hessian(z: Any, *, out: Any = None) -> Any:
    """Binary cross-entropy: its Hessian.

        ∂²/∂zⱼ∂zᵢ (−Σᵢ (yᵢ log sᵢ + (1 − yᵢ) log(1 − sᵢ))) = δᵢⱼ sᵢ (1 − sᵢ)

        where sᵢ = 1 / (1 + e^(−zᵢ))

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (z,) = numeric.together(z=z)
    dtype = z.dtype
    K = numeric.size("K", ("z", z, -1))
    s = numeric.sigmoid(z)
    return numeric.computed(np.multiply, np.eye(K, dtype=dtype) * s[..., :, None],
        numeric.sigmoid(-z)[..., :, None], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def binary_cross_entropy_hvp(z: Any, v: Any, *, out: Any = None) -> Any:
    """Binary cross-entropy: its Hessian times a vector, without the matrix.

        Σ_j ∂²/∂zⱼ∂zᵢ (−Σᵢ (yᵢ log sᵢ + (1 − yᵢ) log(1 − sᵢ))) vⱼ = sᵢ (1 − sᵢ) vᵢ

        where sᵢ = 1 / (1 + e^(−zᵢ))

    z : (..., K)
    v : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, v = numeric.together(z=z, v=v)
    numeric.size("K", ("z", z, -1), ("v", v, -1))
    numeric.one_batch(("z", z, 1), ("v", v, 1))
    s = numeric.sigmoid(z)
    return numeric.deliver(s * numeric.sigmoid(-z) * v, out)


def cross_entropy(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with a class label: its value.

        −log p_y

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    return numeric.label_loss(z, y, out=out)


def cross_entropy_gradient(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with a class label: its gradient.

        ∂/∂zₖ (−log p_y) = pₖ − δ_{ky}

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 5 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    return numeric.label_gradient(z, y, out=out)


def cross_entropy_and_gradient(z: Any, y: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Cross-entropy with a class label: value and gradient in one pass.

        −log p_y, and ∂/∂zₖ (−log p_y) = pₖ − δ_{ky}

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: loss within 4 ulp, gradient within 5.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    return numeric.label_loss_and_gradient(z, y, out=out)


def cross_entropy_hessian(z: Any, *, out: Any = None) -> Any:
    """Cross-entropy with a class label: its Hessian.

        ∂²/∂zₗ∂zₖ (−log p_y) = pₖ (δₖₗ − pₗ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, K).

    Accuracy: diagonal within 5 ulp, the rest within 9.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.jacobian(z, out=out)


def cross_entropy_hessian_entry(z: Any, i: int, j: int, *, out: Any = None) -> Any:
    """Cross-entropy with a class label: one entry, its indices counted from 0.

        ∂²/∂zₗ∂zₖ (−log p_y) = pₖ (δₖₗ − pₗ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    i, j : integers
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 5 ulp on the diagonal, 9 elsewhere.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for an index out of range.
    """
    return numeric.deliver(numeric.jacobian_entry(z, i, j), out)


def cross_entropy_hvp(z: Any, v: Any, *, out: Any = None) -> Any:
    """Cross-entropy with a class label: its Hessian times a vector, without the matrix.

        Σ_l ∂²/∂zₗ∂zₖ (−log p_y) vₗ = pₖ (vₖ − Σₗ vₗ pₗ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    v : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of p_i (|w_i| + Σ_j p_j |w_j|), w = v - v_m where a p_m > 1/2, else v.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.jacobian_product(z, v, out=out)


def cross_entropy_of_scores(f: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of the scores f, as its loss is written in classifiers: its value.

        −log p_y

        where pᵢ = e^fᵢ / Σⱼ e^fⱼ

    f : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (f,) = numeric.together(f=f)
    K = numeric.size("K", ("f", f, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("f", f, 1), ("y", y, 0))
    with numeric.logits_called("f"):
        return numeric.label_loss(f, y, out=out)


def cross_entropy_of_scores_gradient(f: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of the scores f, as its loss is written in classifiers: its gradient.

        ∂/∂fₖ (−log p_y) = pₖ − δ_{ky}

        where pᵢ = e^fᵢ / Σⱼ e^fⱼ

    f : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 5 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (f,) = numeric.together(f=f)
    K = numeric.size("K", ("f", f, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("f", f, 1), ("y", y, 0))
    with numeric.logits_called("f"):
        return numeric.label_gradient(f, y, out=out)


def cross_entropy_of_scores_and_gradient(f: Any, y: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Cross-entropy of the scores f, as its loss is written in classifiers: value and gradient
    in one pass.

        −log p_y, and ∂/∂fₖ (−log p_y) = pₖ − δ_{ky}

        where pᵢ = e^fᵢ / Σⱼ e^fⱼ

    f : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: loss within 4 ulp, gradient within 5.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (f,) = numeric.together(f=f)
    K = numeric.size("K", ("f", f, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("f", f, 1), ("y", y, 0))
    with numeric.logits_called("f"):
        return numeric.label_loss_and_gradient(f, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_reused_letter(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy, its letter the one differentiated by: its value.

        −Σⱼ yⱼ log pⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, y = numeric.together(z=z, y=y)
    numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1))
    log_softmax = numeric.log_softmax(z)
    return numeric.deliver(-numeric.zero_times(y, log_softmax).sum(axis=-1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_reused_letter_gradient(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy, its letter the one differentiated by: its gradient.

        ∂/∂zⱼ (−Σⱼ yⱼ log pⱼ) = pⱼ Σₖ yₖ − yⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, y = numeric.together(z=z, y=y)
    numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1))
    log_jacobian_transposed_product = numeric.log_jacobian_transposed_product(z, y, out=out)
    return np.negative(log_jacobian_transposed_product, out=log_jacobian_transposed_product)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_reused_letter_and_gradient(z: Any, y: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Cross-entropy, its letter the one differentiated by: value and gradient in one pass.

        −Σⱼ yⱼ log pⱼ, and ∂/∂zⱼ (−Σⱼ yⱼ log pⱼ) = pⱼ Σₖ yₖ − yⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, y = numeric.together(z=z, y=y)
    numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1))
    log_softmax = numeric.log_softmax(z)
    log_jacobian_transposed_product = numeric.log_jacobian_transposed_product(z, y)
    return (-numeric.zero_times(y, log_softmax).sum(axis=-1),
        numeric.deliver(-log_jacobian_transposed_product, out))


def cross_entropy_soft(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with one-hot or soft targets: its value.

        −Σᵢ yᵢ log pᵢ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 4 ulp where y is not negative.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    return numeric.target_loss(z, y, out=out)


def cross_entropy_soft_gradient(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with one-hot or soft targets: its gradient.

        ∂/∂zⱼ (−Σᵢ yᵢ log pᵢ) = pⱼ − yⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 5 ulp of the larger of p and y.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    return numeric.target_gradient(z, y, out=out)


def cross_entropy_soft_and_gradient(z: Any, y: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Cross-entropy with one-hot or soft targets: value and gradient in one pass.

        −Σᵢ yᵢ log pᵢ, and ∂/∂zⱼ (−Σᵢ yᵢ log pᵢ) = pⱼ − yⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: loss within 4 ulp, gradient within 5 of the larger of p and y.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    return numeric.target_loss_and_gradient(z, y, out=out)


def cross_entropy_soft_hessian(z: Any, *, out: Any = None) -> Any:
    """Cross-entropy with one-hot or soft targets: its Hessian.

        ∂²/∂zⱼ∂zᵢ (−Σᵢ yᵢ log pᵢ) = pᵢ (δᵢⱼ − pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, K).

    Accuracy: diagonal within 5 ulp, the rest within 9.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.jacobian(z, out=out)


def cross_entropy_soft_hessian_entry(z: Any, i: int, j: int, *, out: Any = None) -> Any:
    """Cross-entropy with one-hot or soft targets: one entry, its indices counted from 0.

        ∂²/∂zⱼ∂zᵢ (−Σᵢ yᵢ log pᵢ) = pᵢ (δᵢⱼ − pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    i, j : integers
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 5 ulp on the diagonal, 9 elsewhere.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for an index out of range.
    """
    return numeric.deliver(numeric.jacobian_entry(z, i, j), out)


def cross_entropy_soft_hvp(z: Any, v: Any, *, out: Any = None) -> Any:
    """Cross-entropy with one-hot or soft targets: its Hessian times a vector, without the
    matrix.

        Σ_j ∂²/∂zⱼ∂zᵢ (−Σᵢ yᵢ log pᵢ) vⱼ = pᵢ (vᵢ − Σⱼ vⱼ pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    v : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of p_i (|w_i| + Σ_j p_j |w_j|), w = v - v_m where a p_m > 1/2, else v.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.jacobian_product(z, v, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_unnormalised(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with targets of any sum: its value.

        −Σᵢ yᵢ log pᵢ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, y = numeric.together(z=z, y=y)
    numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1))
    log_softmax = numeric.log_softmax(z)
    return numeric.deliver(-numeric.zero_times(y, log_softmax).sum(axis=-1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_unnormalised_gradient(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with targets of any sum: its gradient.

        ∂/∂zⱼ (−Σᵢ yᵢ log pᵢ) = pⱼ Σᵢ yᵢ − yⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, y = numeric.together(z=z, y=y)
    numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1))
    log_jacobian_transposed_product = numeric.log_jacobian_transposed_product(z, y, out=out)
    return np.negative(log_jacobian_transposed_product, out=log_jacobian_transposed_product)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_unnormalised_and_gradient(z: Any, y: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Cross-entropy with targets of any sum: value and gradient in one pass.

        −Σᵢ yᵢ log pᵢ, and ∂/∂zⱼ (−Σᵢ yᵢ log pᵢ) = pⱼ Σᵢ yᵢ − yⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, y = numeric.together(z=z, y=y)
    numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1))
    log_softmax = numeric.log_softmax(z)
    log_jacobian_transposed_product = numeric.log_jacobian_transposed_product(z, y)
    return (-numeric.zero_times(y, log_softmax).sum(axis=-1),
        numeric.deliver(-log_jacobian_transposed_product, out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def kl_divergence(z: Any, q: Any, *, out: Any = None) -> Any:
    """The Kullback-Leibler divergence from softmax: its value.

        Σᵢ qᵢ log(qᵢ / pᵢ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    q : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    z, q = numeric.together(z=z, q=q)
    numeric.size("K", ("z", z, -1), ("q", q, -1))
    numeric.one_batch(("z", z, 1), ("q", q, 1))
    numeric.summing_to_one(q, "q", -1, least=0)
    target_loss = numeric.target_loss(z, q)
    return numeric.deliver(numeric.zero_times(q, np.log(q)).sum(axis=-1) + target_loss, out)


def kl_divergence_gradient(z: Any, q: Any, *, out: Any = None) -> Any:
    """The Kullback-Leibler divergence from softmax: its gradient.

        ∂/∂zⱼ Σᵢ qᵢ log(qᵢ / pᵢ) = pⱼ − qⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    q : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 5 ulp of the larger of p and y.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    z, q = numeric.together(z=z, q=q)
    numeric.size("K", ("z", z, -1), ("q", q, -1))
    numeric.one_batch(("z", z, 1), ("q", q, 1))
    numeric.summing_to_one(q, "q", -1, least=0)
    return numeric.target_gradient(z, q, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def kl_divergence_and_gradient(z: Any, q: Any, *, out: Any = None) -> tuple[Any, Any]:
    """The Kullback-Leibler divergence from softmax: value and gradient in one pass.

        Σᵢ qᵢ log(qᵢ / pᵢ), and ∂/∂zⱼ Σᵢ qᵢ log(qᵢ / pᵢ) = pⱼ − qⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    q : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    z, q = numeric.together(z=z, q=q)
    numeric.size("K", ("z", z, -1), ("q", q, -1))
    numeric.one_batch(("z", z, 1), ("q", q, 1))
    numeric.summing_to_one(q, "q", -1, least=0)
    target_loss, target_gradient = numeric.target_loss_and_gradient(z, q)
    return (numeric.zero_times(q, np.log(q)).sum(axis=-1) + target_loss,
        numeric.deliver(target_gradient, out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def label_smoothing(z: Any, y: Any, a: Any, *, out: Any = None) -> Any:
    """Cross-entropy with label smoothing: its value.

        −Σᵢ ((1 − a) yᵢ + a / K) log pᵢ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    a : a number
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    z, y, a = numeric.together(z=z, y=y, a=a)
    K = numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1), ("a", a, 0))
    numeric.summing_to_one(y, "y", -1)
    return numeric.target_loss(z, (1 - a)[..., None] * y + (a / K)[..., None], sure=True, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def label_smoothing_gradient(z: Any, y: Any, a: Any, *, out: Any = None) -> Any:
    """Cross-entropy with label smoothing: its gradient.

        ∂/∂zⱼ (−Σᵢ ((1 − a) yᵢ + a / K) log pᵢ) = pⱼ − (1 − a) yⱼ − a / K

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    a : a number
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    z, y, a = numeric.together(z=z, y=y, a=a)
    K = numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1), ("a", a, 0))
    numeric.summing_to_one(y, "y", -1)
    return numeric.target_gradient(z, (1 - a)[..., None] * y + (a / K)[..., None], sure=True,
        out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def label_smoothing_and_gradient(z: Any, y: Any, a: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Cross-entropy with label smoothing: value and gradient in one pass.

        −Σᵢ ((1 − a) yᵢ + a / K) log pᵢ, and ∂/∂zⱼ (−Σᵢ ((1 − a) yᵢ + a / K) log pᵢ) = pⱼ − (1 −
            a) yⱼ − a / K

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    y : (..., K)
    a : a number
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    z, y, a = numeric.together(z=z, y=y, a=a)
    K = numeric.size("K", ("z", z, -1), ("y", y, -1))
    numeric.one_batch(("z", z, 1), ("y", y, 1), ("a", a, 0))
    numeric.summing_to_one(y, "y", -1)
    return numeric.target_loss_and_gradient(z, (1 - a)[..., None] * y + (a / K)[..., None],
        sure=True, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def polynomial_gradient(x: Any, *, out: Any = None) -> Any:
    """The gradient of x² + 3y: its gradient.

        2 x; 3

    x : any shape
    out : an array for the result, of its shape and dtype
    Returns (..., 1, 2).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number.
    """
    (x,) = numeric.together(x=x)
    dtype = x.dtype
    return numeric.deliver(numeric.matrix(1, 2, dtype, 2 * x, 3), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def vector_function_jacobian(x1: Any, x2: Any, *, out: Any = None) -> Any:
    """The Jacobian of a function of two variables: its Jacobian.

        e^x₁; e^x₂; x₂ e^x₁; e^x₁; 4; 9 x₂²

    x1 : any shape
    x2 : any shape
    out : an array for the result, of its shape and dtype
    Returns (..., 3, 2).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number.
    """
    x1, x2 = numeric.together(x1=x1, x2=x2)
    dtype = x1.dtype
    numeric.one_batch(("x1", x1, 0), ("x2", x2, 0))
    return numeric.deliver(numeric.matrix(3, 2, dtype, np.exp(x1), np.exp(x2), x2 * np.exp(x1),
        np.exp(x1), 4, 9 * x2**2), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def bilinear_form(a: Any, X: Any, b: Any, *, out: Any = None) -> Any:
    """A bilinear form: its value.

        Σᵢ Σⱼ aᵢ Xᵢⱼ bⱼ

    a : (..., K)
    X : (..., K, M)
    b : (..., M)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    a, X, b = numeric.together(a=a, X=X, b=b)
    numeric.size("K", ("a", a, -1), ("X", X, -2))
    numeric.size("M", ("X", X, -1), ("b", b, -1))
    numeric.one_batch(("a", a, 1), ("X", X, 2), ("b", b, 1))
    return numeric.deliver((a * (X @ b[..., None])[..., 0]).sum(axis=-1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def bilinear_form_gradient(a: Any, b: Any, *, out: Any = None) -> Any:
    """A bilinear form: its gradient.

        ∂/∂Xₖₗ Σᵢ Σⱼ aᵢ Xᵢⱼ bⱼ = aₖ bₗ

    a : (..., K)
    b : (..., M)
    out : an array for the result, of its shape and dtype
    Returns (..., K, M).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    a, b = numeric.together(a=a, b=b)
    numeric.size("K", ("a", a, -1))
    numeric.size("M", ("b", b, -1))
    numeric.one_batch(("a", a, 1), ("b", b, 1))
    return numeric.computed(np.multiply, a[..., :, None], b[..., None, :], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def bilinear_form_and_gradient(a: Any, X: Any, b: Any, *, out: Any = None) -> tuple[Any, Any]:
    """A bilinear form: value and gradient in one pass.

        Σᵢ Σⱼ aᵢ Xᵢⱼ bⱼ, and ∂/∂Xₖₗ Σᵢ Σⱼ aᵢ Xᵢⱼ bⱼ = aₖ bₗ

    a : (..., K)
    X : (..., K, M)
    b : (..., M)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K, M).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    a, X, b = numeric.together(a=a, X=X, b=b)
    numeric.size("K", ("a", a, -1), ("X", X, -2))
    numeric.size("M", ("X", X, -1), ("b", b, -1))
    numeric.one_batch(("a", a, 1), ("X", X, 2), ("b", b, 1))
    return ((a * (X @ b[..., None])[..., 0]).sum(axis=-1),
        numeric.deliver(numeric.along(a[..., :, None] * b[..., None, :], 2, (X, 2)), out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def frobenius(X: Any, *, out: Any = None) -> Any:
    """The squared Frobenius norm: its value.

        Σᵢ Σⱼ Xᵢⱼ²

    X : (..., K, M)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (X,) = numeric.together(X=X)
    numeric.size("K", ("X", X, -2))
    numeric.size("M", ("X", X, -1))
    return numeric.deliver((X**2).sum(axis=-1).sum(axis=-1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def frobenius_gradient(X: Any, *, out: Any = None) -> Any:
    """The squared Frobenius norm: its gradient.

        ∂/∂Xₖₗ Σᵢ Σⱼ Xᵢⱼ² = 2 Xₖₗ

    X : (..., K, M)
    out : an array for the result, of its shape and dtype
    Returns (..., K, M).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (X,) = numeric.together(X=X)
    numeric.size("K", ("X", X, -2))
    numeric.size("M", ("X", X, -1))
    return numeric.computed(np.multiply, 2, X, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def frobenius_and_gradient(X: Any, *, out: Any = None) -> tuple[Any, Any]:
    """The squared Frobenius norm: value and gradient in one pass.

        Σᵢ Σⱼ Xᵢⱼ², and ∂/∂Xₖₗ Σᵢ Σⱼ Xᵢⱼ² = 2 Xₖₗ

    X : (..., K, M)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K, M).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (X,) = numeric.together(X=X)
    numeric.size("K", ("X", X, -2))
    numeric.size("M", ("X", X, -1))
    return (X**2).sum(axis=-1).sum(axis=-1), numeric.computed(np.multiply, 2, X, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def quadratic_form(x: Any, A: Any, *, out: Any = None) -> Any:
    """A quadratic form: its value.

        Σᵢ Σⱼ xᵢ Aᵢⱼ xⱼ

    x : (..., K)
    A : (..., K, K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, A = numeric.together(x=x, A=A)
    numeric.size("K", ("x", x, -1), ("A", A, -2), ("A", A, -1))
    numeric.one_batch(("x", x, 1), ("A", A, 2))
    return numeric.deliver((x * (A @ x[..., None])[..., 0]).sum(axis=-1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def quadratic_form_gradient(x: Any, A: Any, *, out: Any = None) -> Any:
    """A quadratic form: its gradient.

        ∂/∂xₖ Σᵢ Σⱼ xᵢ Aᵢⱼ xⱼ = Σⱼ xⱼ (Aₖⱼ + Aⱼₖ)

    x : (..., K)
    A : (..., K, K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, A = numeric.together(x=x, A=A)
    numeric.size("K", ("x", x, -1), ("A", A, -2), ("A", A, -1))
    numeric.one_batch(("x", x, 1), ("A", A, 2))
    return numeric.deliver(((A + A.mT) @ x[..., None])[..., 0], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def quadratic_form_and_gradient(x: Any, A: Any, *, out: Any = None) -> tuple[Any, Any]:
    """A quadratic form: value and gradient in one pass.

        Σᵢ Σⱼ xᵢ Aᵢⱼ xⱼ, and ∂/∂xₖ Σᵢ Σⱼ xᵢ Aᵢⱼ xⱼ = Σⱼ xⱼ (Aₖⱼ + Aⱼₖ)

    x : (..., K)
    A : (..., K, K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, A = numeric.together(x=x, A=A)
    numeric.size("K", ("x", x, -1), ("A", A, -2), ("A", A, -1))
    numeric.one_batch(("x", x, 1), ("A", A, 2))
    return ((x * (A @ x[..., None])[..., 0]).sum(axis=-1), numeric.deliver(((A + A.mT) @
        x[..., None])[..., 0], out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def trace_product(A: Any, X: Any, *, out: Any = None) -> Any:
    """The trace of a product: its value.

        Σᵢ Σⱼ Aᵢⱼ Xⱼᵢ

    A : (..., K, M)
    X : (..., M, K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    A, X = numeric.together(A=A, X=X)
    numeric.size("K", ("A", A, -2), ("X", X, -1))
    numeric.size("M", ("A", A, -1), ("X", X, -2))
    numeric.one_batch(("A", A, 2), ("X", X, 2))
    return numeric.deliver((A * X.mT).sum(axis=-1).sum(axis=-1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def trace_product_gradient(A: Any, *, out: Any = None) -> Any:
    """The trace of a product: its gradient.

        ∂/∂Xₖₗ Σᵢ Σⱼ Aᵢⱼ Xⱼᵢ = Aₗₖ

    A : (..., K, M)
    out : an array for the result, of its shape and dtype
    Returns (..., M, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (A,) = numeric.together(A=A)
    numeric.size("K", ("A", A, -2))
    numeric.size("M", ("A", A, -1))
    return numeric.deliver(A.mT.copy(), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def trace_product_and_gradient(A: Any, X: Any, *, out: Any = None) -> tuple[Any, Any]:
    """The trace of a product: value and gradient in one pass.

        Σᵢ Σⱼ Aᵢⱼ Xⱼᵢ, and ∂/∂Xₖₗ Σᵢ Σⱼ Aᵢⱼ Xⱼᵢ = Aₗₖ

    A : (..., K, M)
    X : (..., M, K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., M, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    A, X = numeric.together(A=A, X=X)
    numeric.size("K", ("A", A, -2), ("X", X, -1))
    numeric.size("M", ("A", A, -1), ("X", X, -2))
    numeric.one_batch(("A", A, 2), ("X", X, 2))
    return ((A * X.mT).sum(axis=-1).sum(axis=-1), numeric.deliver(numeric.along(A.mT.copy(), 2, (X,
        2)), out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_batch(x: Any, w: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer, summed over a batch: its value.

        −Σₙ log p_{n,yₙ}

        where fₙⱼ = Σ_d x_{nd} w_{dj}, pₙⱼ = e^fₙⱼ / Σₖ e^fₙₖ

    x : (..., N, D)
    w : (..., D, K)
    y : (..., N) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Memory: the sum over N is taken in slices. No array made for one holds more numbers than the
    result or than 2^14, whichever is more, unless one of the N places takes more by itself.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    x, w = numeric.together(x=x, w=w)
    y = numeric.integers(y, "y")
    numeric.size("N", ("x", x, -2), ("y", y, -1))
    numeric.size("D", ("x", x, -1), ("w", w, -2))
    K = numeric.size("K", ("w", w, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("x", x, 2), ("w", w, 2), ("y", y, 1))
    with numeric.logits_called("f", "x", "w"):

        def part(x: Any, y: Any) -> Any:
            f = x @ w
            label_loss = numeric.label_loss(f, y)
            return label_loss.sum(axis=-1)

        return numeric.deliver(numeric.add_up(part, (x, -2), (y, -1), width=K + 1, largest=1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_batch_gradient(x: Any, w: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer, summed over a batch: its gradient.

        ∂/∂w_{ck} (−Σₙ log p_{n,yₙ}) = Σₘ (pₘₖ − δ_{k,yₘ}) x_{mc}

        where fₙⱼ = Σ_d x_{nd} w_{dj}, pₙⱼ = e^fₙⱼ / Σₖ e^fₙₖ

    x : (..., N, D)
    w : (..., D, K)
    y : (..., N) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., D, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Memory: the sum over N is taken in slices. No array made for one holds more numbers than the
    result or than 2^14, whichever is more, unless one of the N places takes more by itself.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    x, w = numeric.together(x=x, w=w)
    y = numeric.integers(y, "y")
    numeric.size("N", ("x", x, -2), ("y", y, -1))
    D = numeric.size("D", ("x", x, -1), ("w", w, -2))
    K = numeric.size("K", ("w", w, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("x", x, 2), ("w", w, 2), ("y", y, 1))
    with numeric.logits_called("f", "x", "w"):

        def part(x: Any, y: Any) -> Any:
            f = x @ w
            label_gradient = numeric.label_gradient(f, y)
            return x.mT @ label_gradient

        return numeric.deliver(numeric.add_up(part, (x, -2), (y, -1), width=K, largest=D * K), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_batch_and_gradient(x: Any, w: Any, y: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer, summed over a batch: value and gradient in one pass.

        −Σₙ log p_{n,yₙ}, and ∂/∂w_{ck} (−Σₙ log p_{n,yₙ}) = Σₘ (pₘₖ − δ_{k,yₘ}) x_{mc}

        where fₙⱼ = Σ_d x_{nd} w_{dj}, pₙⱼ = e^fₙⱼ / Σₖ e^fₙₖ

    x : (..., N, D)
    w : (..., D, K)
    y : (..., N) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., D, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Memory: the sum over N is taken in slices. No array made for one holds more numbers than the
    result or than 2^14, whichever is more, unless one of the N places takes more by itself.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    x, w = numeric.together(x=x, w=w)
    y = numeric.integers(y, "y")
    numeric.size("N", ("x", x, -2), ("y", y, -1))
    D = numeric.size("D", ("x", x, -1), ("w", w, -2))
    K = numeric.size("K", ("w", w, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("x", x, 2), ("w", w, 2), ("y", y, 1))
    with numeric.logits_called("f", "x", "w"):

        def part(x: Any, y: Any) -> Any:
            f = x @ w
            label_loss, label_gradient = numeric.label_loss_and_gradient(f, y)
            return label_loss.sum(axis=-1), x.mT @ label_gradient

        sums = numeric.add_up(part, (x, -2), (y, -1), width=K + 1, largest=D * K)
        return sums[0], numeric.deliver(sums[1], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_batch_mean(x: Any, w: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer, its mean over a batch: its value.

        −(Σₙ log p_{n,yₙ}) / N

        where fₙⱼ = Σ_d x_{nd} w_{dj} + bⱼ, pₙⱼ = e^fₙⱼ / Σₖ e^fₙₖ

    x : (..., N, D)
    w : (..., D, K)
    b : (..., K)
    y : (..., N) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Memory: the sum over N is taken in slices. No array made for one holds more numbers than the
    result or than 2^14, whichever is more, unless one of the N places takes more by itself.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    x, w, b = numeric.together(x=x, w=w, b=b)
    y = numeric.integers(y, "y")
    N = numeric.size("N", ("x", x, -2), ("y", y, -1))
    numeric.size("D", ("x", x, -1), ("w", w, -2))
    K = numeric.size("K", ("w", w, -1), ("b", b, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("x", x, 2), ("w", w, 2), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("f", "x", "w", "b"):

        def part(x: Any, y: Any) -> Any:
            f = x @ w + b[..., None, :]
            label_loss = numeric.label_loss(f, y)
            return label_loss.sum(axis=-1)

        return numeric.deliver(numeric.add_up(part, (x, -2), (y, -1), width=K + 1, largest=1) / N,
            out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_batch_mean_gradient_w(x: Any, w: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer, its mean over a batch: its gradient.

        ∂/∂w_{ck} (−(Σₙ log p_{n,yₙ}) / N) = (Σₘ (pₘₖ − δ_{k,yₘ}) x_{mc}) / N

        where fₙⱼ = Σ_d x_{nd} w_{dj} + bⱼ, pₙⱼ = e^fₙⱼ / Σₖ e^fₙₖ

    x : (..., N, D)
    w : (..., D, K)
    b : (..., K)
    y : (..., N) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., D, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Memory: the sum over N is taken in slices. No array made for one holds more numbers than the
    result or than 2^14, whichever is more, unless one of the N places takes more by itself.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    x, w, b = numeric.together(x=x, w=w, b=b)
    y = numeric.integers(y, "y")
    N = numeric.size("N", ("x", x, -2), ("y", y, -1))
    D = numeric.size("D", ("x", x, -1), ("w", w, -2))
    K = numeric.size("K", ("w", w, -1), ("b", b, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("x", x, 2), ("w", w, 2), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("f", "x", "w", "b"):

        def part(x: Any, y: Any) -> Any:
            f = x @ w + b[..., None, :]
            label_gradient = numeric.label_gradient(f, y)
            return x.mT @ label_gradient

        return numeric.computed(np.divide, numeric.add_up(part, (x, -2), (y, -1), width=K,
            largest=D * K), N, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_batch_mean_and_gradient_w(
    x: Any, w: Any, b: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer, its mean over a batch: value and gradient in one pass.

        −(Σₙ log p_{n,yₙ}) / N, and ∂/∂w_{ck} (−(Σₙ log p_{n,yₙ}) / N) = (Σₘ (pₘₖ − δ_{k,yₘ})
            x_{mc}) / N

        where fₙⱼ = Σ_d x_{nd} w_{dj} + bⱼ, pₙⱼ = e^fₙⱼ / Σₖ e^fₙₖ

    x : (..., N, D)
    w : (..., D, K)
    b : (..., K)
    y : (..., N) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., D, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Memory: the sum over N is taken in slices. No array made for one holds more numbers than the
    result or than 2^14, whichever is more, unless one of the N places takes more by itself.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    x, w, b = numeric.together(x=x, w=w, b=b)
    y = numeric.integers(y, "y")
    N = numeric.size("N", ("x", x, -2), ("y", y, -1))
    D = numeric.size("D", ("x", x, -1), ("w", w, -2))
    K = numeric.size("K", ("w", w, -1), ("b", b, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("x", x, 2), ("w", w, 2), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("f", "x", "w", "b"):

        def part(x: Any, y: Any) -> Any:
            f = x @ w + b[..., None, :]
            label_loss, label_gradient = numeric.label_loss_and_gradient(f, y)
            return label_loss.sum(axis=-1), x.mT @ label_gradient

        sums = numeric.add_up(part, (x, -2), (y, -1), width=K + 1, largest=D * K)
        return sums[0] / N, numeric.computed(np.divide, sums[1], N, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_batch_mean_gradient_b(x: Any, w: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer, its mean over a batch: its gradient.

        ∂/∂bₖ (−(Σₙ log p_{n,yₙ}) / N) = (Σₘ (pₘₖ − δ_{k,yₘ})) / N

        where fₙⱼ = Σ_d x_{nd} w_{dj} + bⱼ, pₙⱼ = e^fₙⱼ / Σₖ e^fₙₖ

    x : (..., N, D)
    w : (..., D, K)
    b : (..., K)
    y : (..., N) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Memory: the sum over N is taken in slices. No array made for one holds more numbers than the
    result or than 2^14, whichever is more, unless one of the N places takes more by itself.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    x, w, b = numeric.together(x=x, w=w, b=b)
    y = numeric.integers(y, "y")
    N = numeric.size("N", ("x", x, -2), ("y", y, -1))
    numeric.size("D", ("x", x, -1), ("w", w, -2))
    K = numeric.size("K", ("w", w, -1), ("b", b, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("x", x, 2), ("w", w, 2), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("f", "x", "w", "b"):

        def part(x: Any, y: Any) -> Any:
            f = x @ w + b[..., None, :]
            label_gradient = numeric.label_gradient(f, y)
            return label_gradient.mT.sum(axis=-1)

        return numeric.deliver(numeric.add_up(part, (x, -2), (y, -1), width=K, largest=K) / N, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_batch_mean_and_gradient_b(
    x: Any, w: Any, b: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer, its mean over a batch: value and gradient in one pass.

        −(Σₙ log p_{n,yₙ}) / N, and ∂/∂bₖ (−(Σₙ log p_{n,yₙ}) / N) = (Σₘ (pₘₖ − δ_{k,yₘ})) / N

        where fₙⱼ = Σ_d x_{nd} w_{dj} + bⱼ, pₙⱼ = e^fₙⱼ / Σₖ e^fₙₖ

    x : (..., N, D)
    w : (..., D, K)
    b : (..., K)
    y : (..., N) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Memory: the sum over N is taken in slices. No array made for one holds more numbers than the
    result or than 2^14, whichever is more, unless one of the N places takes more by itself.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    x, w, b = numeric.together(x=x, w=w, b=b)
    y = numeric.integers(y, "y")
    N = numeric.size("N", ("x", x, -2), ("y", y, -1))
    numeric.size("D", ("x", x, -1), ("w", w, -2))
    K = numeric.size("K", ("w", w, -1), ("b", b, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("x", x, 2), ("w", w, 2), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("f", "x", "w", "b"):

        def part(x: Any, y: Any) -> Any:
            f = x @ w + b[..., None, :]
            label_loss, label_gradient = numeric.label_loss_and_gradient(f, y)
            return label_loss.sum(axis=-1), label_gradient.mT.sum(axis=-1)

        sums = numeric.add_up(part, (x, -2), (y, -1), width=K + 1, largest=K)
        return sums[0] / N, numeric.deliver(sums[1] / N, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_linear(W: Any, x: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with a class label: its value.

        −log p_y

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x, b = numeric.together(W=W, x=x, b=b)
    K = numeric.size("K", ("W", W, -2), ("b", b, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 0))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        return numeric.label_loss(z, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_linear_gradient_W(W: Any, x: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with a class label: its gradient.

        ∂/∂W_{kc} (−log p_y) = (pₖ − δ_{ky}) x_c

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x, b = numeric.together(W=W, x=x, b=b)
    K = numeric.size("K", ("W", W, -2), ("b", b, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 0))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        label_gradient = numeric.label_gradient(z, y)
        return numeric.computed(np.multiply, label_gradient[..., :, None], x[..., None, :], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_linear_and_gradient_W(
    W: Any, x: Any, b: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer with a class label: value and gradient in one pass.

        −log p_y, and ∂/∂W_{kc} (−log p_y) = (pₖ − δ_{ky}) x_c

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x, b = numeric.together(W=W, x=x, b=b)
    K = numeric.size("K", ("W", W, -2), ("b", b, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 0))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        label_loss, label_gradient = numeric.label_loss_and_gradient(z, y)
        return (label_loss, numeric.computed(np.multiply, label_gradient[..., :, None],
            x[..., None, :], out=out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_linear_gradient_b(W: Any, x: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with a class label: its gradient.

        ∂/∂bₖ (−log p_y) = pₖ − δ_{ky}

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x, b = numeric.together(W=W, x=x, b=b)
    K = numeric.size("K", ("W", W, -2), ("b", b, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 0))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        return numeric.label_gradient(z, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_linear_and_gradient_b(
    W: Any, x: Any, b: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer with a class label: value and gradient in one pass.

        −log p_y, and ∂/∂bₖ (−log p_y) = pₖ − δ_{ky}

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x, b = numeric.together(W=W, x=x, b=b)
    K = numeric.size("K", ("W", W, -2), ("b", b, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 0))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        return numeric.label_loss_and_gradient(z, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_linear_gradient_x(W: Any, x: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with a class label: its gradient.

        ∂/∂x_c (−log p_y) = Σᵢ W_{ic} pᵢ − W_{yc}

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x, b = numeric.together(W=W, x=x, b=b)
    K = numeric.size("K", ("W", W, -2), ("b", b, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 0))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        label_gradient = numeric.label_gradient(z, y)
        return numeric.deliver((W.mT @ label_gradient[..., None])[..., 0], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_linear_and_gradient_x(
    W: Any, x: Any, b: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer with a class label: value and gradient in one pass.

        −log p_y, and ∂/∂x_c (−log p_y) = Σᵢ W_{ic} pᵢ − W_{yc}

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (...) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x, b = numeric.together(W=W, x=x, b=b)
    K = numeric.size("K", ("W", W, -2), ("b", b, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 0))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        label_loss, label_gradient = numeric.label_loss_and_gradient(z, y)
        return label_loss, numeric.deliver((W.mT @ label_gradient[..., None])[..., 0], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_linear_hessian(W: Any, x: Any, b: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with a class label: its Hessian.

        ∂²/∂Wₗₑ∂W_{kc} (−log p_y) = x_c pₖ (δₖₗ − pₗ) xₑ

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, D, K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    W, x, b = numeric.together(W=W, x=x, b=b)
    numeric.size("K", ("W", W, -2), ("b", b, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        jacobian = numeric.jacobian(z)
        return numeric.computed(np.multiply, x[..., None, :, None, None] *
            x[..., None, None, None, :], jacobian[..., :, None, :, None], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_logits_batch(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with class labels, summed over a batch: its value.

        −Σₙ log p_{n,yₙ}

        where pₙᵢ = e^zₙᵢ / Σₖ e^zₙₖ

    z : (..., N, K)
    y : (..., N) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: each row within 4 ulp, then added up.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (z,) = numeric.together(z=z)
    y = numeric.integers(y, "y")
    numeric.size("N", ("z", z, -2), ("y", y, -1))
    K = numeric.size("K", ("z", z, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("z", z, 2), ("y", y, 1))
    label_loss = numeric.label_loss(z, y)
    return numeric.deliver(label_loss.sum(axis=-1), out)


def cross_entropy_logits_batch_gradient(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with class labels, summed over a batch: its gradient.

        ∂/∂zₘⱼ (−Σₙ log p_{n,yₙ}) = pₘⱼ − δ_{j,yₘ}

        where pₙᵢ = e^zₙᵢ / Σₖ e^zₙₖ

    z : (..., N, K)
    y : (..., N) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., N, K).

    Accuracy: within 5 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (z,) = numeric.together(z=z)
    y = numeric.integers(y, "y")
    numeric.size("N", ("z", z, -2), ("y", y, -1))
    K = numeric.size("K", ("z", z, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("z", z, 2), ("y", y, 1))
    return numeric.label_gradient(z, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_logits_batch_and_gradient(z: Any, y: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Cross-entropy with class labels, summed over a batch: value and gradient in one pass.

        −Σₙ log p_{n,yₙ}, and ∂/∂zₘⱼ (−Σₙ log p_{n,yₙ}) = pₘⱼ − δ_{j,yₘ}

        where pₙᵢ = e^zₙᵢ / Σₖ e^zₙₖ

    z : (..., N, K)
    y : (..., N) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., N, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (z,) = numeric.together(z=z)
    y = numeric.integers(y, "y")
    numeric.size("N", ("z", z, -2), ("y", y, -1))
    K = numeric.size("K", ("z", z, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("z", z, 2), ("y", y, 1))
    label_loss, label_gradient = numeric.label_loss_and_gradient(z, y, out=out)
    return label_loss.sum(axis=-1), label_gradient


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_logits_batch_mean(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with class labels, its mean over a batch: its value.

        −(Σₙ log p_{n,yₙ}) / N

        where pₙᵢ = e^zₙᵢ / Σₖ e^zₙₖ

    z : (..., N, K)
    y : (..., N) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: each row within 4 ulp, then averaged.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (z,) = numeric.together(z=z)
    y = numeric.integers(y, "y")
    N = numeric.size("N", ("z", z, -2), ("y", y, -1))
    K = numeric.size("K", ("z", z, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("z", z, 2), ("y", y, 1))
    label_loss = numeric.label_loss(z, y)
    return numeric.deliver(label_loss.sum(axis=-1) / N, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_logits_batch_mean_gradient(z: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy with class labels, its mean over a batch: its gradient.

        ∂/∂zₘⱼ (−(Σₙ log p_{n,yₙ}) / N) = (pₘⱼ − δ_{j,yₘ}) / N

        where pₙᵢ = e^zₙᵢ / Σₖ e^zₙₖ

    z : (..., N, K)
    y : (..., N) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., N, K).

    Accuracy: within 6 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (z,) = numeric.together(z=z)
    y = numeric.integers(y, "y")
    N = numeric.size("N", ("z", z, -2), ("y", y, -1))
    K = numeric.size("K", ("z", z, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("z", z, 2), ("y", y, 1))
    label_gradient = numeric.label_gradient(z, y, out=out)
    return np.divide(label_gradient, N, out=label_gradient)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_logits_batch_mean_and_gradient(
    z: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy with class labels, its mean over a batch: value and gradient in one pass.

        −(Σₙ log p_{n,yₙ}) / N, and ∂/∂zₘⱼ (−(Σₙ log p_{n,yₙ}) / N) = (pₘⱼ − δ_{j,yₘ}) / N

        where pₙᵢ = e^zₙᵢ / Σₖ e^zₙₖ

    z : (..., N, K)
    y : (..., N) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., N, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (z,) = numeric.together(z=z)
    y = numeric.integers(y, "y")
    N = numeric.size("N", ("z", z, -2), ("y", y, -1))
    K = numeric.size("K", ("z", z, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("z", z, 2), ("y", y, 1))
    label_loss, label_gradient = numeric.label_loss_and_gradient(z, y, out=out)
    return label_loss.sum(axis=-1) / N, np.divide(label_gradient, N, out=label_gradient)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_soft_linear(W: Any, x: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with soft targets: its value.

        −Σᵢ yᵢ log pᵢ

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    W, x, b, y = numeric.together(W=W, x=x, b=b, y=y)
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        return numeric.target_loss(z, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_soft_linear_gradient_W(W: Any, x: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with soft targets: its gradient.

        ∂/∂W_{kc} (−Σᵢ yᵢ log pᵢ) = (pₖ − yₖ) x_c

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    W, x, b, y = numeric.together(W=W, x=x, b=b, y=y)
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        target_gradient = numeric.target_gradient(z, y)
        return numeric.computed(np.multiply, target_gradient[..., :, None], x[..., None, :],
            out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_soft_linear_and_gradient_W(
    W: Any, x: Any, b: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer with soft targets: value and gradient in one pass.

        −Σᵢ yᵢ log pᵢ, and ∂/∂W_{kc} (−Σᵢ yᵢ log pᵢ) = (pₖ − yₖ) x_c

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    W, x, b, y = numeric.together(W=W, x=x, b=b, y=y)
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        target_loss, target_gradient = numeric.target_loss_and_gradient(z, y)
        return (target_loss, numeric.computed(np.multiply, target_gradient[..., :, None],
            x[..., None, :], out=out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_soft_linear_gradient_b(W: Any, x: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with soft targets: its gradient.

        ∂/∂bₖ (−Σᵢ yᵢ log pᵢ) = pₖ − yₖ

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    W, x, b, y = numeric.together(W=W, x=x, b=b, y=y)
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        return numeric.target_gradient(z, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_soft_linear_and_gradient_b(
    W: Any, x: Any, b: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer with soft targets: value and gradient in one pass.

        −Σᵢ yᵢ log pᵢ, and ∂/∂bₖ (−Σᵢ yᵢ log pᵢ) = pₖ − yₖ

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    W, x, b, y = numeric.together(W=W, x=x, b=b, y=y)
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        return numeric.target_loss_and_gradient(z, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_soft_linear_gradient_x(W: Any, x: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with soft targets: its gradient.

        ∂/∂x_c (−Σᵢ yᵢ log pᵢ) = Σₖ (pₖ − yₖ) W_{kc}

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    W, x, b, y = numeric.together(W=W, x=x, b=b, y=y)
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        target_gradient = numeric.target_gradient(z, y)
        return numeric.deliver((W.mT @ target_gradient[..., None])[..., 0], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_soft_linear_and_gradient_x(
    W: Any, x: Any, b: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer with soft targets: value and gradient in one pass.

        −Σᵢ yᵢ log pᵢ, and ∂/∂x_c (−Σᵢ yᵢ log pᵢ) = Σₖ (pₖ − yₖ) W_{kc}

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    y : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    W, x, b, y = numeric.together(W=W, x=x, b=b, y=y)
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        target_loss, target_gradient = numeric.target_loss_and_gradient(z, y)
        return target_loss, numeric.deliver((W.mT @ target_gradient[..., None])[..., 0], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_soft_linear_hessian(W: Any, x: Any, b: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer with soft targets: its Hessian.

        ∂²/∂Wₗₑ∂W_{kc} (−Σᵢ yᵢ log pᵢ) = x_c pₖ (δₖₗ − pₗ) xₑ

        where zᵢ = Σ_d W_{id} x_d + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    W : (..., K, D)
    x : (..., D)
    b : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, D, K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    W, x, b = numeric.together(W=W, x=x, b=b)
    numeric.size("K", ("W", W, -2), ("b", b, -1))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("b", b, 1))
    with numeric.logits_called("z", "W", "x", "b"):
        z = (W @ x[..., None])[..., 0] + b
        jacobian = numeric.jacobian(z)
        return numeric.computed(np.multiply, x[..., None, :, None, None] *
            x[..., None, None, None, :], jacobian[..., :, None, :, None], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_weights(w: Any, x: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer without a bias: its value.

        −log p_y

        where fⱼ = Σ_d w_{jd} x_d, pᵢ = e^fᵢ / Σⱼ e^fⱼ

    w : (..., K, D)
    x : (..., D)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    w, x = numeric.together(w=w, x=x)
    K = numeric.size("K", ("w", w, -2))
    numeric.size("D", ("w", w, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("w", w, 2), ("x", x, 1), ("y", y, 0))
    with numeric.logits_called("f", "w", "x"):
        f = (w @ x[..., None])[..., 0]
        return numeric.label_loss(f, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_weights_gradient(w: Any, x: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a linear layer without a bias: its gradient.

        ∂/∂w_{kc} (−log p_y) = (pₖ − δ_{ky}) x_c

        where fⱼ = Σ_d w_{jd} x_d, pᵢ = e^fᵢ / Σⱼ e^fⱼ

    w : (..., K, D)
    x : (..., D)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    w, x = numeric.together(w=w, x=x)
    K = numeric.size("K", ("w", w, -2))
    numeric.size("D", ("w", w, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("w", w, 2), ("x", x, 1), ("y", y, 0))
    with numeric.logits_called("f", "w", "x"):
        f = (w @ x[..., None])[..., 0]
        label_gradient = numeric.label_gradient(f, y)
        return numeric.computed(np.multiply, label_gradient[..., :, None], x[..., None, :], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def cross_entropy_weights_and_gradient(
    w: Any, x: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a linear layer without a bias: value and gradient in one pass.

        −log p_y, and ∂/∂w_{kc} (−log p_y) = (pₖ − δ_{ky}) x_c

        where fⱼ = Σ_d w_{jd} x_d, pᵢ = e^fᵢ / Σⱼ e^fⱼ

    w : (..., K, D)
    x : (..., D)
    y : (...) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    w, x = numeric.together(w=w, x=x)
    K = numeric.size("K", ("w", w, -2))
    numeric.size("D", ("w", w, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("w", w, 2), ("x", x, 1), ("y", y, 0))
    with numeric.logits_called("f", "w", "x"):
        f = (w @ x[..., None])[..., 0]
        label_loss, label_gradient = numeric.label_loss_and_gradient(f, y)
        return (label_loss, numeric.computed(np.multiply, label_gradient[..., :, None],
            x[..., None, :], out=out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def layer_normalisation(x: Any, e: Any, *, out: Any = None) -> Any:
    """Layer normalisation: its value.

        nᵢ

        where m = (Σₖ xₖ) / K, v = (Σₖ (xₖ − m)²) / K, s = √(v + e), nᵢ = (xᵢ − m) / s

    x : (..., K)
    e : a number
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, e = numeric.together(x=x, e=e)
    K = numeric.size("K", ("x", x, -1))
    numeric.one_batch(("x", x, 1), ("e", e, 0))
    centred = numeric.centred(x)
    s = numeric.root_of_squares(centred, 1 / K, e)
    n = centred / s[..., None]
    return numeric.deliver(n, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def layer_normalisation_jacobian(x: Any, e: Any, *, out: Any = None) -> Any:
    """Layer normalisation: its Jacobian.

        ∂nᵢ/∂xⱼ = (δᵢⱼ − 1 / K − nⱼ nᵢ / K) / s

        where m = (Σₖ xₖ) / K, v = (Σₖ (xₖ − m)²) / K, s = √(v + e), nᵢ = (xᵢ − m) / s

    x : (..., K)
    e : a number
    out : an array for the result, of its shape and dtype
    Returns (..., K, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, e = numeric.together(x=x, e=e)
    dtype = x.dtype
    K = numeric.size("K", ("x", x, -1))
    numeric.one_batch(("x", x, 1), ("e", e, 0))
    centred = numeric.centred(x)
    s = numeric.root_of_squares(centred, 1 / K, e)
    n = centred / s[..., None]
    return numeric.computed(np.divide, np.eye(K, dtype=dtype) - 1 / K - n[..., None, :] *
        n[..., :, None] / K, s[..., None, None], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def layer_normalisation_jvp(x: Any, vv: Any, e: Any, *, out: Any = None) -> Any:
    """Layer normalisation: its Jacobian times a vector, without the matrix.

        Σ_j ∂nᵢ/∂xⱼ vvⱼ = (vvᵢ − (Σⱼ vvⱼ (1 + nᵢ nⱼ)) / K) / s

        where m = (Σₖ xₖ) / K, v = (Σₖ (xₖ − m)²) / K, s = √(v + e), nᵢ = (xᵢ − m) / s

    x : (..., K)
    vv : (..., K)
    e : a number
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, vv, e = numeric.together(x=x, vv=vv, e=e)
    K = numeric.size("K", ("x", x, -1), ("vv", vv, -1))
    numeric.one_batch(("x", x, 1), ("vv", vv, 1), ("e", e, 0))
    centred = numeric.centred(x)
    s = numeric.root_of_squares(centred, 1 / K, e)
    n = centred / s[..., None]
    return numeric.deliver((vv - (vv.sum(axis=-1)[..., None] + n * (vv *
        n).sum(axis=-1)[..., None]) / K) / s[..., None], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def layer_normalisation_vjp(x: Any, u: Any, e: Any, *, out: Any = None) -> Any:
    """Layer normalisation: a vector times its Jacobian, without the matrix.

        Σ_i ∂nᵢ/∂xⱼ uᵢ = (uⱼ − (Σᵢ uᵢ (1 + nⱼ nᵢ)) / K) / s

        where m = (Σₖ xₖ) / K, v = (Σₖ (xₖ − m)²) / K, s = √(v + e), nᵢ = (xᵢ − m) / s

    x : (..., K)
    u : (..., K)
    e : a number
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, u, e = numeric.together(x=x, u=u, e=e)
    K = numeric.size("K", ("x", x, -1), ("u", u, -1))
    numeric.one_batch(("x", x, 1), ("u", u, 1), ("e", e, 0))
    centred = numeric.centred(x)
    s = numeric.root_of_squares(centred, 1 / K, e)
    n = centred / s[..., None]
    return numeric.deliver((u - (u.sum(axis=-1)[..., None] + n * (u * n).sum(axis=-1)[..., None]) /
        K) / s[..., None], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def two_layer(U: Any, x: Any, c: Any, W: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a network with one hidden relu layer: its value.

        −Σᵢ yᵢ log pᵢ

        where hₘ = relu(Σ_d U_{md} x_d + cₘ), zᵢ = Σₘ Wᵢₘ hₘ + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    U : (..., M, D)
    x : (..., D)
    c : (..., M)
    W : (..., K, M)
    b : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    U, x, c, W, b, y = numeric.together(U=U, x=x, c=c, W=W, b=b, y=y)
    numeric.size("M", ("U", U, -2), ("c", c, -1), ("W", W, -1))
    numeric.size("D", ("U", U, -1), ("x", x, -1))
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.one_batch(("U", U, 2), ("x", x, 1), ("c", c, 1), ("W", W, 2), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "U", "x", "c", "W", "b"):
        h = np.maximum((U @ x[..., None])[..., 0] + c, 0)
        z = (W @ h[..., None])[..., 0] + b
        return numeric.target_loss(z, y, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def two_layer_gradient(U: Any, x: Any, c: Any, W: Any, b: Any, y: Any, *, out: Any = None) -> Any:
    """Cross-entropy of a network with one hidden relu layer: its gradient.

        ∂/∂Uᵣₑ (−Σᵢ yᵢ log pᵢ) = (Σₖ (pₖ − yₖ) Wₖᵣ) · 1[Σ_d U_{rd} x_d + cᵣ > 0] xₑ

        where hₘ = relu(Σ_d U_{md} x_d + cₘ), zᵢ = Σₘ Wᵢₘ hₘ + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    U : (..., M, D)
    x : (..., D)
    c : (..., M)
    W : (..., K, M)
    b : (..., K)
    y : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., M, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    U, x, c, W, b, y = numeric.together(U=U, x=x, c=c, W=W, b=b, y=y)
    dtype = U.dtype
    numeric.size("M", ("U", U, -2), ("c", c, -1), ("W", W, -1))
    numeric.size("D", ("U", U, -1), ("x", x, -1))
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.one_batch(("U", U, 2), ("x", x, 1), ("c", c, 1), ("W", W, 2), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "U", "x", "c", "W", "b"):
        h = np.maximum((U @ x[..., None])[..., 0] + c, 0)
        z = (W @ h[..., None])[..., 0] + b
        target_gradient = numeric.target_gradient(z, y)
        return numeric.computed(np.multiply, (W.mT @
            target_gradient[..., None])[..., 0][..., :, None] * ((U @ x[..., None])[..., 0] + c >
            0).astype(dtype)[..., :, None], x[..., None, :], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def two_layer_and_gradient(
    U: Any, x: Any, c: Any, W: Any, b: Any, y: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """Cross-entropy of a network with one hidden relu layer: value and gradient in one pass.

        −Σᵢ yᵢ log pᵢ, and ∂/∂Uᵣₑ (−Σᵢ yᵢ log pᵢ) = (Σₖ (pₖ − yₖ) Wₖᵣ) · 1[Σ_d U_{rd} x_d + cᵣ >
            0] xₑ

        where hₘ = relu(Σ_d U_{md} x_d + cₘ), zᵢ = Σₘ Wᵢₘ hₘ + bᵢ, pᵢ = e^zᵢ / Σₖ e^zₖ

    U : (..., M, D)
    x : (..., D)
    c : (..., M)
    W : (..., K, M)
    b : (..., K)
    y : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., M, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit or targets
    that do not sum to one.
    """
    U, x, c, W, b, y = numeric.together(U=U, x=x, c=c, W=W, b=b, y=y)
    dtype = U.dtype
    numeric.size("M", ("U", U, -2), ("c", c, -1), ("W", W, -1))
    numeric.size("D", ("U", U, -1), ("x", x, -1))
    numeric.size("K", ("W", W, -2), ("b", b, -1), ("y", y, -1))
    numeric.one_batch(("U", U, 2), ("x", x, 1), ("c", c, 1), ("W", W, 2), ("b", b, 1), ("y", y, 1))
    with numeric.logits_called("z", "U", "x", "c", "W", "b"):
        h = np.maximum((U @ x[..., None])[..., 0] + c, 0)
        z = (W @ h[..., None])[..., 0] + b
        target_loss, target_gradient = numeric.target_loss_and_gradient(z, y)
        return (target_loss, numeric.computed(np.multiply, (W.mT @
            target_gradient[..., None])[..., 0][..., :, None] * ((U @ x[..., None])[..., 0] + c >
            0).astype(dtype)[..., :, None], x[..., None, :], out=out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def hinge(W: Any, x: Any, y: Any, *, out: Any = None) -> Any:
    """The multiclass hinge loss: its value.

        Σₖ max(0, sₖ − s_y + 1) − 1

        where sₖ = Σ_d W_{kd} x_d

    W : (..., K, D)
    x : (..., D)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x = numeric.together(W=W, x=x)
    K = numeric.size("K", ("W", W, -2))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("y", y, 0))
    s = (W @ x[..., None])[..., 0]
    return numeric.deliver(np.maximum(0, s - numeric.taken(s, np.asarray(y)[..., None],
        -1)[..., None] + 1).sum(axis=-1) - 1, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def hinge_gradient(W: Any, x: Any, y: Any, *, out: Any = None) -> Any:
    """The multiclass hinge loss: its gradient.

        ∂/∂W_{lc} (Σₖ max(0, sₖ − s_y + 1) − 1) = x_c (1[sₗ − s_y + 1 > 0] − δ_{ly} Σₖ 1[sₖ −
            s_y + 1 > 0])

        where sₖ = Σ_d W_{kd} x_d

    W : (..., K, D)
    x : (..., D)
    y : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x = numeric.together(W=W, x=x)
    dtype = W.dtype
    K = numeric.size("K", ("W", W, -2))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("y", y, 0))
    s = (W @ x[..., None])[..., 0]
    return numeric.computed(np.multiply, x[..., None, :], ((s - numeric.taken(s,
        np.asarray(y)[..., None], -1)[..., None] + 1 > 0).astype(dtype) - (np.arange(K) ==
        y[..., None]).astype(dtype) * (s - numeric.taken(s, np.asarray(y)[..., None],
        -1)[..., None] + 1 > 0).astype(dtype).sum(axis=-1)[..., None])[..., :, None], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def hinge_and_gradient(W: Any, x: Any, y: Any, *, out: Any = None) -> tuple[Any, Any]:
    """The multiclass hinge loss: value and gradient in one pass.

        Σₖ max(0, sₖ − s_y + 1) − 1, and ∂/∂W_{lc} (Σₖ max(0, sₖ − s_y + 1) − 1) = x_c (1[sₗ −
            s_y + 1 > 0] − δ_{ly} Σₖ 1[sₖ − s_y + 1 > 0])

        where sₖ = Σ_d W_{kd} x_d

    W : (..., K, D)
    x : (..., D)
    y : (...) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    W, x = numeric.together(W=W, x=x)
    dtype = W.dtype
    K = numeric.size("K", ("W", W, -2))
    numeric.size("D", ("W", W, -1), ("x", x, -1))
    y = numeric.chosen(y, "y", K)
    numeric.one_batch(("W", W, 2), ("x", x, 1), ("y", y, 0))
    s = (W @ x[..., None])[..., 0]
    return (np.maximum(0, s - numeric.taken(s, np.asarray(y)[..., None], -1)[..., None] +
        1).sum(axis=-1) - 1, numeric.computed(np.multiply, x[..., None, :], ((s - numeric.taken(s,
        np.asarray(y)[..., None], -1)[..., None] + 1 > 0).astype(dtype) - (np.arange(K) ==
        y[..., None]).astype(dtype) * (s - numeric.taken(s, np.asarray(y)[..., None],
        -1)[..., None] + 1 > 0).astype(dtype).sum(axis=-1)[..., None])[..., :, None], out=out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def least_squares(X: Any, w: Any, t: Any, *, out: Any = None) -> Any:
    """Least squares: its value.

        (Σₙ (Σ_d X_{nd} w_d − tₙ)²) / 2

    X : (..., N, D)
    w : (..., D)
    t : (..., N)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    X, w, t = numeric.together(X=X, w=w, t=t)
    numeric.size("N", ("X", X, -2), ("t", t, -1))
    numeric.size("D", ("X", X, -1), ("w", w, -1))
    numeric.one_batch(("X", X, 2), ("w", w, 1), ("t", t, 1))
    return numeric.deliver((((X @ w[..., None])[..., 0] - t)**2).sum(axis=-1) / 2, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def least_squares_gradient(X: Any, w: Any, t: Any, *, out: Any = None) -> Any:
    """Least squares: its gradient.

        ∂/∂w_c ((Σₙ (Σ_d X_{nd} w_d − tₙ)²) / 2) = Σₙ (Σ_d X_{nd} w_d − tₙ) X_{nc}

    X : (..., N, D)
    w : (..., D)
    t : (..., N)
    out : an array for the result, of its shape and dtype
    Returns (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    X, w, t = numeric.together(X=X, w=w, t=t)
    numeric.size("N", ("X", X, -2), ("t", t, -1))
    numeric.size("D", ("X", X, -1), ("w", w, -1))
    numeric.one_batch(("X", X, 2), ("w", w, 1), ("t", t, 1))
    return numeric.deliver((X.mT @ ((X @ w[..., None])[..., 0] - t)[..., None])[..., 0], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def least_squares_and_gradient(X: Any, w: Any, t: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Least squares: value and gradient in one pass.

        (Σₙ (Σ_d X_{nd} w_d − tₙ)²) / 2, and ∂/∂w_c ((Σₙ (Σ_d X_{nd} w_d − tₙ)²) / 2) = Σₙ (Σ_d
            X_{nd} w_d − tₙ) X_{nc}

    X : (..., N, D)
    w : (..., D)
    t : (..., N)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    X, w, t = numeric.together(X=X, w=w, t=t)
    numeric.size("N", ("X", X, -2), ("t", t, -1))
    numeric.size("D", ("X", X, -1), ("w", w, -1))
    numeric.one_batch(("X", X, 2), ("w", w, 1), ("t", t, 1))
    return ((((X @ w[..., None])[..., 0] - t)**2).sum(axis=-1) / 2, numeric.deliver((X.mT @ ((X @
        w[..., None])[..., 0] - t)[..., None])[..., 0], out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def least_squares_hessian(X: Any, *, out: Any = None) -> Any:
    """Least squares: its Hessian.

        ∂²/∂wₑ∂w_c ((Σₙ (Σ_d X_{nd} w_d − tₙ)²) / 2) = Σₙ X_{nc} Xₙₑ

    X : (..., N, D)
    out : an array for the result, of its shape and dtype
    Returns (..., D, D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (X,) = numeric.together(X=X)
    numeric.size("N", ("X", X, -2))
    numeric.size("D", ("X", X, -1))
    return numeric.deliver(X.mT @ X, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def least_squares_hvp(X: Any, v: Any, *, out: Any = None) -> Any:
    """Least squares: its Hessian times a vector, without the matrix.

        Σ_e ∂²/∂wₑ∂w_c ((Σₙ (Σ_d X_{nd} w_d − tₙ)²) / 2) vₑ = Σₑ (Σₙ X_{nc} Xₙₑ) vₑ

    X : (..., N, D)
    v : (..., D)
    out : an array for the result, of its shape and dtype
    Returns (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    X, v = numeric.together(X=X, v=v)
    numeric.size("N", ("X", X, -2))
    numeric.size("D", ("X", X, -1), ("v", v, -1))
    numeric.one_batch(("X", X, 2), ("v", v, 1))
    return numeric.deliver((X.mT @ (X @ v[..., None])[..., 0][..., None])[..., 0], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def log_cosh(r: Any, *, out: Any = None) -> Any:
    """The log-cosh loss: its value.

        log(cosh r)

    r : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 8 ulp.
    Raises TypeError for what is no real number.
    """
    (r,) = numeric.together(r=r)
    return numeric.deliver(numeric.log_cosh(r), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def log_cosh_derivative(r: Any, *, out: Any = None) -> Any:
    """The log-cosh loss: its derivative.

        ∂/∂r log(cosh r) = tanh r

    r : any shape
    out : an array for the result, of its shape and dtype
    Returns the same shape.

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number.
    """
    (r,) = numeric.together(r=r)
    return numeric.deliver(np.tanh(r), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def logistic_regression(X: Any, w: Any, t: Any, *, out: Any = None) -> Any:
    """Logistic regression: its value.

        −Σₙ (tₙ log sₙ + (1 − tₙ) log(1 − sₙ))

        where sₙ = 1 / (1 + e^(−Σ_d X_{nd} w_d))

    X : (..., N, D)
    w : (..., D)
    t : (..., N)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    X, w, t = numeric.together(X=X, w=w, t=t)
    numeric.size("N", ("X", X, -2), ("t", t, -1))
    numeric.size("D", ("X", X, -1), ("w", w, -1))
    numeric.one_batch(("X", X, 2), ("w", w, 1), ("t", t, 1))
    return numeric.deliver(-(numeric.zero_times(t, numeric.log_sigmoid((X @ w[..., None])[..., 0]))
        + numeric.zero_times(1 - t, numeric.log_sigmoid(-(X @
        w[..., None])[..., 0]))).sum(axis=-1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def logistic_regression_gradient(X: Any, w: Any, t: Any, *, out: Any = None) -> Any:
    """Logistic regression: its gradient.

        ∂/∂w_c (−Σₙ (tₙ log sₙ + (1 − tₙ) log(1 − sₙ))) = Σₙ X_{nc} (sₙ − tₙ)

        where sₙ = 1 / (1 + e^(−Σ_d X_{nd} w_d))

    X : (..., N, D)
    w : (..., D)
    t : (..., N)
    out : an array for the result, of its shape and dtype
    Returns (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    X, w, t = numeric.together(X=X, w=w, t=t)
    numeric.size("N", ("X", X, -2), ("t", t, -1))
    numeric.size("D", ("X", X, -1), ("w", w, -1))
    numeric.one_batch(("X", X, 2), ("w", w, 1), ("t", t, 1))
    s = numeric.sigmoid((X @ w[..., None])[..., 0])
    return numeric.deliver((X.mT @ (s * (1 - t) - t * numeric.sigmoid(-(X @
        w[..., None])[..., 0]))[..., None])[..., 0], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def logistic_regression_and_gradient(X: Any, w: Any, t: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Logistic regression: value and gradient in one pass.

        −Σₙ (tₙ log sₙ + (1 − tₙ) log(1 − sₙ)), and ∂/∂w_c (−Σₙ (tₙ log sₙ + (1 − tₙ) log(1 −
            sₙ))) = Σₙ X_{nc} (sₙ − tₙ)

        where sₙ = 1 / (1 + e^(−Σ_d X_{nd} w_d))

    X : (..., N, D)
    w : (..., D)
    t : (..., N)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    X, w, t = numeric.together(X=X, w=w, t=t)
    numeric.size("N", ("X", X, -2), ("t", t, -1))
    numeric.size("D", ("X", X, -1), ("w", w, -1))
    numeric.one_batch(("X", X, 2), ("w", w, 1), ("t", t, 1))
    s = numeric.sigmoid((X @ w[..., None])[..., 0])
    return (-(numeric.zero_times(t, numeric.log_sigmoid((X @ w[..., None])[..., 0])) +
        numeric.zero_times(1 - t, numeric.log_sigmoid(-(X @ w[..., None])[..., 0]))).sum(axis=-1),
        numeric.deliver((X.mT @ (s * (1 - t) - t * numeric.sigmoid(-(X @
        w[..., None])[..., 0]))[..., None])[..., 0], out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def matrix_factorisation(p: Any, q: Any, r: Any, *, out: Any = None) -> Any:
    """One entry of a matrix factorisation: its value.

        (r − Σ_d p_d q_d)² / 2

    p : (..., D)
    q : (..., D)
    r : a number
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    p, q, r = numeric.together(p=p, q=q, r=r)
    numeric.size("D", ("p", p, -1), ("q", q, -1))
    numeric.one_batch(("p", p, 1), ("q", q, 1), ("r", r, 0))
    return numeric.deliver((r - (p * q).sum(axis=-1))**2 / 2, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def matrix_factorisation_gradient(p: Any, q: Any, r: Any, *, out: Any = None) -> Any:
    """One entry of a matrix factorisation: its gradient.

        ∂/∂pₑ ((r − Σ_d p_d q_d)² / 2) = (Σ_d p_d q_d − r) qₑ

    p : (..., D)
    q : (..., D)
    r : a number
    out : an array for the result, of its shape and dtype
    Returns (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    p, q, r = numeric.together(p=p, q=q, r=r)
    numeric.size("D", ("p", p, -1), ("q", q, -1))
    numeric.one_batch(("p", p, 1), ("q", q, 1), ("r", r, 0))
    return numeric.deliver(((p * q).sum(axis=-1) - r)[..., None] * q, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def matrix_factorisation_and_gradient(
    p: Any, q: Any, r: Any, *, out: Any = None
) -> tuple[Any, Any]:
    """One entry of a matrix factorisation: value and gradient in one pass.

        (r − Σ_d p_d q_d)² / 2, and ∂/∂pₑ ((r − Σ_d p_d q_d)² / 2) = (Σ_d p_d q_d − r) qₑ

    p : (..., D)
    q : (..., D)
    r : a number
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., D).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    p, q, r = numeric.together(p=p, q=q, r=r)
    numeric.size("D", ("p", p, -1), ("q", q, -1))
    numeric.one_batch(("p", p, 1), ("q", q, 1), ("r", r, 0))
    return ((r - (p * q).sum(axis=-1))**2 / 2, numeric.deliver(((p * q).sum(axis=-1) -
        r)[..., None] * q, out))


@np.errstate(over="ignore", under="ignore", divide="ignore")
def mean_squared_error(x: Any, t: Any, *, out: Any = None) -> Any:
    """Mean squared error: its value.

        (Σₙ (xₙ − tₙ)²) / N

    x : (..., N)
    t : (..., N)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, t = numeric.together(x=x, t=t)
    N = numeric.size("N", ("x", x, -1), ("t", t, -1))
    numeric.one_batch(("x", x, 1), ("t", t, 1))
    return numeric.deliver(((x - t)**2).sum(axis=-1) / N, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def mean_squared_error_gradient(x: Any, t: Any, *, out: Any = None) -> Any:
    """Mean squared error: its gradient.

        ∂/∂xₘ ((Σₙ (xₙ − tₙ)²) / N) = 2 (xₘ − tₘ) / N

    x : (..., N)
    t : (..., N)
    out : an array for the result, of its shape and dtype
    Returns (..., N).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, t = numeric.together(x=x, t=t)
    N = numeric.size("N", ("x", x, -1), ("t", t, -1))
    numeric.one_batch(("x", x, 1), ("t", t, 1))
    return numeric.deliver(2 * (x - t) / N, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def mean_squared_error_and_gradient(x: Any, t: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Mean squared error: value and gradient in one pass.

        (Σₙ (xₙ − tₙ)²) / N, and ∂/∂xₘ ((Σₙ (xₙ − tₙ)²) / N) = 2 (xₘ − tₘ) / N

    x : (..., N)
    t : (..., N)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., N).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    x, t = numeric.together(x=x, t=t)
    N = numeric.size("N", ("x", x, -1), ("t", t, -1))
    numeric.one_batch(("x", x, 1), ("t", t, 1))
    return ((x - t)**2).sum(axis=-1) / N, numeric.deliver(2 * (x - t) / N, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def entropy(z: Any, *, out: Any = None) -> Any:
    """The entropy of softmax: its value.

        −Σᵢ pᵢ log pᵢ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (z,) = numeric.together(z=z)
    numeric.size("K", ("z", z, -1))
    log_softmax = numeric.log_softmax(z)
    weighted = numeric.weighted(z, log_softmax)
    return numeric.deliver(-weighted.sum(axis=-1), out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def entropy_gradient(z: Any, *, out: Any = None) -> Any:
    """The entropy of softmax: its gradient.

        ∂/∂zⱼ (−Σᵢ pᵢ log pᵢ) = pⱼ (Σᵢ pᵢ log pᵢ − log pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (z,) = numeric.together(z=z)
    numeric.size("K", ("z", z, -1))
    log_softmax = numeric.log_softmax(z)
    weighted = numeric.weighted(z, log_softmax)
    return numeric.weighted(z, weighted.sum(axis=-1)[..., None] - log_softmax, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def entropy_and_gradient(z: Any, *, out: Any = None) -> tuple[Any, Any]:
    """The entropy of softmax: value and gradient in one pass.

        −Σᵢ pᵢ log pᵢ, and ∂/∂zⱼ (−Σᵢ pᵢ log pᵢ) = pⱼ (Σᵢ pᵢ log pᵢ − log pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (z,) = numeric.together(z=z)
    numeric.size("K", ("z", z, -1))
    log_softmax = numeric.log_softmax(z)
    weighted = numeric.weighted(z, log_softmax)
    weighted_2 = numeric.weighted(z, weighted.sum(axis=-1)[..., None] - log_softmax, out=out)
    return -weighted.sum(axis=-1), weighted_2


def log_softmax(z: Any, *, out: Any = None) -> Any:
    """Log-softmax: its value.

        log pᵢ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.log_softmax(z, out=out)


def log_softmax_jacobian(z: Any, *, out: Any = None) -> Any:
    """Log-softmax: its Jacobian.

        ∂/∂zⱼ log pᵢ = δᵢⱼ − pⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, K).

    Accuracy: within 5 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.log_jacobian(z, out=out)


def log_softmax_jvp(z: Any, v: Any, *, out: Any = None) -> Any:
    """Log-softmax: its Jacobian times a vector, without the matrix.

        Σ_j ∂/∂zⱼ log pᵢ vⱼ = vᵢ − Σⱼ vⱼ pⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    v : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of |w_i| + Σ_j p_j |w_j|, w = v - v_m where a p_m > 1/2, else v.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.log_jacobian_product(z, v, out=out)


def log_softmax_vjp(z: Any, u: Any, *, out: Any = None) -> Any:
    """Log-softmax: a vector times its Jacobian, without the matrix.

        Σ_i ∂/∂zⱼ log pᵢ uᵢ = uⱼ − pⱼ Σᵢ uᵢ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    u : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of |u_j| Σ_{k≠j} p_k + p_j Σ_{i≠j} |u_i| where p_j > 1/2, and of |u_j| +
    p_j Σ_i |u_i| elsewhere.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.log_jacobian_transposed_product(z, u, out=out)


def logsumexp(z: Any, *, out: Any = None) -> Any:
    """Log-sum-exp: its value.

        log Σₖ e^zₖ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 4 ulp of the larger of |max z| and log K.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.logsumexp(z, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def logsumexp_gradient(z: Any, *, out: Any = None) -> Any:
    """Log-sum-exp: its gradient.

        ∂/∂zⱼ log Σₖ e^zₖ = pⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 5 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (z,) = numeric.together(z=z)
    numeric.size("K", ("z", z, -1))
    return numeric.softmax(z, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def logsumexp_and_gradient(z: Any, *, out: Any = None) -> tuple[Any, Any]:
    """Log-sum-exp: value and gradient in one pass.

        log Σₖ e^zₖ, and ∂/∂zⱼ log Σₖ e^zₖ = pⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (z,) = numeric.together(z=z)
    numeric.size("K", ("z", z, -1))
    logsumexp = numeric.logsumexp(z)
    p = numeric.softmax(z, out=out)
    return logsumexp, p


def logsumexp_hessian(z: Any, *, out: Any = None) -> Any:
    """Log-sum-exp: its Hessian.

        ∂²/∂zⱼ∂zᵢ log Σₖ e^zₖ = pᵢ (δᵢⱼ − pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, K).

    Accuracy: diagonal within 5 ulp, the rest within 9.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.jacobian(z, out=out)


def logsumexp_hessian_entry(z: Any, i: int, j: int, *, out: Any = None) -> Any:
    """Log-sum-exp: one entry, its indices counted from 0.

        ∂²/∂zⱼ∂zᵢ log Σₖ e^zₖ = pᵢ (δᵢⱼ − pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    i, j : integers
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 5 ulp on the diagonal, 9 elsewhere.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for an index out of range.
    """
    return numeric.deliver(numeric.jacobian_entry(z, i, j), out)


def logsumexp_hvp(z: Any, v: Any, *, out: Any = None) -> Any:
    """Log-sum-exp: its Hessian times a vector, without the matrix.

        Σ_j ∂²/∂zⱼ∂zᵢ log Σₖ e^zₖ vⱼ = pᵢ (vᵢ − Σⱼ vⱼ pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    v : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of p_i (|w_i| + Σ_j p_j |w_j|), w = v - v_m where a p_m > 1/2, else v.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.jacobian_product(z, v, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def policy_gradient(z: Any, a: Any, *, out: Any = None) -> Any:
    """The policy gradient of a softmax policy: its value.

        log pₐ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    a : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 4 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (z,) = numeric.together(z=z)
    K = numeric.size("K", ("z", z, -1))
    a = numeric.chosen(a, "a", K)
    numeric.one_batch(("z", z, 1), ("a", a, 0))
    label_loss = numeric.label_loss(z, a)
    return numeric.deliver(-label_loss, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def policy_gradient_gradient(z: Any, a: Any, *, out: Any = None) -> Any:
    """The policy gradient of a softmax policy: its gradient.

        ∂/∂zⱼ log pₐ = δₐⱼ − pⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    a : (...) integer labels, counted from 0
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 5 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (z,) = numeric.together(z=z)
    K = numeric.size("K", ("z", z, -1))
    a = numeric.chosen(a, "a", K)
    numeric.one_batch(("z", z, 1), ("a", a, 0))
    label_gradient = numeric.label_gradient(z, a, out=out)
    return np.negative(label_gradient, out=label_gradient)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def policy_gradient_and_gradient(z: Any, a: Any, *, out: Any = None) -> tuple[Any, Any]:
    """The policy gradient of a softmax policy: value and gradient in one pass.

        log pₐ, and ∂/∂zⱼ log pₐ = δₐⱼ − pⱼ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    a : (...) integer labels, counted from 0
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for a label out of range.
    """
    (z,) = numeric.together(z=z)
    K = numeric.size("K", ("z", z, -1))
    a = numeric.chosen(a, "a", K)
    numeric.one_batch(("z", z, 1), ("a", a, 0))
    label_loss, label_gradient = numeric.label_loss_and_gradient(z, a, out=out)
    return -label_loss, np.negative(label_gradient, out=label_gradient)


def softmax(z: Any, *, out: Any = None) -> Any:
    """Softmax: its value.

        pᵢ

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 5 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.softmax(z, out=out)


def softmax_jacobian(z: Any, *, out: Any = None) -> Any:
    """Softmax: its Jacobian.

        ∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, K).

    Accuracy: diagonal within 5 ulp, the rest within 9.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.jacobian(z, out=out)


def softmax_jacobian_entry(z: Any, i: int, j: int, *, out: Any = None) -> Any:
    """Softmax: one entry, its indices counted from 0.

        ∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    i, j : integers
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 5 ulp on the diagonal, 9 elsewhere.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for an index out of range.
    """
    return numeric.deliver(numeric.jacobian_entry(z, i, j), out)


def softmax_jvp(z: Any, v: Any, *, out: Any = None) -> Any:
    """Softmax: its Jacobian times a vector, without the matrix.

        Σ_j ∂pᵢ/∂zⱼ vⱼ = pᵢ (vᵢ − Σⱼ vⱼ pⱼ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    v : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of p_i (|w_i| + Σ_j p_j |w_j|), w = v - v_m where a p_m > 1/2, else v.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    return numeric.jacobian_product(z, v, out=out)


def softmax_vjp(z: Any, u: Any, *, out: Any = None) -> Any:
    """Softmax: a vector times its Jacobian, without the matrix.

        Σ_i ∂pᵢ/∂zⱼ uᵢ = pⱼ (uⱼ − Σᵢ pᵢ uᵢ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    u : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of p_i (|w_i| + Σ_j p_j |w_j|), w = v - v_m where a p_m > 1/2, else v.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, u = numeric.together(z=z, u=u)
    numeric.size("K", ("z", z, -1), ("u", u, -1))
    numeric.one_batch(("z", z, 1), ("u", u, 1))
    return numeric.jacobian_product(z, u, out=out)


def softmax_of_activations(o: Any, *, out: Any = None) -> Any:
    """Softmax by the product rule: its value.

        pⱼ

        where pⱼ = e^oⱼ / Σₖ e^oₖ

    o : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 5 ulp.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (o,) = numeric.together(o=o)
    numeric.size("K", ("o", o, -1))
    with numeric.logits_called("o"):
        return numeric.softmax(o, out=out)


def softmax_of_activations_jacobian(o: Any, *, out: Any = None) -> Any:
    """Softmax by the product rule: its Jacobian.

        ∂pⱼ/∂oᵢ = δᵢⱼ pⱼ − pⱼ pᵢ

        where pⱼ = e^oⱼ / Σₖ e^oₖ

    o : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K, K).

    Accuracy: diagonal within 5 ulp, the rest within 9.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    (o,) = numeric.together(o=o)
    numeric.size("K", ("o", o, -1))
    with numeric.logits_called("o"):
        return numeric.jacobian(o, out=out)


def softmax_of_activations_jacobian_entry(o: Any, i: int, j: int, *, out: Any = None) -> Any:
    """Softmax by the product rule: one entry, its indices counted from 0.

        ∂pⱼ/∂oᵢ = δᵢⱼ pⱼ − pⱼ pᵢ

        where pⱼ = e^oⱼ / Σₖ e^oₖ

    o : (..., K)
    i, j : integers
    out : an array for the result, of its shape and dtype
    Returns (...).

    Accuracy: within 5 ulp on the diagonal, 9 elsewhere.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit, IndexError
    for an index out of range.
    """
    (o,) = numeric.together(o=o)
    numeric.size("K", ("o", o, -1))
    with numeric.logits_called("o"):
        return numeric.deliver(numeric.jacobian_entry(o, i, j), out)


def softmax_of_activations_jvp(o: Any, v: Any, *, out: Any = None) -> Any:
    """Softmax by the product rule: its Jacobian times a vector, without the matrix.

        Σ_i ∂pⱼ/∂oᵢ vᵢ = vⱼ pⱼ − pⱼ Σᵢ vᵢ pᵢ

        where pⱼ = e^oⱼ / Σₖ e^oₖ

    o : (..., K)
    v : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of p_i (|w_i| + Σ_j p_j |w_j|), w = v - v_m where a p_m > 1/2, else v.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    o, v = numeric.together(o=o, v=v)
    numeric.size("K", ("o", o, -1), ("v", v, -1))
    numeric.one_batch(("o", o, 1), ("v", v, 1))
    with numeric.logits_called("o"):
        return numeric.jacobian_product(o, v, out=out)


def softmax_of_activations_vjp(o: Any, u: Any, *, out: Any = None) -> Any:
    """Softmax by the product rule: a vector times its Jacobian, without the matrix.

        Σ_j ∂pⱼ/∂oᵢ uⱼ = uᵢ pᵢ − pᵢ Σⱼ uⱼ pⱼ

        where pⱼ = e^oⱼ / Σₖ e^oₖ

    o : (..., K)
    u : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of p_i (|w_i| + Σ_j p_j |w_j|), w = v - v_m where a p_m > 1/2, else v.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    o, u = numeric.together(o=o, u=u)
    numeric.size("K", ("o", o, -1), ("u", u, -1))
    numeric.one_batch(("o", o, 1), ("u", u, 1))
    with numeric.logits_called("o"):
        return numeric.jacobian_product(o, u, out=out)


def softmax_vjp_gradient(z: Any, g: Any, *, out: Any = None) -> Any:
    """The vector-Jacobian product of softmax: its gradient.

        ∂/∂zⱼ Σᵢ gᵢ pᵢ = pⱼ (gⱼ − Σᵢ gᵢ pᵢ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    g : (..., K)
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: within 8 ulp of p_i (|w_i| + Σ_j p_j |w_j|), w = v - v_m where a p_m > 1/2, else v.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, g = numeric.together(z=z, g=g)
    numeric.size("K", ("z", z, -1), ("g", g, -1))
    numeric.one_batch(("z", z, 1), ("g", g, 1))
    return numeric.jacobian_product(z, g, out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def softmax_vjp_and_gradient(z: Any, g: Any, *, out: Any = None) -> tuple[Any, Any]:
    """The vector-Jacobian product of softmax: value and gradient in one pass.

        Σᵢ gᵢ pᵢ, and ∂/∂zⱼ Σᵢ gᵢ pᵢ = pⱼ (gⱼ − Σᵢ gᵢ pᵢ)

        where pᵢ = e^zᵢ / Σₖ e^zₖ

    z : (..., K)
    g : (..., K)
    out : an array for the gradient, of its shape and dtype
    Returns (...) and (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, g = numeric.together(z=z, g=g)
    numeric.size("K", ("z", z, -1), ("g", g, -1))
    numeric.one_batch(("z", z, 1), ("g", g, 1))
    p = numeric.softmax(z)
    jacobian_product = numeric.jacobian_product(z, g)
    return (g * p).sum(axis=-1), numeric.deliver(jacobian_product, out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def softmax_with_temperature(z: Any, T: Any, *, out: Any = None) -> Any:
    """Softmax with a temperature: its value.

        pᵢ

        where pᵢ = e^(zᵢ/T) / Σₖ e^(zₖ/T)

    z : (..., K)
    T : a number
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, T = numeric.together(z=z, T=T)
    numeric.size("K", ("z", z, -1))
    numeric.one_batch(("z", z, 1), ("T", T, 0))
    with numeric.logits_called("logits", "z", "T"):
        return numeric.softmax(numeric.tempered(z, T), out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def softmax_with_temperature_jacobian(z: Any, T: Any, *, out: Any = None) -> Any:
    """Softmax with a temperature: its Jacobian.

        ∂pᵢ/∂zⱼ = pᵢ (δᵢⱼ − pⱼ) / T

        where pᵢ = e^(zᵢ/T) / Σₖ e^(zₖ/T)

    z : (..., K)
    T : a number
    out : an array for the result, of its shape and dtype
    Returns (..., K, K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, T = numeric.together(z=z, T=T)
    numeric.size("K", ("z", z, -1))
    numeric.one_batch(("z", z, 1), ("T", T, 0))
    with numeric.logits_called("logits", "z", "T"):
        jacobian = numeric.jacobian(numeric.tempered(z, T))
        return numeric.onto(np.divide, jacobian, T[..., None, None], out=out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def softmax_with_temperature_jvp(z: Any, v: Any, T: Any, *, out: Any = None) -> Any:
    """Softmax with a temperature: its Jacobian times a vector, without the matrix.

        Σ_j ∂pᵢ/∂zⱼ vⱼ = pᵢ (vᵢ − Σⱼ vⱼ pⱼ) / T

        where pᵢ = e^(zᵢ/T) / Σₖ e^(zₖ/T)

    z : (..., K)
    v : (..., K)
    T : a number
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, v, T = numeric.together(z=z, v=v, T=T)
    numeric.size("K", ("z", z, -1), ("v", v, -1))
    numeric.one_batch(("z", z, 1), ("v", v, 1), ("T", T, 0))
    with numeric.logits_called("logits", "z", "T"):
        jacobian_product = numeric.jacobian_product(numeric.tempered(z, T), v)
        return numeric.deliver(jacobian_product / T[..., None], out)


@np.errstate(over="ignore", under="ignore", divide="ignore")
def softmax_with_temperature_vjp(z: Any, u: Any, T: Any, *, out: Any = None) -> Any:
    """Softmax with a temperature: a vector times its Jacobian, without the matrix.

        Σ_i ∂pᵢ/∂zⱼ uᵢ = pⱼ (uⱼ − Σᵢ pᵢ uᵢ) / T

        where pᵢ = e^(zᵢ/T) / Σₖ e^(zₖ/T)

    z : (..., K)
    u : (..., K)
    T : a number
    out : an array for the result, of its shape and dtype
    Returns (..., K).

    Accuracy: that of its operations: within 4 ulp of what their roundings add up to, on short axes.
    Raises TypeError for what is no real number, ValueError for shapes that do not fit.
    """
    z, u, T = numeric.together(z=z, u=u, T=T)
    numeric.size("K", ("z", z, -1), ("u", u, -1))
    numeric.one_batch(("z", z, 1), ("u", u, 1), ("T", T, 0))
    with numeric.logits_called("logits", "z", "T"):
        jacobian_product = numeric.jacobian_product(numeric.tempered(z, T), u)
        return numeric.deliver(jacobian_product / T[..., None], out)


jacobian_entry = softmax_jacobian_entry
