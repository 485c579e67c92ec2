"""What PyTorch and JAX do with a target's functions: digits, second derivatives, memory, names."""

from __future__ import annotations

import sysconfig
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import symderiv
from symderiv import functions as numeric
from symderiv.face.source import catalogue_source, derivation_source
from symderiv.mistakes import Mistake
from tests.answered import emitted
from tests.target_libraries import module
from tests.test_targets import Needs, needed, run, value_of

HARD = ([40.0, 0.0, 0.3], [0.0, -800.0, 3.0], [700.0, 700.0, -700.0], [0.0, 0.0, 0.0],
        [1e4, -1e4, 0.0], [-36.0, 0.5, -30.0])  # fmt: skip


@pytest.mark.parametrize("z", HARD)
def test_gradients_through_autograd_keep_their_digits(z: list[float], needs: Needs) -> None:
    """Of a number, whichever way autograd goes: p - 1 is what the others leave, and never 0."""
    needed(needs, "torch", "jax")
    torch, jax = module("torch"), module("jax")
    for y in range(3):
        value, wanted = numeric.cross_entropy(z, y), numeric.cross_entropy_gradient(z, y)
        f, _ = value_of("cross-entropy", "torch")
        at = torch.tensor(z, dtype=torch.float64, requires_grad=True)
        found = f(at, torch.tensor(y))
        np.testing.assert_allclose(found.detach(), value, rtol=1e-13)
        np.testing.assert_allclose(torch.autograd.grad(found, at)[0], wanted, rtol=1e-13)
        f, _ = value_of("cross-entropy", "jax")
        found, slope = jax.value_and_grad(f)(jax.numpy.asarray(z), y)
        np.testing.assert_allclose(found, value, rtol=1e-13)
        np.testing.assert_allclose(slope, wanted, rtol=1e-13)


@pytest.mark.parametrize(("dtype", "bound"), [("float64", 1e-13), ("float32", 2e-6)])
def test_cross_entropy_of_a_batch_is_that_of_each_row(
    dtype: str, bound: float, needs: Needs
) -> None:
    """In which some labels are nearly sure, and some are not; and of one row with many labels."""
    needed(needs, "torch")
    torch = module("torch")
    f, _ = value_of("cross-entropy", "torch")
    for rows, labels in ((HARD, (0, 2, 1, 0, 1, 1)), (HARD[0], (0, 1, 2))):
        z = torch.tensor(rows, dtype=getattr(torch, dtype), requires_grad=True)
        y, exact = torch.tensor(labels), z.detach().double().numpy()
        found = f(z, y)
        (slope,) = torch.autograd.grad(found.sum(), z)
        value = numeric.cross_entropy(exact, np.array(labels))
        wanted = numeric.cross_entropy_gradient(exact, np.array(labels))
        np.testing.assert_allclose(found.detach(), value, rtol=bound)
        wanted = wanted.sum(0) if z.ndim == 1 else wanted
        np.testing.assert_allclose(slope, wanted, rtol=bound, atol=1e-38)
    along = torch.ones(3, dtype=torch.float64)
    sure = torch.tensor([0.0, -800.0, -900.0], dtype=torch.float64, requires_grad=True)
    (first,) = torch.autograd.grad(f(sure, 0), sure, create_graph=True)
    (second,) = torch.autograd.grad(first, sure, along)
    np.testing.assert_array_equal(second, np.zeros(3))  # e^-800 is 0


def test_softmax_by_the_engine_is_as_exact(needs: Needs) -> None:
    needed(needs, "torch")
    torch = module("torch")
    f, _ = value_of("softmax", "torch")
    for z in (*HARD, [3.0]):
        u = np.cos(np.arange(len(z)))
        at = torch.tensor(z, dtype=torch.float64, requires_grad=True)
        found = f(at)
        np.testing.assert_allclose(found.detach(), numeric.softmax(z), rtol=1e-14)
        slope = torch.autograd.grad(found, at, torch.tensor(u))[0]
        np.testing.assert_allclose(slope, u @ numeric.softmax_jacobian(z), rtol=1e-13, atol=2e-16)


def test_numbers_keep_their_digits_beside_tensors(needs: Needs) -> None:
    needed(needs, "torch")
    torch = module("torch")
    f, _ = value_of("softmax-with-temperature", "torch")
    z = torch.linspace(-1, 1, 5, dtype=torch.float64)
    np.testing.assert_allclose(f(z, 0.07), (z / 0.07).softmax(-1), rtol=1e-14)


