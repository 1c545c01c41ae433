"""The explorer in a real browser: what a reader points at, filters and saves, and that nothing leaves the page."""

import csv
import json
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cartography_al.explorer.content import gather
from cartography_al.explorer.page import write_explorer
from tests.unit.explorer.test_page import CLASSES, HOSTILE, frames

CHROMIUM, DRIVER = shutil.which("chromium"), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(
    not (CHROMIUM and DRIVER), reason="no browser: Debian's packages chromium and chromium-driver are not installed"
)

FLAGS = (
    "--headless --no-sandbox --disable-gpu --disable-dev-shm-usage --disable-quic --no-first-run --disable-sync "
    "--disable-background-networking --disable-component-update --window-size=1280,800"
)
HELPERS = """
const model = (name) => Bokeh.documents[0].get_model_by_name(name)
const view = (name) => Bokeh.index.roots.find((root) => root.model.name === name)
const texts = (node) => {  // all texts in a node, those of its shadow trees too
  if (node.nodeType === 3) return [node.data]
  if (["STYLE", "SCRIPT"].includes(node.nodeName)) return []
  return [...node.childNodes, ...(node.shadowRoot ? [node.shadowRoot] : [])].flatMap(texts)
}
const tooltips = (node) => [...node.querySelectorAll("*")].flatMap((child) => [
  ...(child.className?.includes?.("bk-Tooltip") && child.checkVisibility() ? [child] : []),
  ...(child.shadowRoot ? tooltips(child.shadowRoot) : []),
])
"""


# Texts that stand out from what is behind them by less than 4.5 to 1 (WCAG 2.1, 1.4.3), with that contrast.
FAINT = """
const channels = (color) => color.match(/[\\d.]+/g).map(Number)
const over = (above, below) => below.map((value, i) => value + (above[i] - value) * (above[3] ?? 1))
const luminance = (color) => color.map((value) => value / 255)
  .map((value) => (value <= 0.03928 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
  .reduce((sum, value, i) => sum + value * [0.2126, 0.7152, 0.0722][i], 0)
const parent = (node) => node.assignedSlot ?? node.parentElement ?? node.getRootNode().host
const behind = (node) =>
  node ? over(channels(getComputedStyle(node).backgroundColor), behind(parent(node))) : [255, 255, 255]
const told = (node) => {
  if (node.nodeType !== 3) {
    if (["STYLE", "SCRIPT"].includes(node.nodeName)) return []
    return [...node.childNodes, ...(node.shadowRoot?.childNodes ?? [])].flatMap(told)
  }
  const element = node.parentElement ?? node.getRootNode().host
  if (!/[\\p{L}\\p{N}]/u.test(node.data) || !element.checkVisibility()) return []
  const ground = behind(element)
  const front = over(channels(getComputedStyle(element).color), ground)
  const [dark, light] = [front, ground].map(luminance).sort((a, b) => a - b)
  return [[(light + 0.05) / (dark + 0.05), node.data]]
}
const all = told(document.body)
return [all.length, all.filter(([contrast]) => contrast < 4.5)]
"""


