"""The floors: every module imports only from the floors below it, or from its own room.

The map of the rooms in the README is made from this table and the rooms' own first lines.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Collection, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from symderiv import matrices, reader, terms

PACKAGE = Path(__file__).parent.parent / "symderiv"

# A room is a module or a folder.  `mistakes` and `files` know nothing of mathematics.
FLOORS = (
    {"late", "mistakes", "records", "patience", "files", "terms", "elementwise", "recheck"},
    {"rules", "judge", "reader", "printers", "numbers"},
    {"derivation"},
    {"catalogue"},
    {
        *("checking", "matrices", "documents", "serialisation"),
        *("atoms", "emit", "functions", "verification", "programs"),
    },
    {"face", "cli", "sphinx", "__init__", "__main__"},
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}

# What a room may import from its own floor, each leaning on those before it.  Engine and judge
# are no neighbours, and never will be.
NEIGHBOURS = {
    "files": {"late", "mistakes"},
    "patience": {"mistakes"},
    "terms": {"late", "mistakes", "records"},
    "documents": {"checking", "matrices"},
    "elementwise": {"late", "mistakes", "records", "terms"},
    "rules": {"reader"},
    "serialisation": {"documents", "matrices"},
    "emit": {"atoms"},
    "programs": {"emit", "verification"},
    "verification": {"emit", "functions"},
    "sphinx": {"face", "cli"},
    "cli": {"face", "__init__"},
    "__init__": {"face"},
    "__main__": {"cli"},
}
# The judge keeps its own knowledge of functions.
NEVER = {"judge": {"elementwise"}}
ONLY: dict[str, set[str]] = {"atoms": set(), "functions": set(), "recheck": set()}
OUTSIDE: dict[str, set[str]] = {"atoms": {"numpy"}, "functions": {"numpy"}, "recheck": set()}


# Where an import may stand in a function: for the sake of the start, or of an extra.
LATE = {
    "__main__.py": "an interrupt while the commands are imported",
    "documents/press.py": "the extra symderiv[pdf]",
    "documents/terminal.py": "the extra symderiv[pretty]",
    "emit": "NumPy, where a function is made",
    "programs": "NumPy, where a function is made",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


@cache
def nodes(path: Path) -> list[ast.AST]:
    """What a file says that an import may be; numbers and names need not be looked at again."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = ast.Import | ast.ImportFrom | ast.Call | ast.FunctionDef
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


def imported(path: Path) -> Iterator[str]:
    """Every module that a file imports, wherever and whenever, in full."""
    yield from late_modules(path)
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            if node.module == "symderiv":
                yield from (f"symderiv.{alias.name}" for alias in node.names)
            else:
                yield node.module or ""


def late_modules(path: Path) -> Iterator[str]:
    """The modules that `late.module` stands for: they are imported too, only later."""
    for node in nodes(path):
        match node:
            case ast.Call(
                func=ast.Attribute(value=ast.Name(id="late"), attr="module"),
                args=[ast.Constant(value=str() as name)],
            ):
                yield name


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


def test_imports_point_down() -> None:
    for path in modules():
        room, place = room_of(path), path.relative_to(PACKAGE)
        assert room in FLOOR, f"which floor is {room} on?  Say so in this test and in the design."
        for other in rooms_imported(path) - {room}:
            below = FLOOR[other] < FLOOR[room] or other in NEIGHBOURS.get(room, ())
            assert below, f"{place} (floor {FLOOR[room]}) imports {other} (floor {FLOOR[other]})"
            assert other not in NEVER.get(room, ()), f"{place} imports {other}"
            if room in ONLY:
                assert other in ONLY[room], f"{place} imports {other}"


