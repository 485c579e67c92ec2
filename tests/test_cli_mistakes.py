"""Wrong requests: one sentence on the standard error, exit code 2, no output, no traceback."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from symderiv.cli import run

MISTAKES = [
    # arguments, what the sentence must hold
    ("jacobain", ["no command 'jacobain'", "did you mean 'jacobian'"]),
    ("recheck README.md", ["no JSON", "line 1 column 1"]),
    ("help", ["no command 'help'", "symderiv --help"]),
    ("softmax", ["no command 'softmax'", "symderiv --help"]),
    ("derive sum(x[i]**2, i) --wrt x[j]", ["one argument, in quotes", "'i)' is left"]),
    ("derive x**2 -w x", ["one argument, in quotes", "'x -w' is left"]),
    ("backprop z = W @ x", ["one argument, in quotes", "'= W @ x' is left"]),
    ("jacobian --k 0", ["--k 0", "from 1 up"]),
    ("jacobian --k x", ["--k x", "whole number"]),
    ("jacobian --k -3", ["--k -3", "from 1 up"]),
    ("jacobian --k 2.5", ["--k 2.5", "whole number"]),
    ("jacobian --k 1e3", ["--k 1e3"]),
    ("jacobian --k ٣", ["--k"]),
    ("jacobian --k 99999999999999999999", ["--k 9"]),
    ("jacobian --k 3 --k 4", ["--k is given twice; it takes one value"]),
    ("gradient cross-entropy --batch --batch sum", ["--batch is given twice"]),
    ("derive -x --wrt x --claim 1 --claim -1", ["--claim is given twice"]),
    ("list -f json -f text", ["--format is given twice"]),
    ("jacobian --k 3 --entry 4,1", ["--entry 4,1", "K = 3", "1 to 3"]),
    ("jacobian --k 3 --entry 0,1", ["--entry 0,1", "from 1 up"]),
    ("jacobian --k 3 --entry one", ["--entry one"]),
    ("jacobian --k 3 --at 1,2", ["--at 1,2", "3 numbers, not 2"]),
    ("jacobian --k 1 --at 1,2", ["1 number, not 2"]),
    ("jacobian --k 3 --at 1,2,nan", ["number 3", "'nan'", "finite"]),
    ("jacobian --k 3 --at 1,inf,2", ["number 2", "'inf'", "finite"]),
    ("jacobian --k 3 --at 1,,2", ["number 2", "''"]),
    ("jacobian --at 1e999", ["number 1", "finite"]),
    ("gradient cross-entropy --k 3 --at 1,2,3", ["depends on the label", "--target"]),
    ("gradient softmax-vjp --k 2 --at 1,2", ["more than the point: g"]),
    ("gradient cross-entropy --wrt W --at 1,2", ["W has no single axis"]),
    ("gradient cross-entropy --soft --target 1", ["not both"]),
    ("jacobian --at z=[1,2", ["'z=[1,2' is no array of finite numbers"]),
    ("jacobian --at z=[1,NaN]", ["no array of finite numbers"]),
    ("jacobian --at q=[1,2]", ["no array or number 'q'", "'z'"]),
    ("jacobian vector-function --at x1=1;x2=3", ["this page has several"]),
    ("gradient silu --at 1,2", ["x has no single axis", "x=1"]),
    ("jacobian --at z=1", ["it is K, not a number"]),
    ("jacobian --k 3 --at z=[1,2]", ["K = 2 there, and 3 elsewhere"]),
    ("jacobian layer-normalisation --at x=[[1],[2,3]];e=1", ["rows are not of one length"]),
    ("gradient least-squares --at X=[[1,2]];w=[1];t=[0]", ["--at w: D = 1 there, and 2"]),
    ("gradient cross-entropy --at z=[1,2];y=3", ["y = 3", "1 to 2"]),
    ("gradient cross-entropy --at z=[1,2];y=0", ["y=0", "from 1 up"]),
    ("gradient cross-entropy --k 2 --target 1 --at z=[1,2];y=1", ["--target has chosen"]),
    ("hessian cross-entropy --wrt W --at W=[[1]];x=[1];b=[1]", ["4 axes; two can be shown"]),
    ("jacobian --route quotent", ["no route 'quotent'", "did you mean 'quotient'"]),
    ("jacobian vector-function --entry 4,1", ["3 by 2 entries"]),
    ("jacobian logsumexp", ["no jacobian", "gradient"]),
    ("export", ["DIRECTORY"]),
    ("verify --against a:b", ["go together"]),
    ("verify softmax --wrt x", ["--against", "formula"]),
    ("verify softmax --against a:b --function softmax", ["softmax", "--function names"]),
    ("verify sofmax", ["no function 'sofmax'", "did you mean 'softmax'"]),
    ("emit sofmax", ["did you mean 'softmax'"]),
    ("jacobian sofmax", ["no function 'sofmax'", "did you mean 'softmax'"]),
    ("gradient cros-entropy", ["'cros-entropy'", "did you mean 'cross-entropy'"]),
    ("hessian xyzzyplugh", ["'xyzzyplugh'"]),
    ("gradient", ["missing argument 'FUNCTION'"]),
    ("gradient cross-entropy --k 3 --target 4", ["--target 4", "1 to 3"]),
    ("gradient cross-entropy --batch max", ["'max'", "'mean' and 'sum'"]),
    ("jacobian --symbols z", ["'z' is no renaming", "old=new"]),
    ("jacobian --symbols z=1", ["no renaming"]),
    ("jacobian --macro p", ["'p' is no renaming", r"as in p=\prob"]),
    ("jacobian --accept all", ["there is 'numeric' alone"]),
    ("verify nosuch", ["no function 'nosuch'", "`symderiv list` shows all of them"]),
    ("check .", ["symderiv: cannot read .: it is a directory"]),
    ("jacobian --symbols z=delta", ["'delta' is Kronecker's delta"]),
    ("jacobian --symbols z=e", ["'e' is the base of the exponential"]),
    ("jacobian --symbols z=o,p=o", ["two symbols would both be 'o'"]),
    ("jacobian --symbols z=o,z=q", ["'z' is renamed twice"]),
    ("jacobian --format latx", ["no format 'latx'", "did you mean 'latex'"]),
    ("jacobian --format docx", ["no format 'docx'", "known are 'text', 'latex', 'markdown'"]),
    ("jacobian --output notes.docx", ["'.docx'", "--format"]),
    ("jacobian --format pdf", ["-o softmax.pdf"]),
    ("jacobian --format png -o -", ["name a file"]),
    ("jacobian -o x.png -f text", ["--format text", "x.png is png by its name"]),
    ("jacobian -o x.txt -f pdf", ["--format pdf", "x.txt is text by its name"]),
    ("derive nofile.txt --wrt x", ["there is no file nofile.txt"]),
    ("derive papers/loss.tex --wrt x", ["there is no file papers/loss.tex"]),
    ("derive x**2 --wrt x --assume 1=2", ["the assumption 1 = 2", "leave it out"]),
    ("derive x**2 --wrt x --assume x>x", ["the assumption x > x", "leave it out"]),
    ("gradient cross-entropy --target 0", ["--target 0", "a class label"]),
    ("jacobian --beamer", ["--beamer", "--format latex"]),
    ("jacobian --standalone -f github", ["--standalone", "--format latex"]),
    ("jacobian --engine latex", ["--engine latex", "FILE.pdf"]),
    ("jacobian --rules left", ["'left'", "'none', 'overset' and 'right'"]),
    ("jacobian --width 0", ["--width 0"]),
    ("jacobian --width 5", ["--width 5", "from 20 up"]),
    ("jacobian --kk 3", ["no such option", "--kk"]),
    ("jacobian softmax extra", ["unexpected extra argument"]),
    ("derive", ["missing argument"]),
    ("derive z", ["missing option '--wrt'"]),
    ("derive '' --wrt z", ["empty"]),
    ("list --format yaml", ["no format 'yaml'", "'json' and 'text'"]),
]


@pytest.mark.parametrize(("line", "parts"), MISTAKES, ids=[m[0] for m in MISTAKES])
def test_a_mistake_is_one_sentence(
    line: str, parts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = [word.strip("'") for word in line.split()]
    assert run(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert len(err.splitlines()) == 1, err
    assert err.startswith("symderiv")
    for part in parts:
        assert part in err


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("missing/softmax.tex", "there is no directory"),
        ("folder", "it is a directory"),
        ("file.tex/softmax.tex", "there is no directory"),
    ],
)
@pytest.mark.parametrize(
    "command", ["jacobian", "list", "verify", "emit softmax", "derive z --emit"]
)
def test_an_unwritable_path_is_refused_before_the_work(
    command: str,
    path: str,
    part: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file.tex").write_text("kept")
    before = sorted(tmp_path.rglob("*"))
    option = ["--wrt", "z"] if "--emit" in command else ["-o"]
    words = [*command.split(), *([] if "--emit" in command else option), str(tmp_path / path)]
    words += option if "--emit" in command else []
    words += ["--format", "text"] if command in ("jacobian", "list", "verify") else []
    assert run(words) == 2
    err = capsys.readouterr().err
    assert part in err
    assert len(err.splitlines()) == 1
    assert sorted(tmp_path.rglob("*")) == before
    assert (tmp_path / "file.tex").read_text() == "kept"


@pytest.mark.parametrize(
    "line",
    [
        "derive loss.txt --wrt x --emit loss.txt",
        "derive --file loss.txt --wrt x -f latex -o ./loss.txt",
        "derive x**2 --wrt x --macros loss.txt -f latex -o loss.txt",
        "backprop loss.txt --emit loss.txt",
        "check loss.txt -o link.txt",
    ],
)
def test_what_is_read_is_not_written_over(
    line: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "loss.txt").write_text("x**2")
    (tmp_path / "link.txt").symlink_to("loss.txt")
    assert run(line.split()) == 2
    said = capsys.readouterr().err
    assert said.endswith(f"{line.split()[-1]}: it is what this command reads; name another file\n")
    assert (tmp_path / "loss.txt").read_text() == "x**2"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_permission_denied_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tmp_path.chmod(0o500)
    assert run(["jacobian", "-o", str(tmp_path / "a.tex")]) == 2
    assert "permission denied" in capsys.readouterr().err


def test_restyling_is_a_matter_of_latex(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["jacobian", "--restyle", "-f", "latex"]) == 0
    assert r"\symderivdelta{ij}" in capsys.readouterr().out
    assert run(["jacobian", "--restyle"]) == 2
    assert "--restyle: it goes with --format latex" in capsys.readouterr().err
