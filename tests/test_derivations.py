"""The committed book of derivations is what the catalogue derives today; nothing is written."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from symderiv.catalogue.names import listing
from symderiv.cli.export import command
from symderiv.face.verdicts import verdicts

pytestmark = pytest.mark.usefixtures("derived_once")

FOLDER = Path(__file__).parent.parent / "derivations"


def test_the_committed_derivations_are_up_to_date() -> None:
    before = {p: p.stat().st_mtime_ns for p in FOLDER.iterdir()}
    result = CliRunner().invoke(command, ["--check", str(FOLDER)], standalone_mode=False)
    assert result.exception is None, result.output
    assert result.return_value == 0, f"run `make derivations`\n{result.output}"
    assert {p: p.stat().st_mtime_ns for p in FOLDER.iterdir()} == before


def test_there_is_a_fragment_and_a_page_of_each_derivation() -> None:
    names = {p.stem for p in FOLDER.glob("*.tex")}
    assert "softmax-jacobian" in names
    assert names == {p.stem for p in FOLDER.glob("*.md")} - {"README"}


def test_the_verdicts_of_the_list_are_those_of_the_derivations() -> None:
    made = list(verdicts().values())
    assert [entry.verdict for entry in listing()] == made, "run `make derivations`"
    assert all(verdict.startswith(("proved", "exact at sizes")) for verdict in made)