def map_of_the_rooms() -> str:
    """What the README says of the rooms, a line each, from what each says of itself."""
    rooms = [room for floor in FLOORS for room in floor if not room.startswith("__")]
    width = max(map(len, rooms))
    lines = []
    for number, floor in enumerate(FLOORS):
        own = (room for room in sorted(floor) if not room.startswith("__"))
        for place, room in enumerate(own):
            left = f"floor {number}" if place == 0 else " " * len("floor 0")
            lines.append(f"{left}  {room:<{width}}  {said_of(room)}")
    return "\n".join(lines)


def said_of(room: str) -> str:
    """The first line of a room's docstring, after its name."""
    path = PACKAGE / room / "__init__.py"
    path = path if path.exists() else PACKAGE / f"{room}.py"
    first = (ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or "").splitlines()[0]
    name, _, said = first.partition(": ")
    return (said if said and len(name.split()) < 4 else first).rstrip(".")


def test_the_readme_has_the_map_of_the_rooms() -> None:
    made = map_of_the_rooms()
    readme = (PACKAGE.parent / "README.md").read_text(encoding="utf-8")
    assert made in readme, f"the README's map of the rooms would be\n{made}"


def test_imports_have_no_circles() -> None:
    """Not even late ones, nor of types: what a module names never needs that module."""
    names = {
        ".".join(("symderiv", *path.relative_to(PACKAGE).with_suffix("").parts)): path
        for path in modules()
    }
    names = {name.removesuffix(".__init__"): path for name, path in names.items()}
    needs = {name: set(needed(path, names)) - {name} for name, path in names.items()}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " -> ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in sorted(needs[name]):
                visit(other, (*way, name))
            done.add(name)

    for name in needs:
        visit(name, ())


def needed(path: Path, names: Collection[str]) -> Iterator[str]:
    """The modules of ours that a file imports, for their types too."""
    yield from (name for name in late_modules(path) if name in names)
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in names)
        elif isinstance(node, ast.ImportFrom):
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full in names or node.module in names:
                    yield full if full in names else str(node.module)


def test_imports_in_functions_stand_where_they_must() -> None:
    for path in modules():
        place = str(path.relative_to(PACKAGE))
        late = [
            name
            for function in nodes(path)
            if isinstance(function, ast.FunctionDef)
            for node in ast.walk(function)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in (
                [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module]
            )
            if str(name).split(".")[0] not in sys.stdlib_module_names
        ]
        assert not late or place in LATE or room_of(path) in LATE, f"{place} imports {late} late"


def test_numbers_need_numpy_alone() -> None:
    for path in (p for p in modules() if room_of(p) in OUTSIDE):
        outside = {name.split(".")[0] for name in imported(path)} - {"symderiv"}
        assert outside - set(sys.stdlib_module_names) <= OUTSIDE[room_of(path)], path


LIGHT = [
    "import symderiv",
    "import symderiv; symderiv.__version__; dir(symderiv)",
    "import symderiv; symderiv.jacobian; symderiv.cross_entropy; symderiv.SymderivError",
    "import symderiv; symderiv.Request('softmax', k=3)",
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
            "derive log(sum(exp(z[k],k) --wrt z[j]",
            "derive log(sum(epx(z[k]),k)) --wrt z[j]",
            "derive x**2 --wrt x[",
            "derive x**2 --wrt x --assume x>",
            "derive x**2 --wrt x --claim 2*(x",
            "derive \\\\frac{x}{2 --wrt x",
            "derive norm(X@w --wrt w",
            "backprop h[i]=foo(x[i]);sum(h[i],i)",
        )
    ),
    "import os; os.environ.update(_SYMDERIV_COMPLETE='bash_complete', COMP_WORDS='symderiv jac',"
    " COMP_CWORD='1'); from symderiv.cli import run; run([])",
    "import os; os.environ.update(_SYMDERIV_COMPLETE='bash_complete',"
    " COMP_WORDS='symderiv jacobian so', COMP_CWORD='2'); from symderiv.cli import run; run([])",
]


