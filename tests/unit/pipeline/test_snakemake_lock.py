"""Stale locks of Snakemake: deleted only where it is certain that the one that made them is gone."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cartography_al.pipeline.snakemake_lock import clear_stale_locks

RESULTS = "results/small"


LIVING = "import sys, time; from cartography_al.pipeline.snakemake_lock import *; from pathlib import Path\n"


LIVING += "kept = clear_stale_locks(Path(sys.argv[1]), sys.argv[2]); print(flush=True); time.sleep(600)"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Snakemake's folder, with the locks of this experiment and of another one, made on this machine."""
    clear_stale_locks(tmp_path, RESULTS).close()
    (tmp_path / "locks").mkdir()
    (tmp_path / "locks/0.input.lock").write_text("workflow/scripts/glue.py\nresults/small/data/made/train.parquet\n")
    (tmp_path / "locks/0.output.lock").write_text("results/small/figures/figure1.pdf\n")
    (tmp_path / "locks/1.output.lock").write_text("results/smaller/figures/figure1.pdf\nmy_results/small/data.csv\n")
    return tmp_path


def locks(folder: Path) -> list[str]:
    return sorted(os.listdir(folder / "locks"))


def test_locks_of_a_killed_process_are_deleted_and_no_others(folder):
    clear_stale_locks(folder, RESULTS).close()
    assert locks(folder) == ["1.output.lock"]


def test_locks_stay_while_another_process_lives(folder):
    (folder / "locks").rename(folder / "later")
    with subprocess.Popen([sys.executable, "-c", LIVING, folder, RESULTS], stdout=subprocess.PIPE) as living:
        assert living.stdout
        living.stdout.readline()
        (folder / "later").rename(folder / "locks")
        before = locks(folder)
        clear_stale_locks(folder, RESULTS).close()
        with clear_stale_locks(folder, RESULTS):  # two more, of which neither is the first
            clear_stale_locks(folder, RESULTS).close()
        assert locks(folder) == before
        with clear_stale_locks(folder, "results/other"):
            assert locks(folder) == before
        living.kill()
    clear_stale_locks(folder, RESULTS).close()
    assert locks(folder) == ["1.output.lock"]


def test_locks_made_on_another_machine_stay(folder, monkeypatch):
    """It may be living: not every file system shows the kernel's locks to other machines."""
    before = locks(folder)
    monkeypatch.setattr(socket, "gethostname", lambda: "elsewhere")
    for _ in range(2):
        clear_stale_locks(folder, RESULTS).close()
        assert locks(folder) == before


def test_locks_made_before_there_was_such_a_record_stay(folder):
    (folder / "living-small").unlink()
    before = locks(folder)
    for _ in range(2):
        clear_stale_locks(folder, RESULTS).close()
        assert locks(folder) == before


def test_a_file_system_without_locks_is_left_alone(folder, monkeypatch):
    def refuse(*_: object) -> None:
        raise OSError

    before = locks(folder)
    monkeypatch.setattr("fcntl.flock", refuse)
    clear_stale_locks(folder, RESULTS).close()
    assert locks(folder) == before