def test_what_is_given_is_not_changed(needs: Needs) -> None:
    """w - p Σw is made of its own: w is the user's, and looked at again behind it."""
    needed(needs, "torch")
    torch = module("torch")
    text = "L = sum(w[m]*log(softmax(x)[m]), m)/(1 + exp(a))/(1 + exp(softmax(x)[y]))"
    f = run(derivation_source(symderiv.derive(text, wrt="x[r]"), "torch"))
    w, a, y = torch.tensor([0.5, -1.0, 2.0]).double(), torch.tensor(0.7).double(), torch.tensor(1)
    x = torch.tensor([0.3, -0.2, 1.0], dtype=torch.float64, requires_grad=True)
    before = w.clone()
    (slope,) = torch.autograd.grad(f["L"](x=x, w=w, a=a, y=y), x)
    torch.testing.assert_close(w, before, rtol=0, atol=0)
    own = (w * x.log_softmax(-1)).sum() / (1 + a.exp()) / (1 + x.softmax(-1)[1].exp())
    torch.testing.assert_close(slope, torch.autograd.grad(own, x)[0], rtol=1e-12, atol=0)


TOGETHER = {  # formulas whose slopes have parts in common, and the shapes of what they take
    "sum((x[i] - m[i])**4, i)": {"x": (3,), "m": (3,)},
    "log(1 + sum((x[i] - m[i])**2, i))": {"x": (3,), "m": (3,)},
    "(x - m) @ inv(S) @ (x - m)": {"x": (2,), "m": (2,), "S": (2, 2)},
    "sum(tanh(x[i]*m[i]) - x[i]/(1 + m[i]**2), i)": {"x": (3,), "m": (3,)},
    "sum(w[i]*exp(x[i] - m[i]), i)/sum(exp(x[i] - m[i]), i)": {"w": (3,), "x": (3,), "m": (3,)},
    "sum(relu(a*x[i] - m[i]), i)": {"a": (), "x": (3,), "m": (3,)},
    "norm(X @ w - y)**2": {"X": (3, 2), "w": (2,), "y": (3,)},
    "sum((A[i,j] - B[j,i])**2*c[i], i, j)": {"A": (3, 3), "B": (3, 3), "c": (3,)},
}


@pytest.mark.parametrize("formula", TOGETHER)
def test_slopes_asked_for_together_are_those_asked_for_alone(formula: str, needs: Needs) -> None:
    """One may be the other's negative or transpose: none is changed in the place of another."""
    needed(needs, "torch")
    torch = module("torch")
    shapes = TOGETHER[formula]
    array, shape = next(iter(shapes.items()))
    wrt = (
        array if "@" in formula else f"{array}[{','.join('rs'[: len(shape)])}]" if shape else array
    )
    f = run(derivation_source(symderiv.derive(formula, wrt=wrt), "torch"))["L"]
    random = np.random.default_rng(4)
    drawn = {n: torch.tensor(random.normal(size=s)) for n, s in shapes.items()}
    whole = {n: t.clone().requires_grad_() for n, t in drawn.items()}
    together = torch.autograd.grad(f(**whole), list(whole.values()))
    for name, found in zip(whole, together, strict=True):
        alone = {n: t.clone().requires_grad_(n == name) for n, t in drawn.items()}
        (slope,) = torch.autograd.grad(f(**alone), alone[name])
        np.testing.assert_allclose(found, slope, rtol=1e-13, atol=1e-15)
        step = 1e-6
        for place in np.ndindex(slope.shape):
            sides = []
            for sign in (step, -step):
                moved = {n: t.clone() for n, t in drawn.items()}
                moved[name][place] += sign
                sides.append(f(**moved))
            difference = (sides[0] - sides[1]) / (2 * step)
            np.testing.assert_allclose(slope[place], difference, rtol=1e-6, atol=1e-8)


# -- derivatives of derivatives --------------------------------------------------------------------

Formula = tuple[str, str, Callable[..., Any]]  # text, the variable, the same for PyTorch
SUMS: tuple[Formula, ...] = (
    ("sum(x[k]*exp(z[k]*w[i]), k)", "z[j]",
     lambda x, z, w: (x * (w[:, None] * z).exp()).sum(-1)),
    ("sum(x[k]*exp(z[k]), k)/sum(exp(z[k]), k)", "z[j]",
     lambda x, z: (x * z.softmax(-1)).sum()),
    ("log(sum(x[k]**2*exp(z[k]), k))", "z[j]", lambda x, z: (x**2 * z.exp()).sum().log()),
    ("sum(x[k]*exp(z[k]), k) + min(z[1], x[1])", "z[j]",
     lambda x, z: (x * z.exp()).sum() + x[0].minimum(z[0])),
    ("sum(w[n]*log(1 + exp(-x[n]*z[n])), n)", "z[j]",
     lambda w, x, z: (w * (1 + (-x * z).exp()).log()).sum()),
    ("x[i]*exp(z[i])", "z[j]", lambda x, z: x * z.exp()),
)  # fmt: skip
GIVEN = {"x": [0.0, 1.5, -0.5], "z": [1.0, -0.3, 2.0], "w": [0.0, 0.7, 1.2]}