def test_what_must_be_quick_imports_no_sympy_and_no_numpy() -> None:
    """In one process: what cannot be imported cannot be for any of them."""
    guarded = (
        "import sys\n"
        "sys.modules.update(sympy=None, numpy=None, mpmath=None, rich=None, typst=None)\n"
        f"for code in {LIGHT!r}:\n"
        "    print('>>>', code, file=sys.stderr)\n"
        "    try:\n        exec(code)\n"
        "    except SystemExit:\n        pass\n"
    )
    done = subprocess.run([sys.executable, "-c", guarded], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr


def test_functions_import_numpy_alone() -> None:
    guarded = (
        "import sys; sys.modules.update(sympy=None)\n"
        "from symderiv.functions import softmax\n"
        "assert softmax([0.0, 0.0]).tolist() == [0.5, 0.5]"
    )
    done = subprocess.run([sys.executable, "-c", guarded], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


# SymPy imports its tensors and permutations with its first sum of two letters, a tenth of the time
# that itself takes.
TENSORS = "sympy.tensor.tensor"
# What a command does without, though its rooms can do it; those that do without most come first.
UNUSED = {
    "jacobian --k 3": (
        *("symderiv.checking", "symderiv.serialisation", "symderiv.programs", "symderiv.atoms"),
        *("symderiv.reader.latex.statements", "symderiv.reader.linear.request"),
        *("symderiv.derivation.network.adjoints", "symderiv.matrices.raising"),
        *("symderiv.documents.latex", "symderiv.documents.html"),
        *("symderiv.reader.notation", "symderiv.reader.latex.tokens"),
        *("symderiv.reader.linear.typed", "symderiv.documents.pictures.drawing"),
        *("symderiv.judge.trials", "symderiv.judge.sizes", "symderiv.judge.exact", "json"),
        *("symderiv.judge.witness", "symderiv.derivation.lacking", "symderiv.rules.facts"),
        *("symderiv.derivation.network.graph", "symderiv.face.trees", "symderiv.face.counting"),
        *("symderiv.printers.laws", "symderiv.printers.mathml", "symderiv.printers.typst"),
        *("symderiv.matrices.expression", "symderiv.documents.notated", "symderiv.emit"),
        *("symderiv.catalogue.layers", "numpy.random", "html", TENSORS),
    ),
    "jacobian --k 1000": (TENSORS,),
    "gradient cross-entropy --wrt W --batch mean": (TENSORS,),
    "hessian cross-entropy": (TENSORS,),
    "jacobian layer-normalisation": (TENSORS,),
    "derive x**2 --wrt x": (
        *("symderiv.checking", "symderiv.serialisation", "symderiv.programs"),
        "symderiv.derivation.network.adjoints",
    ),
}


def test_a_start_imports_what_it_uses() -> None:
    """In one process: what is not imported for any of them so far is not for the last."""
    code = (
        "import sys\nfrom symderiv.cli import run\n"
        f"for line, unused in {UNUSED!r}.items():\n"
        "    assert run([*line.split(), '--no-cache']) == 0, line\n"
        "    assert not {*unused} & {*sys.modules}, line"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("room", ["late", "files", "reader", "cli"])
def test_a_room_is_imported_without_the_catalogue(room: str) -> None:
    code = (
        f"import sys\nfrom symderiv import {room}\n"
        "assert 'symderiv.catalogue.softmax' not in sys.modules\n"
        "import symderiv\nassert symderiv.softmax.name == 'softmax'"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_late_module_is_imported_when_it_is_asked() -> None:
    code = (
        "import sys; from symderiv import late; table = late.module('colorsys')\n"
        "assert 'colorsys' not in sys.modules\n"
        "assert table.rgb_to_hsv(0, 0, 0) == (0, 0, 0) and 'colorsys' in sys.modules"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_room_has_the_names_that_it_gives_and_no_others() -> None:
    for room in (terms, reader, matrices):
        for name in room.__all__:
            assert not isinstance(getattr(room, name), ModuleType)
        with pytest.raises(AttributeError, match="has no attribute 'nothing'"):
            _ = room.nothing
