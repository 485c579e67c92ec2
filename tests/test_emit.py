"""Source from derivations: stable forms proved, printed axes, files, and the interactive way."""

from __future__ import annotations

from typing import Any

import mpmath
import numpy as np
import pytest
import sympy
from sympy import Eq, Symbol

import symderiv
from symderiv import functions as written
from symderiv import numeric
from symderiv.catalogue import functions
from symderiv.derivation.textbook import Textbook
from symderiv.emit import chosen_function, numeric_function
from symderiv.emit.identities import IDENTITIES, WITHOUT, Identity
from symderiv.emit.module import programs
from symderiv.emit.program import Program
from symderiv.emit.stable import Stages
from symderiv.emit.straight import chosen, sizes_of
from symderiv.judge import Judge
from symderiv.mistakes import Mistake
from symderiv.printers.numpy import NumPyArrays, Unprintable, holds, numpy_code
from symderiv.reader import read, read_claim
from symderiv.source import formula_source
from symderiv.terms import letter
from symderiv.terms.problem import Fact
from symderiv.terms.verdict import Strength
from symderiv.verification.formulas import inputs, size_of


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda i: i.name)
def test_stable_forms_are_proved(identity: Identity) -> None:
    """Read as one formula, before less after: the judge finds it 0."""
    text = f"{identity.stages}{identity.formula} - ({identity.computed})"
    problem = read(text, wrt=("z[c]" if "z[" in text else "x",), assume=identity.assume)
    verdict = Judge(problem).compare(problem.function, sympy.S.Zero)
    assert verdict.holds, f"{identity.name}: {verdict}"
    proved = verdict.strength in (Strength.PROVED, Strength.EXACT)
    assert proved or "cosh" in identity.name or "tanh" in identity.name


HANDLES_ARRAYS = ("arrays", "inputs", "outputs")  # rooms of numeric with no formula in them


def test_no_atom_is_without_its_identity() -> None:
    rooms = {name: getattr(numeric, name).__module__.split(".")[-1] for name in numeric.__all__}
    atoms = {name for name, room in rooms.items() if room not in HANDLES_ARRAYS}
    proved = {identity.atom for identity in IDENTITIES}
    assert atoms - proved == set(WITHOUT), "an atom needs its identity in symderiv.emit.identities"
    assert len({identity.name for identity in IDENTITIES}) == len(IDENTITIES)


@pytest.mark.parametrize("identity", IDENTITIES, ids=lambda i: i.name)
def test_a_stable_form_with_a_term_too_much_is_refused(identity: Identity) -> None:
    x = "z[c]" if "z[" in identity.formula + identity.stages else "x"
    text = f"{identity.stages}{identity.formula} - ({identity.computed} + {x}/7)"
    problem = read(text, wrt=(x,), assume=identity.assume)
    assert not Judge(problem).compare(problem.function, sympy.S.Zero).holds


P = "p[i] = exp(z[i]) / sum(exp(z[k]), k); "

# formula, variables, what is printed of the derivative with no stable forms
PRINTED = [
    (P + "p[i]", ["z[j]"], "p[..., :, None] * (np.eye(K, dtype=dtype) - p[..., None, :])"),
    (P + "-log(p[y])", ["z[j]"], "p - (np.arange(K) == y[..., None]).astype(dtype)"),
    ("sum(a[i]*X[i,j]*b[j], i, j)", ["X[k,l]"], "a[..., :, None] * b[..., None, :]"),
    ("sum(x[i]*A[i,j]*x[j], i, j)", ["x[k]"], "((A + A.mT) @ x[..., None])[..., 0]"),
    ("sum(A[i,j]*X[j,i], i, j)", ["X[k,l]"], "A.mT"),
    ("sum((sum(X[n,d]*w[d], d) - t[n])**2, n)/2", ["w[c]", "w[e]"], "X.mT @ X"),
    ("exp(x)**2/3", ["x"], "2 * np.exp(2 * x) / 3"),
]


