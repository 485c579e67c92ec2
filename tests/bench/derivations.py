"""Derivations beside plain SymPy, and processes beside `import sympy`.

Every derivation is timed in a process of its own, after the imports and once: what a person
waits for.  What is not there yet is skipped with a word.

With another checkout in the environment variable BEFORE the derivations are timed there as well,
turn about, and each line says how many times as long they take here.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Sequence

from tests.bench.race import show, table

ROUNDS = 7
# Modules are compiled once and kept, as they are where the package is installed.
ENVIRONMENT = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
PATIENCE = 60.0  # seconds after which a contender is given up

BEFORE = os.environ.get("BEFORE")
# Every module of the package, late ones too, so that none is imported while the clock runs.
WARM_UP = """
import gc, time
from contextlib import suppress
from importlib import import_module
from pkgutil import walk_packages
import symderiv
from symderiv import catalogue, jacobian, gradient, hessian, derive
for module in walk_packages(symderiv.__path__, "symderiv.", lambda name: None):
    if not module.name.endswith(("__main__", "sphinx")):
        with suppress(ImportError):  # of an extra that is not installed
            import_module(module.name)
gc.collect()
gc.freeze()  # what the imports left is not looked through again
"""
START = "import time\nfrom symderiv import jacobian, gradient, hessian, derive"
ATTENTION = (
    "derive('sum(exp(sum(q[a]*k[t,a], a))*v[t,b], t)/sum(exp(sum(q[a]*k[t,a], a)), t)', wrt='q[c]')"
)

DERIVATIONS = (
    ("softmax Jacobian", "jacobian('softmax')"),
    ("softmax Jacobian, product rule", "jacobian('softmax', route='product')"),
    ("softmax Jacobian, K = 3", "jacobian('softmax', k=3)"),
    ("cross-entropy, label", "gradient('cross-entropy')"),
    ("cross-entropy, label, log", "gradient('cross-entropy', route='log')"),
    ("cross-entropy, soft targets", "gradient('cross-entropy', soft=True)"),
    ("cross-entropy in W", "gradient('cross-entropy', wrt='W')"),
    ("cross-entropy in b", "gradient('cross-entropy', wrt='b')"),
    ("cross-entropy in x", "gradient('cross-entropy', wrt='x')"),
    ("cross-entropy in W, batch", "gradient('cross-entropy', wrt='W', batch='mean')"),
    ("log-softmax", "jacobian('log-softmax')"),
    ("log-sum-exp", "gradient('logsumexp')"),
    ("Hessian in the logits", "hessian('cross-entropy')"),
    ("Hessian in the logits, soft", "hessian('cross-entropy', soft=True)"),
    ("Hessian in the weights", "hessian('cross-entropy', wrt='W')"),
    ("layer normalisation", "jacobian('layer-normalisation')"),
    ("attention", ATTENTION),
)


def python(code: str, *, patience: float = PATIENCE, root: str | None = None) -> str | None:
    """What a fresh interpreter prints, or None where it fails or takes too long."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            timeout=patience,
            env=ENVIRONMENT if root is None else {**ENVIRONMENT, "PYTHONPATH": root},
            cwd=root,
        )
    except subprocess.TimeoutExpired:
        return None
    return done.stdout if done.returncode == 0 else None


def once(call: str, *, setup: str = WARM_UP, patience: float = PATIENCE) -> float | None:
    """Seconds that a call takes in a fresh interpreter, after the imports."""
    code = f"{setup}\nbegun = time.perf_counter()\n{call}\nprint(time.perf_counter() - begun)"
    out = python(code, patience=patience)
    return float(out.split()[-1]) if out else None


