"""Mistakes: what a person asked for and cannot have, in one sentence.

Gives `SymderivError`, of which every exception that symderiv raises on purpose is one; `Mistake`, a
request that is wrong (the command line ends with status 2); `Unanswered`, a request that is right
and has no answer here (status 1); `DASH`, which stands before the name of an option in a sentence;
`did_you_mean`, the clause that names what was probably meant; and `check_text` and
`check_positive`, which refuse what is none, as it is `spelled`.

Floor 0: imports the standard library only.
"""

from __future__ import annotations

from collections.abc import Iterable

DASH = "\N{WORD JOINER}"  # no other text has it


class SymderivError(Exception):
    """What symderiv raises: its text is one sentence, made to be shown as it stands.

    Two kinds: `Mistake`, where the request is wrong, and `Unanswered`, where it is right and no
    answer passes.  Anything else that comes out of symderiv is a fault of symderiv.
    """

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence.replace(DASH, ""))
        self.sentence = sentence

    def typed(self) -> str:
        """The sentence for a command line, on which an option has two dashes.

        >>> Mistake(f"{DASH}wrt q: there is no q").typed()
        '--wrt q: there is no q'
        """
        return self.sentence.replace(DASH, "--")


class Mistake(SymderivError, ValueError):
    """One sentence: what was wrong, where, and what would be right."""


class Unanswered(SymderivError, ArithmeticError):
    """No answer: a line that the judge does not pass, or no rule that leads further.

    `lead` is what the command line says before the sentence.
    """

    lead = "no derivation: "


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names closest to one that is not known, best first.

    >>> nearest("sofmax", ["softmax", "log-softmax", "gelu"])
    ['softmax', 'log-softmax']
    """
    from difflib import get_close_matches  # only mistakes pay for it

    names = sorted(set(known))
    folded = {n.casefold().replace("_", "-"): n for n in names}
    wanted = name.casefold().replace("_", "-")
    alike = 0.6 if len(wanted) < 5 else 0.7  # one letter of three; partial is no artanh
    close = get_close_matches(wanted, folded, n=most, cutoff=alike)
    whole = [n for n in folded if len(wanted) > 2 and (wanted in n or n in wanted)]
    return [folded[n] for n in dict.fromkeys([*close, *whole])][:most]


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """A clause to end a sentence with: the nearest names, or all when there are few.

    >>> did_you_mean("sofmax", ["softmax", "gelu"])
    "; did you mean 'softmax'?"
    >>> did_you_mean("x", ["mean", "sum"])
    "; known are 'mean' and 'sum'"
    """
    names = sorted(set(known))
    if close := nearest(name, names):
        return f"; did you mean {listed(close, 'or')}?"
    if len(names) == 1:
        return f"; there is '{names[0]}' alone"
    return f"; known are {listed(names)}" if 0 < len(names) <= 8 else ""


def listed(names: Iterable[str], word: str = "and") -> str:
    """Names in quotes, as they are listed in a sentence.

    >>> listed(["a", "b", "c"])
    "'a', 'b' and 'c'"
    """
    *first, last = [f"'{n}'" for n in names]
    return f"{', '.join(first)} {word} {last}" if first else last


def spelled(given: object) -> str:
    """What was given, and what it is, in a few words.

    >>> spelled([1, 2]), spelled(None)
    ('[1, 2] (list)', 'None')
    """
    if given is None:
        return "None"
    return f"{' '.join(repr(given).split()):.60} ({type(given).__name__})"


def check_text(role: str, given: object) -> None:
    """Refuse what is no text."""
    if not isinstance(given, str):
        raise Mistake(f"{role}: it takes text, not {spelled(given)}")


def check_positive(role: str, given: object, what: str = "a number of seconds") -> None:
    """Refuse what is no number above 0."""
    if isinstance(given, bool) or not isinstance(given, int | float) or not given > 0:
        raise Mistake(f"{role}: it takes {what}, not {spelled(given)}")
