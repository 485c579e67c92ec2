"""Checking somebody else's derivation: no right line is called wrong, wrong ones are named."""

from __future__ import annotations

import json
from functools import cache

import pytest
from mpmath import mp, mpf

import symderiv
from symderiv.checking import Verdict, check
from symderiv.checking.pages import page_of
from symderiv.cli import run
from symderiv.mistakes import Mistake
from tests.check_derivations import RIGHT, WRONG

SOFTMAX = r"\[p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}\]"
LOSS = SOFTMAX + r"\[L=-\sum_i y_i\log p_i\]"
GRADIENT = r"\frac{\partial L}{\partial z_j}"


@cache
def checked(text: str, kind: str = ""):
    """A report that several tests look at."""
    return check(text, kind)


def verdicts(text: str, kind: str = "tex") -> list[str]:
    return [str(row.verdict) for row in checked(text, kind).rows]


def last(text: str, kind: str = "tex"):
    return list(check(text, kind).rows)[-1]


@pytest.mark.parametrize("text", RIGHT)
def test_no_right_line_is_called_wrong(text: str) -> None:
    assert Verdict.WRONG not in verdicts(text)


def test_most_right_lines_follow() -> None:
    found = [v for text in RIGHT for v in verdicts(text)]
    assert sum(v.startswith("follows") for v in found) >= 0.9 * len(found)


@pytest.mark.parametrize("text", WRONG)
def test_the_wrong_line_is_named_and_no_other(text: str) -> None:
    found = checked(text, "tex")
    assert found.first_wrong == (len(found.chains), len(found.chains[-1].rows))
    assert found.status == 1
    shown = list(found.rows)[-1].counterexample
    assert shown is not None
    assert all(size >= 2 for size in shown.sizes.values())


# -- what a counterexample and a mend say ----------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "left", "right"),
    [
        (r"\frac{d}{dx}\tanh x=1-\tanh x", mp.tanh, lambda x: 1 - mp.tanh(x)),
        (r"\frac{d}{dx}e^{x^2}=2e^{x^2}", lambda x: mp.exp(x * x), lambda x: 2 * mp.exp(x * x)),
        (r"\frac{d}{dx}\sin(x^2)=\cos(x^2)", lambda x: mp.sin(x**2), lambda x: mp.cos(x**2)),
    ],
)  # fmt: skip
def test_a_counterexample_is_one_by_finite_differences(line, left, right) -> None:
    row = last(rf"\[{line}\]")
    found = row.counterexample
    x = mpf(found.point["x"].split("/")[0]) / mpf([*found.point["x"].split("/"), "1"][1])
    assert abs(mp.diff(left, x) - mpf(found.left)) < 1e-4
    assert abs(right(x) - mpf(found.right)) < 1e-4
    assert abs(abs(mpf(found.left) - mpf(found.right)) - mpf(found.difference)) < 1e-4


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        (SOFTMAX + r"\[\frac{\partial p_i}{\partial z_j}=p_i(\delta_{ij}+p_j)\]", "− for +"),
        (SOFTMAX + r"\[\frac{\partial p_i}{\partial z_j}=p_j(\delta_{ij}-p_j)\]", "pᵢ for pⱼ"),
        (r"\[f=\sum_i x_i^2\]\[\frac{\partial f}{\partial x_k}=x_k\]", "2 is missing"),
        (r"\[y_i=\sum_j W_{ij}x_j\]\[\frac{\partial y_i}{\partial W_{kl}}=x_l\]", "δᵢₖ is missing"),
        (r"\[y_i=\sum_j W_{ij}x_j\]\[L=L(y)\]"
         r"\[\frac{\partial L}{\partial x_k}=\sum_i\frac{\partial L}{\partial y_i}W_{ki}\]",
         "transposed"),
        (r"\[\frac{d}{dx}\frac{1}{1+e^{-x}}=\frac{e^{-1}}{(1+e^{-x})^2}\]", "e^(−x)"),
        (r"\[c=\sum_k a_kb_k\]\[c^2=a_k^2b_k^2\]", ""),
        (r"\[J=\frac1m\sum_{i=1}^m(y_i-ax_i)^2\]\[\frac{\partial J}{\partial a}"
         r"=-2\sum_{i=1}^m(y_i-ax_i)x_i\]", "1/m is missing"),
    ],
)  # fmt: skip
def test_a_mend_says_what_would_be_right(text: str, mend: str) -> None:
    row = last(text)
    assert row.verdict is Verdict.WRONG
    assert mend in row.mend


