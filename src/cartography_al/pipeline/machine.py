"""The machine, as far as the last digits of a result can depend on it."""

import platform
import re
import tomllib
from importlib.metadata import version
from pathlib import Path

import torch


def machine(project_file: Path) -> dict[str, str]:
    """Return what the last digits can depend on: processor, vector instructions, versions of what the project needs."""
    project = tomllib.loads(project_file.read_text("utf-8"))["project"]
    declared = [*project["dependencies"], *project["optional-dependencies"]["workflow"]]
    names = sorted(re.split(r"[<>=]", requirement)[0] for requirement in declared)
    return {
        "processor": processor(),
        "vector instructions": torch.backends.cpu.get_cpu_capability(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in names},
    }


def processor() -> str:
    """Return the processor's name; with family, model and stepping where Linux tells them, as names can be vague."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").split("\n\n")[0].splitlines()
    except OSError:
        return platform.processor()
    told = {name.strip(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    numbers = ", ".join(f"{name} {told[name]}" for name in ("cpu family", "model", "stepping") if name in told)
    return f"{told.get('model name', platform.machine())} ({numbers})"