@pytest.mark.parametrize("formula", SUMS, ids=[text for text, _, _ in SUMS])
def test_second_derivatives_are_right_where_a_factor_is_0(formula: Formula, needs: Needs) -> None:
    """Factors of exponentials, and what the gradient is multiplied by: an entry of each is 0."""
    needed(needs, "torch", "jax")
    torch, jax = module("torch"), module("jax")
    text, wrt, own = formula
    derived = symderiv.derive(text, wrt=wrt)
    made = [run(derivation_source(derived, t)) for t in ("torch", "jax")]
    mine, of_jax = (names[min(names["__all__"], key=len)] for names in made)
    names = mine.__code__.co_varnames[: mine.__code__.co_argcount]
    order = own.__code__.co_varnames[: own.__code__.co_argcount]

    def both(function: Any, words: Any) -> list[Any]:
        leaves = {n: torch.tensor(GIVEN[n], dtype=torch.float64, requires_grad=True) for n in order}
        value = function(*(leaves[n] for n in words))
        along = torch.linspace(0, 1, max(value.numel(), 2), dtype=torch.float64)
        along = along[: value.numel()].reshape(value.shape).requires_grad_()
        by = [leaves[n] for n in sorted(leaves)]
        first = torch.autograd.grad(value, by, along, create_graph=True)
        total = sum((g * g).sum() + g.sum() for g in first)
        return [value, *first, *torch.autograd.grad(total, [along, *by])]

    for found, wanted in zip(both(mine, names), both(own, order), strict=True):
        torch.testing.assert_close(found, wanted, rtol=1e-11, atol=1e-11)

    def gradients(*a: Any) -> Any:
        return jax.grad(lambda *b: of_jax(*b).sum(), argnums=tuple(range(len(a))))(*a)

    def total(*a: Any) -> Any:
        return sum((g * g).sum() + g.sum() for g in gradients(*a))

    at = [jax.numpy.asarray(GIVEN[n]) for n in names]
    second = jax.jit(jax.grad(total, argnums=tuple(range(len(at)))))(*at)
    leaves = {n: torch.tensor(GIVEN[n], dtype=torch.float64, requires_grad=True) for n in order}
    first = torch.autograd.grad(own(*leaves.values()).sum(), [leaves[n] for n in names],
                                create_graph=True)  # fmt: skip
    whole = sum((g * g).sum() + g.sum() for g in first)
    for found, wanted in zip(
        second, torch.autograd.grad(whole, [leaves[n] for n in names]), strict=True
    ):
        np.testing.assert_allclose(found, wanted, rtol=1e-11, atol=1e-11)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("entry", ["softmax", "cross-entropy", "log-softmax", "gelu"])
def test_torch_gradients_may_be_taken_twice_and_in_batches(entry: str, needs: Needs) -> None:
    """Nothing that is kept is changed; a batch of cotangents is one more axis."""
    needed(needs, "torch")
    torch = module("torch")
    function, asked = value_of(entry, "torch")
    given = {n: torch.tensor(v) for n, v in asked.at("ordinary", (2,)).items()}
    name = next(iter(given))
    before = given[name].clone()
    leaf = given[name].requires_grad_()
    value = function(**given)
    many = torch.randn(3, *value.shape, dtype=value.dtype)
    one = [torch.autograd.grad(value, leaf, u, retain_graph=True)[0] for u in many]
    again = [torch.autograd.grad(value, leaf, u, retain_graph=True)[0] for u in many]
    (batch,) = torch.autograd.grad(value, leaf, many, is_grads_batched=True)
    torch.testing.assert_close(torch.stack(one), torch.stack(again), rtol=0, atol=0)
    torch.testing.assert_close(torch.stack(one), batch)
    torch.testing.assert_close(leaf.detach(), before, rtol=0, atol=0)


# -- memory and devices ----------------------------------------------------------------------------


def kept(torch: Any, value: Callable[[], Any]) -> int:
    """The bytes that autograd keeps."""
    held = {}

    def packed(tensor: Any) -> Any:
        storage = tensor.untyped_storage()
        held[storage.data_ptr()] = storage.nbytes()
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(packed, lambda tensor: tensor):
        result = value()
    assert result.requires_grad
    return sum(held.values())


def test_torch_keeps_no_more_than_its_own_functions(needs: Needs) -> None:
    needed(needs, "torch")
    torch = module("torch")
    F, z, y = torch.nn.functional, torch.randn(64, 100, requires_grad=True), torch.arange(64)
    pairs: list[tuple[str, tuple[Any, ...], Callable[..., Any]]] = [
        ("softmax", (z,), lambda z: z.softmax(-1)),
        ("log-softmax", (z,), lambda z: F.log_softmax(z, -1)),
        ("cross-entropy", (z, y), lambda z, y: F.cross_entropy(z, y, reduction="none")),
        ("sigmoid", (z,), torch.sigmoid),
        ("gelu", (z,), F.gelu),
        ("layer-normalisation", (z, 1e-5), lambda z, e: F.layer_norm(z, (100,), eps=e)),
        ("binary-cross-entropy", (z, torch.rand(64, 100)), F.binary_cross_entropy_with_logits),
    ]
    small = 64 * 4 * 4  # rows: sums, labels
    for entry, given, own in pairs:
        function, _ = value_of(entry, "torch")
        ours = kept(torch, lambda f=function, a=given: f(*a))
        theirs = kept(torch, lambda f=own, a=given: f(*a))
        assert ours <= theirs + small, entry