@pytest.mark.parametrize(("formula", "wrt", "code"), PRINTED, ids=[p[0] for p in PRINTED])
def test_letters_become_axes(formula: str, wrt: list[str], code: str) -> None:
    derivation = Textbook(read(formula, wrt=tuple(wrt))).derive()
    letters = [letter(n) for n in ("i", "j", "k", "l", "c", "e")]
    axes = [
        s for s in letters if s in derivation.problem.ranges and s in derivation.answer.free_symbols
    ]
    printed = numpy_code(derivation.answer, derivation.problem, axes)
    names = {"np": np, "dtype": np.dtype(float), "K": 3}
    if code.replace(" ", "") != printed.replace(" ", ""):  # the same value in another writing
        rng = np.random.default_rng(0)
        given = {n: rng.random((3,) * len(s)) for n, s in derivation.problem.shapes.items() if s}
        given |= {"p": rng.random(3), "x": rng.random() if "x" not in given else given["x"]}
        given["y"] = np.array(1)
        assert np.allclose(eval(code, names | given), eval(printed, names | given)), printed


# formula, what it is in stable form (printed)
STABLE = [
    (P + "1 - p[i]", "complement[i]"),
    (P + "p[i]*(1 - p[i])", "jacobian_diagonal[i]"),
    (P + "p[i]*(delta(i,j) - p[j])", "jacobian[j, i]"),
    (P + "x[c]*(p[i] - delta(i,y))", "label_gradient[i]"),
    (P + "-log(p[y])", "label_loss"),
    (P + "p[i]*(g[i] - sum(g[k]*p[k], k))", "jacobian_product[i]"),
    (P + "v[i]*p[i] - p[i]*sum(v[k]*p[k], k)", "jacobian_product[i]"),
    (P + "(v[i] - sum(p[k]*v[k], k))/3", "log_jacobian_product[i]"),
    (P + "sum(p[k]*v[k], k) - v[i]", "log_jacobian_product[i]"),
    (P + "2*(p[j]*sum(u[i], i) - u[j])", "log_jacobian_transposed_product[j]"),
    (P + "sum(w[i]*p[i], i) - w[y]", "label_gradient[i]"),
    (P + "w[y] - sum(w[i]*p[i], i)", "label_gradient[i]"),
    ("exp(z[i]/T)/sum(exp(z[k]/T), k)", "softmax[i]"),
    ("log(sum(exp(z[k]), k))", "logsumexp"),
    ("log(1 + exp(x))", "softplus"),
    ("1 - sigmoid(x)", "sigmoid"),
    ("exp(x)/(1 + exp(x))", "sigmoid"),
    ("s = sum(exp(z[k]), k); p[i] = exp(z[i])/s; p[i]", "p[i]"),
]


@pytest.mark.parametrize(("formula", "form"), STABLE, ids=[s[0] for s in STABLE])
def test_stable_forms_are_found(formula: str, form: str) -> None:
    problem = read(formula, wrt=("z[j]" if "z[" in formula else "x",))
    stages = Stages(problem)
    found = str(stages.stable(problem.function)).replace("Quantity(", "").replace(")", "")
    name = form.split("[")[0]
    assert name in found or name in str(stages.bodies)
    assert "exp(" not in found


def test_without_the_assumption_no_target_gradient() -> None:
    problem = read(P + "p[i] - y[i]", wrt=("z[j]",))
    assert "target_gradient" not in Stages(problem).made
    assert "target_gradient" not in str(Stages(problem).stable(problem.function))
    sure = read(P + "p[i] - y[i]", wrt=("z[j]",), assume=("sum(y[i], i) = 1",))
    assert all(isinstance(f, Fact) and isinstance(f.relation, Eq) for f in sure.facts)
    assert "target_gradient" in str(Stages(sure).stable(sure.function))


SMOOTHED = [
    ("(1 - a)*y[i] + a/N", True),
    ("y[i]/2 + (y[i] + 1/N)/2", False),
    ("y[i]/2 + 1/(2*N)", True),
    ("y[i] + a/N", False),
    ("(1 - a)*y[i] + a/2", False),
    ("y[i]**2", False),
]