def test_two_errors_that_cancel_are_seen_from_the_start() -> None:
    rows = list(check(
        r"\begin{align}\frac{d}{dx}x^3 &= 3x^3 \\ &= 3x^2 \\ &= x^2+x^2+x^2\end{align}", "tex"
    ).rows)  # fmt: skip
    assert [r.verdict for r in rows] == ["wrong", "wrong", "follows"]
    assert [r.start for r in rows] == ["", "follows", "follows"]


# -- facts and readings ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "needs"),
    [
        (LOSS + rf"\[{GRADIENT}=p_j-y_j\]", "Σ_k y_k = 1"),
        (SOFTMAX + r"\[\frac{\partial p_i}{\partial z_j}=-p_ip_j\]", "i ≠ j"),
        (SOFTMAX + r"\[\frac{\partial p_i}{\partial z_j}=p_i(1-p_i)\]", "i = j"),
        (r"\[\sqrt{x^2}=x\]", "x is positive"),
        (r"\[m=\frac1N\sum_i x_i\]\[\sum_i(x_i-m)=0\]", "N is the number of terms"),
        (r"\[s=\sum_kx_k\]\[q=\frac{x_1}{s}\]\[\frac{\partial q}{\partial x_1}=\frac1s\]",
         "s is held fixed"),
        (r"\[w=e^s\]\[\bar w=w^2\]\[\frac{\partial}{\partial s}(\bar ww)=\bar ww\]",
         "wbar is held fixed"),  # with w held, nothing depends on s
        (r"\[\sum_i(a_i+b_i)=\sum_ia_i+b_i\]", ""),
    ],
)  # fmt: skip
def test_what_the_text_does_not_say_is_said(text: str, needs: str) -> None:
    row = last(text)
    assert row.verdict is (Verdict.FOLLOWS_IF if needs else Verdict.FOLLOWS)
    assert needs == row.needs


@pytest.mark.parametrize(
    "said",
    [
        r"where $\sum_k y_k=1$.",
        "with one-hot labels.",
        "and the labels sum to one.",
    ],
)
def test_a_fact_that_the_text_says_is_not_asked_for(said: str) -> None:
    row = last(LOSS + said + rf"\[{GRADIENT}=p_j-y_j\]")
    assert row.verdict is Verdict.FOLLOWS
    assert row.uses


def test_the_facts_and_definitions_of_who_asks() -> None:
    text = rf"\[{GRADIENT}=p_j-y_j\]"
    found = check(
        text, "tex",
        define=[r"p_i=\frac{e^{z_i}}{\sum_k e^{z_k}}", r"L=-\sum_iy_i\log p_i"],
        assume=[r"\sum_iy_i=1"],
    )  # fmt: skip
    assert found.status == 0
    with pytest.raises(Mistake, match="is not read"):
        check(text, "tex", assume=["blah blah"])


def test_a_false_line_is_not_excused_by_a_silent_fact() -> None:
    for wrong in (r"p_j+y_j", r"y_j-p_j", r"p_jy_j", r"1-p_j"):
        assert last(LOSS + rf"\[{GRADIENT}={wrong}\]").verdict is Verdict.WRONG


# -- vector notation -------------------------------------------------------------------------------

SQUARES = r"\[L=\frac12\|Xw-y\|^2\]"
FORM = r"\[f=\mathbf{x}^\top A\mathbf{x}\]"
LINEAR = r"\[\mathbf{y}=W\mathbf{x}\]"


