"""`symderiv derive`: the derivative of a function typed in index notation, and of a claim."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import click

from symderiv.cli.delivery import deliver, send, working
from symderiv.cli.destination import Destination, page_options
from symderiv.cli.options import request_options
from symderiv.face import late
from symderiv.face.request import Request
from symderiv.files import check_writable
from symderiv.mistakes import Mistake

LONGEST = 100_000  # characters; the reader has its own, smaller bounds


class Formula(click.Command):
    """A command whose argument may begin with a minus: `symderiv derive "-log(p[y])" …`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        valued = {
            name
            for param in self.params
            if isinstance(param, click.Option) and not param.is_flag
            for name in param.opts
        }
        place = 0
        while place < len(args) and args[place] != "--":
            if args[place] in valued:
                place += 2
            elif _begins_with_a_minus(args[place]):
                args = [*args[:place], *args[place + 1 :], "--", args[place]]
                break
            else:
                place += 1
        return super().parse_args(ctx, args)


def _begins_with_a_minus(word: str) -> bool:
    """Is it a formula?  `-x*2` is one, `-o` and `-fjson` are options."""
    if len(word) < 2 or not word.startswith("-") or word.startswith("--"):
        return False
    return word[1] not in "foh" or not {*"([*+ "}.isdisjoint(word)


@click.command("derive", cls=Formula, short_help="Your own function, derived and judged.")
@click.argument("function", metavar="FORMULA")
@click.option("--emit", metavar="FILE", help="Write function and derivative there as NumPy source.")
@request_options(
    without=("soft", "batch"),
    wrt={"required": True, "metavar": "'z[j]'", "help": "Twice: second derivative."},
)
@page_options
def command(request: Request, page: Destination, emit: str | None) -> int:
    """Derive FORMULA, a text in index notation, a file that holds one, or - to read one.

    \b
      symderiv derive "log(sum(exp(z[k]), k))" --wrt "z[j]" --claim "softmax(z)[j]"
      symderiv derive "p[i] = softmax(z)[i]; -sum(y[i]*log(p[i]), i)" \\
          --wrt "z[j]" --assume "sum(y[i], i) = 1" --claim "p[j] - y[j]"

    With --claim the exit status is 0 if it holds, 1 if it does not or cannot be decided.
    """
    text = _text_of(str(request.function))
    if emit is not None:
        check_writable(emit)
    with working("deriving"):
        answer = late.answer("formula", replace(request, function=text))
    status = deliver(answer, page)
    if emit is not None and status == 0:
        with working(f"writing and checking {emit}"):
            source = late.derivation_source(answer)
        send(source, emit)
    return status


def _text_of(formula: str) -> str:
    """The formula itself, what the file of that name holds, or the standard input."""
    if formula == "-":
        text = sys.stdin.read(LONGEST + 1)
    elif _is_file(formula):
        try:
            with Path(formula).open(encoding="utf-8") as file:
                text = file.read(LONGEST + 1)
        except (OSError, UnicodeDecodeError) as error:
            raise Mistake(f"cannot read {formula}: {error}") from error
    elif _names_a_file(formula):
        raise Mistake(f"there is no file {formula}, and it is no formula")
    else:
        text = formula
    if len(text) > LONGEST:
        raise Mistake(f"the formula is longer than {LONGEST} characters")
    if not text.strip():
        raise Mistake('the formula is empty; it takes one such as "log(sum(exp(z[k]), k))"')
    return text


def _names_a_file(formula: str) -> bool:
    """Does it look like `loss.txt` or `formulas/loss`, and like no formula?"""
    return re.fullmatch(r"[\w./\\-]*\.[A-Za-z]{2,5}", formula) is not None


def _is_file(formula: str) -> bool:
    try:
        return len(formula) < 4096 and Path(formula).is_file()
    except (OSError, ValueError):
        return False