@pytest.mark.parametrize(("target", "found"), SMOOTHED)
def test_what_sums_to_one_is_a_target(target: str, found: bool) -> None:
    assumed, p = ("sum(y[i], i) = 1",), "p[i] = exp(z[i]) / sum(exp(z[k]), (k, 1, N)); "
    loss = read(f"{p}-sum(({target})*log(p[i]), i)", wrt=("z[j]",), assume=assumed)
    slope = read(f"{p}p[i] - ({target})", wrt=("z[j]",), assume=assumed)
    assert ("target_loss" in str(Stages(loss).stable(loss.function))) == found
    assert ("target_gradient" in str(Stages(slope).stable(slope.function))) == found


def test_lambdify_is_the_interactive_way() -> None:
    """`sympy.lambdify` with our printer agrees with the module."""
    derivation = Textbook(read(P + "p[i]", wrt=("z[j]",))).derive()
    i, j = letter("i"), letter("j")
    printer = NumPyArrays(problem=derivation.problem, axes=(i, j))
    made = sympy.lambdify(
        [Symbol("p"), Symbol("K"), Symbol("dtype")],
        derivation.answer,
        modules=[{"np": np}, "numpy"],
        printer=printer,
    )
    z = np.random.default_rng(0).normal(size=(5, 3))
    assert np.allclose(
        made(written.softmax(z), 3, z.dtype), written.softmax_jacobian(z), atol=1e-16
    )


@pytest.mark.parametrize(
    ("code", "level"),
    [
        ("a", 3),
        ("f(a + b)", 3),
        ("a + b", 0),
        ("a * b", 1),
        ("a**2", 2),
        ("-a", 0),
        ("a[..., None] / b", 1),
    ],
)
def test_how_tightly_source_holds(code: str, level: int) -> None:
    assert holds(code) == level


FORMULAS = [
    ("a[n,m] = exp(s[n,m]/T)/sum(exp(s[n,k]/T), k); sum(a[n,m]*V[m,c], m)", ["s[r,t]"], []),
    ("a[n,m] = exp(s[n,m]/T)/sum(exp(s[n,k]/T), k); sum(a[n,m]*V[m,c], m)", ["V[r,e]"], []),
    ("r = sqrt(mean(x[k]**2, (k, 1, K)) + e); g[i]*x[i]/r", ["x[j]"], ["e > 0"]),
    (P + "-(1 - p[y])**g*log(p[y])", ["z[j]"], []),
    ("sum(p[i]*log(2*p[i]/(p[i] + q[i])), i)", ["p[j]"], []),
    ("sum(sum(w[k]*x[i+k], k)*g[i], i)", ["w[j]"], []),
    ("x/2*(1 + tanh(sqrt(2/pi)*(x + 0.044715*x**3)))", ["x"], []),
    ("-log(sigmoid(a - b))", ["a", "a"], []),
    ("max(x[k], k)", ["x[j]"], []),
    ("y[i] = sum(w[k]*x[i+k-1], (k,1,3)); sum(y[i]**2, (i,1,5))", ["x[l]"], []),
    ("y[i] = sum(w[k]*x[i+k-1], (k,1,3)); sum(y[i]**2, (i,1,5))", ["w[l]"], []),
    ("y[i,c] = sum(w[k,c]*x[i+k-1,c], (k,1,3)); sum(y[i,c]**2, (i,1,5), c)", ["x[l,d]"], []),
    ("sum(sum(w[k]*x[i+k], k)*g[i], i)", ["x[j]"], []),
    ("min(x[k]**2, k)", ["x[j]"], []),
    ("max(x[1], x[2], 1)", ["x[j]"], []),
    ("-sum(log(sigmoid(t[n]*sum(w[d]*x[n,d], d))), n) + l*sum(w[d]**2, d)/2", ["w[c]"], []),
]


@pytest.mark.parametrize(("formula", "wrt", "assume"), FORMULAS, ids=[f[0] for f in FORMULAS])
def test_formulas_of_ones_own(formula: str, wrt: list[str], assume: list[str]) -> None:
    """`formula_source` compares each function with mpmath before it hands the file out."""
    source = formula_source(formula, wrt, assume)
    compile(source, "f.py", "exec")
    assert "symderiv import" not in source
    assert "import symderiv" not in source


NO_FORM = [
    ("y[i] = sum(w[k]*x[i+k-1], k); sum(y[i]**2, i)", "no input has the size K of y"),
    ("sum(x[i]*x[i-1], (i,2,5))", "a sum from 2"),
    ("sum((x[i+1] - x[i])**2, (i,1,N-1))", "a sum from 1 to N - 1"),
    ("sum(x[2*i], (i,1,3))", r"the index 2\*i"),
]