def test_a_gradient_by_weights_forms_no_product_of_all_axes(needs: Needs) -> None:
    """Also where PyTorch has no optimiser of contractions."""
    needed(needs, "torch")
    torch = module("torch")
    from torch.utils._python_dispatch import TorchDispatchMode

    class Largest(TorchDispatchMode):
        entries = 0

        def __torch_dispatch__(
            self, op: Any, types: Any, args: Any = (), kwargs: Any = None
        ) -> Any:
            made = op(*args, **(kwargs or {}))
            if isinstance(made, torch.Tensor):
                held = made.untyped_storage().nbytes() // made.itemsize  # of a view its array's
                self.entries = max(self.entries, held)
            return made

    f, _ = value_of("cross-entropy-linear", "torch")
    given = [torch.randn(*s, requires_grad=True) for s in ((20, 10), (30, 10), (20,))]
    with torch.backends.opt_einsum.flags(enabled=False):
        loss = f(*given, torch.arange(30) % 20).mean()
        with Largest() as largest:
            loss.backward()
    assert 0 < largest.entries <= 30 * 20


@pytest.mark.parametrize("entry", ["softmax", "cross-entropy-linear", "gelu", "log-softmax"])
def test_torch_makes_nothing_on_another_device(entry: str, needs: Needs) -> None:
    """Tensors of the device `meta` have shapes and types only; one of another would be refused."""
    needed(needs, "torch")
    torch = module("torch")
    function, asked = value_of(entry, "torch")
    for dtype in (torch.float32, torch.bfloat16, torch.float64):
        given = {n: torch.tensor(v) for n, v in asked.at("ordinary", (3,)).items()}
        given = {n: (v.to(dtype) if v.is_floating_point() else v).to("meta")
                 for n, v in given.items()}  # fmt: skip
        by = [v.requires_grad_() for v in given.values() if v.is_floating_point()]
        value = function(**given)
        first = torch.autograd.grad(value.sum(), by, create_graph=True)
        second = torch.autograd.grad(sum(g.sum() for g in first), by, allow_unused=True)
        made = [value, *first, *(g for g in second if g is not None)]
        assert all(a.dtype == dtype and a.device.type == "meta" for a in made)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(
    "entry",
    ["softmax", "cross-entropy-linear", "cross-entropy", "log-softmax", "binary-cross-entropy"],
)
def test_torch_compiles_them_as_one_graph(entry: str, needs: Needs) -> None:
    needed(needs, "torch")
    torch = module("torch")
    function, asked = value_of(entry, "torch")
    given = {n: torch.tensor(v) for n, v in asked.at("ordinary", (3,)).items()}
    by = [v.requires_grad_() for v in given.values() if v.is_floating_point()]
    compiled = torch.compile(function, backend="aot_eager", fullgraph=True)
    for found, wanted in zip(
        torch.autograd.grad(compiled(**given).sum(), by),
        torch.autograd.grad(function(**given).sum(), by),
        strict=True,
    ):
        torch.testing.assert_close(found, wanted)


@pytest.mark.filterwarnings("ignore")
def test_torch_compiles_them_and_their_digits_and_refusals_are_kept(needs: Needs) -> None:
    """By its own compiler: of exponentials without their largest, and of labels, nothing is lost.

    The labels of the second function are compared alone, and looked up nowhere else.
    """
    needed(needs, "torch")
    needs("g++")
    if not Path(sysconfig.get_path("include"), "Python.h").exists():
        needs("Python.h")
    torch = module("torch")
    entropy, logs = (value_of(n, "torch")[0] for n in ("cross-entropy", "log-softmax"))
    norm = value_of("layer-normalisation", "torch")[0]
    text = "sum((z[k] - delta(k, y))**2, k)"
    squares = run(derivation_source(symderiv.derive(text, wrt="z[j]"), "torch"))["L"]

    def all_of_them(z: Any, y: Any) -> Any:
        return entropy(z, y), logs(z), norm(z, 1e-5), squares(z, y)

    compiled = torch.compile(all_of_them, fullgraph=True)
    given = torch.tensor(HARD, dtype=torch.float64)
    for y in range(3):
        slopes, labels = [], torch.full((len(HARD),), y)
        for function in (compiled, all_of_them):
            z = given.clone().requires_grad_()
            values = function(z, labels)
            along = [torch.cos(torch.arange(v.numel())).reshape(v.shape).to(v) for v in values]
            slopes.append([*values, *torch.autograd.grad(values, z, along)])
        for found, wanted in zip(*slopes, strict=True):
            torch.testing.assert_close(found, wanted, rtol=1e-13, atol=1e-300)
        z = given.clone().requires_grad_()
        value = compiled(z, labels)[0]
        np.testing.assert_allclose(value.detach(), numeric.cross_entropy(HARD, y), rtol=1e-13)
        (slope,) = torch.autograd.grad(value.sum(), z)
        wanted = numeric.cross_entropy_gradient(HARD, y)
        np.testing.assert_allclose(slope, wanted, rtol=1e-13, atol=1e-300)
    alone = torch.compile(squares, fullgraph=True)
    for wrong in (-1, 3):
        with pytest.raises(RuntimeError):
            alone(given, torch.full((len(HARD),), wrong))


