"""The explorer's page as a file: the same bytes each time, data that stays data, and what it says of what it lacks."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from cartography_al.explorer.content import gather
from cartography_al.explorer.page import explorer_page
from tests.unit.explorer.test_content import content, data_map

HOSTILE = {
    0: "<script>window.harmed = 1</script>",
    1: "</script><script>window.harmed = 1</script><img src=x onerror='window.harmed = 1'>",
    2: "\"quotes\", 'more', a comma, @text @label{safe} $index &amp; &lt;b&gt; <b>bold</b>",
    3: "\u200fשלום עולם, مرحبا بالعالم\u202e reversed",  # noqa: RUF001
    4: "\N{GRINNING FACE}\N{ZERO WIDTH JOINER}\N{FIRE} $$\\frac{a}{b}$$ \\[x\\] line\nbreak\ttab \x00\x1b \u2028",
    5: "long " * 2000,
    6: "=1+1",
    7: " leading and trailing ",
}
CLASSES = ("plain", "</script><b>$$x$$")


def frames() -> dict[str, Any]:
    """60 instances that lie apart on the map; strategies a and b acquire two in each of three iterations."""
    places = np.arange(60)
    confidence = 0.05 + 0.9 * places / 59
    data_map = pd.DataFrame(
        {
            "instance_id": places,
            "label": (places % 2).astype(np.int16),
            "prediction": (places % 3 == 0).astype(np.int16),
            "confidence": confidence,
            "variability": 0.03 + 0.4 * ((places * 7) % 60) / 59,
            "correctness": np.floor(confidence * 10) / 10,
        }
    )
    taken = {"entropy": [10, 11, 12, 13, 14, 15], "cal": [12, 10, 20, 21, 0, 1]}
    rows = [(name, 7, 1 + i // 2, identity) for name, ids in taken.items() for i, identity in enumerate(ids)]
    runs = [(name, 7, i, 10 + 2 * i, 0.5 + i / 10) for name in taken for i in range(4)]
    return {
        "title": "Made up <b>",
        "subtitle": "for a test & more",
        "classes": CLASSES,
        "data_map": data_map,
        "acquisitions": pd.DataFrame(rows, columns=["strategy", "seed", "iteration", "instance_id"]),
        "seed_sets": pd.DataFrame({"seed": 7, "instance_id": range(50, 60)}),
        "runs": pd.DataFrame(runs, columns=["strategy", "seed", "iteration", "labelled", "test_accuracy"]),
        "full_accuracy": 0.9,
        "texts": [HOSTILE.get(i, f"text number {i}") for i in range(60)],
    }


def test_another_process_writes_the_same_bytes(tmp_path: Path) -> None:
    code = (
        "import sys; from cartography_al.explorer.page import write_explorer;"
        "from tests.unit.explorer.test_page import frames, gather; write_explorer(sys.argv[1], gather(**frames()))"
    )
    path = [os.getcwd(), *filter(None, [os.environ.get("PYTHONPATH")])]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path)}
    for name in "ab":
        subprocess.run([sys.executable, "-c", code, str(tmp_path / name)], check=True, env=environment)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_no_text_or_name_opens_an_element() -> None:
    page = explorer_page(gather(**frames()))
    data = re.search('<script type="application/json" id="documents">(.*?)</script>', page, re.DOTALL)
    assert data is not None
    assert "<" not in data[1]
    assert "\\u003cscript>window.harmed" in data[1]
    assert "window.harmed" not in page.replace(data[1], "")
    assert "Made up &lt;b&gt;" in page


def test_points_take_the_room_that_they_may_and_no_more() -> None:
    texts = [f"{i}: <'\"\\\\\n\N{FIRE}é" + "x" * (i % 300) for i in range(4000)]
    made = {"data_map": data_map(4000), "texts": texts, "classes": ("żółty", "no")}
    # Without room, the labelled texts and the first suspects alone: a twentieth of the texts, with some 250 bytes each.
    least, most = (len(explorer_page(content(**made, text_bytes=room)).encode()) for room in (0, 400_000))
    assert 300_000 < most - least <= 400_000


def test_the_page_says_what_it_leaves_out() -> None:
    assert "left out" not in explorer_page(gather(**frames()))
    assert "of 60 texts are left out of the points" in explorer_page(gather(**frames(), text_bytes=12_000))
    without = explorer_page(gather(**(frames() | {"texts": None})))
    assert "texts themselves are left out" in without
    assert "text number" not in without
