"""The floors: every module imports only from the floors below it, or from its own room."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "symderiv"

# A room is a module or a folder.  `mistakes` and `files` know nothing of mathematics.
FLOORS = (
    {
        *("mistakes", "files", "terms", "letters", "problem", "verdict", "factors", "matching"),
        *("sizes", "renaming", "aliases"),
    },
    {"rules", "rewrite", "judge", "reader", "printers"},
    {"derivation", "chain", "routes", "textbook", "entries", "network"},
    {"catalogue"},
    {
        *("documents", "serialisation"),
        *("numeric", "emit", "functions", "verification", "programs"),
    },
    {"work", "shown", "session", "source", "gradients", "cli", "sphinx", "__init__"},
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

# What a room may import from its own floor, each leaning on those before it.  Engine and judge
# are no neighbours, and never will be.
NEIGHBOURS = {
    "files": {"mistakes"},
    "letters": {"terms"},
    "problem": {"letters", "terms"},
    "verdict": {"problem"},
    "factors": {"letters", "terms"},
    "matching": {"factors", "letters", "terms"},
    "sizes": {"factors", "letters", "problem", "terms"},
    "aliases": {"problem", "terms"},
    "renaming": {"letters", "mistakes", "problem", "terms"},
    "rewrite": {"rules"},
    "chain": {"derivation"},
    "textbook": {"chain", "derivation", "routes"},
    "entries": {"chain", "derivation", "routes", "textbook"},
    "network": {"chain", "derivation", "textbook"},
    "serialisation": {"documents"},
    "functions": {"numeric"},
    "emit": {"numeric"},
    "verification": {"emit", "functions", "numeric"},
    "session": {"shown", "work"},
    "sphinx": {"session", "__init__"},
    "source": {"session"},
    "cli": {"gradients", "session", "source", "__init__"},
    "__init__": {"gradients", "session"},
}
ONLY = {"numeric": {"numeric"}, "functions": {"numeric"}}
OUTSIDE = {"numeric": {"numpy"}, "functions": {"numpy"}}
OPTIONAL = {"compiled.py": {"numba"}, "kernels.py": {"numba"}}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever in it, in full."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "symderiv":
                yield from (f"symderiv.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def rooms_imported(path: Path) -> set[str]:
    found = set()
    for name in imported(path):
        first, _, rest = name.partition(".")
        if first == "symderiv":
            room = rest.split(".")[0]
            found.add(room if room in FLOOR else "__init__")
    return found


def test_neighbours_share_a_floor_and_do_not_lean_on_each_other() -> None:
    for room, others in NEIGHBOURS.items():
        for other in others:
            assert FLOOR[room] == FLOOR[other]
            assert room not in NEIGHBOURS.get(other, ())


@pytest.mark.parametrize("path", modules(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_imports_point_down(path: Path) -> None:
    room = room_of(path)
    assert room in FLOOR, f"which floor is {room} on?  Say so in this test and in the design."
    for other in rooms_imported(path) - {room}:
        below = FLOOR[other] < FLOOR[room] or other in NEIGHBOURS.get(room, ())
        assert below, f"{path.name} (floor {FLOOR[room]}) imports {other} (floor {FLOOR[other]})"
        if room in ONLY:
            assert other in ONLY[room], f"{path.name} imports {other}"


@pytest.mark.parametrize(
    "path", [p for p in modules() if room_of(p) in OUTSIDE], ids=lambda p: p.name
)
def test_numbers_need_numpy_alone(path: Path) -> None:
    outside = {name.split(".")[0] for name in imported(path)} - {"symderiv"}
    allowed = OUTSIDE[room_of(path)] | OPTIONAL.get(path.name, set())
    assert outside - set(sys.stdlib_module_names) <= allowed


LIGHT = [
    "import symderiv",
    "import symderiv; symderiv.__version__; dir(symderiv)",
    "import symderiv.cli",
    *(
        f"from symderiv.cli import run; run({line.split()!r})"
        for line in (
            "",
            "--help",
            "--version",
            "jacobian --help",
            "derive --help",
            "backprop --help",
            "backprop",
            "verify --help",
            "jacobain",
            "jacobian --k 0",
            "jacobian --k 3 --entry 4,1",
            "jacobian --k 3 --at 1,2",
            "jacobian --colour",
            "jacobian --format txt",
            "jacobian sofmax",
            "gradient",
            "derive",
        )
    ),
    "import os; os.environ.update(_SYMDERIV_COMPLETE='bash_complete', COMP_WORDS='symderiv jac',"
    " COMP_CWORD='1'); from symderiv.cli import run; run([])",
    "import os; os.environ.update(_SYMDERIV_COMPLETE='bash_complete',"
    " COMP_WORDS='symderiv jacobian so', COMP_CWORD='2'); from symderiv.cli import run; run([])",
]


@pytest.mark.parametrize("code", LIGHT)
def test_what_must_be_quick_imports_no_sympy_and_no_numpy(code: str) -> None:
    guarded = (
        "import sys\n"
        "sys.modules.update(sympy=None, numpy=None, mpmath=None, rich=None, typst=None)\n"
        f"try:\n    exec({code!r})\n"
        "except SystemExit:\n    pass\n"
    )
    done = subprocess.run([sys.executable, "-c", guarded], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_functions_import_numpy_alone() -> None:
    guarded = (
        "import sys; sys.modules.update(sympy=None, numba=None)\n"
        "from symderiv.functions import softmax\n"
        "assert softmax([0.0, 0.0]).tolist() == [0.5, 0.5]"
    )
    done = subprocess.run([sys.executable, "-c", guarded], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_numba_is_not_imported_before_the_first_pass() -> None:
    code = "import sys, symderiv.functions; assert 'numba' not in sys.modules"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