# -- names -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "name"),
    [("torch", "torch"), ("torch", "tuple"), ("jax", "jax"), ("jax", "jnp"),
     ("jax", "isinstance"), ("array-api", "xp")],
)  # fmt: skip
def test_arrays_with_a_name_that_the_file_needs_are_refused(target: str, name: str) -> None:
    answer = symderiv.derive(f"sum({name}[i]**2, i)", wrt=f"{name}[j]")
    with pytest.raises(Mistake, match=f"'{name}' means something else in the source"):
        derivation_source(answer, target)


@pytest.mark.parametrize(
    ("target", "names"),
    [("torch", ("ctx", "inputs")), ("torch", ("inputs", "output")), ("torch", ("output", "ctx")),
     ("jax", ("primals", "tangents")), ("jax", ("tangents", "primals"))],
)  # fmt: skip
def test_arrays_may_have_the_names_that_autograd_gives(
    target: str, names: tuple[str, str], needs: Needs
) -> None:
    needed(needs, target)
    given, stage = names
    text = f"{stage}[i] = exp({given}[i])*{given}[i]; L = sum({stage}[i]**2*{given}[i], i)"
    function = run(derivation_source(symderiv.derive(text, wrt=f"{given}[j]"), target))["L"]
    x = np.array([0.5, -1.0])
    wanted = np.exp(2 * x) * (3 * x**2 + 2 * x**3)
    if target == "torch":
        torch = module("torch")
        at = torch.tensor(x, requires_grad=True)
        np.testing.assert_allclose(torch.autograd.grad(function(at), at)[0], wanted, rtol=1e-13)
    else:
        jax = module("jax")
        np.testing.assert_allclose(jax.jit(jax.grad(function))(x), wanted, rtol=1e-13)


def test_a_number_that_has_a_name_is_one_in_the_result_too(needs: Needs) -> None:
    needed(needs, "torch")
    torch = module("torch")
    formula = "log(1 + exp(sum(iverson(j != y)*sum(x[y]*x[k], k)/(1 + exp(2))*x[j], j)))"
    f = run(derivation_source(symderiv.derive(f"L = {formula}", wrt="x[r]"), "torch"))["L"]
    x = torch.tensor([-0.5, 1.7, 0.3], dtype=torch.float64, requires_grad=True)
    inner = x[1] * x.sum() / (1 + np.exp(2.0)) * (x[0] + x[2])
    np.testing.assert_allclose(f(x, 1).item(), np.logaddexp(0, inner.item()), rtol=1e-14)


@pytest.mark.parametrize("z", HARD)
def test_log_softmax_keeps_its_digits(z: list[float], needs: Needs) -> None:
    """With ties and without: its slope is from its own result, its sum looks for no place."""
    needed(needs, "torch")
    torch = module("torch")
    f, _ = value_of("log-softmax", "torch")
    for scale in (1.0, -1.0):
        exact = [mpmath.mpf(scale * v) for v in z]
        with mpmath.workdps(400):
            total = mpmath.fsum(map(mpmath.exp, exact))
            shares = [mpmath.exp(v) / total for v in exact]
            wanted = [float(mpmath.log(p)) for p in shares]
        at = torch.tensor(z, dtype=torch.float64).mul(scale).requires_grad_()
        found = f(at)
        np.testing.assert_allclose(found.detach(), wanted, rtol=2e-13)
        np.testing.assert_allclose(f(at.detach()), wanted, rtol=2e-13)
        for i in range(len(z)):
            slope = torch.autograd.grad(found[i], at, retain_graph=True)[0]
            others = [float(-p) for n, p in enumerate(shares) if n != i]
            kept = [s for n, s in enumerate(slope.tolist()) if n != i]
            np.testing.assert_allclose(kept, others, rtol=2e-13, atol=1e-300)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_log_softmax_of_a_batch_is_that_of_each_row(dtype: str, needs: Needs) -> None:
    """Rows where a p is nearly 1 beside others, by whichever way each is worked out."""
    needed(needs, "torch")
    torch = module("torch")
    f, _ = value_of("log-softmax", "torch")
    rows = [*HARD, [0.0, -2.9, -2.9], [0.0, -3.1, -3.1], [5.0, -np.inf, 5.0], [-np.inf, 1.0, -1e4]]
    z = torch.tensor(rows, dtype=getattr(torch, dtype))
    with mpmath.workdps(400):
        wanted = []
        for row in z.tolist():
            total = mpmath.fsum(mpmath.exp(v) for v in row)
            wanted.append(
                [float(mpmath.log(mpmath.exp(v) / total)) if v > -np.inf else v for v in row]
            )
    exact = np.reshape(wanted, (2, 5, 3))
    ways = (f, torch.func.vmap(f), torch.func.vmap(torch.func.vmap(f)))
    for way in ways:
        found = way(z.reshape(2, 5, 3))
        assert found.dtype == z.dtype
        np.testing.assert_allclose(found, exact, rtol=1000 * torch.finfo(z.dtype).eps)
    assert f(z[:0]).shape == (0, 3)
    one = z[:, :1].numpy()
    np.testing.assert_array_equal(f(z[:, :1]), np.where(np.isinf(one), np.nan, 0))


