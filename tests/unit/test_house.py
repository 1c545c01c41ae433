"""The house: stages import one way, rooms stay small, and a script depends on little.

`python -m tests.unit.test_house` prints what each job depends on, and the longest files.
"""

import ast
from pathlib import Path

import pytest

from cartography_al.pipeline.provenance import source_files

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src/cartography_al"
SCRIPTS = ROOT / "workflow/scripts"

GROUND = {"errors", "files", "naming", "paper", "protocol", "seeding", "tokenizer"}
# For each stage, the other stages or rooms that it may import besides the ground.
ALLOWED = {
    "datasets": set[str](),
    "features": set[str](),
    "learning": set[str](),
    "acquisition": {"learning"},
    "active_learning": {"acquisition", "learning"},
    "analysis": {"learning", "acquisition.registry"},
    "significance": {"analysis"},
    "claims": {"significance", "analysis", "learning.dynamics", "acquisition.registry"},
    "figures": {"analysis", "learning.dynamics"},
    "explorer": {"analysis"},
    "tables": {"claims", "significance.readings", "significance.paired"},
    "pipeline": {"acquisition.registry"},
}
RULES = "".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "workflow/rules").glob("*.smk")))
LONGEST = 300
# Files that may be longer, each with the reason.
LONGER: dict[str, str] = {}
# At most so many lines of the package and of glue behind a job: whoever passes one looks for what came in.
BEHIND = {
    "run_iterations": 1850,
    "train_on_full_data": 1300,
    "map_dataset": 1350,
    "write_table2": 1650,
    "draw_figure3": 1350,
}


def imported(path: Path) -> set[str]:
    """Modules of the package that a file imports, as dotted names below the package."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            is_package = (PACKAGE.parent / node.module.replace(".", "/")).is_dir()
            names.update(f"{node.module}.{alias.name}" if is_package else node.module for alias in node.names)
    return {name.removeprefix("cartography_al.") for name in names if name.startswith("cartography_al.")}


def behind(script: str) -> list[Path]:
    """Package modules and glue that a script depends on, a chain's strategy included."""
    starts = [SCRIPTS / f"{script}.py"]
    if script == "run_iterations":
        starts.append(PACKAGE / "acquisition/discriminative.py")
    leave_out = frozenset({"cartography_al.acquisition.registry"})
    return source_files(*starts, package_root=PACKAGE.parent, leave_out=leave_out)


def lines(path: Path) -> int:
    return len(path.read_text(encoding="utf-8").splitlines())


def house() -> list[Path]:
    """Every file of the package and of the workflow that a person writes."""
    found = [*PACKAGE.rglob("*.py"), *(ROOT / "workflow").rglob("*.py"), *(ROOT / "workflow").rglob("*.smk")]
    return [*found, ROOT / "Snakefile"]


@pytest.mark.parametrize("stage", sorted(path.name for path in PACKAGE.iterdir() if path.is_dir()))
def test_a_stage_imports_only_what_it_may(stage: str) -> None:
    if stage in ("__pycache__", "paper_values"):
        pytest.skip("no stage")
    for path in (PACKAGE / stage).glob("*.py"):
        for name in imported(path):
            top = name.split(".")[0]
            assert top in GROUND | {stage} | ALLOWED[stage] or name in ALLOWED[stage], f"{path} imports {name}"


def test_the_ground_imports_the_ground_alone() -> None:
    for path in PACKAGE.glob("*.py"):
        assert {name.split(".")[0] for name in imported(path)} <= GROUND, path


def test_a_package_file_holds_a_docstring_alone() -> None:
    """Imports in it would be imports of every room below."""
    for path in PACKAGE.rglob("__init__.py"):
        assert len(ast.parse(path.read_text(encoding="utf-8")).body) == 1, path


def test_no_room_is_too_long() -> None:
    too_long = {str(path.relative_to(ROOT)) for path in house() if lines(path) > LONGEST}
    assert too_long == set(LONGER)


@pytest.mark.parametrize("script", BEHIND)
def test_a_job_depends_on_little(script: str) -> None:
    assert sum(map(lines, behind(script))) <= BEHIND[script]


@pytest.mark.parametrize(
    "table",
    ["table1", "table2", "table3", "table4", "summary", "areas", "ranks", "labels", "balance", "claims", "label_noise"],
)
def test_a_table_has_its_rule_script_and_room_by_name(table: str) -> None:
    assert f"rule write_{table}:" in RULES
    assert (SCRIPTS / f"write_{table}.py").is_file()
    assert (PACKAGE / f"tables/{table}.py").is_file()


if __name__ == "__main__":
    for name in BEHIND:
        files = behind(name)
        print(f"{name}: {len(files)} modules and glue files, {sum(map(lines, files)):,} lines")
    for path in sorted(house(), key=lines, reverse=True)[:10]:
        print(f"{lines(path):5d} {path.relative_to(ROOT)}")
