"""What the cluster tests share: the workflow tests' checkouts, and a SLURM that runs as long as the tests do."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cluster.one_node_slurm import PROGRAMS, SEARCHED, Slurm
from tests.workflow.conftest import new_checkout, pipeline

__all__ = ["new_checkout", "pipeline"]  # fixtures


@pytest.fixture(scope="session")
def slurm() -> Iterator[Slurm]:
    """A running cluster; commands that tests start find it, too."""
    missing = [program for program in PROGRAMS if not shutil.which(program, path=SEARCHED)]
    if missing:
        pytest.fail(f"no {', '.join(missing)} here; on Debian: apt-get install slurm-wlm munge", pytrace=False)
    with tempfile.TemporaryDirectory(prefix="slurm-") as name, pytest.MonkeyPatch.context() as patch:
        folder = Path(name)
        folder.chmod(0o755)  # munged wants a socket that everybody reaches
        slurm = Slurm(folder)
        for variable, value in slurm.variables.items():
            patch.setenv(variable, value)
        try:
            slurm.start()
            yield slurm
        finally:
            slurm.stop()
