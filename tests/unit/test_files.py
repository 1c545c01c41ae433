"""Atomic writing: the old file, the new one or none, and the same bytes for the same content."""

import os
import stat
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest

from cartography_al.files import atomic_path, write_frame, write_text


def test_the_file_appears_when_the_block_ends(tmp_path):
    target = tmp_path / "new" / "folder" / "table.csv"
    with atomic_path(target) as temporary:
        temporary.write_text("whole")
        assert not target.exists()
        assert temporary.parent == target.parent  # a rename across file systems would copy
        assert temporary.suffix == ".csv"  # writers choose their format by it
    assert target.read_text() == "whole"
    assert os.listdir(target.parent) == ["table.csv"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
@pytest.mark.parametrize("existing", [None, "old"])
def test_a_failed_block_leaves_what_was_there(tmp_path, error, existing):
    target = tmp_path / "file.txt"
    if existing:
        target.write_text(existing)
    with pytest.raises(error), atomic_path(target) as temporary:
        temporary.write_text("half of it")
        raise error
    assert [path.read_text() for path in tmp_path.iterdir()] == ([existing] if existing else [])


def test_a_reader_keeps_the_old_file_while_the_new_one_is_written(tmp_path):
    target = tmp_path / "file.txt"
    target.write_text("old")
    with atomic_path(target) as temporary:
        temporary.write_text("new")
        assert target.read_text() == "old"
    assert target.read_text() == "new"


def test_two_writers_do_not_mix(tmp_path):
    target = tmp_path / "file.txt"
    with atomic_path(target) as first, atomic_path(target) as second:
        assert first != second
        first.write_text("first")
        second.write_text("second")
    assert target.read_text() == "first"  # the outer block ends last
    assert os.listdir(tmp_path) == ["file.txt"]


def test_what_a_killed_writer_left_is_deleted_by_the_next(tmp_path):
    target = tmp_path / "file[1].txt"
    killed = "with atomic_path(sys.argv[1]) as path: path.write_text('half'); os.kill(os.getpid(), 9)"
    command = [sys.executable, "-c", f"import os, sys; from cartography_al.files import atomic_path\n{killed}", target]
    for _ in range(2):
        assert subprocess.run(command).returncode == -9
        assert len(os.listdir(tmp_path)) == 1  # it does not grow from kill to kill
    write_text(tmp_path / "file[1].csv", "another file")
    write_text(tmp_path / "file.txt", "another file")
    assert len(os.listdir(tmp_path)) == 3
    write_text(target, "whole")
    assert sorted(os.listdir(tmp_path)) == ["file.txt", "file[1].csv", "file[1].txt"]
    assert target.read_text() == "whole"


def test_many_processes_write_the_same_file(tmp_path):
    """None takes the file of a living one for abandoned, and none leaves anything."""
    writing = "for _ in range(100): write_text(sys.argv[1], sys.argv[2] * 1000)"
    command = [sys.executable, "-c", f"import sys; from cartography_al.files import write_text\n{writing}"]
    target = tmp_path / "file.txt"
    writers = [subprocess.Popen([*command, target, letter]) for letter in "abc"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    assert target.read_text() in {letter * 1000 for letter in "abc"}
    assert os.listdir(tmp_path) == ["file.txt"]


def test_permissions_follow_the_umask(tmp_path):
    """A temporary file is readable by its owner alone; a result is for the group as well if the user says so."""
    before = os.umask(0o027)
    try:
        write_text(tmp_path / "file.txt", "text")
        assert os.umask(0o027) == 0o027  # asking for the mask must not change it
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "file.txt").stat().st_mode) == 0o640


def test_text_is_utf8_and_keeps_its_line_ends(tmp_path):
    write_text(tmp_path / "file.txt", "é\r\nü\n")
    assert (tmp_path / "file.txt").read_bytes() == b"\xc3\xa9\r\n\xc3\xbc\n"


def test_a_frame_round_trips_and_its_index_does_not_matter(tmp_path):
    frame = pd.DataFrame({"b": np.array([1, 2], dtype=np.int16), "a": ["x", "y"], "c": [0.5, None]})
    write_frame(tmp_path / "first.parquet", frame)
    write_frame(tmp_path / "second.parquet", frame.set_axis([7, 3]))
    assert (tmp_path / "first.parquet").read_bytes() == (tmp_path / "second.parquet").read_bytes()
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "first.parquet"), frame)
