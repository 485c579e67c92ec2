"""Files for other arrays than NumPy's: every function of the catalogue, on every library."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from types import ModuleType
from typing import Any

import mpmath
import numpy as np
import pytest

from symderiv import functions as numeric
from symderiv.emit.targets import TARGETS, contraction, target_named
from symderiv.emit.translation import functional
from symderiv.emit.translation.words import Translation
from symderiv.face.source import catalogue_source, derivation_source
from symderiv.mistakes import Mistake
from tests.answered import backpropagated, derived, written_once
from tests.target_libraries import (
    LIBRARIES,
    Arguments,
    Library,
    catalogue,
    functions,
    lazily,
    module,
    several,
    source,
)

pytestmark = pytest.mark.usefixtures("derived_once")

Needs = Callable[[str], None]
BY_NAME = {library.name: library for library in LIBRARIES}


def needed(needs: Needs, *packages: str) -> None:
    for package in packages:
        needs(f"python:{package}")


def run(text: str) -> dict[str, Any]:
    """The names of a file as if it were imported: torch compiles what it finds in its module."""
    made = ModuleType(f"made_{len(sys.modules)}")
    sys.modules[made.__name__] = made
    exec(compile(text, "<made>", "exec"), vars(made))
    return vars(made)


# -- the same values everywhere --------------------------------------------------------------------

# Every function with what runs at once, and each with every library under `make fuzz`; else half
# of them with one of the others in turn, as compiling takes the time.
EVERY = "FUZZ_SECONDS" in os.environ
EAGER = [library for library in LIBRARIES if library.name in ("numpy", "strict", "torch")]
OTHERS = [library for library in LIBRARIES if library not in EAGER]
TRIED = [
    pytest.param(library, name, id=f"{library.name}-{name}")
    for n, name in enumerate(numeric.__all__)
    for library in (LIBRARIES if EVERY else [*EAGER, *OTHERS[n % 8 : n % 8 + 1]])
]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize(("library", "name"), TRIED)
def test_values_are_those_of_numpy(library: Library, name: str, needs: Needs) -> None:
    needed(needs, *library.needs)
    function = library.run(catalogue(library.target)[name])
    asked = Arguments(functions()[name])
    for kind, batch in (("ordinary", (3,)), ("large", ())):
        given = asked.at(kind, batch)
        wanted = several(getattr(numeric, name)(**given))
        found = several(function(**{n: library.put(v) for n, v in given.items()}))
        for want, value in zip(wanted, found, strict=True):
            got, right = library.get(value), np.asarray(want)
            assert got.shape == right.shape
            assert got.dtype == right.dtype
            scale = np.abs(right, where=np.isfinite(right), out=np.zeros(right.shape)).max(
                initial=0
            )
            np.testing.assert_allclose(got, right, rtol=1e-12, atol=1e-13 * scale)


def test_a_lazy_array_stays_lazy(needs: Needs) -> None:
    needed(needs, "dask", "array_api_compat")
    z, y = np.random.default_rng(0).normal(size=(6, 4)), np.array([0, 1, 2, 3, 0, 1])
    found = catalogue("array-api")["cross_entropy_gradient"](lazily(z), lazily(y))
    assert type(found).__module__.startswith("dask")
    np.testing.assert_allclose(found.compute(), numeric.cross_entropy_gradient(z, y), rtol=1e-13)


SHARDED = """
import jax, json, numpy as np, sys
from jax.sharding import Mesh, NamedSharding, PartitionSpec as P
jax.config.update("jax_enable_x64", True)
import symderiv.functions as numeric
mesh = Mesh(jax.devices(), ("batch",))
z, y = np.random.default_rng(0).normal(size=(6, 4)), np.array([0, 1, 2, 3, 0, 1])
put = lambda a: jax.device_put(a, NamedSharding(mesh, P("batch")))
for source in json.load(sys.stdin):
    exec(source)
    for how in (lambda f: f, jax.jit):
        found = how(cross_entropy_gradient)(put(z), put(y))
        assert len(found.sharding.device_set) == 2, found.sharding
        np.testing.assert_allclose(found, numeric.cross_entropy_gradient(z, y), rtol=1e-13)
