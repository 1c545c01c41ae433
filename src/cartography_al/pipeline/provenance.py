"""Which source files a script depends on, so that a workflow rule can name them as its inputs."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = "cartography_al"


def source_files(*starts: Path, package_root: Path, leave_out: frozenset[str] = frozenset()) -> list[Path]:
    """Return the project's files that the given ones import, directly or through one another, sorted.

    These are the package's modules, and for scripts the modules in the script's own folder. starts: scripts or modules;
    a start that lies in the package is in the result, a script is not. package_root: the folder that holds the package.
    leave_out: dotted module names that are not followed. Reads the files and runs nothing.
    """
    found: set[Path] = set()
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        own_folder = None if path.is_relative_to(package_root) else path.parent
        for name in _imported_names(path) - leave_out:
            folder = package_root if name.split(".")[0] == PACKAGE else own_folder
            if folder is not None and (module := _module_file(name, folder)) is not None:
                waiting.append(module)
    return sorted(path for path in found if path not in starts or path.is_relative_to(package_root))


def script_sources(root: Path, script: str, *modules: str) -> list[str]:
    """Return what a script of the workflow, and further modules, depend on: paths relative to the working directory.

    root: the folder of the Snakefile.   modules: dotted names. The strategies' registry only maps names, so it is not
    followed: the module that a name stands for is one of `modules`. The paper's values are files beside their module.
    """
    package_root = root / "src"
    starts = [root / "workflow/scripts" / f"{script}.py"]
    starts += [package_root / Path(*module.split(".")).with_suffix(".py") for module in modules]
    registry = frozenset({f"{PACKAGE}.acquisition.registry"})
    files = source_files(*starts, package_root=package_root, leave_out=registry)
    if package_root / PACKAGE / "paper.py" in files:
        files += sorted((package_root / PACKAGE / "paper_values").glob("*.csv"))
    return [os.path.relpath(path) for path in files]  # an absolute path would make a moved folder look changed


@cache
def _imported_names(path: Path) -> frozenset[str]:
    names: set[str] = set()
    for node in _statements(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)


def _statements(module: ast.Module) -> Iterator[ast.AST]:
    """Every statement, the nested ones included. Expressions, most of a module's nodes, import nothing."""
    waiting: list[ast.AST] = [module]
    while waiting:
        node = waiting.pop()
        yield node
        for block in ("body", "orelse", "finalbody", "handlers", "cases"):
            waiting.extend(getattr(node, block, ()))


def _module_file(name: str, folder: Path) -> Path | None:
    base = folder.joinpath(*name.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None
