"""Once: an option that takes one value is given once.

Gives `Command`, which every command of symderiv is: of two values click would take the last and be
silent about the first.

Floor 5: imports click and floor 0.
"""

from __future__ import annotations

import click

from symderiv.mistakes import Mistake


class Command(click.Command):
    """A command that refuses an option with two values, unless it takes several."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        _, _, order = self.make_parser(ctx).parse_args(list(args))
        for place, param in enumerate(order):
            single = isinstance(param, click.Option) and not (param.multiple or param.is_flag)
            if single and param in order[:place] and not ctx.resilient_parsing:
                raise Mistake(f"{max(param.opts, key=len)} is given twice; it takes one value")
        return super().parse_args(ctx, args)
