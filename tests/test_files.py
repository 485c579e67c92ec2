"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from symderiv.files import check_writable, replace
from symderiv.mistakes import Mistake


def test_text_is_utf_8_with_plain_line_ends(tmp_path: Path) -> None:
    replace(tmp_path / "a.txt", "pᵢ\n")
    assert (tmp_path / "a.txt").read_bytes() == "pᵢ\n".encode()
    assert os.listdir(tmp_path) == ["a.txt"]


def test_mode_of_an_old_file_is_kept_and_a_new_one_obeys_the_mask(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.write_text("1")
    old.chmod(0o600)
    replace(old, "2")
    assert stat.S_IMODE(old.stat().st_mode) == 0o600
    mask = os.umask(0o027)
    try:
        replace(tmp_path / "new", "1")
    finally:
        os.umask(mask)
    assert stat.S_IMODE((tmp_path / "new").stat().st_mode) == 0o640


def test_a_link_is_followed(tmp_path: Path) -> None:
    (tmp_path / "real").write_text("1")
    (tmp_path / "link").symlink_to("real")
    replace(tmp_path / "link", "2")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "2"


def test_a_failure_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a").write_text("old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(Mistake, match=r"cannot write .*: no space left"):
        replace(tmp_path / "a", "new")
    assert (tmp_path / "a").read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_what_is_no_ordinary_file_is_written_directly() -> None:
    replace(os.devnull, b"1")
    assert not Path(os.devnull).is_file()


@pytest.mark.parametrize("path", ["", "missing/a", "."])
def test_paths_that_cannot_be_written(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Mistake, match="cannot write"):
        check_writable(path)
