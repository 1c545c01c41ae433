"""Which source files a script depends on, so that a workflow rule can name them as its inputs."""

import ast
from functools import cache
from pathlib import Path

PACKAGE = "cartography_al"


def source_files(*starts: Path, package_root: Path, leave_out: frozenset[str] = frozenset()) -> list[Path]:
    """Return the package's modules that the given files import, directly or through one another, sorted.

    starts: scripts or modules; a start that lies in the package is in the result. package_root: the folder that holds
    the package. leave_out: dotted module names that are not followed. Reads the files and runs nothing.
    """
    found: set[Path] = set()
    waiting = list(starts)
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        modules = (_module_file(name, package_root) for name in _imported_names(path) - leave_out)
        waiting += [module for module in modules if module is not None]
    return sorted(path for path in found if path.is_relative_to(package_root))


@cache
def _imported_names(path: Path) -> frozenset[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"), filename=str(path))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(name for name in names if name.split(".")[0] == PACKAGE)


def _module_file(name: str, package_root: Path) -> Path | None:
    base = package_root.joinpath(*name.split("."))
    for candidate in (base.with_suffix(".py"), base / "__init__.py"):
        if candidate.is_file():
            return candidate
    return None