@pytest.mark.parametrize(("formula", "said"), NO_FORM, ids=[n[1] for n in NO_FORM])
def test_what_cannot_be_written_is_refused_in_a_sentence(formula: str, said: str) -> None:
    with pytest.raises(Mistake, match=said):
        formula_source(formula, ["x[l]"], [])


def test_names_of_made_arrays_clash_with_no_input() -> None:
    made = functions_of("f = norm*sqrt(sum(a[i]**2, i))", ["a[j]"])
    assert made["f"]([3.0, 4.0], 2.0) == 10
    made = functions_of(P + "f = -log(p[softmax])*label_loss", ["z[j]"])
    assert made["f"]([0.0, 0.0], 3.0, 1) == pytest.approx(3 * np.log(2))


@pytest.mark.parametrize("formula", ["out*x", "x*dtype", "sum(lambda_[i]*np[i], i)*x"])
def test_names_that_a_program_needs_are_refused(formula: str) -> None:
    with pytest.raises(Mistake, match="rename"):
        formula_source(formula, ["x"], [])


MADE = {w.name: p for w, p in programs(functions().values())}
BATCHES = [n for n, p in MADE.items() if any(p.problem.shapes.get(y) for y in p.problem.labels)]
MATRICES = [n for n, p in MADE.items() if p.columns]
STRAIGHT = [n for n in MADE if n not in (*BATCHES, *MATRICES)]
HARD = [(1, 0), (30, 0), (1, 1e4), (400, -900)]


def components(program: Program, given: dict[str, Any]) -> list[float]:
    """The arguments of a straight-line function."""
    return [v for n in program.inputs for v in np.ravel(given[n]).tolist()]


@pytest.mark.parametrize("name", STRAIGHT)
def test_straight_line_code_agrees_with_the_module(name: str) -> None:
    program, module = MADE[name], getattr(written, name)
    sizes = {str(s): size_of(program, str(s)) for s in sizes_of(program.problem)}
    made = chosen(program, sizes)
    for seed in range(3):
        given = inputs(program, np.random.default_rng(seed))
        for extra in [{"i": i, "j": j} for i in (0, 1) for j in (0, 1)] if program.entry else [{}]:
            found = made(*components(program, given), **extra)
            right = module(**given, **extra)
            pairs = zip(found, right, strict=True) if "and_grad" in name else [(found, right)]
            for a, b in pairs:
                assert np.allclose(a, b, rtol=1e-13, atol=1e-15)
    assert "import numpy" not in made.__source__


OF_LOGITS = [
    n for n in STRAIGHT
    if [x for x in MADE[n].inputs if x not in MADE[n].problem.labels] in (["z"], ["o"])
    and MADE[n].problem.shapes.get(MADE[n].inputs[0])
]  # fmt: skip


@pytest.mark.parametrize("size", [1, 2, 3, 10])
@pytest.mark.parametrize("name", OF_LOGITS)
def test_straight_line_code_at_hard_points(name: str, size: int) -> None:
    program, module = MADE[name], getattr(written, name)
    made = chosen(program, {"K": size})
    rng = np.random.default_rng(size)
    rows = [rng.normal(size=size) * s + o for s, o in HARD]
    rows += [np.where(np.arange(size), -1e308, 1e308), np.linspace(40, 0, size), np.zeros(size)]
    labels = range(size) if len(program.inputs) > 1 else [None]
    near = 1e-15 if name.startswith("entropy") else 1e-300  # its gradient is a difference
    for z in rows:
        for y in labels:
            more: tuple[int, ...] = () if y is None else (y,)
            more += (0, size - 1) if program.entry else ()
            found, right = made(*z.tolist(), *more), module(z, *more)
            pairs = zip(found, right, strict=True) if "and_grad" in name else [(found, right)]
            for a, b in pairs:
                assert np.allclose(a, b, rtol=4e-15, atol=near), (z, y)