@pytest.mark.parametrize(
    ("text", "verdict", "said"),
    [
        (SQUARES + r"\[\nabla_w L=X^\top(Xw-y)\]", Verdict.FOLLOWS, ""),
        (SQUARES + r"\[\nabla_w L=2X^\top(Xw-y)\]", Verdict.WRONG, "2 is too many"),
        (FORM + r"\[\nabla_{\mathbf{x}}f=(A+A^\top)\mathbf{x}\]", Verdict.FOLLOWS, ""),
        (FORM + r"\[\nabla_{\mathbf{x}}f=2A\mathbf{x}\]", Verdict.FOLLOWS_IF, "A is symmetric"),
        (FORM + r"\[\nabla_{\mathbf{x}}f=A\mathbf{x}\]", Verdict.WRONG, ""),
        (LINEAR + r"\[\frac{\partial\mathbf{y}}{\partial\mathbf{x}}=W\]", Verdict.FOLLOWS, ""),
        (LINEAR + r"\[\frac{\partial\mathbf{y}}{\partial\mathbf{x}}=W^\top\]", Verdict.FOLLOWS_IF,
         "the derivative is laid out the other way"),
        (r"\[(AB)^\top=B^\top A^\top\]", Verdict.FOLLOWS, ""),
        (r"\[(AB)^\top=A^\top B^\top\]", Verdict.WRONG, ""),
        (r"\[\|x-y\|^2=x^\top x-2x^\top y+y^\top y\]", Verdict.FOLLOWS, ""),
    ],
)  # fmt: skip
def test_lines_in_vector_notation(text: str, verdict: Verdict, said: str) -> None:
    row = last(text)
    assert row.verdict is verdict
    assert said in (row.needs or row.mend)


@pytest.mark.parametrize(
    "line",
    [
        r"w(k+1)=w(k)-\Delta w(k)",
        r"\theta(i+1)=\theta(i)+M(i+1)",
        r"\Delta w=\mu\sum_i x_i(y_i-t_i)",
        r"\mathbb{E}[x^2]-\mathbb{E}[x]^2=\mathrm{Var}[x]",
        r"\phi(z)=e^{-z^2}\\ \frac{d\phi(u)}{du}=-2u\phi(u)",
        r"\sum_i x_i=0",
        r"\mathbf{A}\mathbf{v}=\lambda\mathbf{v}",
        r"\mathbf{v}\cdot\mathbf{w}=\|\mathbf{v}\|\|\mathbf{w}\|\cos\theta",
        r"H(X)=-\sum_i p_i\log p_i\textrm{, where }p_i=P(X_i)",
        r"h_i=o_i\odot\tanh(c_i)",
        r"\eta(t)&=\eta_0e^{-\lambda t}\\ \eta(t)&=\eta_0(\beta t+1)^{-\alpha}",
        r"\textrm{bias}(u_n)=E(u_n-v)=E(u_n)-v",
        r"x=a^2\\ r=g(\lambda\cdot 1+(1-\lambda)\cdot 0)\\ r=g(\lambda)",
        r"x\sim\mathcal{N}(0,1)",
        r"\text{if}\;i\neq j:\;\delta_{ij}=0",
    ],
)
def test_what_looks_like_a_product_and_is_none_is_not_wrong(line: str) -> None:
    assert Verdict.WRONG not in verdicts(rf"\begin{{align}}{line}\end{{align}}")


def test_what_an_earlier_section_defines_may_be_something_else() -> None:
    text = "# One\n$$L=x^2$$\n# Two\n$$\\frac{dL}{dx}=3x^2$$\n"
    assert verdicts(text, "md") == ["follows", "undecided"]
    assert verdicts(text.replace("# Two", "And"), "md") == ["follows", "wrong"]


# -- documents -------------------------------------------------------------------------------------

