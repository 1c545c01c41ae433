"""Snakemake's lock on a folder, for one that was killed: it leaves the lock behind. Not for running anything."""

import fcntl
import socket
from contextlib import suppress
from pathlib import Path
from typing import IO


def clear_stale_locks(folder: Path, results: str) -> IO[str]:
    """Delete the locks that a killed Snakemake left; return a file that is to be kept open while this one lives.

    folder: Snakemake's own, `.snakemake`. results: the experiment's folder, which its locks name.
    Each Snakemake on an experiment shares a lock of the kernel's on that file, which ends with the process, however it
    ends. Whoever gets it alone knows that no other one lives, so Snakemake's own lock is stale. A lock of the kernel's
    may not reach other machines: the file names the machine, and only its own locks are deleted. In all other cases
    Snakemake's lock stays, and with it the refusal to run.
    """
    folder.mkdir(exist_ok=True)
    living = open(folder / f"living-{Path(results).name}", "a+", encoding="utf-8")  # noqa: SIM115
    with suppress(OSError):  # a file system without such locks
        try:
            fcntl.flock(living, fcntl.LOCK_EX | fcntl.LOCK_NB)
            _clear(folder / "locks", results, living)
        finally:
            fcntl.flock(living, fcntl.LOCK_SH)
    return living


def _clear(locks: Path, results: str, living: IO[str]) -> None:
    stale = [lock for lock in locks.glob("*.lock") if f"\n{results}/" in "\n" + lock.read_text(encoding="utf-8")]
    living.seek(0)
    if living.read() == socket.gethostname():
        for lock in stale:
            lock.unlink()
    elif not stale:
        living.truncate(0)
        living.write(socket.gethostname())
        living.flush()
