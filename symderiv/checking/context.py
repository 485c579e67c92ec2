r"""Context: what is known where a line stands, from the text before it and from who asks.

Gives `Context`: definitions, functions of the author, unknown functions (`L = L(O)`), facts, and
what the tokens of the whole text say of its names.  `define` takes one statement in or refuses it.

An unknown function of an array is written as what its first derivatives cannot tell from it,
L = Σ_ab g_ab O_ab with g any numbers: what holds of ∂L/∂O for every g holds for every L.

Imports convention, givens, stages, steps, unknown and the reader.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import field, replace

from symderiv import catalogue
from symderiv.checking.convention import repeated, summed
from symderiv.checking.givens import quantities
from symderiv.checking.stages import Stage, bare
from symderiv.checking.steps import Step, step_of
from symderiv.checking.unknown import derivatives, functions_in, opaque
from symderiv.elementwise import NAMED
from symderiv.reader import ReadError, scan, tree
from symderiv.reader.calls import PLAIN
from symderiv.reader.latex import atoms, authored
from symderiv.reader.latex.cursor import Cursor, Function, Heads, Known
from symderiv.reader.latex.derivatives import UNSAID
from symderiv.reader.latex.lefts import Left, left_of, names_of
from symderiv.reader.latex.names import FUNCTIONS, MATRIX_FUNCTIONS, WHOLE, spoken_for
from symderiv.reader.latex.scripts import scripts
from symderiv.reader.latex.statements import known_of
from symderiv.reader.latex.survey import mentioned
from symderiv.reader.latex.tokens import Token
from symderiv.reader.library import Library
from symderiv.reader.refusal import NO_VARIABLE, Source
from symderiv.records import dataclass
from symderiv.terms.dependence import in_order, reached

MOST_DEFINITIONS = 60
ANYTHING = "*"  # what a vague name may depend on
_INDICES = frozenset("ijklmnabcdpqrst")  # letters that are summed over where they stand twice
_HEAD = re.compile(r"\b(opaque_\d+)\b(?:\[([^\[\]]*)\])?")


@dataclass(frozen=True)
class Definition:
    """What the text says a name is, as it stands there."""

    source: Source
    left: Left
    found: list[Token]
    section: int  # of the text, in which it stands


@dataclass
class Context:
    """What is known, and what the whole text says of its names."""

    known: Known
    stages: dict[str, Stage] = field(default_factory=dict)
    unknown: dict[str, tuple[str, ...]] = field(default_factory=dict)  # L: (O, ...)
    facts: list[str] = field(default_factory=list)  # in the formula language
    ranks: dict[str, int] = field(default_factory=dict)
    twice: set[str] = field(default_factory=set)  # names with two meanings
    retaken: set[str] = field(default_factory=set)  # where nothing says that the last one holds
    binary: dict[str, int] = field(default_factory=dict)  # the lower value of y ∈ {−1, 1}
    met: set[str] = field(default_factory=set)  # every name so far
    section: int = 0
    solving: int = -1  # the section in which an equation is solved
    opaque: set[str] = field(default_factory=set)  # the first coefficients of unknown functions
    own: dict[str, Definition] = field(default_factory=dict)  # what is, or applies, a function
    said: dict[str, tuple[ast.expr, ast.expr]] = field(default_factory=dict)  # softmax(z)_i = ...
    otherwise: set[str] = field(default_factory=set)  # functions of arrays that are not ours here
    heads: Heads = field(default_factory=Heads)  # the terms of which only the form is read
    by_form: bool = False  # are terms without a meaning read by their form?
    vague: dict[str, frozenset[str]] = field(default_factory=dict)  # defined so: what by
    singles: dict[str, tuple[str, ...]] = field(default_factory=dict)  # L, written for L_i
    of_one: dict[str, Stage] = field(default_factory=dict)  # L_i, where L is written and summed
    steps: dict[str, Step] = field(default_factory=dict)  # arrays that are defined by themselves

    @classmethod
    def over(cls, everything: Sequence[Token]) -> Context:
        """The context of a text of which nothing has been read but its tokens."""
        library = Library(catalogue.library())
        context = cls(known_of(everything, derivatives=True, library=library))
        for name in functions_in(everything):
            context._unknown_function(name)
        return context

    def _unknown_function(self, name: str) -> None:
        """f(x), of which nothing is said: a cubic of which nothing is said, with derivatives."""
        c = [f"{name}_c{n}" for n in range(4)]
        bodies = (
            f"{c[0]} + {c[1]}*x_ + {c[2]}*x_**2 + {c[3]}*x_**3",
            f"{c[1]} + 2*{c[2]}*x_ + 3*{c[3]}*x_**2",
            f"2*{c[2]} + 6*{c[3]}*x_",
        )
        self.known.applied |= {name}
        self.opaque |= set(c)
        for order, body in enumerate(bodies):
            tree_ = ast.parse(body, mode="eval").body
            self.known.functions[name + "'" * order] = Function(("x_",), tree_)

    # -- reading ---------------------------------------------------------------------------------

    def cursor(
        self, source: Source, found: list[Token], free: Sequence[str] = (), *, vectors: bool = False
    ) -> Cursor:
        """A cursor over a formula, with what is known."""
        heads = self.heads if self.by_form else None
        here = replace(self.known, free=frozenset(free), vectors=vectors, heads=heads)
        return Cursor(source, found, here)

    def term(self, source: Source, found: list[Token], free: Sequence[str] = ()) -> ast.expr:
        """One formula as a tree; functions of the author are put in."""
        read = self.cursor(source, found, free).whole(found, found[0].at)
        for body, variable in reversed(scan.slopes(read)):
            if isinstance(variable, ast.Subscript) and scan.name_of(variable) == UNSAID:
                variable.value = self._only_array(source, body)
        return self.noted(read)

    def _only_array(self, source: Source, body: ast.expr) -> ast.expr:
        """The array x by which \\partial_j L differentiates: the one that L is made of."""
        made = self.reached([body]) - {scan.name_of(body)}
        ranks = self.ranks | scan.ranks([body])
        arrays = [name for name in made if ranks.get(name, 0)]
        if len(arrays) != 1 or ranks[arrays[0]] != 1:
            said = r"\partial_j says by no array; write \partial_{x_j}"
            raise source.refuse(body.col_offset, said, kind=NO_VARIABLE)
        return tree.name(arrays[0], body.col_offset)

    def noted(self, read: ast.expr) -> ast.expr:
        """A tree, with what it shows of its arrays noted.

        L that is summed over its own i is L_i.
        """
        for call in scan.calls(read):
            for name in scan.words(call.args[:1]):
                one = self.of_one.get(name)
                if one is not None and {*one.letters} & {*scan.own_letters(call)}:
                    self.enter(self._single(self.of_one.pop(name)))
        if self.singles:
            read = tree.copied(read, self._indexed)
        for name, rank in scan.ranks([read]).items():
            self.ranks.setdefault(name, rank)
        self.met.update(scan.words([read]))
        return read

    def _indexed(self, node: ast.expr) -> ast.expr | None:
        if not isinstance(node, ast.Name) or node.id not in self.singles:
            return None
        at = node.col_offset
        places = [tree.name(x, at) for x in self.singles[node.id]]
        return tree.component(tree.name(node.id, at), places, at)

    def reached(self, sides: Sequence[ast.expr]) -> frozenset[str]:
        """The names that sides come down to, with those on the way."""

        def words(name: str) -> Iterator[str]:
            return scan.words([self.stages[name].body] if name in self.stages else [])

        return frozenset(reached(scan.words(sides), words))

    def behind(self, vague: str) -> frozenset[str]:
        """The names that what is only known by its form may depend on, with those on the way."""

        def words(name: str) -> Iterator[str]:
            if name in self.vague:
                return iter(self.vague[name])
            return scan.words([self.stages[name].body] if name in self.stages else [])

        return frozenset(reached(self.vague[vague], words))

    def shown(self, text: str) -> str:
        """A text in the formula language, with the forms for the names that stand for them."""
        forms = self.heads.forms

        def form(found: re.Match[str]) -> str:
            letters = dict(enumerate((found[2] or "·").split(","), 1))
            shown = forms.get(found[1], found[1])
            for number, letter in letters.items():
                shown = shown.replace(f"#{number}", letter.strip())
            return f"«{shown}»"

        return _HEAD.sub(form, text)

    # -- definitions -----------------------------------------------------------------------------

    def left(self, source: Source, found: list[Token]) -> Left | None:
        """What a side defines, if it can be the left side of a definition."""
        if not found or found[0].kind not in ("letter", "command"):
            return None
        try:
            left = left_of(self.cursor(source, found), in_a_line=True)
        except ReadError:
            return None
        if len(set(left.letters)) < len(left.letters) or (left.letters and left.parameters):
            return None
        if authored.is_partial(left.name, [*left.letters], self.known):
            return None  # f_x = 2 x y of f(x, y) is a claim
        if left.parameters and left.name in MATRIX_FUNCTIONS:
            return None  # tr(AB) = tr(A) tr(B) is said of the trace, and is none of its own
        return replace(left, name=spoken_for(left.name))

    def whole(self, source: Source, found: list[Token]) -> tuple[str, str] | None:
        """The function of a whole array that a side is, and the array: softmax(z)_i."""
        try:
            left = left_of(self.cursor(source, found), in_a_line=True)
        except ReadError:
            return None
        if left.name not in WHOLE or len(left.parameters) != 1:
            return None
        return WHOLE[left.name], left.parameters[0]

    def relate(self, left: ast.expr, right: ast.expr) -> None:
        """Note what an equation says of the components of an array by others of it."""
        found = step_of(left, right)
        if found is not None and found[0] not in self.stages:
            name, step = found
            self.steps.setdefault(name, step)
            self.vague.setdefault(name, quantities(step.body) - {name})

    def is_new(self, left: Left) -> bool:
        """Does nothing yet say what would be defined?  Of an unknown function, more may be said."""
        if left.name in self.stages:
            return False
        opaque = f"{left.name}_c0" in self.opaque
        return not left.parameters or _word(left.name) not in self.known.functions or opaque

    def define(self, source: Source, left: Left, found: list[Token]) -> bool:
        """Take a definition in; False where it defines nothing.

        Raises
        ------
        ReadError
            for a right side that is not read.
        """
        if len(self.stages) >= MOST_DEFINITIONS:
            raise source.refuse(found[0].at, f"at most {MOST_DEFINITIONS} definitions are read")
        arguments = self._unknown_of(source, found, left)
        if arguments:
            self.unknown[left.name] = arguments
            return True
        if not self._put(Definition(source, left, found, self.section)):
            return False
        for definition in self._resting_on(left.name):  # f(x) = x g(x), where g(x) = ...
            self._put(definition)
        return True

    def _put(self, definition: Definition) -> bool:
        """Enter a definition by what is known; False where it defines its name by itself."""
        source, left, found = definition.source, definition.left, definition.found
        word = _word(left.name)
        if left.parameters:
            self.known.defined |= {left.name, word}
        body = self.term(source, found, left.letters)
        if {left.name, f"{left.name}_c0"} & self.reached([body]):
            return False
        if left.squared:
            body = tree.call("sqrt", [body], body.col_offset)
        of_numbers = self._written_out(source, body, left.parameters) if left.parameters else body
        if left.parameters or mentioned(found) & self.known.functions.keys():
            self.own[left.name] = definition
        alone = {name.id for name in bare(of_numbers)}
        constant = not (alone or scan.ranks([of_numbers]))  # g(x) = 3 is a function of x
        if alone.isdisjoint(left.parameters) and not constant:
            left = replace(left, parameters=())  # L(w) = ..., of the array w
        for order in range(3):  # it is no unknown function from here on
            self.known.functions.pop(word + "'" * order, None)
        if left.parameters and not left.letters:
            self.known.applied |= {word}
            self.known.functions[word] = Function(left.parameters, of_numbers)
            if len(left.parameters) == 1 and not self._unsaid(of_numbers, left.parameters[0]):
                slopes = derivatives(of_numbers, left.parameters[0])
                for order, slope in enumerate(slopes, 1):
                    key = word + "'" * order
                    self.known.functions[key] = Function(left.parameters, slope)
        self.stage(left, body, definition.section)
        return True

    def _unsaid(self, body: ast.expr, parameter: str) -> bool:
        """Does a body depend on its parameter in a way that nothing says?"""
        inside = self.reached([body])
        unknown = any(parameter in self.unknown[n] for n in inside & self.unknown.keys())
        vague = (self.behind(n) for n in inside & self.vague.keys())
        return unknown or any({ANYTHING, parameter} & behind for behind in vague)

    def _resting_on(self, name: str) -> Iterator[Definition]:
        """What is defined by a name, each after what it is defined by itself."""
        by = {
            one: mentioned(said.found) & {*self.own, *self.stages} for one, said in self.own.items()
        }
        for one in in_order(by, by.__getitem__, by):
            if one != name and name in reached(by[one], lambda n: by.get(n, ())):
                yield self.own[one]

    def _written_out(self, source: Source, body: ast.expr, parameters: Sequence[str]) -> ast.expr:
        """A body with the definitions of the numbers in it that depend on its parameters."""
        left = MOST_DEFINITIONS

        def meant(node: ast.expr) -> ast.expr | None:
            nonlocal left
            stage = self.stages.get(node.id) if isinstance(node, ast.Name) else None
            if stage is None or stage.letters or not self.reached([node]) & {*parameters}:
                return None
            left -= 1
            if left < 0:
                raise source.refuse(0, f"at most {MOST_DEFINITIONS} definitions are put in")
            return tree.copied(stage.body, meant)

        return tree.copied(body, meant)

    def stage(self, left: Left, body: ast.expr, section: int | None = None) -> None:
        """Enter a definition; letters repeated in a term and not on its left are summed."""
        twice, once = repeated(body)
        over = (twice - once - set(left.letters)) & _INDICES
        section = self.section if section is None else section
        stage = Stage(left.name, left.letters, summed(body, over), section)
        if not left.letters:
            free = scan.free_subscripts(body)
            own = tuple(x for x in free if x in over)
            if alone := tuple(x for x in free if x in PLAIN and x not in over):
                stage = self._single(replace(stage, letters=alone))
            elif own:
                self.of_one[left.name] = Stage(left.name, own, body, section)
        self.enter(stage)

    def _single(self, stage: Stage) -> Stage:
        """What is said of one i, L = (y_i - t_i)^2, from here on as L_i."""
        self.singles[stage.name] = stage.letters
        return stage

    def enter(self, stage: Stage) -> None:
        """Enter a definition as it is."""
        self.known.defined |= {stage.name}
        self.unknown.pop(stage.name, None)
        self.vague.pop(stage.name, None)
        self.stages[stage.name] = stage
        self.ranks[stage.name] = len(stage.letters)

    def _unknown_of(self, source: Source, found: list[Token], left: Left) -> tuple[str, ...]:
        """The arguments of an unknown function, where the right side is that: L(O), f(x, y)."""
        if left.letters or left.parameters:
            return ()
        cursor = self.cursor(source, found)
        try:
            name = atoms.identifier(cursor)
            scripts(cursor)
            if not cursor.sees("(") or name in self.known.functions:
                return ()
            known = name in self.stages or name == "sigma" or name in WHOLE or name in FUNCTIONS
            if name != left.name and known:
                return ()
            _, inner = cursor.bracketed()
            if cursor.next is not None:
                return ()
            return tuple(names_of(self.cursor(source, inner), in_a_line=True))
        except ReadError:
            return ()

    # -- as text ---------------------------------------------------------------------------------

    def text(
        self,
        sides: Sequence[ast.expr],
        held: Sequence[str] = (),
        guessed: Mapping[str, Stage] | None = None,
    ) -> str:
        """The definitions that these sides need, in order, in the formula language.

        Parameters
        ----------
        held : stages that are left out, so that they are given arrays
        guessed : further definitions, which the text does not give
        """
        known = {**self.stages, **(guessed or {})}
        wanted: dict[str, Stage] = {}
        waiting = list(dict.fromkeys(scan.words(sides)))
        ranks = dict(self.ranks) | scan.ranks(sides)
        while waiting:
            name = waiting.pop()
            if name in wanted or name in held:
                continue
            if name in self.unknown:
                wanted[name] = self._opaque(name, ranks)
            elif name in known:
                wanted[name] = known[name]
            else:
                continue
            waiting += scan.words([wanted[name].body])
        order = in_order(wanted, lambda name: scan.words([wanted[name].body]), wanted)
        return "\n".join(wanted[name].text for name in order)

    def _opaque(self, name: str, ranks: Mapping[str, int]) -> Stage:
        return opaque(name, self.unknown[name], ranks)


def _word(name: str) -> str:
    """A function's name as it is written: of the author's own relu, which is relu_ as a term."""
    return word if (word := name.removesuffix("_")) in NAMED else name
