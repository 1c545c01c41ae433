"""A SLURM of one node: its configuration, key, ports and state are its own, and it listens on 127.0.0.1 alone.

A SLURM that the machine may have is neither asked nor changed. The GPUs are device files that are none: SLURM deals
them out, and torch sees no CUDA there.
"""

import os
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil

# Debian keeps daemons where only root looks.
SEARCHED = os.pathsep.join([os.environ["PATH"], "/usr/sbin"])
PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "srun", "scontrol", "squeue", "scancel")

# {} keys are filled in by Slurm. Checks and time-outs are as short as SLURM allows, so that the tests are.
CONFIGURATION = """
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller_port}
SlurmdPort={node_port}
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket,cred_expire=10
SlurmUser={user}
SlurmdUser={user}
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
AccountingStorageType=accounting_storage/none
AccountingStoreFlags=job_comment
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=sched_interval=2,bf_interval=2,batch_sched_delay=1
ReturnToService=2
SlurmdTimeout=10
MinJobAge=3600
KillWait=5
GresTypes=gpu
SlurmdParameters=config_overrides
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
NodeName=localhost NodeAddr=127.0.0.1 NodeHostname={host} CPUs=4 RealMemory=20000 Gres=gpu:2 State=UNKNOWN
PartitionName=cpu Nodes=localhost Default=YES MaxTime=INFINITE State=UP
PartitionName=gpu Nodes=localhost MaxTime=INFINITE State=UP
"""
GPUS = "NodeName=localhost Name=gpu Count=2 File=/dev/null,/dev/zero\n"


def wait_for(what: str, seen: Callable[[], Any], seconds: float = 180) -> Any:
    """Return what `seen` returns as soon as it is true."""
    deadline = time.monotonic() + seconds
    while not (value := seen()):
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(0.05)
    return value


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class Slurm:
    """Daemons of one SLURM cluster, as children of this process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.variables = {"SLURM_CONF": str(folder / "slurm.conf"), "PATH": f"{folder}/bin{os.pathsep}{SEARCHED}"}
        self.daemons: dict[str, subprocess.Popen[bytes]] = {}

    def start(self) -> None:
        """Write the configuration, start all daemons, and wait until the node takes jobs."""
        for name in ("state", "spool", "bin"):
            (self.folder / name).mkdir()
        configuration = CONFIGURATION.format(
            folder=self.folder,
            host=socket.gethostname().partition(".")[0],
            user=psutil.Process().username(),
            controller_port=_free_port(),
            node_port=_free_port(),
        )
        (self.folder / "slurm.conf").write_text(configuration, encoding="utf-8")
        (self.folder / "gres.conf").write_text(GPUS, encoding="utf-8")
        # The plugin starts srun without SLURM's variables, SLURM_CONF among them.
        srun = self.folder / "bin/srun"
        srun.write_text(
            f'#!/bin/sh\nSLURM_CONF={self.folder}/slurm.conf exec {shutil.which("srun")} "$@"\n', encoding="utf-8"
        )
        srun.chmod(0o755)
        key = self.folder / "munge.key"
        key.touch(0o600)
        key.write_bytes(os.urandom(128))
        files = {"key-file": key.name, "socket": "munge.socket", "pid-file": "munge.pid"}
        files |= {"log-file": "munge.log", "seed-file": "munge.seed"}
        self._start("munged", "--foreground", *(f"--{what}={self.folder / name}" for what, name in files.items()))
        wait_for("munged", (self.folder / "munge.socket").exists)
        self._start("slurmctld", "-D")
        self.start_node()

    def start_node(self) -> None:
        """Start the node's daemon, and wait until the node takes jobs."""
        self._start("slurmd", "-D", "-N", "localhost")
        self.wait_for_node("idle")

    def _start(self, program: str, *arguments: str) -> None:
        path = shutil.which(program, path=SEARCHED)
        assert path
        with open(self.folder / f"{program}.printed", "ab") as printed:
            self.daemons[program] = subprocess.Popen(
                [path, *arguments],
                cwd=self.folder,
                env=os.environ | self.variables,
                stdin=subprocess.DEVNULL,
                stdout=printed,
                stderr=subprocess.STDOUT,
            )

    def call(self, program: str, *arguments: str) -> str:
        """Return what one of SLURM's commands prints."""
        environment = os.environ | self.variables
        process = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True, check=False)
        return process.stdout

    def wait_for_node(self, state: str) -> None:
        """Wait until the node is in a state; name what the daemons said if it does not get there."""
        try:
            wait_for(
                f"a node that is {state}", lambda: self.call("sinfo", "-hN", "-p", "cpu", "-o", "%T").strip() == state
            )
        except AssertionError as error:
            said = "\n".join(path.read_text(errors="replace") for path in self.folder.glob("*.printed"))
            raise AssertionError(f"{error}; the daemons said:\n{said}") from None

    def jobs(self, folder: Path, rule: str = "") -> list[dict[str, str]]:
        """What `scontrol show job` tells of the jobs that were submitted in a folder, oldest first.

        rule: how the plugin's comment goes on after `rule_`.
        """
        shown = self.call("scontrol", "show", "job", "--oneliner").splitlines()
        jobs = [dict(re.findall(r"(\S+?)=(\S*)", line)) for line in shown]
        return [job for job in jobs if job["WorkDir"] == str(folder) and job["Comment"].startswith(f"rule_{rule}")]

    def processes(self) -> list[tuple[psutil.Process, str | None]]:
        """All processes of this cluster and of its users, each with the id of the job that it belongs to."""
        found = []
        for process in psutil.process_iter():
            try:
                variables = process.environ()
                # These write their title over their environment.
                is_step = process.name() == "slurmstepd" and process.cwd() == str(self.folder)
            except psutil.Error:
                continue
            ours = is_step or variables.get("SLURM_CONF") == self.variables["SLURM_CONF"]
            if ours and process.pid != os.getpid():
                found.append((process, variables.get("SLURM_JOB_ID")))
        return found

    def pause(self, job: str) -> None:
        """Let a job hang."""
        for process, its_job in self.processes():
            if its_job == job:
                process.suspend()

    def lose_node(self) -> None:
        """What a power cut does: the node's daemons and what they run are gone, without a word to the controller."""
        processes = self.processes()
        lost = [process for process, _ in processes if process.name() in ("slurmd", "slurmstepd")]
        assert len(lost) > 1
        for process in lost + [process for process, job in processes if job]:
            process.kill()
        self.daemons["slurmd"].wait()

    def stop(self) -> None:
        """End every process of this cluster: daemons, jobs, and whoever still waits for them."""
        for daemon in self.daemons.values():
            daemon.kill()
            daemon.wait()
        processes = [process for process, _ in self.processes()]
        for process in processes:
            process.kill()
        psutil.wait_procs(processes, timeout=30)
