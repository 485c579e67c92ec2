"""The commands: what they give, where they put it, and how they end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from symderiv import catalogue
from symderiv.cli import COMMANDS, run
from symderiv.documents.targets import SUFFIXES
from symderiv.rules.order import RULES

pytestmark = pytest.mark.usefixtures("derived_once")

Capture = pytest.CaptureFixture[str]
ROOT = Path(__file__).parent.parent


def told(capsys: Capture, *arguments: str, status: int = 0) -> str:
    """What a command prints on the standard output."""
    ended = run(arguments)
    out, err = capsys.readouterr()
    assert ended == status, err
    return out


def data(capsys: Capture, *arguments: str, status: int = 0) -> Any:
    return json.loads(told(capsys, *arguments, "--format", "json", status=status))


# -- pages -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "parts"),
    [
        ("jacobian", [RULES["quotient-rule"].name, "= pᵢ (δᵢⱼ − pⱼ)", "proved for every K"]),
        ("jacobian --route product", [RULES["product-rule"].name, "= δᵢⱼ pᵢ − pᵢ pⱼ"]),
        ("jacobian --k 3", ["e^z₁ + e^z₂ + e^z₃", "if i = j", "if i ≠ j", "⎡ p₁ (1 − p₁)"]),
        ("jacobian --k 3 --entry 2,2", ["∂p₂/∂z₂", "= p₂ (1 − p₂)"]),
        ("jacobian --k 1", ["J = [ 0 ]"]),
        ("jacobian --k 2 --at 0,0", ["p = (0.500000, 0.500000)", "0.250000"]),
        ("jacobian --k 30", ["⋯", "⋱", "p₃₀ (1 − p₃₀)"]),
        ("jacobian --symbols z=o,p=s", ["∂sᵢ/∂oⱼ", "= sᵢ (δᵢⱼ − sⱼ)"]),
        ("jacobian --symbols i=j,j=i,z=o", ["∂pⱼ/∂oᵢ", "= pⱼ (δᵢⱼ − pᵢ)"]),
        ("jacobian log-softmax", ["= δᵢⱼ − pⱼ"]),
        ("jacobian vector-function", ["e^x₁", "9 x₂²", "⎡"]),
        ("jacobian vector-function --entry 3,2", ["= 9 x₂²"]),
        ("gradient cross-entropy", ["= pₖ − δ_{ky}"]),
        ("gradient cross-entropy --route log", ["log Σₘ e^zₘ", "pₖ − δ_{ky}"]),
        ("gradient cross-entropy --k 3 --target 2", ["⎢ p₂ − 1 ⎥"]),
        ("gradient cross-entropy --target 2", ["= pₖ − δ_{k,2}"]),
        ("gradient cross-entropy --soft", ["Σᵢ yᵢ = 1, declared", "= pⱼ − yⱼ"]),
        ("gradient cross-entropy --wrt W", ["chain rule through z", "(pₖ − δ_{ky}) x_c"]),
        ("gradient cross-entropy --wrt x --soft", ["Σ", "W"]),
        ("gradient cross-entropy --batch", ["/ N"]),
        ("gradient cross-entropy --batch sum --wrt W", ["Σₘ (pₘₖ − δ_{k,yₘ}) x_{mc}"]),
        ("gradient sigmoid", ["s (1 − s)"]),
        ("hessian cross-entropy", ["δₖₗ − pₗ"]),
        ("hessian cross-entropy --wrt W", ["x_c", "xₑ"]),
        ("jacobian --ascii", ["dp_i/dz_j", "= p_i (delta_ij - p_j)"]),
    ],
)
def test_pages(line: str, parts: list[str], capsys: Capture) -> None:
    out = told(capsys, *line.split())
    for part in parts:
        assert part in out


@pytest.mark.parametrize("width", [60, 80, 200])
def test_width_is_respected(width: int, capsys: Capture) -> None:
    out = told(capsys, "jacobian", "--k", "3", "--width", str(width))
    assert max(map(len, out.splitlines())) <= width


def test_the_same_page_every_time(capsys: Capture) -> None:
    line = ("gradient", "cross-entropy", "--wrt", "W")
    assert told(capsys, *line) == told(capsys, *line)


@pytest.mark.parametrize("name", catalogue.functions())
def test_every_function_of_the_catalogue_has_its_command(name: str, capsys: Capture) -> None:
    """By the function's own name, whichever command its derivatives are for."""
    kinds = {d.kind for d in catalogue.functions()[name].derivatives if d.holds}
    for kind in kinds:
        command = "gradient" if kind == "derivative" else kind
        assert "proved" in told(capsys, command, name)