PAGES = {
    "tex": r"""\documentclass{article}\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}
% \[ 1 = 2 \]
\begin{verbatim}
\[ 1 = 3 \]
\end{verbatim}
The softmax is \begin{equation}\label{s} p_i=\frac{e^{z_i}}{\sum_k e^{z_k}} \end{equation}
and the loss $L=-\sum_iy_i\log p_i$ with one-hot $y$.
\begin{alignat}{2}
\pd{L}{z_j} &\stackrel{(a)}{=} -\sum_i y_i\pd{\log p_i}{z_j} \nonumber\\[2pt]
\intertext{and so}
&= -\sum_iy_i\left(\delta_{ij}\right. \\ &\quad \left. - p_j\right) \tag{3}
\end{alignat}
so that \begin{eqnarray*} &=& p_j-y_j . \end{eqnarray*}
""",
    "md": """The softmax is `\\[1=2\\]` $$p_i=\\frac{e^{z_i}}{\\sum_k e^{z_k}}$$
```python
x = "$$ 1 = 2 $$"
```
and the loss is $L=-\\sum_iy_i\\log p_i$ with one-hot $y$.
```math
\\frac{\\partial L}{\\partial z_j} = -\\sum_iy_i(\\delta_{ij}-p_j)
```
$$
\\begin{aligned}[t] &= p_j - y_j \\end{aligned}
$$
""",
    "txt": """p[i] = exp(z[i]) / sum(exp(z[k]), k)   # softmax
L = -sum(y[i]*log(p[i]), i)
dL/dz[j] = -sum(y[i] * d(log(p[i]))/dz[j], i)
= -sum(y[i]*(delta(i,j) - p[j]), i)
""",
}
PAGES["ipynb"] = json.dumps(
    {"cells": [
        {"cell_type": "markdown", "source": PAGES["md"].splitlines(keepends=True)},
        {"cell_type": "code", "source": ["print('$$1=2$$')"]},
    ]}
)  # fmt: skip


@pytest.mark.parametrize("kind", PAGES)
def test_every_kind_of_document_is_read(kind: str) -> None:
    found = check(PAGES[kind], kind)
    assert {row.verdict for row in found.rows} == {Verdict.FOLLOWS}
    assert sum(1 for _ in found.rows) >= 3


def test_a_line_is_where_the_text_has_it() -> None:
    text = "a\n\n\\begin{align}\nx &= x \\\\\n  &= 2x\n\\end{align}\n"
    row = last(text)
    assert (row.line, row.column, row.source) == (5, 3, "&= 2x")


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (r"\begin{align}a&=b\\&=\begin{cases}1&x\\2&y\end{cases}\\&=c\end{align}", 3),
        (r"\begin{equation}\begin{split}a&=b\\&=c\end{split}\end{equation}", 2),
        (r"\begin{gather*}a=b\\c=d\end{gather*}$$e=f$$\[g=h\]", 4),
        (r"\[a=\begin{pmatrix}1\\2\end{pmatrix}\]", 1),
        (r"\begin{IEEEeqnarray}{rCl}a&=&b\\&=&c\end{IEEEeqnarray}", 2),
        (r"$$\begin{array}{rcl}a&=&b\\&=&c\end{array}$$", 2),
        (r"$$\begin{array}{ll}a&=b\\&=c\end{array}$$", 2),
        (r"\[A=\begin{array}{cc}1&x\\2&y\end{array}\]", 1),
        (r"\[a=\left\{\begin{array}{rl}1&x\\2&y\end{array}\right.\]", 1),
        (r"\[A=\left[\begin{array}{rl}1&x\\2&y\end{array}\right]\]", 1),
        (r"no mathematics at all, $x$ but inline", 0),
    ],
)
def test_displays_are_cut_into_rows(text: str, rows: int) -> None:
    assert sum(len(d.rows) for d in page_of(text, "tex").displays) == rows


# -- hostile ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        r"\newcommand{\a}{\a\a}\[\a=1\]",
        r"\def\b#1{#1#1#1}\[\b{\b{\b{\b{\b{\b{\b{\b{x}}}}}}}}=x\]",
        r"\begin{align} x &= \frac{1}{",
        "$$" + "{" * 5000 + "$$",
        "$$" + "(" * 3000 + "x" + ")" * 3000 + "=x$$",
        r"\[" + "x+" * 4000 + r"x = 0\]",
        "\\[x=1\\]\n" * 2 + "a" * 1_000_000,
        r"\[x \input{/etc/passwd} = 1\]",
        "\x00\x02\x03$$\x00$$",
    ],
)
def test_hostile_text_is_answered(text: str) -> None:
    assert check(text, timeout=20).status in (0, 1, 3)