class Page:
    """An explorer opened in a browser, and what a test does with it."""

    def __init__(self, folder: Path) -> None:
        from selenium.webdriver import Chrome, ChromeOptions, ChromeService

        options = ChromeOptions()
        options.binary_location = str(CHROMIUM)
        for flag in [*FLAGS.split(), f"--user-data-dir={folder / 'profile'}"]:
            options.add_argument(flag)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
        self.driver = Chrome(options=options, service=ChromeService(str(DRIVER)))
        self.driver.execute_cdp_cmd(
            "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(folder / "saved")}
        )
        self.driver.get((folder / "explorer.html").as_uri())
        self.wait("return window.Bokeh !== undefined && Bokeh.documents.length > 0 && Bokeh.documents[0].is_idle")

    def run(self, code: str, *arguments: object) -> Any:
        return self.driver.execute_script(HELPERS + code, *arguments)

    def wait(self, code: str, *arguments: object) -> Any:
        """What the code returns, as soon as that is something."""
        for _ in range(300):
            if found := self.run(code, *arguments):
                return found
            time.sleep(0.1)
        raise AssertionError(f"not within 30 s: {code}")

    def set(self, name: str, value: object) -> None:
        self.run("model(arguments[0]).value = arguments[1]", name, value)

    def point_at(self, instance: int) -> tuple[int, int]:
        """Move the pointer onto an instance of the map, and return where that is in the window."""
        from selenium.webdriver.common.actions.action_builder import ActionBuilder

        place = """
        const {frame, canvas_view} = view("map"), data = model("points").data
        const row = [...data.instance_id].indexOf(arguments[0])
        canvas_view.el.scrollIntoView({block: "center"})
        const box = canvas_view.events_el.getBoundingClientRect()
        const {x_scale, y_scale} = frame
        return [box.left + x_scale.compute(data.variability[row]), box.top + y_scale.compute(data.confidence[row])]
        """
        x, y = (round(value) for value in self.run(place, instance))
        for step in (3, 0):
            builder = ActionBuilder(self.driver)
            builder.pointer_action.move_to_location(x + step, y)
            builder.perform()
        return x, y

    def tooltip(self) -> str:
        return str(self.wait("return tooltips(document).flatMap(texts).join('')"))

    def drawn(self) -> bytes:
        """The pixels of the map."""
        return str(self.run("return view('map').canvas_view.primary.canvas.toDataURL()")).encode()

    def errors(self) -> list[str]:
        return [entry["message"] for entry in self.driver.get_log("browser") if entry["level"] == "SEVERE"]

    def requests(self) -> list[str]:
        """Addresses that the page asked for, besides itself and what it holds."""
        messages = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        asked = [
            message["params"]["request"]["url"]
            for message in messages
            if message["method"] == "Network.requestWillBeSent"
            and message["params"].get("documentURL", "").startswith("file:")
        ]
        assert any(url.endswith("explorer.html") for url in asked), "the page itself is not in the log"
        return [url for url in asked if not url.startswith(("data:", "blob:")) and not url.endswith("explorer.html")]


@pytest.fixture
def page(tmp_path: Path) -> Iterator[Page]:
    (tmp_path / "saved").mkdir()
    write_explorer(tmp_path / "explorer.html", gather(**frames()))
    opened = Page(tmp_path)
    yield opened
    opened.driver.quit()


