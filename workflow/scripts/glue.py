"""What every script of the workflow does around its one call into the package: logging, errors, threads, devices."""

import json
import logging
import os
import select
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from cartography_al.errors import CartographyError, DataError, printable
from cartography_al.files import no_space_named


class _Formatter(logging.Formatter):
    """Messages may quote names and texts from anywhere."""

    def format(self, record: logging.LogRecord) -> str:
        return printable(super().format(record))


@contextmanager
def job(snakemake: Any) -> Iterator[None]:
    """Log to the rule's log file; end with one readable message where the user can cure what is wrong."""
    _end_with_snakemake()
    log = Path(snakemake.log[0])
    logging.raiseExceptions = False  # on a full disk, a traceback for each line of the log would hide the message
    try:
        with no_space_named(log):
            log.parent.mkdir(parents=True, exist_ok=True)
            handler = logging.FileHandler(log, mode="w", encoding="utf-8")
        handler.setFormatter(_Formatter("%(asctime)s %(levelname)s %(message)s"))
        terminal = logging.StreamHandler()
        terminal.setFormatter(_Formatter(f"\n%(levelname)s {snakemake.rule}: %(message)s\n"))
        terminal.addFilter(lambda record: record.levelno == logging.WARNING)  # an error ends the job, and is said then
        logging.basicConfig(level=logging.INFO, handlers=[handler, terminal])
        yield
    except CartographyError as error:
        logging.error(error)
        sys.exit(f"\n{snakemake.rule}: {printable(str(error))}\n")
    except BaseException:
        logging.exception("unexpected error")
        raise


def _end_with_snakemake() -> None:
    """End this process as soon as the Snakemake that started it is gone: nobody would take what it makes.

    A killed Snakemake leaves its jobs running. They would take the cores from those of the next one and, after a
    change of code or configuration, replace what it makes by what was made before the change.
    """
    try:
        snakemake_process = os.pidfd_open(int(os.environ["CARTOGRAPHY_AL_SNAKEMAKE"]))
    except ProcessLookupError:
        sys.exit("Snakemake is gone, and this job ends with it.")
    except (OSError, KeyError):  # an old kernel, or an environment that was not handed on
        return

    def wait() -> None:
        select.select([snakemake_process], [], [])
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


def read_json(path: str) -> dict[str, Any]:
    """Return the object in a JSON file that the pipeline wrote."""
    try:
        content = json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise DataError(f"{path}: not JSON ({error}); delete it, so that the pipeline writes it again") from None
    return content
