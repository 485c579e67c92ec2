"""Lines evaluated at points: sums written out, derivatives by tangents; no law of algebra at all.

`Evaluator(problem, world, arithmetic).value(term)` is the value of a term at the points of a
world, an array with one number for each point.

Imports scope and values.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from sympy.core.basic import Basic

from symderiv.judge.attack import duals
from symderiv.judge.attack.arithmetic import Arithmetic
from symderiv.judge.attack.ground import Ground
from symderiv.judge.attack.scope import Scope
from symderiv.judge.attack.values import VALUES
from symderiv.judge.attack.worlds import World
from symderiv.terms.problem import Problem


class Evaluator(Ground):
    """Terms of one problem at the points of one world."""

    def __init__(self, problem: Problem, world: World, arithmetic: Arithmetic) -> None:
        super().__init__(problem, world, arithmetic, VALUES)
        self.top = Scope(self, None, world.letters, 0, ())

    def value(self, term: Basic) -> Any:
        """The value of a term at every point, nan where it has none."""
        value = np.asarray(duals.plain(self.top.value(term)))
        whole = (self.world.count,)
        return value if value.shape == whole else np.broadcast_to(value, whole)
