"""`symderiv derive`: the derivative of a function typed in index notation, and of a claim."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from symderiv.cli.delivery import answered, emitted, send
from symderiv.cli.destination import Destination, page_options
from symderiv.cli.inputs import check_output, formula_text
from symderiv.cli.once import Command
from symderiv.cli.options import Asking, check_written_for, request_options, written_for
from symderiv.face import late
from symderiv.mistakes import Mistake

if TYPE_CHECKING:
    from symderiv.reader import Understood


class Formula(Command):
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
        ctx.allow_extra_args = True
        super().parse_args(ctx, args)
        if ctx.args and not ctx.resilient_parsing:
            left = " ".join(ctx.args)
            raise Mistake(
                f"{ctx.info_name}: the formula is one argument, in quotes; '{left}' is left"
            )
        return ctx.args


def _begins_with_a_minus(word: str) -> bool:
    """Is it a formula?  `-x*2` is one, `-o` and `-fjson` are options."""
    if len(word) < 2 or not word.startswith("-") or word.startswith("--"):
        return False
    return word[1] not in "foh" or not {*"([*+ \\_@"}.isdisjoint(word)


@click.command("derive", cls=Formula, short_help="Your own function, derived and judged.")
@click.argument("function", metavar="FORMULA", required=False)
@click.option("--file", metavar="FILE", help="Read the formula there, whatever its name.")
@click.option("--emit", metavar="FILE", help="Write function and derivative there as source.")
@written_for
@click.option(
    "--show-reading", is_flag=True, help="Print what was understood, in index notation, and end."
)
@request_options(
    without=("soft", "batch"),
    wrt={"metavar": "'z[j]'", "help": "Twice: second derivative."},
)
@page_options()
def command(
    function: str | None,
    asked: Asking,
    destination: Destination,
    emit: str | None,
    arrays: str,
    file: str | None,
    show_reading: bool,
) -> int:
    """Derive FORMULA, a text in index notation, LaTeX or vector notation, a file, or -.

    \b
      symderiv derive "log(sum(exp(z[k]), k))" --wrt "z[j]" --claim "softmax(z)[j]"
      symderiv derive "p[i] = softmax(z)[i]; -sum(y[i]*log(p[i]), i)" \\
          --wrt "z[j]" --assume "sum(y[i], i) = 1" --claim "p[j] - y[j]"

    With --claim the exit status is 0 if it holds, 1 if it does not or cannot be decided.
    """
    text = formula_text(function, file)
    request = asked(text)
    if not request.variables:
        raise Mistake("missing option '--wrt': what to differentiate by, such as --wrt 'z[j]'")
    if emit is not None:
        check_output(emit)
    check_written_for(arrays, emit)
    if show_reading:
        send(_told(late.answering.understood(request)), destination.output)
        return 0
    if emit is None:
        return answered("formula", request, destination, "deriving")
    return emitted("formula", request, destination, emit, arrays)


def _told(asked: Understood) -> str:
    """What was understood, each text in the formula language."""
    lines = [asked.formula]
    lines += [f"--wrt {w}" for w in asked.wrt]
    lines += [f"--assume {a}" for a in asked.assume]
    lines += [f"--claim {asked.claim}"] if asked.claim is not None else []
    return "\n".join(lines)