def test_a_reader_points_filters_compares_and_saves(page: Page, tmp_path: Path) -> None:
    # Hover: the text of the point, as it is.
    for instance in (30, *range(4)):
        page.point_at(instance)
        told = page.tooltip()
        assert frames()["texts"][instance] in told
        assert f"text {instance}" in told
        assert frames()["classes"][instance % 2] in told
    x, y = page.point_at(5)
    assert HOSTILE[5][:100] in page.tooltip()
    click = {"x": x, "y": y, "button": "left", "clickCount": 1}
    for kind in ("mousePressed", "mouseReleased"):
        page.driver.execute_cdp_cmd("Input.dispatchMouseEvent", {"type": kind, **click})
    page.wait("return model('text').text.includes(arguments[0])", HOSTILE[5])
    assert HOSTILE[5] in page.wait("return texts(document.getElementById('map-text')).join('')")

    # Filters change what is drawn.
    before = page.drawn()
    for name, value, count in (
        ("of-class", "1", 30),
        ("of-class", "-all-", 60),
        ("region", "hard", 20),
        ("region", "ambiguous", 20),
        ("region", "-all-", 60),
        ("search", "NUMBER 3", 10),
    ):
        page.set(name, value)
        page.wait("return model('count').text === arguments[0]", f"{count} of 60 texts drawn")
    page.wait("return view('map').canvas_view.primary.canvas.toDataURL() !== arguments[0]", before.decode())
    page.set("search", "")
    page.set("color", "class")
    assert page.wait("return model('class').visible && !model('level').visible")

    # Slider, overlap, batches.
    for iteration, left, right, both in (
        (1, [10, 12], [10, 11], 1),
        (2, [20, 21], [12, 13], 2),
        (3, [0, 1], [14, 15], 2),
    ):
        page.set("iteration", iteration)
        page.wait("return model('overlap').text.startsWith(arguments[0])", f"Up to iteration {iteration},")
        told = page.run("return model('overlap').text")
        size = 2 * iteration
        assert f"CAL acquired {size} texts and Entropy {size}; {both} of them are the same" in told
        batches = page.run(
            """return ["left", "right"].map((side) => {
              const source = model(`${side}-batch`).source
              return [...source.data.instance_id].filter((_, i) => source.data.state[i] === "now").sort((a, b) => a - b)
            })"""
        )
        assert batches == [left, right]
        assert told.endswith("Both started from the same 10 texts.")
    started = page.run("return view('left-map').model.select('started')[0].data_source.data.instance_id")
    assert sorted(started) == list(range(50, 60))
    page.set("second", "1")
    assert page.run("return ['left-map', 'right-map'].map((name) => view(name).model.title.text)") == ["CAL", "CAL"]
    page.set("second", "0")
    named = "return view('curves').model.right.at(-1).items.map((item) => item.label.value)"
    assert page.run(named) == ["trained on all texts", "CAL", "Entropy"]
    listed = page.wait("return texts(document.getElementById('left-batch')).join('|')")
    assert HOSTILE[0] in listed

    # The suspects, as a file.
    page.run("view('save').shadow_el.querySelector('button').click()")
    saved = tmp_path / "saved/suspects.csv"
    for _ in range(100):
        if saved.exists():
            break
        time.sleep(0.1)
    with open(saved, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == ["id", "text", "label", "prediction", "confidence", "correctness"]
    assert [int(row["id"]) for row in rows] == list(range(20)), "the hard third, by correctness, then confidence"
    assert [row["text"] for row in rows] == frames()["texts"][:20]
    assert [row["label"] for row in rows] == [CLASSES[i % 2] for i in range(20)]
    assert [row["prediction"] for row in rows] == [CLASSES[int(i % 3 == 0)] for i in range(20)]
    assert float(rows[3]["confidence"]) == pytest.approx(frames()["data_map"]["confidence"][3], abs=1e-6)

    assert page.run("return window.harmed") is None
    assert page.errors() == []
    assert page.requests() == []


def test_a_reader_can_read_it_on_a_laptop_at_150_percent(page: Page) -> None:
    for width, height in ((1280, 800), (853, 533)):
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        page.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
        page.wait("return innerWidth === arguments[0] && Bokeh.documents[0].is_idle", width)
        # Nothing lies beside the page, once the plots have followed its width: a frame after it changed.
        page.wait("return document.documentElement.scrollWidth <= innerWidth")
        texts, faint = page.run(FAINT)
        assert texts > 100
        assert faint == []


def test_the_keyboard_reaches_every_control_and_every_text(page: Page) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.keys import Keys

    wanted = {"map-color", "map-class", "map-region", "map-search", "map-next", "map-list", "first", "second", "seed"}
    wanted |= {"iteration", "left-batch", "save", "suspects"}
    reached: set[str] = set()
    for _ in range(150):
        ActionChains(page.driver).send_keys(Keys.TAB).perform()
        place = page.run("return document.activeElement.closest('[id]')?.id")
        if place == "map-next" and place not in reached:
            for text in frames()["texts"][:3]:  # the first of the list
                ActionChains(page.driver).send_keys(Keys.ENTER).perform()
                told = "return model('text').text.split('\\n\\n').slice(1).join('\\n\\n') === arguments[0]"
                page.wait(told, text)
            ActionChains(page.driver).send_keys(*[Keys.ENTER] * 7).perform()
            page.wait("return model('text').text.startsWith('Text 9:')")
        reached.add(place)
        if reached >= wanted:
            break
    assert reached >= wanted, "and no press is lost while the lists follow the choice"


def test_without_texts_a_point_still_tells_its_numbers(tmp_path: Path) -> None:
    write_explorer(tmp_path / "explorer.html", gather(**(frames() | {"texts": None})))
    (tmp_path / "saved").mkdir()
    opened = Page(tmp_path)
    try:
        opened.point_at(30)
        assert "confidence 0.508" in opened.tooltip()
        assert opened.errors() == []
    finally:
        opened.driver.quit()
