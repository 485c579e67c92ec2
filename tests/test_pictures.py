"""Pictures: what is drawn is what the values are, and the same bytes every time."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import mpmath
import pytest

import symderiv
from symderiv.cli import run
from symderiv.documents.blocks import Picture
from symderiv.documents.pictures import curve
from symderiv.documents.pictures.bars import bars
from symderiv.documents.pictures.drawing import clipped, dashed, ticks
from symderiv.documents.pictures.svg import svg
from symderiv.documents.pictures.tex import straightened, tex
from symderiv.documents.presentation import present
from symderiv.documents.setting import Setting
from symderiv.mistakes import Mistake
from symderiv.printers.latex import LatexPrinter

pytestmark = pytest.mark.usefixtures("derived_once")

SVG = "{http://www.w3.org/2000/svg}"


def drawn(formula: str, **asked: object) -> Picture:
    answer = symderiv.derive(formula, wrt="x", **asked)
    page = present(answer, Setting(plot=True))
    (found,) = (block for block in page.blocks if isinstance(block, Picture))
    return found


def lines(picture: Picture) -> dict[str, list[list[tuple[float, float]]]]:
    """The pieces of each curve by its colour, in the numbers of the axes."""
    root = ElementTree.fromstring(svg(picture.drawing, picture.words))
    marks = {"middle": [], "end": []}
    for text in root.iter(f"{SVG}text"):
        number = (text.text or "").replace("−", "-")
        if re.fullmatch(r"-?[0-9.]+", number):
            place = "x" if text.get("text-anchor") == "middle" else "y"
            shift = 0.0 if place == "x" else -4.0
            marks[str(text.get("text-anchor"))].append(
                (float(text.get(place)) + shift, float(number))
            )
    found: dict[str, list[list[tuple[float, float]]]] = {}
    for path in root.iter(f"{SVG}polyline"):
        if path.get("clip-path") is None:  # the key
            continue
        points = [tuple(map(float, p.split(","))) for p in str(path.get("points")).split()]
        there = [(_at(a, marks["middle"]), _at(b, marks["end"])) for a, b in points]
        found.setdefault(str(path.get("stroke")), []).append(there)
    return found


def _at(place: float, marks: list[tuple[float, float]]) -> float:
    """The number at a place, from two marks of an axis."""
    (p, u), (q, v) = marks[0], marks[-1]
    return u + (place - p) * (v - u) / (q - p)


CURVES = [
    ("x**2/4", lambda x: x * x / 4),
    ("x*sigmoid(x)", lambda x: x / (1 + mpmath.exp(-x))),
    ("tanh(x)", mpmath.tanh),
    ("exp(-x**2)", lambda x: mpmath.exp(-x * x)),
    ("abs(x)", abs),
]


@pytest.mark.parametrize(("formula", "exact"), CURVES, ids=[row[0] for row in CURVES])
def test_a_curve_is_the_function_and_its_derivative(formula: str, exact: Callable) -> None:
    pieces = lines(drawn(formula))
    function, derivative = (pieces[colour] for colour in curve.COLOURS)
    for piece in function:
        for x, y in piece[::7]:
            assert y == pytest.approx(float(exact(mpmath.mpf(x))), abs=0.04)
    for piece in derivative:
        for x, y in piece[3:-3:7]:
            if formula != "abs(x)" or abs(x) > 0.1:
                assert y == pytest.approx(float(mpmath.diff(exact, x)), abs=0.04)


@pytest.mark.parametrize(
    ("formula", "pieces"),
    [
        ("relu(x)", (1, 2)),
        ("abs(x)", (1, 2)),
        ("1/x", (2, 2)),
        ("x**3", (1, 1)),
        ("log(x)", (1, 1)),
    ],
)
def test_a_curve_is_broken_where_it_jumps(formula: str, pieces: tuple[int, int]) -> None:
    found = lines(drawn(formula))
    assert tuple(len(found[colour]) for colour in curve.COLOURS) == pieces


def test_what_a_fact_leaves_out_is_not_drawn() -> None:
    found = lines(drawn("x**2", assume="x > 1"))
    assert min(x for pieces in found.values() for piece in pieces for x, _ in piece) > 0.99


def test_a_heat_map_has_every_number_and_its_sign() -> None:
    answer = symderiv.softmax.jacobian(k=3)
    page = present(answer, Setting(plot=True, at=(1, 2, 3)))
    (found,) = (block for block in page.blocks if isinstance(block, Picture))
    root = ElementTree.fromstring(svg(found.drawing, found.words))
    cells = [c.get("fill") for c in root.iter(f"{SVG}rect")]
    numbers = [
        float(t.text.replace("−", "-")) for t in root.iter(f"{SVG}text") if "." in (t.text or "")
    ]
    exact = answer.function()([1.0, 2.0, 3.0]).ravel()
    assert numbers == pytest.approx(list(exact), rel=1e-3)
    for number, colour in zip(numbers, cells, strict=True):
        red, blue = int(colour[1:3], 16), int(colour[5:7], 16)
        assert (red > blue) == (number > 0)


def test_bars_are_as_long_as_the_error_is_large() -> None:
    rows = [("ordinary", 1e-15, 1e-14), ("zeros", 0.0, 0.0), ("large", math.inf, math.inf)]
    root = ElementTree.fromstring(svg(bars("mine", rows, 1e-6).drawing, "mine"))
    widths = [float(str(c.get("width"))) for c in root.iter(f"{SVG}rect")]
    assert widths[1] < widths[0] < widths[2]
    words = " ".join(t.text or "" for t in root.iter(f"{SVG}text"))
    assert "1.0e−14" in words
    assert "not a number" in words


def test_pictures_are_the_same_bytes(tmp_path: Path) -> None:
    for name in ("a.svg", "b.svg"):
        assert run(["derive", "tanh(x)", "--wrt", "x", "--plot", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.svg").read_bytes() == (tmp_path / "b.svg").read_bytes()


def test_a_gradient_check_is_drawn(tmp_path: Path) -> None:
    mine = tmp_path / "mine.py"
    mine.write_text(
        "import numpy as np\n"
        "def gradient(z, y):\n"
        "    e = np.exp(z - z.max())\n"
        "    p = e / e.sum()\n"
        "    p[y] -= 1\n"
        "    return p\n",
        encoding="utf-8",
    )
    out = tmp_path / "errors.svg"
    asked = ["verify", "--against", f"{mine}:gradient", "--function", "cross-entropy"]
    assert run([*asked, "--plot", "-o", str(out)]) == 0
    root = ElementTree.parse(out).getroot()
    assert "p near 1" in {t.text for t in root.iter(f"{SVG}text")}
    assert run([*asked, "--plot"]) == 2
    for suffix, shown in ((".html", "<svg"), (".tex", r"\begin{picture}"), (".typ", "image(")):
        out = tmp_path / f"errors{suffix}"
        assert run([*asked, "--plot", "-o", str(out)]) == 0
        page = out.read_text(encoding="utf-8")
        assert shown in page
        assert "loses digits at p near 1" in page


@pytest.mark.parametrize(
    "words",
    [
        ["jacobian", "--plot", "-o", "x.svg"],
        ["derive", "x**2", "--wrt", "x", "--plot"],
        ["derive", "x**2", "--wrt", "x", "--plot", "-f", "markdown"],
        ["derive", "a*x", "--wrt", "x", "--plot", "-o", "x.html"],
    ],
)
def test_what_has_no_picture_is_refused(
    words: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert run(words) == 2
    assert capsys.readouterr().err.count("--plot") >= 1
    assert list(tmp_path.iterdir()) == []


def test_a_page_holds_its_picture(needs: Callable[[str], None], tmp_path: Path) -> None:
    out = tmp_path / "x.html"
    assert run(["derive", "tanh(x)", "--wrt", "x", "-o", str(out)]) == 0
    assert out.read_text(encoding="utf-8").count("<figure>") == 1
    needs("python:typst")
    pdf = tmp_path / "x.pdf"
    assert run(["derive", "tanh(x)", "--wrt", "x", "--plot", "-o", str(pdf)]) == 0
    assert b"pdfuaid" in pdf.read_bytes()


@pytest.mark.parametrize(
    ("low", "high", "found"), [(-4, 4, [-4, -2, 0, 2, 4]), (0, 1.1, [0, 0.2, 0.4, 0.6, 0.8, 1.0])]
)
def test_ticks_are_round_numbers(low: float, high: float, found: list[float]) -> None:
    assert ticks(low, high) == found


def test_no_picture_where_there_is_none() -> None:
    with pytest.raises(Mistake, match="plot"):
        present(symderiv.softmax.jacobian(), Setting(plot=True))


PUT = re.compile(r"\\put\(([-0-9.]+),([-0-9.]+)\){\\makebox\[0pt\]\[([rc])\]{([-0-9.$]*)}}")
GROUP = re.compile(r"{\\linethickness{0.8pt}\\color\[rgb\]{([0-9.,]+)}%\n(.*?)\n}", re.S)
PART = re.compile(r"\\qbezier" + 3 * r"\(([-0-9.]+),([-0-9.]+)\)")
ROOM = 345.0


def in_latex(picture: Picture) -> dict[str, list[tuple[float, float]]]:
    """The ends of the parts of each curve by its colour, in the numbers of the axes."""
    spelled = tex(picture.drawing, ROOM, LatexPrinter())
    marks: dict[str, list[tuple[float, float]]] = {"c": [], "r": []}
    for across, up, anchor, words in PUT.findall(spelled):
        place = float(across) if anchor == "c" else float(up) + 4.0
        marks[anchor].append((place, float(words.replace("$-$", "-"))))
    found: dict[str, list[tuple[float, float]]] = {}
    for colour, parts in GROUP.findall(spelled):
        for a, b, *_, c, d in PART.findall(parts):
            if b == d == str(curve.HEIGHT - 20).removesuffix(".0"):  # the key
                continue
            for x, y in ((a, b), (c, d)):
                there = (_at(float(x), marks["c"]), _at(float(y), marks["r"]))
                found.setdefault(colour, []).append(there)
    return found


@pytest.mark.parametrize(("formula", "exact"), CURVES, ids=[row[0] for row in CURVES])
def test_a_curve_in_latex_is_the_function_and_its_derivative(formula: str, exact: Callable) -> None:
    function, derivative = in_latex(drawn(formula)).values()
    assert max(x for x, _ in function) == pytest.approx(4, abs=0.01)
    for x, y in function:
        assert y == pytest.approx(float(exact(mpmath.mpf(x))), abs=0.04)
    for x, y in derivative:
        if formula != "abs(x)" or abs(x) > 0.1:
            assert y == pytest.approx(float(mpmath.diff(exact, x)), abs=0.04)


def test_a_heat_map_in_latex_has_every_number() -> None:
    answer = symderiv.softmax.jacobian(k=3)
    page = present(answer, Setting(plot=True, at=(1, 2, 3)))
    (found,) = (block for block in page.blocks if isinstance(block, Picture))
    spelled = tex(found.drawing, ROOM, LatexPrinter()).replace("$-$", "-")
    numbers = [float(n) for n in re.findall(r"{(-?0\.[0-9]+)}}", spelled)]
    assert numbers == pytest.approx(list(answer.function()([1.0, 2.0, 3.0]).ravel()), rel=1e-3)


def test_a_straightened_curve_is_nowhere_far_off() -> None:
    points = [(x / 10, math.sin(x / 10)) for x in range(80)]
    kept = straightened(points, 0.01)
    assert set(kept) <= set(points)
    assert (kept[0], kept[-1]) == (points[0], points[-1])
    assert len(kept) < 40
    for x, y in points:
        (a, b), (c, d) = next((p, q) for p, q in pairwise(kept) if p[0] <= x <= q[0])
        assert abs(b + (d - b) * (x - a) / (c - a) - y) < 0.015


def test_a_curve_is_clipped_to_its_frame_and_keeps_its_length_in_it() -> None:
    points = [(t, 5 * math.sin(t)) for t in range(12)]
    pieces = list(clipped(points, (0, -2, 9.5, 2)))
    assert len(pieces) > 3
    for x, y in (point for piece in pieces for point in piece):
        assert 0 <= x <= 9.5
        assert -2 - 1e-9 <= y <= 2 + 1e-9
    assert list(clipped([(0, 0), (1, 1)], (5, 5, 6, 6))) == []
    assert list(clipped([(0, 3), (9, 3)], (1, 0, 2, 3))) == [[(1, 3), (2, 3)]]


def test_dashes_are_as_long_as_they_are_said() -> None:
    pieces = list(dashed([(0, 0), (3, 4), (30, 4)], (2, 1)))
    lengths = [sum(math.dist(a, b) for a, b in pairwise(piece)) for piece in pieces]
    assert lengths[:-1] == pytest.approx([2.0] * (len(lengths) - 1))
    assert 0 < lengths[-1] <= 2
    assert sum(lengths) == pytest.approx(22, abs=1)


def test_a_picture_in_latex_needs_no_package_but_color(
    needs: Callable[[str], None], tmp_path: Path
) -> None:
    asked = ["derive", "x*sigmoid(x)", "--wrt", "x", "--plot"]
    fragment, alone = tmp_path / "a.tex", tmp_path / "b.tex"
    assert run([*asked, "-o", str(fragment)]) == 0
    assert run([*asked, "--standalone", "-o", str(alone)]) == 0
    text = fragment.read_text(encoding="utf-8")
    assert "% needs \\usepackage{color}\n" in text
    assert text.count(r"\begin{picture}") == 1
    used = re.findall(r"\\usepackage{(\w+)}", alone.read_text(encoding="utf-8"))
    assert used == ["amsmath", "color"]
    needs("pdflatex")
    for name in ("a.pdf", "b.pdf"):
        assert run([*asked, "--engine", "latex", "-o", str(tmp_path / name)]) == 0
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_the_picture_of_a_long_formula_is_named_in_its_place() -> None:
    """A curve whose formula has no room has a name, its derivative that of it."""
    picture = drawn("exp(-(x - 1/3)**2/2)*sigmoid(3*x + 1/7)*tanh(x/5 + 2)/(1 + x**2)")
    spelled = tex(picture.drawing, ROOM, LatexPrinter())
    assert r"{$f$}}" in spelled
    assert r"{$\frac{\partial f}{\partial x}$}}" in spelled
    assert spelled.count("{") == spelled.count("}")