"""


def test_on_two_devices(needs: Needs) -> None:
    needed(needs, "jax")
    flags = {"XLA_FLAGS": "--xla_force_host_platform_device_count=2", "JAX_PLATFORMS": "cpu"}
    parts = [functions()["cross_entropy_gradient"]]
    done = subprocess.run(
        [sys.executable, "-c", SHARDED], env={**os.environ, **flags},
        input=json.dumps([source(parts, target) for target in ("array-api", "jax")]),
        capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("half", ["float16", "bfloat16"])
@pytest.mark.parametrize("target", ["torch", "jax", "array-api"])
def test_halves_are_summed_in_float32(target: str, half: str, needs: Needs) -> None:
    """100,000 equal terms: in float16 the sum is infinite, in bfloat16 it ends at 256."""
    library = "torch" if target == "torch" else "jax"
    needed(needs, library)
    xp = module("torch") if target == "torch" else module("jax").numpy
    z = xp.zeros(100_000, dtype=getattr(xp, half))
    for name, exact in (
        ("logsumexp", mpmath.log(100_000)),
        ("logsumexp_gradient", mpmath.mpf("1e-5")),
    ):
        found = catalogue(target)[name](z)
        assert found.dtype == z.dtype
        got = float(found.reshape(-1)[0])
        assert abs(got - exact) <= exact * float(xp.finfo(z.dtype).eps) + 3e-8


# -- arguments that do not fit ---------------------------------------------------------------------


def test_labels_outside_their_range_give_no_number(needs: Needs) -> None:
    needed(needs, "torch", "jax", "array_api_strict")
    torch, jax, strict = map(module, ("torch", "jax", "array_api_strict"))
    z = [1.0, 2.0, 3.0]
    for y in (-1, 3):
        names = ("cross_entropy", "cross_entropy_gradient")
        for name in names:
            by = catalogue("array-api")[name](strict.asarray(z), strict.asarray(y))
            assert np.isnan(np.asarray(by)).all()
            with pytest.raises(RuntimeError, match="out of bounds"):
                catalogue("torch")[name](torch.tensor(z), torch.tensor(y))
            with pytest.raises(IndexError, match="from 0 to 2"):
                catalogue("jax")[name](jax.numpy.asarray(z), y)
            traced = jax.jit(catalogue("jax")[name])(jax.numpy.asarray(z), y)
            assert np.isnan(np.asarray(traced)).all()


@pytest.mark.parametrize("library", ["strict", "torch", "jax, jitted"])
def test_a_declared_sum_that_does_not_hold_gives_no_number(library: str, needs: Needs) -> None:
    chosen = BY_NAME[library]
    needed(needs, *chosen.needs)
    function = chosen.run(catalogue(chosen.target)["cross_entropy_soft_gradient"])
    z = chosen.put(np.array([1.0, 2.0]))
    assert np.isnan(chosen.get(function(z, chosen.put(np.array([1.0, 1.0]))))).all()
    assert np.isfinite(chosen.get(function(z, chosen.put(np.array([0.5, 0.5]))))).all()


@pytest.mark.parametrize("library", ["strict", "torch", "jax, jitted"])
def test_shapes_and_types_are_refused(library: str, needs: Needs) -> None:
    chosen = BY_NAME[library]
    needed(needs, *chosen.needs)
    made = catalogue(chosen.target)
    with pytest.raises(ValueError, match="x takes"):
        made["cross_entropy_linear"](
            *map(chosen.put, (np.ones((2, 3)), np.ones(2), np.ones(2), np.array(0)))
        )
    with pytest.raises(TypeError, match="real numbers"):
        made["softmax"](chosen.put(np.ones(2, complex)))
    with pytest.raises(TypeError, match="integers"):
        made["cross_entropy"](*map(chosen.put, (np.ones(2), np.array(0.5))))


def test_no_namespace_is_said() -> None:
    softmax = catalogue("array-api")["softmax"]
    with pytest.raises(TypeError, match="array API"):
        softmax(1.0)
    with pytest.raises(TypeError, match=r"list|array_api_compat|array-api-compat"):
        softmax([1.0, 2.0])


@pytest.mark.parametrize("library", ["strict", "torch", "jax, jitted", "dask"])
def test_functions_of_numpy_refuse_other_arrays(library: str, needs: Needs) -> None:
    chosen = BY_NAME[library]
    needed(needs, *chosen.needs)
    z = chosen.put(np.array([1.0, 2.0]))
    for given in (z, [z, z], [[z, z]]):
        with pytest.raises(TypeError, match=r"z is of \w+: 'symderiv emit --for'"):
            numeric.softmax(given)
    with pytest.raises(TypeError, match="y is of"):
        numeric.cross_entropy([1.0, 2.0], chosen.put(np.array(1)))


# -- what autograd is told -------------------------------------------------------------------------

NETWORK = """a[i] = sum(W[i,j]*x[j], j) + b[i]
h[i] = tanh(a[i])
z[k] = sum(V[k,i]*h[i], i)
p[k] = softmax(z)[k]
-log(p[y])"""
RECURRENT = """h[t,i] = tanh(sum(U[i,j]*h[t-1,j], j) + x[t,i])
h[0,i] = h0[i]
sum((h[T,i] - r[i])**2, i)"""
ATTENTION = """s[t,u] = sum(q[t,d]*k[u,d], (d,1,D))/sqrt(D)
w[t,u] = softmax(s[t,:])[u]
sum(sum(w[t,u]*v[u,c], u)**2, t, c)"""
MASKED = """h[n,i] = relu(sum(W[i,j]*x[n,j], j))
sum(h[n,i]*g[n,i], n, i)"""
TOLD = (
    "sigmoid", "gelu", "log-cosh", "tanh", "softmax", "softmax-with-temperature", "log-softmax",
    "cross-entropy", "cross-entropy-linear", "cross-entropy-soft", "entropy", "layer-normalisation",
    "binary-cross-entropy", "least-squares", "two-layer", "softmax-vjp",
)  # fmt: skip
QUICK = ("sigmoid", "gelu", "softmax", "cross-entropy-linear", "entropy")
OF_JAX = (*QUICK, "cross-entropy", "cross-entropy-soft")


def value_of(entry: str, target: str) -> tuple[Any, Any]:
    """The function that autograd is told of, and what it asks for."""
    name = entry.replace("-", "_")
    return _value_files(entry)[target][name], Arguments(functions()[name])


@cache
def _value_files(entry: str) -> dict[str, dict[str, Any]]:
    """For both engines at once: what is tried for the one is tried for the other."""
    targets = ("torch", "jax") if entry in OF_JAX else ("torch",)
    return {t: run(_value_source(entry, t)) for t in targets}


def _value_source(entry: str, target: str) -> str:
    return written_once(
        f"{entry}-{target}.py", lambda: catalogue_source([entry], ("value",), target)
    )


def points(entry: str) -> list[tuple[str, tuple[int, ...]]]:
    smooth = entry not in ("layer-normalisation", "softmax-with-temperature")
    return [("ordinary", (2,)), ("tie", ()), *([("zero", ())] if smooth else [])]


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("entry", TOLD)
def test_torch_is_told_first_and_second_derivatives(entry: str, needs: Needs) -> None:
    """Every entry of the derivatives of one; of a batch, in which there are many, sums of them."""
    needed(needs, "torch")
    torch = module("torch")
    function, asked = value_of(entry, "torch")
    for kind, batch in points(entry):
        if entry == "layer-normalisation" and kind == "tie":
            continue
        given = {n: torch.tensor(v) for n, v in asked.at(kind, batch).items()}
        if "e" in given and entry == "layer-normalisation":
            given["e"] = given["e"].abs()
        for n, v in given.items():
            v.requires_grad_(v.is_floating_point() and n not in asked.declared)
        of_sums = bool(batch)
        assert torch.autograd.gradcheck(function, tuple(given.values()), fast_mode=of_sums)
        assert torch.autograd.gradgradcheck(function, tuple(given.values()), fast_mode=of_sums)


def test_torch_transforms(needs: Needs) -> None:
    needed(needs, "torch")
    torch = module("torch")
    made, (f, _) = catalogue("torch"), value_of("cross-entropy", "torch")
    z, y = torch.randn(5, 4, dtype=torch.float64), torch.arange(5) % 4
    each = torch.func.vmap(torch.func.grad(f))(z, y)
    torch.testing.assert_close(each, made["cross_entropy_gradient"](z, y))
    hessian = torch.func.vmap(torch.func.jacrev(torch.func.grad(f)))(z, y)
    torch.testing.assert_close(hessian, made["cross_entropy_hessian"](z))


def test_torch_keeps_the_layout_of_repeated_arguments(needs: Needs) -> None:
    """A gradient by what was repeated over a batch is summed over it, and has its shape."""
    needed(needs, "torch")
    torch = module("torch")
    f, _ = value_of("cross-entropy-linear", "torch")
    given = [
        torch.randn(*s, dtype=torch.float64, requires_grad=True) for s in ((3, 2), (5, 2), (1, 3))
    ]
    y = torch.arange(5) % 3
    loss = f(*given, y).mean()
    W, x, b = given
    usual = torch.nn.functional.cross_entropy(x @ W.mT + b, y)
    for one, other in zip(
        torch.autograd.grad(loss, given), torch.autograd.grad(usual, given), strict=True
    ):
        assert one.shape == other.shape
        torch.testing.assert_close(one, other)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("entry", QUICK)
def test_jax_is_told_derivatives_in_both_modes(entry: str, needs: Needs) -> None:
    needed(needs, "jax")
    jax = module("jax")
    from jax.test_util import check_grads

    function, asked = value_of(entry, "jax")
    compiled = jax.jit(lambda moved, fixed: function(**moved, **fixed))
    for kind, batch in points(entry)[1:]:
        given = {n: jax.numpy.asarray(v) for n, v in asked.at(kind, batch).items()}
        moved = {n: v for n, v in given.items() if v.dtype == float}
        fixed = {n: v for n, v in given.items() if n not in moved}
        check_grads(lambda m, k=fixed: compiled(m, k), (moved,), order=2)


def test_jax_transforms(needs: Needs) -> None:
    needed(needs, "jax")
    jax = module("jax")
    made, (f, _) = catalogue("jax"), value_of("cross-entropy", "jax")
    z = jax.numpy.asarray(np.random.default_rng(0).normal(size=(5, 4)))
    y = jax.numpy.arange(5) % 4
    np.testing.assert_allclose(
        jax.jit(jax.vmap(jax.grad(f)))(z, y), made["cross_entropy_gradient"](z, y), rtol=1e-12
    )
    np.testing.assert_allclose(
        jax.jit(jax.vmap(jax.hessian(f)))(z, y),
        made["cross_entropy_hessian"](z),
        rtol=1e-10,
        atol=1e-14,
    )


def test_a_derivative_that_was_not_derived_is_refused(needs: Needs) -> None:
    """Targets that are declared to sum to 1 have no derivative of their own."""
    needed(needs, "torch", "jax")
    torch, jax = module("torch"), module("jax")
    f, _ = value_of("cross-entropy-soft", "torch")
    z, y = torch.zeros(2, requires_grad=True), torch.tensor([0.5, 0.5], requires_grad=True)
    with pytest.raises(NotImplementedError, match="no derivative by y"):
        f(z, y).backward()
    f, _ = value_of("cross-entropy-soft", "jax")
    with pytest.raises(NotImplementedError, match="no derivative by y"):
        jax.grad(f, argnums=1)(jax.numpy.zeros(2), jax.numpy.asarray([0.5, 0.5]))


# -- networks --------------------------------------------------------------------------------------


@pytest.mark.parametrize("library", ["strict", "torch", "jax, jitted"])
@pytest.mark.parametrize(
    "text",
    [NETWORK, RECURRENT, ATTENTION, MASKED],
    ids=["layers", "steps", "attention", "masked"],
)
def test_networks_have_the_values_of_numpy(library: str, text: str, needs: Needs) -> None:
    chosen = BY_NAME[library]
    needed(needs, *chosen.needs)
    given = _given(text)
    made = backpropagated(text)
    value, gradients = made.function()(**given)
    function = chosen.run(run(made.emit(target=chosen.target))["value_and_gradients"])
    found, by = function(**{n: chosen.put(v) for n, v in given.items()})
    np.testing.assert_allclose(chosen.get(found), value, rtol=1e-13)
    assert by.keys() == gradients.keys()
    for n, gradient in gradients.items():
        assert chosen.get(by[n]).shape == gradient.shape
        np.testing.assert_allclose(chosen.get(by[n]), gradient, rtol=1e-12, atol=1e-14)


def _given(text: str) -> dict[str, Any]:
    random = np.random.default_rng(0)
    shapes = {
        NETWORK: {"W": (3, 2), "x": (2,), "b": (3,), "V": (4, 3)},
        RECURRENT: {"U": (2, 2), "x": (3, 2), "h0": (2,), "r": (2,)},
        ATTENTION: {"q": (3, 2), "k": (4, 2), "v": (4, 5)},
        MASKED: {"W": (3, 2), "x": (4, 2), "g": (4, 3)},
    }[text]
    given: dict[str, Any] = {n: random.normal(size=s) for n, s in shapes.items()}
    return given | ({"y": np.array(2)} if text == NETWORK else {})


@pytest.mark.parametrize("text", [NETWORK, RECURRENT], ids=["layers", "steps"])
def test_autograd_goes_through_networks(text: str, needs: Needs) -> None:
    needed(needs, "torch", "jax")
    torch, jax = module("torch"), module("jax")
    from jax.test_util import check_grads

    made, given = backpropagated(text), _given(text)
    value = run(made.emit(target="torch"))["value"]
    tensors = {n: torch.tensor(v).requires_grad_(v.dtype == float) for n, v in given.items()}
    ordered = list(tensors)

    def function(*args: Any) -> Any:
        return value(**dict(zip(ordered, args, strict=True)))

    assert torch.autograd.gradcheck(function, tuple(tensors.values()))
    assert torch.autograd.gradgradcheck(function, tuple(tensors.values()))
    value = run(made.emit(target="jax"))["value"]
    fixed = {n: v for n, v in given.items() if v.dtype != float}
    moved = {n: jax.numpy.asarray(v) for n, v in given.items() if n not in fixed}
    check_grads(jax.jit(lambda m: value(**m, **fixed)), (moved,), order=2, modes=["rev"])


# -- the pieces ------------------------------------------------------------------------------------


def test_the_error_function_in_calls_of_the_standard() -> None:
    """In NumPy's words, and its complement as a file has it; in float32 to that type's digits."""
    x = np.concatenate(
        [np.linspace(-7, 7, 141), np.linspace(7, 26, 39), [1e-300, 1e-9, 0, 30, -30, 1e100]]
    )
    small = x[np.abs(x) < 9].astype(np.float32)
    erfc = catalogue("array-api")["_erfc"]
    for at, bound in ((x, 2e-13), (small, 2e-5)):
        made = erfc(np, at), functional.erf(at)
        for value, complement, direct in zip(map(float, at), *made, strict=True):
            for got, exact in ((complement, mpmath.erfc(value)), (direct, mpmath.erf(value))):
                assert abs(mpmath.mpf(float(got)) - exact) <= bound * abs(exact) + 1e-300


@pytest.mark.parametrize(
    "letters",
    ["...ij,...jk->...ik", "...ij,...ij->...i", "...abc->...bac", "...ii->...i",
     "...iij,...j->...i", "...i,...j->...ij", "...ij,...jk,...kl->...li", "...ijk,...k->...ji",
     "...aibi->...ab"],
)  # fmt: skip
def test_contractions_in_calls_of_the_standard(letters: str) -> None:
    random = np.random.default_rng(0)
    sizes = dict(zip("abcijkl", (2, 3, 2, 4, 5, 2, 3), strict=True))
    terms = letters.replace(".", "").split("->")[0].split(",")
    for batches in ((), (2,)), ((2,), (3, 2)), ((1, 2), (2,)):
        shapes = [(*batches[n % 2], *(sizes[x] for x in term)) for n, term in enumerate(terms)]
        arrays = [random.normal(size=s) for s in shapes]
        found = contraction.einsum(np, letters, *arrays)
        np.testing.assert_allclose(found, np.einsum(letters, *arrays), rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("target", [t for t in TARGETS if t != "numpy"])
@pytest.mark.parametrize("code", ["np.spacing(x)", "x.cumsum(-1)", "np.fft.fft(x)", "x[a, :, b]"])
def test_what_has_no_form_is_refused(target: str, code: str) -> None:
    with pytest.raises(Mistake, match=f"has no form in {TARGETS[target].title}"):
        Translation(TARGETS[target]).expression(ast.parse(code, mode="eval").body)


def test_unknown_targets_are_answered_with_the_nearest() -> None:
    with pytest.raises(Mistake, match="did you mean 'torch'"):
        target_named("torhc")
    answer = derived("sum(x[i]**2, i)", "x[j]")
    with pytest.raises(Mistake, match="no target 'cupy'"):
        derivation_source(answer, "cupy")


def test_the_numpy_file_does_not_change() -> None:
    assert catalogue_source(["softmax"], ("value",)) == catalogue_source(
        ["softmax"], ("value",), "numpy"
    )


@pytest.mark.parametrize("library", ["strict", "torch", "jax, jitted"])
def test_an_answer_is_a_function_of_any_target(library: str, needs: Needs) -> None:
    chosen = BY_NAME[library]
    needed(needs, *chosen.needs)
    answer = derived("log(sum(exp(z[k]), k))", "z[j]")
    z = np.array([1.0, 2.0, -800.0])
    found = answer.function(target=chosen.target)(chosen.put(z))
    np.testing.assert_allclose(chosen.get(found), answer.function()(z), rtol=1e-13)


# Numbers of a size alone: functions that Python has, that only arrays have, conditions, atoms.
mp = mpmath.mp
OF_A_SIZE: list[tuple[str, Callable[[Any, int], Any]]] = [
    ("sum(sign(K-2)*x[i]**3, (i,1,K))", lambda x, K: mp.sign(K - 2) * 3 * x**2),
    ("sum(min(K,3)*sin(x[i]), (i,1,K))/sqrt(2*K+1)",
     lambda x, K: min(K, 3) * mp.cos(x) / mp.sqrt(2 * K + 1)),
    ("sum(where(K>2, x[i]**2, x[i]), (i,1,K))", lambda x, K: 2 * x if K > 2 else 1),
    ("sum(x[i]**2, (i,1,K))*where(K>2, pi, log(K+1))",
     lambda x, K: 2 * x * (mp.pi if K > 2 else mp.log(K + 1))),
    ("sum(clip(K,2,3)*x[i]**2, (i,1,K))*log(exp(1)+exp(K))",
     lambda x, K: min(max(K, 2), 3) * 2 * x * mp.log(mp.e + mp.exp(K))),
    ("sum(x[i]**2, (i,1,K))*erf(K)*log(2*pi*K)",
     lambda x, K: 2 * x * mp.erf(K) * mp.log(2 * mp.pi * K)),
    ("sum(iverson(x[i] > 1)*x[i], (i,1,K))*erf(K+1)", lambda x, K: (x > 1) * mp.erf(K + 1)),
    ("sum(sigmoid(log(K+1))*x[i]**2*log(cosh(K)), (i,1,K))",
     lambda x, K: 2 * x * mp.log(mp.cosh(K)) / (1 + mp.mpf(1) / (K + 1))),
]  # fmt: skip


@pytest.mark.parametrize("library", [None, "strict", "torch", "jax, jitted"])
@pytest.mark.parametrize(("formula", "slope"), OF_A_SIZE)
def test_a_number_of_a_size_has_no_type_of_its_own(
    formula: str, slope: Callable[[Any, int], Any], library: str | None, needs: Needs
) -> None:
    chosen = BY_NAME[library] if library else Library("NumPy", "numpy", (), np.asarray)
    needed(needs, *chosen.needs)
    function = chosen.run(derived(formula, "x[r]").function(target=chosen.target))
    for n in (1, 3):
        x = np.linspace(0.3, 1.7, n)
        for dtype, bound in ((np.float64, 1e-12), (np.float32, 1e-5)):
            found = chosen.get(function(chosen.put(x.astype(dtype))))
            assert found.dtype == dtype
            exact = [float(slope(mpmath.mpf(v), n)) for v in x]
            np.testing.assert_allclose(found, exact, rtol=bound)


OF_LABELS: list[tuple[str, Callable[[Any, Any], Any]]] = [
    ("sum(2*x[j], (j, 1, 3)) - x[y]", lambda j, y: 2.0 - (j == y)),
    ("sum(iverson(j != y)*j*x[j], (j, 1, 3))", lambda j, y: (j != y) * (j + 1.0)),
]


@pytest.mark.parametrize("library", [None, "strict", "torch", "jax, jitted"])
@pytest.mark.parametrize(("formula", "slope"), OF_LABELS)
def test_a_slope_of_labels_alone_has_the_type_of_the_variable(
    formula: str, slope: Callable[[Any, Any], Any], library: str | None, needs: Needs
) -> None:
    chosen = BY_NAME[library] if library else Library("NumPy", "numpy", (), np.asarray)
    needed(needs, *chosen.needs)
    function = chosen.run(derived(formula, "x[r]").function(target=chosen.target))
    y = np.array([2, 0])
    for dtype in (np.float64, np.float32):
        found = chosen.get(function(chosen.put(np.ones((2, 3), dtype)), chosen.put(y)))
        assert found.dtype == dtype
        np.testing.assert_array_equal(found, slope(np.arange(3), y[:, None]))


OWN: list[tuple[str, str, list[Any]]] = [
    ("p[i] = softmax(z)[i]; L = -log(p[y])", "z[j]", [[1.0, 2.0, -800.0], 1]),
    ("L = sum(iverson(k == y[n])*x[n,k]**2, n, k)", "x[m,j]", [[[1.0, 2.0], [3, 4]], [0, 1]]),
]


@pytest.mark.parametrize("library", ["strict", "torch", "jax, jitted"])
@pytest.mark.parametrize(("define", "wrt", "given"), OWN)
def test_the_file_of_a_formula_of_ones_own(
    define: str, wrt: str, given: list[Any], library: str, needs: Needs
) -> None:
    """A gradient that is a part of what another function returns, too; labels of a bracket."""
    chosen = BY_NAME[library]
    needed(needs, *chosen.needs)
    answer = derived(define, wrt)
    mine, numpys = (run(derivation_source(answer, t)) for t in (chosen.target, "numpy"))
    arrays = list(map(np.array, given))
    for name in ("L", "L_gradient", "L_value_and_gradient"):
        found = several(chosen.run(mine[name])(*map(chosen.put, arrays)))
        for one, other in zip(found, several(numpys[name](*arrays)), strict=True):
            np.testing.assert_allclose(chosen.get(one), other, rtol=1e-13)
