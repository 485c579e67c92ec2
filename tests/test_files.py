"""Files are written whole or not at all."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
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


@pytest.mark.skipif(not Path("/dev/fd").exists(), reason="no /dev/fd here")
def test_a_pipe_is_written_by_its_name() -> None:
    """As /dev/stdout is one behind `|`: where its link leads is nowhere."""
    read, write = os.pipe()
    replace(f"/dev/fd/{write}", "new")
    assert os.read(read, 9) == b"new"
    os.close(read)
    os.close(write)


@pytest.mark.parametrize("path", ["", "missing/a", "."])
def test_paths_that_cannot_be_written(
    path: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Mistake, match="cannot write"):
        check_writable(path)


@pytest.mark.parametrize("size", [244, 245, 250, 255])
def test_names_of_any_length_that_the_system_takes(size: int, tmp_path: Path) -> None:
    name = "x" * size
    replace(tmp_path / name, "1")
    replace(tmp_path / name, "2")
    assert (tmp_path / name).read_text() == "2"
    assert os.listdir(tmp_path) == [name]


@pytest.mark.parametrize("name", ["x" * 256, "é" * 128, "x" * 5000, "a\0b"])
def test_names_that_it_does_not_take(name: str, tmp_path: Path) -> None:
    for write in (check_writable, lambda path: replace(path, "1")):
        with pytest.raises(Mistake, match="cannot write") as caught:
            write(f"{tmp_path}/{name}")
        assert len(str(caught.value)) < 300
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("name", ["a/", "a//", "a/b/"])
def test_the_name_of_a_directory_that_is_not_there(name: str, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="directory"):
        check_writable(f"{tmp_path}/{name}")


def test_writers_at_once_leave_one_whole_file(tmp_path: Path) -> None:
    contents = [str(n) * 200_000 for n in range(8)]

    def write(content: str) -> None:
        for _ in range(20):
            replace(tmp_path / "a", content)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, contents))
    assert (tmp_path / "a").read_text() in contents
    assert os.listdir(tmp_path) == ["a"]