def test_softplus_of_both_signs_is_smooth_at_0(needs: Needs) -> None:
    """What they share has a kink at 0, as have the parts above 0; together they have none."""
    needed(needs, "torch")
    torch = module("torch")
    parts = ("value", "binary_cross_entropy_and_gradient")
    made = run(catalogue_source(["binary-cross-entropy"], parts, "torch"))
    assert made["binary_cross_entropy"](torch.zeros(1), torch.ones(1)) > 0
    function, y = made["binary_cross_entropy_and_gradient"], torch.tensor([0.3])
    at = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    found, wanted = function(at, y.double())[0], [0.5 - 0.3, 0.25, 0.0, -0.125]
    for value in wanted:  # σ - y, and the derivatives of σ
        (found,) = torch.autograd.grad(found.sum(), at, create_graph=True)
        np.testing.assert_allclose(found.item(), value, atol=1e-7)
    for z in (800.0, -800.0, np.inf, -np.inf, 1e308, -1e308):
        both = function(torch.tensor([z], dtype=torch.float64), torch.tensor([0.5]).double())[0]
        np.testing.assert_allclose(both.item(), abs(z) / 2, rtol=1e-14)


def needed_for_a_time(jax: Any, function: Callable[..., Any], *by: Any) -> int:
    """The bytes of what a function's compiled gradient makes beside its results."""

    def pulled(u: Any, *by: Any) -> Any:
        return jax.vjp(function, *by)[1](u)

    return int(jax.jit(pulled).lower(by[0], *by).compile().memory_analysis().temp_size_in_bytes)


def test_jax_keeps_no_more_than_its_own_norm(needs: Needs) -> None:
    """A slope that is a coefficient times a tangent is turned round as one product."""
    needed(needs, "jax")
    jax = module("jax")
    jnp = jax.numpy
    text = "m = mean(x[d]**2, d); h[d] = g[d]*x[d]/sqrt(m + eps); h[d]"
    f = run(derivation_source(symderiv.derive(text, wrt="x[k]"), "jax"))["h"]

    def own(x: Any, g: Any) -> Any:
        return g * x / jnp.sqrt((x * x).mean(-1, keepdims=True) + 1e-5)

    x, g = jnp.sin(jnp.arange(512.0 * 256)).reshape(512, 256), jnp.cos(jnp.arange(256.0))
    mine = needed_for_a_time(jax, lambda x, g: f(x, g, 1e-5), x, g)
    assert mine <= 1.1 * needed_for_a_time(jax, own, x, g)


def test_jax_keeps_no_more_than_its_own_softmax(needs: Needs) -> None:
    """A share times a cotangent is summed alone; two arrays of this size were made before."""
    needed(needs, "jax")
    jax = module("jax")
    f, _ = value_of("softmax", "jax")
    z = jax.numpy.sin(jax.numpy.arange(512.0 * 256)).reshape(512, 256)
    assert needed_for_a_time(jax, f, z) <= 1.1 * needed_for_a_time(jax, jax.nn.softmax, z)


def test_jax_forms_no_product_of_all_axes(needs: Needs) -> None:
    """A batch of rows with the tangent of a matrix is a product of matrices."""
    needed(needs, "jax")
    jax, (f, _) = module("jax"), value_of("cross-entropy-linear", "jax")
    W, x, b, y = jax.numpy.ones((20, 10)), jax.numpy.ones((30, 10)), jax.numpy.ones(20), [0] * 30
    graded = jax.grad(lambda *by: f(*by, jax.numpy.asarray(y)).sum(), argnums=(0, 1, 2))
    made, waiting = set[int](), [jax.make_jaxpr(graded)(W, x, b).jaxpr]
    while waiting:
        for each in waiting.pop().eqns:
            made |= {v.aval.size for v in each.outvars}
            inner = (getattr(p, "jaxpr", None) for p in each.params.values())
            waiting += [getattr(p, "jaxpr", p) for p in inner if p is not None]
    assert 30 * 10 in made
    assert max(made) <= 30 * 20


TIES = ([1.0, 1.0, 1.0], [5.0, 5.0, 0.0], [-3.0, 2.0, 2.0], [40.0, 0.0, -1.0], [7.0])