def test_too_much_text_and_no_notebook_are_one_sentence() -> None:
    with pytest.raises(Mistake, match="at most"):
        check("x" * 3_000_000)
    with pytest.raises(Mistake, match="notebook"):
        check("{", "ipynb")


def test_nothing_outside_the_folder_is_read(tmp_path, capsys) -> None:
    (tmp_path / "secret.tex").write_text(r"\[ 1 = 2 \]")
    folder = tmp_path / "paper"
    folder.mkdir()
    (folder / "part.tex").write_text("\n\\[ x + x = 2x \\]\n\\input{main}")
    (folder / "link.tex").symlink_to(tmp_path / "secret.tex")
    (folder / "main.tex").write_text(
        "\\input{../secret}\n\\input{link}\n\\input{part}\n% \\input{gone}\n\\input{gone}\n"
    )
    assert run(["check", str(folder / "main.tex"), "-f", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [(r["file"], r["line"]) for c in found["chains"] for r in c["rows"]] == [("part.tex", 2)]
    assert len(found["notes"]) == 4


# -- the command -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "status"),
    [
        (r"\[x+x=2x\]", 0),
        (r"\[x+x=3x\]", 1),
        (r"\[x+x=\int x\]", 3),
        ("nothing", 3),
    ],
)
def test_the_exit_status_says_what_was_found(text: str, status: int, tmp_path, capsys) -> None:
    path = tmp_path / "notes.tex"
    path.write_text(text)
    assert run(["check", str(path)]) == status
    assert run(["check", str(tmp_path / "gone.tex")]) == 2
    assert "there is no file" in capsys.readouterr().err


@pytest.mark.parametrize("target", ["text", "markdown", "github", "latex", "json"])
def test_every_format_marks_the_wrong_line(target: str, tmp_path, capsys) -> None:
    path = tmp_path / "notes.tex"
    path.write_text("\\documentclass{article}\n" + LOSS + rf"\[{GRADIENT}=p_j+y_j\]")
    assert run(["check", str(path), "-f", target]) == 1
    shown = capsys.readouterr().out
    marks = {"latex": r"\color{red}", "json": '"wrong"', "github": "does not follow"}
    assert marks.get(target, "✗") in shown


def test_the_data_is_as_the_schema_says(tmp_path, capsys) -> None:
    found = symderiv.check(LOSS + rf"\[{GRADIENT}=p_j-y_j\]\[{GRADIENT}=p_j+y_j\]", "tex").as_data()
    assert found["first_wrong"] == {"chain": 4, "row": 1}
    row = found["chains"][2]["rows"][0]
    assert (row["verdict"], row["needs"]) == ("follows-if", "Σ_k y_k = 1")
    assert json.loads(json.dumps(found)) == found


def fits(value: object, schema: dict, root: dict) -> bool:
    """Is a value as a schema says?  The part of JSON Schema that ours uses."""
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].rsplit("/", 1)[-1]]
    if "anyOf" in schema:
        return any(fits(value, s, root) for s in schema["anyOf"])
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    kinds = {"object": dict, "array": list, "string": str, "integer": int, "null": type(None)}
    named = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if not isinstance(value, tuple(kinds[k] for k in named)):
        return False
    if isinstance(value, list):
        return all(fits(v, schema["items"], root) for v in value)
    if isinstance(value, dict):
        known, more = schema.get("properties", {}), schema.get("additionalProperties")
        whole = set(schema.get("required", ())) <= set(value)
        each = (fits(v, known.get(k, more), root) for k, v in value.items() if k in known or more)
        return whole and (bool(more) or set(value) <= set(known)) and all(each)
    return True


def test_the_schema_that_is_shipped_describes_the_data(capsys) -> None:
    assert run(["check", "--schema"]) == 0
    schema = json.loads(capsys.readouterr().out)
    for text in (*RIGHT[:12], *WRONG[:12], r"\[x\int x\]"):
        data = json.loads(json.dumps(checked(text, "tex").as_data()))
        assert fits(data, schema, schema)
        data["chains"][0]["rows"][0]["verdict"] = "perhaps"
        assert not fits(data, schema, schema)
