"""Functions of a user's: found by the name of their module or file.

Gives `found`.  Imports mistakes only.
"""

from __future__ import annotations

import contextlib
import importlib
import importlib.util
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from symderiv.mistakes import DASH, Mistake, did_you_mean


def found(spec: str) -> Callable[..., Any]:
    """The function of "module:function" or "file.py:function".

    Raises
    ------
    Mistake
        where there is none.
    """
    module_name, colon, name = spec.rpartition(":")
    if not colon or not module_name or not name:
        raise Mistake(f"{DASH}against {spec}: give module:function, as in losses:my_gradient")
    if os.getcwd() not in sys.path:
        sys.path.insert(0, os.getcwd())
    try:
        with contextlib.redirect_stdout(sys.stderr):
            made: Any = _module(module_name)
    except (Exception, SystemExit) as error:
        reason = str(error) or type(error).__name__
        raise Mistake(
            f"{DASH}against {spec}: {module_name} cannot be imported: {reason}"
        ) from error
    for part in name.split("."):
        if not hasattr(made, part):
            functions = (n for n in dir(made) if callable(getattr(made, n, None)))
            near = did_you_mean(part, [n for n in functions if not n.startswith("_")])
            raise Mistake(f"{DASH}against {spec}: {module_name} has no '{part}'{near}")
        made = getattr(made, part)
    if not callable(made):
        raise Mistake(f"{DASH}against {spec}: that is no function")
    return made  # type: ignore[no-any-return]


def _module(name: str) -> Any:
    if not name.endswith(".py"):
        return importlib.import_module(name)
    spec = importlib.util.spec_from_file_location(Path(name).stem, name)
    if spec is None or spec.loader is None or not Path(name).is_file():
        raise ImportError(f"there is no file {name}")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