@pytest.mark.parametrize("z", TIES)
def test_jax_leaves_a_label_out_of_a_sum_where_it_ties_too(z: list[float], needs: Needs) -> None:
    """-log p_y, p - δ_y and diag p - p pᵀ, of which no place of a largest entry is asked."""
    needed(needs, "jax")
    jax = module("jax")
    f, slope_of, hessian_of = _of_cross_entropy()
    with mpmath.workdps(60):
        terms = [mpmath.exp(v) for v in z]
        p = [t / mpmath.fsum(terms) for t in terms]
        for y in range(len(z)):
            rest = mpmath.fsum(q for n, q in enumerate(p) if n != y)
            slope = [float(-rest if n == y else q) for n, q in enumerate(p)]
            second = [[float((m == n) * q - q * r) for m, r in enumerate(p)]
                      for n, q in enumerate(p)]  # fmt: skip
            value = float(-mpmath.log1p(-rest))
            at = jax.numpy.asarray(z)
            np.testing.assert_allclose(f(at, y), value, rtol=2e-13)
            np.testing.assert_allclose(slope_of(at, y), slope, rtol=2e-13)
            np.testing.assert_allclose(hessian_of(at, y), second, rtol=2e-13, atol=1e-15)


@cache
def _of_cross_entropy() -> tuple[Callable[..., Any], ...]:
    jax, (f, _) = module("jax"), value_of("cross-entropy", "jax")
    return tuple(map(jax.jit, (f, jax.grad(f), jax.hessian(f))))


def test_jax_leaves_the_diagonal_out_of_rows(needs: Needs) -> None:
    """The contrastive loss: one share of each row, p_nn, of which some are nearly 1."""
    needed(needs, "jax")
    jax = module("jax")
    text = "p[n,m] = softmax(s[n,:])[m]\nmean(-log(p[n,n]), n)"
    f = run(symderiv.backprop(text).emit(target="jax"))["value"]
    s = np.array([[0.0, 0.0, 0.0], [0.0, 40.0, -1.0], [3.0, -800.0, 2.0]])
    with mpmath.workdps(60):
        wanted = np.empty_like(s)
        for n, row in enumerate(s):
            terms = [mpmath.exp(v) for v in row]
            p = [t / mpmath.fsum(terms) for t in terms]
            rest = mpmath.fsum(q for m, q in enumerate(p) if m != n)
            wanted[n] = [float((-rest if m == n else q) / 3) for m, q in enumerate(p)]
    found = jax.jit(jax.grad(lambda s: f(s=s)))(jax.numpy.asarray(s))
    np.testing.assert_allclose(found, wanted, rtol=2e-13)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["jax", "torch", "torch, compiled"])
def test_gelu_and_its_slope_to_the_end_of_its_tail(kind: str, needs: Needs) -> None:
    """Compiled too, where the error function is no kernel."""
    target = kind.partition(",")[0]
    needed(needs, target)
    engine = module(target)
    f, _ = value_of("gelu", target)
    if kind.endswith("compiled"):
        f = engine.compile(f, backend="aot_eager", fullgraph=True)
    for dtype, bound, least in (("float64", 2e-13, -37.5), ("float32", 2e-5, -12.9)):
        for x in (least, -6.0, -1.0, -1e-9, 0.0, 1e-9, 0.7, 8.0, 40.0):
            if target == "jax":
                at = engine.numpy.asarray(x, dtype=dtype)
                found = f(at), engine.grad(f)(at)
            else:
                at = engine.tensor(x, dtype=getattr(engine, dtype), requires_grad=True)
                value = f(at)
                found = float(value), float(engine.autograd.grad(value, at)[0])
            with mpmath.workdps(60):
                v = mpmath.mpf(float(at))
                share = mpmath.erfc(-v / mpmath.sqrt(2)) / 2
                exact = float(v * share), float(share + v * mpmath.npdf(v))
            np.testing.assert_allclose(found, exact, rtol=bound)


@pytest.mark.parametrize("dtype", ["float64", "float32"])
def test_a_closed_gate_lets_nothing_through(dtype: str, needs: Needs) -> None:
    """The slope of relu is 0 where it is closed, whatever comes from behind; at 0 too."""
    needed(needs, "torch")
    torch = module("torch")
    kind = getattr(torch, dtype)
    net = run(symderiv.backprop("h[j] = relu(x[j])\nsum(w[j]*h[j], j)").emit(target="torch"))
    x = torch.tensor([-1.0, 0.0, -0.0, 2.0, 3.0], dtype=kind)
    w = torch.tensor([np.inf, np.nan, -np.inf, np.inf, -7.0], dtype=kind)
    found = net["value_and_gradients"](x=x, w=w)[1]
    np.testing.assert_array_equal(found["x"], [0.0, 0.0, 0.0, np.inf, -7.0])
    np.testing.assert_array_equal(found["w"], [0.0, 0.0, 0.0, 2.0, 3.0])
    rows = torch.stack([x, x])
    each = torch.func.vmap(lambda x: net["value_and_gradients"](x=x, w=w)[1]["x"])(rows)
    np.testing.assert_array_equal(each, np.stack([found["x"]] * 2))