FOCAL = P + "-(1 - p[y])**g*log(p[y])"
ENDS = [
    [800.0, 0, 1], [0.0, 1, 2], [37.43, 0, 0], [1e308, -1e308, 0], [-np.inf, 0, 1], [1.0, 1, 1],
    [1e4, 1e4 - 50, 0],
]  # fmt: skip


def functions_of(formula: str, wrt: list[str]) -> dict[str, Any]:
    """What the written file of a formula of one's own defines."""
    names: dict[str, Any] = {"__name__": "written"}
    exec(compile(formula_source(formula, wrt, []), "<written>", "exec"), names)
    return names


@pytest.mark.parametrize("z", ENDS, ids=str)
@pytest.mark.filterwarnings("error")
def test_focal_loss_where_nothing_is_left_for_the_others(z: list[float]) -> None:
    made = functions_of(FOCAL.replace("; -", "; f = -"), ["z[j]"])
    many = functions_of(P + "-sum(y[i]*(1 - p[i])**g*log(p[i]), i)", ["z[j]"])
    named = functions_of(P + "f = -sum(y[i]*(1 - p[i])**g*log(p[i]), i)", ["z[j]"])
    for g in (0.0, 0.5, 1.0, 2.0):
        for y in range(3):
            with mpmath.workdps(800):
                e = [mpmath.exp(mpmath.mpf(x) - mpmath.mpf(max(z))) for x in z]
                p = [x / sum(e) for x in e]
                q = sum(x for k, x in enumerate(e) if k != y) / sum(e)
                if not p[y]:
                    continue
                log = mpmath.log1p(-q) if q < 0.5 else mpmath.log(p[y])
                rest = [0 if k == y or not q else x / q for k, x in enumerate(p)]
                slope = [-(g * p[y] * log - q) * q**g * r for r in rest]
                slope[y] = (g * p[y] * log - q) * q**g
                value = -(q**g) * log
            assert np.allclose(made["f"](z, g, y), float(value), rtol=1e-13, atol=1e-300)
            near = [float(x) for x in slope]
            found = made["f_jacobian"](z, g, y)
            assert np.allclose(found, near, rtol=1e-12, atol=1e-150), (g, y)
            hot = np.eye(3)[y]
            if np.isfinite(z).all():
                found = many["function_gradient"](z, hot, g)
                assert np.allclose(found, near, rtol=1e-12, atol=1e-150)
                found = named["f_gradient"](z, hot, g)  # another answer, a difference
                assert np.allclose(found, near, rtol=1e-12, atol=1e-15)


@pytest.mark.filterwarnings("error")
def test_the_logarithm_of_what_is_left() -> None:
    made = functions_of(P + "f = log(1 - p[y])", ["z[j]"])
    for z in ENDS:
        for y in range(3):
            with mpmath.workdps(800):
                e = [mpmath.exp(mpmath.mpf(x) - mpmath.mpf(max(z))) for x in z]
                q = sum(x for k, x in enumerate(e) if k != y) / sum(e)
                own, right = e[y] / sum(e), mpmath.log(q) if q else -mpmath.inf
                slope = [float(own * x / (q * sum(e))) if q else 0.0 for x in e]
                slope[y] = -float(own)
            assert made["f"](z, y) == pytest.approx(float(right), rel=1e-14)
            assert np.allclose(made["f_jacobian"](z, y), slope, rtol=1e-14, atol=1e-300), (z, y)