def processes() -> None:
    """Whole processes, in turn, so that a slow second slows all."""
    print(f"\nWhole processes, processor time (median of {ROUNDS})")
    command = [sys.executable, "-c", "from symderiv.__main__ import main; main()"]
    contenders: dict[str, Sequence[str]] = {
        "symderiv jacobian --k 3": [*command, "jacobian", "--k", "3", "--no-cache"],
        "the same, its page kept": [*command, "jacobian", "--k", "3"],
        "a mistake in a formula": [*command, "derive", "log(sum(exp(z[k]), k", "--wrt", "z[j]"],
        "symderiv gradient cross-entropy": [*command, "gradient", "cross-entropy"],
        "symderiv --help": [*command, "--help"],
        "symderiv jacobian --k 0": [*command, "jacobian", "--k", "0"],
        "import sympy": [sys.executable, "-c", "import sympy"],
        "import numpy": [sys.executable, "-c", "import numpy"],
        "import click": [sys.executable, "-c", "import click"],
        "pass": [sys.executable, "-c", "pass"],
    }
    times: dict[str, list[float]] = {name: [] for name in contenders}
    failed = set()
    for _ in range(ROUNDS):
        for name, words in contenders.items():
            status, seconds = _spent(words)
            times[name].append(seconds)
            if status != (2 if "--k 0" in name or "mistake" in name else 0):
                failed.add(name)
    medians = {name: statistics.median(t) for name, t in times.items()}
    for name, seconds in medians.items():
        ratio = f"{seconds / medians['import sympy']:.2f} × import sympy"
        print(f"{name:34} {show(seconds):>8}  {ratio}{'  (failed)' if name in failed else ''}")


def _spent(words: Sequence[str]) -> tuple[int, float]:
    """The exit status of a process, and the seconds of processor time that it took."""
    started = subprocess.Popen(
        words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENVIRONMENT
    )
    _, status, used = os.wait4(started.pid, 0)
    started.returncode = os.waitstatus_to_exitcode(status)
    return started.returncode, used.ru_utime + used.ru_stime


MEASURED = """
times = []
for _ in range(5):
    begun = time.process_time()
    {call}
    times.append(time.process_time() - begun)
print(times[0], min(times[1:]))
"""
WHOLE = "{call}\nprint(time.process_time())"


def symbolic() -> None:
    """Derivations for every K, every line judged; first time in a process, and again in it."""
    print("\nEvery line judged, processor time: at first in a process, with all modules imported;")
    print("again in it; and the whole of a process that derives this, with its imports")
    for name, call in DERIVATIONS:
        codes = (WARM_UP + MEASURED.replace("{call}", call), f"{START}\n{WHOLE}".format(call=call))
        runs: dict[str | None, list[list[float]]] = {None: []} | ({BEFORE: []} if BEFORE else {})
        for _ in range(3):
            for root, found in runs.items():
                words = [(python(code, root=root) or "nan nan").split() for code in codes]
                found.append([float(t) for t in (*words[0], words[1][0])])
        least = {root: [min(t) for t in zip(*found, strict=True)] for root, found in runs.items()}
        line = f"{name:34}" + "".join(f" {show(t):>8}  " for t in least[None])
        if BEFORE:
            line += "".join(f"   {a / b:.2f} ×" for a, b in zip(*least.values(), strict=True))
        print("(not there) " + name if math.isnan(least[None][0]) else line, flush=True)


PRINTED = """
begun = time.process_time()
answer = {call}
middle = time.process_time()
{page}
print(middle - begun, time.process_time() - middle)
"""
PAGES = (
    ("softmax Jacobian, K = 3", "jacobian('softmax', k=3)"),
    ("cross-entropy, label", "gradient('cross-entropy')"),
    ("attention", ATTENTION),
    ("layer normalisation", "jacobian('layer-normalisation')"),
)


def printed() -> None:
    """The page of a derivation beside the derivation, both for the first time in a process."""
    print("\nThe page beside its derivation, processor time, both at first")
    for name, call in PAGES:
        for kind in ("text", "latex", "html"):
            code = PRINTED.format(call=call, page=f"answer.page({kind!r})")
            found = [(python(WARM_UP + code) or "nan nan").split() for _ in range(3)]
            derived, page = (min(map(float, times)) for times in zip(*found, strict=True))
            print(
                f"{name:28} {kind:6} {show(page):>8}  {page / derived:.2f} × {show(derived)}",
                flush=True,
            )