@pytest.mark.parametrize("name", ["u", "d0", "kind", "full", "floats", "pulled", "value"])
def test_the_steps_of_a_stage_have_a_name_of_their_own(name: str, needs: Needs) -> None:
    """A recurrence called as the cotangent is, or a helper; by autograd of plain tensors."""
    needed(needs, "torch", "jax")
    torch, jax = module("torch"), module("jax")
    steps = f"{name}[t,a] = tanh(w*{name}[t-1,a] + x[t,a]); {name}[0,a] = h[a]"
    made = symderiv.backprop(f"{steps}; sum({name}[T,a]*g[a], a)", wrt=["h", "w"])
    rng = np.random.default_rng(0)
    x, h, g = rng.normal(size=(4, 3)), rng.normal(size=3), rng.normal(size=3)
    state, w = torch.tensor(h, requires_grad=True), torch.tensor(np.array(0.7), requires_grad=True)
    last: Any = state
    for row in torch.tensor(x):
        last = torch.tanh(w * last + row)
    wanted = torch.autograd.grad((last * torch.tensor(g)).sum(), (state, w))
    own: dict[str, dict[str, Any]] = {"torch": {}, "jax": {}}
    for target, names in own.items():
        exec(compile(made.emit(target=target), f"<{target}>", "exec"), names)
    at = torch.tensor(h, requires_grad=True), torch.tensor(np.array(0.7), requires_grad=True)
    of = own["torch"]["value"](x=torch.tensor(x), g=torch.tensor(g), h=at[0], w=at[1])
    for found, want in zip(torch.autograd.grad(of, at), wanted, strict=True):
        np.testing.assert_allclose(found, want, rtol=1e-12)
    of_jax = jax.grad(lambda h, w: own["jax"]["value"](x=x, g=g, h=h, w=w), (0, 1))
    slopes = jax.jit(of_jax)(h, 0.7)
    for found, want in zip(slopes, wanted, strict=True):
        np.testing.assert_allclose(found, want, rtol=1e-12)


@pytest.mark.parametrize("z", [[1000.0, -1000.0, 3.0], [5.0, -np.inf, -np.inf], [4.0]])
def test_where_no_float_is_left_of_the_others_a_loss_is_flat(z: list[float], needs: Needs) -> None:
    """The second derivatives of the focal loss are 0 there, and were 0 · ∞."""
    needed(needs, "torch", "jax")
    torch, jax = module("torch"), module("jax")
    text = "(1 - softmax(z)[y])**2*(-log(softmax(z)[y]))"
    found = jax.hessian(emitted(text, "z[j]", "jax")["L"])(jax.numpy.asarray(z), 0)
    np.testing.assert_array_equal(found, np.zeros((len(z), len(z))))
    at, loss = torch.tensor(z, dtype=torch.float64), emitted(text, "z[j]", "torch")["L"]
    found = torch.autograd.functional.hessian(lambda z: loss(z, torch.tensor(0)), at)
    np.testing.assert_array_equal(found, np.zeros((len(z), len(z))))


@pytest.mark.parametrize(
    ("text", "wrt", "given"),
    [
        ("sum(w[j]*exp(z[j])*v[j], j)/sum(w[j]*exp(z[j]), j)", "z[i]",
         {"w": [0.0, 1.0, 0.0], "z": [0.0, -1000.0, 0.0], "v": [-1000.0, 40.0, 0.5]}),
        ("-log(sum(exp(z[k])*exp(-(x - m[k])**2/2), k))", "m[j]",
         {"z": [-1000.0, 1000.0], "x": 1000.0, "m": [-1000.0, 1000.0]}),
    ],
)  # fmt: skip
def test_a_slope_of_which_every_term_is_0_is_0(
    text: str, wrt: str, given: dict[str, Any], needs: Needs
) -> None:
    """One place is left under a mask, and one summand of a mixture is at its mean: 0 · ∞ once."""
    needed(needs, "jax")
    jax = module("jax")
    names = run(derivation_source(symderiv.derive(text, wrt=wrt), "jax"))
    arrays = {n: jax.numpy.asarray(v) for n, v in given.items()}
    name = wrt[0]
    slope = jax.grad(lambda a: names["L"](**{**arrays, name: a}))
    np.testing.assert_array_equal(slope(arrays[name]), 0 * arrays[name])
    if name == "z":  # the second place counts as well: p (v - Σ p v), p the shares of the two
        arrays["w"], z = jax.numpy.asarray([0.0, 1.0, 2.0]), jax.numpy.asarray([9e3, 0.0, -1.0])
        e = 2 * np.exp(-1.0)
        share = np.array([0, 1, e]) / (1 + e)
        wanted = share * (arrays["v"] - share @ arrays["v"])
        np.testing.assert_allclose(slope(z), wanted, rtol=1e-13)
