"""Growth: sizes, depths and orders beside the smallest of each, processor time.

What is asked grows from one row to the next, and so does the answer; a line is the time for one
size divided by that for the first, beside how many times larger the answer is *as shared*: each
different term in it counted once.
"""

from __future__ import annotations

import json
import math
import time

from tests.bench.derivations import WARM_UP, python
from tests.bench.race import show

NESTED = ("tanh", "sigmoid", "gelu", "exp")
DEPTHS = (1, 2, 4, 6, 8, 12, 20)

MEASURED = """
import json
from symderiv.terms import subterms
def terms(answer):
    lines = [answer.answer, *(s.after for s in answer.steps)]
    lines += [stage.body for stage in answer.problem.stages]
    return len({t for line in lines for t in subterms(line)})
begun = time.process_time()
answer = derive(%r, wrt=%r)
print(json.dumps([time.process_time() - begun, terms(answer)]))
"""


def nested(name: str, depth: int) -> str:
    """f(f(…f(x)))."""
    return f"{name}(" * depth + "x" + ")" * depth


def product(count: int) -> str:
    """sin(a x) tanh(b x) …: factors of which each depends on x."""
    heads = ("sin", "tanh", "exp", "log", "cos", "sigmoid")
    return "*".join(f"{heads[n % 6]}({'abcdefgh'[n % 8]}{n}*x)" for n in range(count))


FAMILIES: dict[str, list[tuple[int, str, tuple[str, ...]]]] = {
    **{f"{name}, nested": [(n, nested(name, n), ("x",)) for n in DEPTHS] for name in NESTED},
    "product of n factors": [(n, product(n), ("x",)) for n in (1, 2, 4, 8, 12)],
    "n-th derivative of tanh(x**2)": [(n, "tanh(x**2)", ("x",) * n) for n in (1, 2, 3, 4, 5)],
    "n-th derivative of log-sum-exp": [
        (n, "log(sum(exp(z[k]), k))", tuple(f"z[{c}]" for c in "abcd"[:n])) for n in (1, 2, 3)
    ],
}

COMMAND = """
import contextlib, io, time
import symderiv.cli.derivative, symderiv.face.answering, symderiv.documents.presentation
import symderiv.documents.latex, symderiv.documents.text
from symderiv.cli import run
with contextlib.redirect_stdout(io.StringIO()) as out:
    begun = time.process_time()
    assert run(%r) == 0
    seconds = time.process_time() - begun
print(seconds)
"""
COMMANDS = (
    ("softmax, K = 3", ["jacobian", "--k", "3"]),
    ("softmax, K = 1000, elided", ["jacobian", "--k", "1000"]),
    ("softmax, K = 1000, LaTeX in full", ["jacobian", "--k", "1000", "--full", "-f", "latex"]),
    ("layer normalisation, K = 3", ["jacobian", "layer-normalisation", "--k", "3"]),
    ("layer normalisation, K = 100", ["jacobian", "layer-normalisation", "--k", "100"]),
    (
        "layer normalisation, K = 100, in full",
        ["jacobian", "layer-normalisation", "--k", "100", "--full", "-f", "latex"],
    ),
)


def growing() -> None:
    """Derivations that grow in depth, length or order."""
    for family, members in FAMILIES.items():
        print(f"\n{family}: time and terms, beside n = {members[0][0]}", flush=True)
        first: tuple[float, int] | None = None
        for n, formula, wrt in members:
            out = python(WARM_UP + MEASURED % (formula, wrt))
            if out is None:
                print(f"  n = {n:<4} (no answer)")
                break
            seconds, terms = json.loads(out)
            first = first or (seconds, terms)
            ratio = f"{seconds / first[0]:6.1f} × the time   {terms / first[1]:6.1f} × the terms"
            print(f"  n = {n:<4} {show(seconds):>8}  {ratio}   ({terms})", flush=True)


def sizes() -> None:
    """Pages at a chosen K, after the imports, beside those at K = 3."""
    print("\nPages at a chosen K, after the imports, beside the same at K = 3")
    first = math.nan
    for name, words in COMMANDS:
        found = [float(python(COMMAND % [*words, "--no-cache"]) or "nan") for _ in range(3)]
        least = min(found)
        first = least if name.endswith("K = 3") else first
        print(f"{name:40} {show(least):>8}  {least / first:.2f} ×", flush=True)


def main() -> None:
    begun = time.monotonic()
    sizes()
    growing()
    print(f"\n(in {show(time.monotonic() - begun)})")


if __name__ == "__main__":
    main()