SYMPY = """
import time
from sympy import Matrix, exp, latex, simplify, symbols
def plain(size):
    z = symbols(f"z1:{size + 1}")
    total = sum(exp(x) for x in z)
    return latex(simplify(Matrix([exp(x) / total for x in z]).jacobian(z)))
"""
OURS = """
import contextlib, io, time
import sympy, symderiv.face.answering, symderiv.cli.derivative, symderiv.cli.delivery
import symderiv.documents, symderiv.documents.latex, symderiv.derivation.textbook, symderiv.reader
from symderiv.cli import run
def ours(size):
    with contextlib.redirect_stdout(io.StringIO()) as out:
        status = run(["jacobian", "--k", str(size), "--full", "--format", "latex"])
    assert status == 0 and len(out.getvalue()) > size**2, out.getvalue()
"""


def beside_sympy() -> None:
    """The Jacobian at a chosen K, simplified, its full matrix in LaTeX: ours is judged as well."""
    print("\nAt a chosen K: the derivation, judged, and the full matrix in LaTeX")
    for size in (3, 6, 10):
        mine = once(f"ours({size})", setup=OURS)
        plain = once(f"plain({size})", setup=SYMPY)
        times = {"symderiv": mine, "Matrix.jacobian, simplify, latex": plain}
        known = {name: t for name, t in times.items() if t is not None}
        if len(known) == 2:
            table(f"K = {size}", known)
        else:
            print(f"K = {size:<30} {known}")
    for size in (20, 50, 100, 200, 500, 1000):
        mine = once(f"ours({size})", setup=OURS)
        print(f"K = {size:<30} symderiv {show(mine) if mine else '(over a minute)'}", flush=True)


EXAMPLES = """
import json, time
from pathlib import Path
import symderiv.face.answering, symderiv.derivation.textbook, symderiv.reader, sympy
from symderiv import derive
rows = [json.loads(line) for line in Path("tests/examples/derivations.jsonl").open()]
times = []
for row in rows:
    begun = time.perf_counter()
    try:
        made = derive(
            row["define"], wrt=row["wrt"], assume=row.get("assume", ()), claim=row["claim"]
        )
        strength = str(made.claim.verdict.strength)
        ok = (strength == "refuted") == (row.get("verdict") == "false") and made.steps
        outcome = strength if ok and strength != "undecided" else f"WRONG: {strength}"
    except Exception as error:
        outcome = f"WRONG: {type(error).__name__}: {error}".splitlines()[0][:60]
    times.append((time.perf_counter() - begun, row["id"], outcome))
print(json.dumps(times))
"""


def examples() -> None:
    """The file of examples, for every size, in one process."""
    print("\nThe file of examples, derived and judged for every size, in one process")
    out = python(EXAMPLES, patience=300)
    if out is None:
        print("(not there yet)")
        return
    times = sorted(json.loads(out), reverse=True)
    seconds = [t for t, _, _ in times]
    print(
        f"{len(times)} formulas in {show(sum(seconds))}; median {show(statistics.median(seconds))}"
    )
    counts = Counter(outcome for _, _, outcome in times if not outcome.startswith("WRONG"))
    print(", ".join(f"{count} {outcome}" for outcome, count in counts.most_common()))
    for t, name, outcome in times[:5]:
        print(f"  slowest: {name:30} {show(t):>8}  {outcome}")
    for t, name, outcome in times:
        if outcome.startswith("WRONG"):
            print(f"  {name:30} {show(t):>8}  {outcome}")


BENCHES: tuple[Callable[[], None], ...] = (
    processes,
    symbolic,
    printed,
    beside_sympy,
    examples,
)


def main() -> None:
    for bench in BENCHES:
        bench()


if __name__ == "__main__":
    main()
