"""Which source files a script depends on: on a small made package, and on the real one."""

import ast
from pathlib import Path

import pytest

from cartography_al.pipeline.provenance import source_files

ROOT = Path(__file__).parents[3]


REAL_ROOT, SCRIPTS = ROOT / "src", ROOT / "workflow/scripts"


FILES = {
    "cartography_al/__init__.py": "",
    "cartography_al/plain.py": "import os\nfrom pathlib import Path\n",
    "cartography_al/direct.py": "from cartography_al.plain import os\n",
    "cartography_al/through.py": "import cartography_al.direct\n",
    "cartography_al/whole.py": "from cartography_al import plain, through\n",
    "cartography_al/local.py": "def f():\n    from cartography_al.plain import os\n    return os\n",
    "cartography_al/nested.py": (
        "class A:\n for i in ():\n  pass\n else:\n  try:\n   pass\n  except ValueError:\n"
        "   import cartography_al.alias\n"
        "  finally:\n   match 1:\n    case 1:\n     with open('x'):\n      import cartography_al.direct\n"
    ),
    "cartography_al/guarded.py": (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from cartography_al import plain\n"
    ),
    "cartography_al/circle.py": "from cartography_al import circular\n",
    "cartography_al/circular.py": "from cartography_al.circle import x\nfrom cartography_al import plain\n",
    "cartography_al/inner/__init__.py": "from cartography_al.inner.part import y\n",
    "cartography_al/inner/part.py": "y = 1\n",
    "cartography_al/uses_inner.py": "from cartography_al.inner import y\n",
    "cartography_al/alias.py": "import cartography_al.inner.part as part, json\n",
    "cartography_al/named.py": "names = {'plain': 'cartography_al.plain:x'}  # import cartography_al.plain\n",
    "cartography_alien/other.py": "",
    "script.py": "from cartography_al.direct import os\nimport cartography_alien.other\nsnakemake.input\n",
}


@pytest.fixture
def made(tmp_path: Path) -> Path:
    for name, content in FILES.items():
        (tmp_path / "src" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "src" / name).write_text(content)
    (tmp_path / "src" / "script.py").rename(tmp_path / "script.py")
    return tmp_path / "src"


def names(files: list[Path], root: Path) -> list[str]:
    """Dotted names below the package, without the package's own __init__."""
    package = root / "cartography_al"
    below = [file.relative_to(package).with_suffix("") for file in files if file.is_relative_to(root)]
    return [".".join(path.parts) for path in below if path.name != "__init__" or len(path.parts) > 1]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("plain", ["plain"]),
        ("direct", ["direct", "plain"]),
        ("through", ["direct", "plain", "through"]),
        ("whole", ["direct", "plain", "through", "whole"]),
        ("local", ["local", "plain"]),
        ("nested", ["alias", "direct", "inner.part", "nested", "plain"]),
        ("guarded", ["guarded", "plain"]),
        ("circle", ["circle", "circular", "plain"]),
        ("uses_inner", ["inner.__init__", "inner.part", "uses_inner"]),
        ("alias", ["alias", "inner.part"]),
        ("named", ["named"]),
    ],
)
def test_closure(made, start, expected):
    files = source_files(made / f"cartography_al/{start}.py", package_root=made)
    assert names(files, made) == expected
    assert files == sorted(files)


def test_a_script_is_a_start_but_not_a_result(made):
    assert names(source_files(made.parent / "script.py", package_root=made), made) == ["direct", "plain"]


def test_several_starts(made):
    starts = [made.parent / "script.py", made / "cartography_al/alias.py"]
    assert names(source_files(*starts, package_root=made), made) == ["alias", "direct", "inner.part", "plain"]


def test_what_is_left_out_is_not_followed(made):
    left_out = frozenset({"cartography_al.direct"})
    files = source_files(made / "cartography_al/whole.py", package_root=made, leave_out=left_out)
    assert names(files, made) == ["plain", "through", "whole"]


def real(*starts: str) -> set[str]:
    """Closure of scripts of the workflow (plain names) and of modules (dotted names)."""
    paths = [
        REAL_ROOT.joinpath(*start.split(".")).with_suffix(".py") if "." in start else SCRIPTS / f"{start}.py"
        for start in starts
    ]
    return set(names(source_files(*paths, package_root=REAL_ROOT), REAL_ROOT))


TRAINING = {"active_learning.main_classifier", "learning.models", "learning.training"}


@pytest.mark.parametrize("script", ["run_iterations", "train_on_full_data", "map_dataset"])
def test_what_trains_depends_on_training(script):
    assert real(script) >= TRAINING | {"seeding", "protocol", "learning.dynamics", "files"}


@pytest.mark.parametrize("script", sorted(path.stem for path in SCRIPTS.glob("*.py") if path.stem.startswith("draw_")))
def test_drawing_does_not_depend_on_training(script):
    """So that a change to the training does not redraw by itself: what it changes is in the frames."""
    assert real(script) >= {"figures.style"}
    assert not real(script) & TRAINING


@pytest.mark.parametrize("script", ["download_dataset", "sum_embeddings", "test_significance", "collect_runs"])
def test_other_stages_do_not_depend_on_training(script):
    assert not real(script) & TRAINING


def test_a_strategys_module_joins_its_chains_alone():
    """The registry only maps names, so one strategy's change leaves the others' chains as they are."""
    assert not real("run_iterations") & {"acquisition.discriminative", "acquisition.uncertainty"}
    chain = real("run_iterations", "cartography_al.acquisition.discriminative")
    assert chain - real("run_iterations") == {"acquisition.discriminative"}


def test_every_script_and_module_can_be_followed():
    for start in [*SCRIPTS.glob("*.py"), *REAL_ROOT.rglob("*.py")]:
        assert all(path.is_file() for path in source_files(start, package_root=REAL_ROOT))


def test_the_package_has_no_imports_that_cannot_be_followed():
    """Relative ones are not looked at."""
    for path in [*SCRIPTS.glob("*.py"), *REAL_ROOT.rglob("*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.ImportFrom) and node.level), f"{path}:{node.lineno}"


def test_a_module_beside_a_script_is_followed_and_listed(made: Path):
    helper = made.parent / "helper.py"
    helper.write_text("from cartography_al.plain import os\n")
    script = made.parent / "other_script.py"
    script.write_text("import json\nfrom helper import os\n")
    listed = source_files(script, package_root=made)
    assert [file.name for file in listed if file.name != "__init__.py"] == ["helper.py", "plain.py"]


def test_what_trains_depends_on_how_features_are_read():
    listed = source_files(SCRIPTS / "run_iterations.py", package_root=REAL_ROOT)
    assert {"arrays.py", "training_glue.py", "glue.py"} <= {file.name for file in listed}