# -- files -------------------------------------------------------------------------------------


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_suffix_names_the_format(suffix: str, tmp_path: Path, capsys: Capture) -> None:
    if suffix in (".pdf", ".svg", ".png"):
        pytest.importorskip("typst")
    path = tmp_path / f"page{suffix}"
    assert told(capsys, "jacobian", "--k", "2", "-o", str(path)) == ""
    starts = {".pdf": b"%PDF", ".png": b"\x89PNG", ".svg": b"<svg", ".json": b"{"}
    assert path.read_bytes().startswith(starts.get(suffix, b""))
    assert [p.name for p in tmp_path.iterdir()] == [path.name]


def test_a_fragment_says_which_command_made_it(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "a.tex"
    told(capsys, "gradient", "cross-entropy", "--k", "3", "--symbols", "z=f", "-o", str(path))
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert first == "% symderiv gradient cross-entropy --k 3 --symbols z=f --format latex"


def test_that_command_gives_that_fragment(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "a.tex"
    told(capsys, "jacobian", "--rules", "overset", "--entry", "1,2", "--k", "3", "-o", str(path))
    written = path.read_text(encoding="utf-8")
    words = written.splitlines()[0].removeprefix("% symderiv ").split()
    assert told(capsys, *words) == written


# -- json --------------------------------------------------------------------------------------


def test_json_holds_what_the_page_shows(capsys: Capture) -> None:
    page = data(capsys, "jacobian", "--k", "3", "--at", "1,2,3")
    assert page["verdict"] == "proved"
    assert len(page["matrix"]) == 3
    p = page["values"]["p"][2]
    assert page["values"]["J"][2][2] == pytest.approx(p * (1 - p), abs=1e-15)
    assert [c["condition"] for c in page["cases"]] == ["i = j", "i ≠ j"]


def test_the_list_as_json(capsys: Capture) -> None:
    entries = data(capsys, "list")
    assert {"softmax", "cross-entropy", "logsumexp"} <= {e["name"] for e in entries}
    assert all(e["closed_form"] for e in entries)


def test_the_list_has_a_line_for_each(capsys: Capture) -> None:
    entries = data(capsys, "list")
    assert len(told(capsys, "list").splitlines()) == len(entries)


# -- derive ------------------------------------------------------------------------------------

LOSS = "p[i] = softmax(z)[i]; -sum(y[i]*log(p[i]), i)"
ONE = ("--assume", "sum(y[i], i) = 1")


@pytest.mark.parametrize(
    ("formula", "options", "verdict"),
    [
        (LOSS, ("--wrt", "z[j]", "--claim", "p[j] - y[j]", *ONE), "proved"),
        (LOSS, ("--wrt", "z[j]", "--claim", "p[j] - y[j]"), "refuted"),
        (
            "-log(softmax(z)[y])",
            ("--wrt", "z[k]", "--claim", "softmax(z)[k] - delta(k,y)"),
            "proved",
        ),
        ("-x", ("--wrt", "x", "--claim", "-1"), "proved"),
        ("-x*2", ("--claim", "-3", "--wrt", "x"), "refuted"),
        ("x*tanh(x)", ("--wrt", "x", "--wrt", "x", "--claim", "0"), "refuted"),
        (
            "sum(x[i]**2, i)",
            ("--wrt", "x[j]", "--wrt", "x[k]", "--claim", "2*delta(j,k)"),
            "proved",
        ),
    ],
)
def test_claims(formula: str, options: tuple[str, ...], verdict: str, capsys: Capture) -> None:
    found = data(capsys, "derive", formula, *options, status=0 if verdict == "proved" else 1)
    assert found["verdict"] == found["claim"]["verdict"]["strength"] == verdict
    assert (found["counterexample"] is None) == (verdict == "proved")
    if verdict == "refuted":
        assert found["counterexample"]["left"] != found["counterexample"]["right"]


@pytest.mark.parametrize(
    ("formula", "claim", "said"),
    [
        ("x**2", "2*x", "2 x holds: proved.\n"),
        ("(1 + x)**1000", "1000*(1 + x)**999", "1000 (1 + x)⁹⁹⁹ holds: proved.\n"),
        ("(1 + x)**1000", "1000*(1 + x)**999", "Each of the 4 steps is proved.\n"),
        ("x", "2", "the derivative is 1 and the claim 2, a difference of 1;"),
        ("sum(x*y[i], i)", "sum(y[i], i)", "holds: proved for every K.\n"),
    ],
)
def test_sizes_are_spoken_of_where_there_are_any(
    formula: str, claim: str, said: str, capsys: Capture
) -> None:
    run(["derive", formula, "--wrt", "x", "--claim", claim])
    assert said in capsys.readouterr().out


def test_a_fragment_without_a_title_has_no_empty_comment(tmp_path: Path) -> None:
    place = tmp_path / "page.tex"
    assert run(["derive", "x**2*exp(x)", "--wrt", "x", "-o", str(place)]) == 0
    lines = place.read_text(encoding="utf-8").split("\n")
    assert lines[0].startswith("% symderiv derive")
    assert lines[1] == r"{\allowdisplaybreaks"


def test_a_formula_in_a_file_and_from_the_standard_input(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "loss.txt"
    path.write_text(LOSS.replace("; ", "\n"), encoding="utf-8")
    typed = told(capsys, "derive", LOSS, "--wrt", "z[j]")
    assert told(capsys, "derive", str(path), "--wrt", "z[j]") == typed
    with path.open(encoding="utf-8") as file:
        monkeypatch.setattr(sys, "stdin", file)
        assert told(capsys, "derive", "-", "--wrt", "z[j]") == typed


@pytest.mark.parametrize(
    ("formula", "wrt", "part"),
    [
        (
            "sofmax(z)[i]",
            "z[j]",
            "formula, line 1, column 1: unknown function 'sofmax'; did you mean",
        ),
        ("log(x", "x", "line 1, column 4"),
        ("x; y[i", "x", "line 1, column 5"),
        ("x**2", "y", "'y' is not in the formula"),
        ("x.__class__", "x", "line 1"),
        ("(" * 100_000 + "x", "x", "formula"),
        ("x**10**10", "x", "line 1"),
        ("__import__('os')", "x", "line 1"),
    ],
)
def test_formulas_that_are_refused(formula: str, wrt: str, part: str, capsys: Capture) -> None:
    assert run(["derive", formula, "--wrt", wrt]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert part in err
    assert len(err.splitlines()) == 1


def test_emit_of_a_formula(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "loss.py"
    named = LOSS.replace("; ", "; L = ")
    told(capsys, "derive", named, "--wrt", "z[j]", *ONE, "--emit", str(path))
    code = (
        "import numpy as np, loss\n"
        "z, y = np.array([1000.0, 0.0, 2.0]), np.array([0.0, 0.5, 0.5])\n"
        "g = loss.L_gradient(z, y)\n"
        "assert abs(g - [1, -0.5, -0.5]).max() < 1e-15, g\n"
        "import sys; assert 'sympy' not in sys.modules and 'symderiv' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, env=_bare())


def test_it_is_said_that_no_function_is_written(tmp_path: Path, capsys: Capture) -> None:
    path = tmp_path / "made.py"
    assert run(["derive", "x**2", "--wrt", "x", "--claim", "x", "--emit", str(path)]) == 1
    assert "is not written" in capsys.readouterr().err
    assert not path.exists()


def test_emit_of_the_catalogue(tmp_path: Path, capsys: Capture) -> None:
    told(capsys, "emit", "cross-entropy", "--only", "gradient", "-o", str(tmp_path / "losses.py"))
    code = "import losses; assert losses.__all__ == ['cross_entropy_gradient'], losses.__all__"
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True, env=_bare())
    assert run(["emit", "softmax", "--only", "jacobain"]) == 2
    assert "did you mean 'jacobian'" in capsys.readouterr().err


def _bare() -> dict[str, str]:
    return {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}


# -- help, the end of a pipe, an interrupt -----------------------------------------------------


@pytest.mark.parametrize("command", COMMANDS)
def test_help(command: str, capsys: Capture) -> None:
    page = told(capsys, command, "--help")
    assert f"symderiv {command}" in page
    assert "\\b" not in page  # a mark of click's for lines that stay as they are
    assert command in told(capsys, "--help")


def process(*arguments: str, encoding: str = "utf-8", **options: Any) -> subprocess.Popen[bytes]:
    code = "from symderiv.__main__ import main; main()"
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": encoding},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,
    )


def test_a_reader_that_goes_away_is_no_error() -> None:
    done = subprocess.run(
        f"{sys.executable} -c 'from symderiv.__main__ import main; main()' list | head -1",
        shell=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert done.stdout.count("\n") == 1
    assert done.stderr == ""


@pytest.mark.usefixtures("interruptible")
def test_an_interrupt_ends_with_a_word() -> None:
    started = process("derive", "-", "--wrt", "z[j]", stdin=subprocess.PIPE)
    with pytest.raises(subprocess.TimeoutExpired):
        started.wait(1.5)
    started.send_signal(signal.SIGINT)
    _, err = started.communicate(timeout=20)
    assert started.returncode == 130
    assert err.decode().strip() == "symderiv: interrupted"


def test_a_pipe_that_takes_ascii_only_gets_that_and_no_colour() -> None:
    started = process("jacobian", "--k", "2", encoding="ascii")
    out, _ = started.communicate(timeout=60)
    assert started.returncode == 0
    assert out.isascii()
    assert b"\x1b" not in out
