"""The command line: `symderiv COMMAND …`.

Gives `run`: a command's exit status.  A command is a file of this folder, with a click command
called `command`; it is imported when it is asked for.
Neither this file nor a command's file imports SymPy or NumPy while it loads, so help, completion
and usage errors are quick.

Exit status: 0 done; 1 a claim is false or undecided, no derivation is found, a bound does not
hold, a file is stale; 2 the request was wrong, said in one sentence; 130 interrupted; 141 the
reader went away.  Results go to the standard output (or `--output`), everything else to the
standard error.

To add a command: write its file, and give it its name in `COMMANDS`.

Floor 5: imports anything, late.
"""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence

import click

from symderiv import __version__
from symderiv.mistakes import Mistake, Unanswered, did_you_mean

COMMANDS = {  # by name, the file that each is in
    "jacobian": "derivative",
    "gradient": "derivative",
    "hessian": "derivative",
    "list": "listing",  # a module called list would hide Python's own here
    "derive": "derive",
    "backprop": "backprop",
    "check": "check",
    "recheck": "recheck",
    "verify": "verify",
    "emit": "emit",
    "export": "export",
}


class Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        found = importlib.import_module(f"{__name__}.{COMMANDS[cmd_name]}").command
        return found if isinstance(found, click.Command) else found(cmd_name)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            meant = "" if args[0] == "help" else did_you_mean(args[0], COMMANDS)
            raise Mistake(f"no command '{args[0]}'{meant or '; symderiv --help lists them'}")
        return super().resolve_command(ctx, args)


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        click.echo(f"symderiv {__version__}")
        ctx.exit()


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_version,
    help="Show the version.",
)
def group() -> None:
    """Derivatives of neural-network functions, in index notation.

    Derived line by line with a named rule each, every line judged, for a chosen size K and for
    every K at once; as text, LaTeX, Markdown, PDF, JSON, and as NumPy functions.

    \b
      symderiv jacobian --k 3
      symderiv gradient cross-entropy
      symderiv derive "log(sum(exp(z[k]), k))" --wrt "z[j]"
    """


def run(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit status."""
    try:
        status = group.main(arguments, prog_name="symderiv", standalone_mode=False)
        if sys.stdout is not None:
            sys.stdout.flush()
        return status if isinstance(status, int) else 0
    except click.exceptions.NoArgsIsHelpError as asked:
        click.echo(asked.ctx.get_help() if asked.ctx else "", err=True)
        return 2
    except click.UsageError as error:
        return _refused(error.format_message(), error.ctx)
    except click.ClickException as error:
        return _refused(error.format_message(), None)
    except Mistake as error:
        return _refused(error.typed(), None)
    except (KeyboardInterrupt, click.Abort):
        click.echo("symderiv: interrupted", err=True)
        return 130
    except Unanswered as error:
        click.echo(f"symderiv: {error.lead}{error.typed()}", err=True)
        return 1
    except BrokenPipeError:
        _leave_output()
        return 141
    except OSError as error:
        _leave_output()
        why = (error.strerror or str(error)).lower()
        return _refused(f"{error.filename or 'cannot write the standard output'}: {why}", None)


def _leave_output() -> None:
    """The interpreter flushes the stream once more at exit: give it somewhere to go."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _refused(sentence: str, ctx: click.Context | None) -> int:
    path = ctx.command_path if ctx is not None else "symderiv"
    shown = "".join(c if c.isprintable() else repr(c)[1:-1] for c in sentence)
    click.echo(f"{path}: {shown[:1].lower()}{shown[1:]}", err=True)
    return 2