@pytest.mark.parametrize(
    ("formula", "wrt", "at", "right"),
    [
        ("a*(exp(x)-1)*iverson(x<0) + x*iverson(x>=0)", ["x"], 1e4, (1e4, 1.0)),
        ("a*(exp(x)-1)*iverson(x<0) + x*iverson(x>=0)", ["x"], -1e4, (-2.0, 0.0)),
        ("x**2/2*iverson(abs(x)<=1) + (abs(x)-1/2)*iverson(abs(x)>1)", ["x"], 1e200, (1e200, 1.0)),
        ("log(1 + exp(x))", ["x", "x"], 1e4, (1e4, 0.0)),
        ("log(1 + exp(x))", ["x", "x"], -1e4, (0.0, 0.0)),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_branch_without_end_is_not_met(
    formula: str, wrt: list[str], at: float, right: tuple[float, float]
) -> None:
    made = functions_of(f"f = {formula}", wrt)
    value, slope = (made[n] for n in made["__all__"])
    given = {"a": 2.0} if "a*" in formula else {}
    assert (value(x=at, **given), slope(x=at, **given)) == right


COSINE = "sum(a[i]*b[i], i)/(sqrt(sum(a[i]**2, i))*sqrt(sum(b[i]**2, i)))"


@pytest.mark.parametrize(
    "sizes", [(1, 1), (1e200, 1), (1e200, 1e200), (1e-200, 1), (1e-200, 1e200)]
)
@pytest.mark.filterwarnings("error")
def test_norms_whose_squares_leave_the_floats(sizes: tuple[float, float]) -> None:
    made = functions_of(f"f = {COSINE}", ["a[j]"])
    rng = np.random.default_rng(0)
    a, b = (rng.normal(size=(4, 3)) * size for size in sizes)
    for u, v in zip(a, b, strict=True):
        with mpmath.workdps(60):
            x, y = ([mpmath.mpf(float(t)) for t in w] for w in (u, v))
            r, s = mpmath.norm(x), mpmath.norm(y)
            c = mpmath.fdot(x, y) / (r * s)
            slope = [float((q / s - c * p / r) / r) for p, q in zip(x, y, strict=True)]
        assert made["f"](u, v) == pytest.approx(float(c), rel=1e-13, abs=1e-15)
        size = np.abs(slope).max()
        assert np.allclose(made["f_gradient"](u, v) / size, slope / size, rtol=0, atol=1e-13)


@pytest.mark.parametrize("size", [1, 1e155, 1e200, 1e300, 1e-155, 1e-200, 1e-300])
@pytest.mark.filterwarnings("error")
def test_root_of_squares(size: float) -> None:
    u = np.random.default_rng(1).normal(size=(6, 5)) * size
    for weight, rest in ((1, 0), (1 / 5, 0.5), (0.2, 1e-8), (1, size * 1e-3 * size)):
        found = numeric.root_of_squares(u, weight, rest) if np.isfinite(rest) else None
        if found is None:
            continue
        with mpmath.workdps(60):
            whole = [sum(mpmath.mpf(float(t)) ** 2 for t in row) for row in u]
            right = [float(mpmath.sqrt(mpmath.mpf(weight) * w + mpmath.mpf(rest))) for w in whole]
        assert np.allclose(found, right, rtol=4e-16 * 2, atol=0)
    low = u.astype(np.float32) if size == 1 else np.float32([[1e30, 2e30], [1e-30, 0]])
    assert numeric.root_of_squares(low).dtype == np.float32
    wide = np.sqrt((low.astype(np.float64) ** 2).sum(-1))
    assert np.allclose(numeric.root_of_squares(low), wide, rtol=4e-7, atol=0)


@pytest.mark.parametrize("size", [1e160, 1e200, 1e300])
def test_layer_normalisation_has_no_size(size: float) -> None:
    x = np.random.default_rng(2).normal(size=(3, 5))
    right = written.layer_normalisation(x, 0.0)
    assert np.allclose(written.layer_normalisation(x * size, 0.5), right, rtol=1e-13)
    straight = chosen_function("layer-normalisation", K=5)
    assert np.allclose(straight(*(x[0] * size).tolist(), 0.5), right[0], rtol=1e-13)


def test_straight_line_refusals() -> None:
    made = chosen_function("cross_entropy", K=3)
    with pytest.raises(IndexError, match="y = 3"):
        made(1.0, 2.0, 3.0, 3)
    with pytest.raises(ValueError, match="no softmax"):
        made(float("inf"), 2.0, 3.0, 0)
    with pytest.raises(ValueError, match="sum to one"):
        chosen_function("cross_entropy_soft", K=2)(1.0, 2.0, 0.5, 0.4)
    with pytest.raises(IndexError, match="j = 2"):
        chosen_function("jacobian_entry", K=2)(1.0, 2.0, 0, 2)
    for name, sizes, named in (
        ("softmax", {}, "size K has to be chosen"),
        ("softmax", {"K": 0}, "sizes 1 to"),
        ("softmax", {"K": 1000}, "sizes 1 to"),
        ("softmax", {"K": 3, "D": 2}, "sizes K alone"),
        ("sigmoid", {"K": 3}, "no size to be chosen"),
        ("cross_entropy_linear_hessian", {"K": 20, "D": 20}, "160000 entries"),
        ("softmaxx", {"K": 3}, "softmax"),
        *((name, {"K": 3, "D": 2, "N": 2}, "batch") for name in BATCHES if "logits" not in name),
        *((name, {}, "several functions") for name in MATRICES),
    ):
        with pytest.raises(Mistake, match=named):
            chosen_function(name, **sizes)


def test_names_of_a_problem_are_not_taken_by_straight_line_code() -> None:
    """Inputs called like the locals e, s, m and own."""
    derivation = Textbook(read("e[i] = exp(s[i])/sum(exp(s[k]), k); log(e[own])", wrt=("s[m]",)))
    problem = derivation.derive().problem
    program = Program("f", problem, (problem.function,), ((),))
    made = chosen(program, {str(s): 3 for s in sizes_of(problem)})
    z = [1e4, 1e4 + 1, 1e4 - 3.0]
    for y in range(3):
        assert made(*z, y) == pytest.approx(-written.cross_entropy(np.array(z), y), rel=1e-14)


def test_a_derivation_gives_its_function() -> None:
    derivation = Textbook(read(P + "-log(p[y])", wrt=("z[j]",))).derive()
    gradient = numeric_function(derivation)
    z = np.array([[40.0, 0, 0.3], [1, 2, 3]])
    assert np.array_equal(gradient(z, [0, 1]), written.cross_entropy_gradient(z, [0, 1]))
    assert "numeric.label_gradient" in gradient.__source__


ASKED = [
    ({}, lambda j: j),
    ({"route": "product"}, lambda j: j),
    ({"k": 3}, lambda j: j),
    ({"k": 3, "entry": (1, 1)}, lambda j: j[..., 0, 0]),
    ({"k": 3, "entry": (1, 2)}, lambda j: j[..., 0, 1]),
    ({"symbols": {"z": "o", "p": "s"}}, lambda j: j),
]


@pytest.mark.parametrize(("asked", "part"), ASKED, ids=[str(a) for a, _ in ASKED])
def test_functions_of_derivations_are_finite_and_exact(asked: Any, part: Any) -> None:
    function = numeric_function(symderiv.jacobian("softmax", **asked))
    z = np.array([[1000.0, -1000, 0], [37.43, 0, -5], [1, 2, 3], [-800, -801, -802]])
    assert np.allclose(function(z), part(written.softmax_jacobian(z)), rtol=1e-15, atol=0)


OF_SIZE_3 = [
    lambda: symderiv.jacobian("softmax", k=3, entry=(1, 2)),
    lambda: symderiv.softmax.jacobian(k=3),
    lambda: symderiv.derive("sum(z[i]**2, i)", wrt=["z[j]"], k=3),
    lambda: symderiv.derive("v[i] = z[i]**2; sum(v[i], i)", wrt=["z[j]"], k=3),
    lambda: symderiv.jacobian("softmax", k=3, symbols={"z": "o"}),
    lambda: symderiv.softmax.jacobian(k=3, route="product"),
]


@pytest.mark.parametrize("order", OF_SIZE_3)
def test_a_chosen_size_is_the_size(order: Any) -> None:
    function = order().function()
    assert np.isfinite(function(np.zeros(3))).all()
    assert np.shape(function(np.zeros((5, 3))))[0] == 5
    for other in (np.zeros(4), np.zeros((3, 2)), [0.0]):
        with pytest.raises(ValueError, match="size 3"):
            function(other)


def test_what_has_no_form_is_refused() -> None:
    problem = read("sum(x[2*i], (i, 1, N))", wrt=("x[j]",))
    with pytest.raises(Unprintable, match="no form in NumPy"):
        Program("f", problem, (problem.function,), ((),))


def test_claims_are_read_in_the_problem() -> None:
    problem = read(P + "-log(p[y])", wrt=("z[j]",))
    claim = read_claim("p[j] - delta(j,y)", problem)
    code = Program("f", problem, (claim,), ((letter("j"),),)).source()
    assert "numeric.label_gradient(z, y, out=out)" in code
