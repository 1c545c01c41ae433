"""Holds pyproject.toml, requirements.lock, envs/ and the code's imports together; it installs nothing."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
CONDA_FILES = sorted((ROOT / "envs").glob("*.yaml"))
# conda-forge's name -> PyPI's name, where they differ.
PYPI_NAMES = {"matplotlib-base": "matplotlib", "pytorch": "torch"}
# Exact pins, and for Python itself any patch release.
CONDA_PIN = re.compile(r"(?P<name>[a-z0-9][a-z0-9_-]*)=(?P<version>\d+(\.\d+)*(\.\*)?)")


def read_pyproject() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def requirements(*groups: str) -> list[Requirement]:
    """The package's own dependencies and those of the optional groups named."""
    project = read_pyproject()["project"]
    lines = list(project["dependencies"])
    for group in groups:
        lines += project["optional-dependencies"][group]
    return [Requirement(line) for line in lines]


def lock_lines() -> list[str]:
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def locked_versions() -> dict[str, Version]:
    """Canonical name -> pinned version."""
    pins = [line.split("==") for line in lock_lines()]
    return {canonicalize_name(name): Version(version) for name, version in pins}


def conda_pins(path: Path) -> dict[str, str]:
    """PyPI name -> version, of the conda and the pip part together, Python left out."""
    dependencies = yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]
    pins: dict[str, str] = {}
    for dependency in dependencies:
        if isinstance(dependency, dict):
            pins.update(line.split("==") for line in dependency["pip"])
        elif match := CONDA_PIN.fullmatch(dependency):
            pins[PYPI_NAMES.get(match["name"], match["name"])] = match["version"]
    del pins["python"]
    return {canonicalize_name(name): version for name, version in pins.items()}


def imported_modules(folder: Path) -> set[str]:
    """Top-level names of all modules imported under a folder, inside functions too."""
    names: set[str] = set()
    for path in folder.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                names.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
                names.add(node.module.partition(".")[0])
    return names


def test_lock_pins_every_package_exactly_and_once() -> None:
    lines = lock_lines()
    not_exact = [line for line in lines if not re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9][0-9.]*", line)]
    assert not not_exact, f"requirements.lock: write name==version, without a local version: {not_exact}"
    assert len(locked_versions()) == len(lines), "requirements.lock: a package is pinned twice"


@pytest.mark.parametrize("requirement", requirements("workflow", "dev"), ids=lambda requirement: requirement.name)
def test_lock_satisfies_pyproject(requirement: Requirement) -> None:
    locked = locked_versions()
    name = canonicalize_name(requirement.name)
    assert name in locked, f"requirements.lock lacks {requirement.name}"
    assert requirement.specifier.contains(locked[name]), f"{requirement} in pyproject.toml, {locked[name]} in the lock"


def test_build_backend_is_in_the_lock() -> None:
    # make installs the package with --no-build-isolation, so what builds it has to be in .venv already.
    for line in read_pyproject()["build-system"]["requires"]:
        requirement = Requirement(line)
        assert requirement.specifier.contains(locked_versions()[canonicalize_name(requirement.name)])


def test_there_is_a_conda_file() -> None:
    assert CONDA_FILES


@pytest.mark.parametrize("path", CONDA_FILES, ids=lambda path: path.name)
def test_conda_file_has_the_form_that_snakemake_reads(path: Path) -> None:
    environment = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert list(environment) == ["name", "channels", "dependencies"]
    assert environment["name"] == path.stem
    assert environment["channels"] == ["conda-forge", "nodefaults"]
    *conda, pip = environment["dependencies"]
    assert conda[-1] == "pip", "conda asks for pip itself before a pip part"
    assert [entry for entry in conda[:-1] if not CONDA_PIN.fullmatch(entry)] == []
    assert list(pip) == ["pip"]
    assert all(re.fullmatch(r"[A-Za-z0-9_.-]+==[0-9.]+", line) for line in pip["pip"])


@pytest.mark.parametrize("path", CONDA_FILES, ids=lambda path: path.name)
def test_conda_file_has_the_versions_of_the_lock(path: Path) -> None:
    locked = locked_versions()
    different = {name: (version, str(locked.get(name))) for name, version in conda_pins(path).items()}
    different = {name: pair for name, pair in different.items() if pair[0] != pair[1]}
    assert not different, f"{path.name}: (here, in requirements.lock): {different}"


@pytest.mark.parametrize("path", CONDA_FILES, ids=lambda path: path.name)
def test_conda_file_has_a_supported_python(path: Path) -> None:
    dependencies = yaml.safe_load(path.read_text(encoding="utf-8"))["dependencies"]
    (python,) = [entry for entry in dependencies if isinstance(entry, str) and entry.startswith("python=")]
    version = python.removeprefix("python=").removesuffix(".*")
    assert f"Programming Language :: Python :: {version}" in read_pyproject()["project"]["classifiers"]


def test_conda_files_hold_every_dependency_of_the_package() -> None:
    for path in CONDA_FILES:
        missing = {canonicalize_name(requirement.name) for requirement in requirements()} - set(conda_pins(path))
        assert not missing, f"{path.name} lacks {sorted(missing)}"


@pytest.mark.parametrize(
    ("folder", "groups"),
    [("src", ("strategies",)), ("workflow/scripts", ("workflow",)), ("tests", ("workflow", "dev"))],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_every_import_is_a_declared_dependency(folder: str, groups: tuple[str, ...]) -> None:
    # A package that is only there because another one needs it can be gone tomorrow.
    declared = {canonicalize_name(requirement.name) for requirement in requirements(*groups)}
    # What a script or a test imports from beside itself; a module inside a package has no such short name.
    local = {path.stem for path in (ROOT / folder).rglob("*.py") if not (path.parent / "__init__.py").exists()}
    distributions = packages_distributions()
    undeclared = {
        module: distributions.get(module, ["not installed"])
        for module in imported_modules(ROOT / folder) - sys.stdlib_module_names - local - {"cartography_al", "tests"}
        if not declared & {canonicalize_name(name) for name in distributions.get(module, [])}
    }
    assert not undeclared, f"{folder} imports what pyproject.toml does not declare: {undeclared}"
