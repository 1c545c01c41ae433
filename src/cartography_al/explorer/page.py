"""The explorer's page: one HTML file that needs no server and no network.

Bokeh draws it. It was chosen over plotly and altair for what 120,000 points in one file need: what it takes of the
library is 2 MB (plotly: 4.7), points are found under the pointer by a spatial index, columns travel as typed arrays,
several views share one copy of the texts, and filters, sliders, lists and the links between them are parts of it. What
it lacks, joining a batch with its texts and saving a CSV file, are the small files in `browser`. Points are drawn on a
plain canvas: without a graphics card, which many laptops and all servers lack, WebGL took five times as long.
"""

import html
import json
import os
from string import Template

from bokeh.document import Document
from bokeh.events import DocumentReady
from bokeh.resources import Resources

from cartography_al.explorer.acquired_section import acquired_section
from cartography_al.explorer.content import ALWAYS_SHOWN, Content
from cartography_al.explorer.look import PAGE_CSS
from cartography_al.explorer.map_section import map_section, point_source
from cartography_al.explorer.suspect_section import suspect_section
from cartography_al.files import write_text

COMPONENTS: list[str] = ["bokeh", "bokeh-widgets", "bokeh-tables"]
"""What the page takes of the library; formulas are not among it, and no text is taken for one."""


def write_explorer(path: str | os.PathLike[str], content: Content) -> None:
    """Write the explorer of one data set, atomically. A fresh process writes the same bytes for the same content."""
    write_text(path, explorer_page(content))


def explorer_page(content: Content) -> str:
    """The page as HTML. Texts and names are data in it, never code."""
    points = point_source(content)
    acquired_parts, fill = acquired_section(content, points)
    parts = map_section(content, points) | acquired_parts | suspect_section(content, points, "suspects.csv")
    document = Document()
    document.js_on_event(DocumentReady, fill)
    with document.models.freeze():  # else all models are searched once for each part
        for part in parts.values():
            document.add_root(part)
    # What file_html writes, but for its random ids, and with places of our own for the parts.
    item = {
        "docid": "explorer",
        "roots": {part.id: place for place, part in parts.items()},
        "root_ids": [part.id for part in parts.values()],
    }
    places = {place.replace("-", "_"): f'<div id="{place}"></div>' for place in parts}
    return _PAGE.substitute(
        places,
        title=html.escape(content.title),
        subtitle=html.escape(content.subtitle),
        map_search=places.get("map_search", ""),
        css=PAGE_CSS,
        left_out=_left_out(content),
        library=Resources(mode="inline", components=COMPONENTS).render_js(),
        documents=_json({"explorer": document.to_json(deferred=False)}),
        items=_json([item]),
    )


def _left_out(content: Content) -> str:
    notes = []
    missing = content.texts_in_all - len(content.points)
    if missing:
        notes.append(
            f"So that the file stays small, {missing:,} of {content.texts_in_all:,} texts are left out of the points "
            "and lists: a random choice, always the same, of those that nobody labelled and that are not among "
            f"the first {ALWAYS_SHOWN:.0%} of the suspects. The gray densities count all texts."
        )
    if not content.has_texts:
        notes.append("The texts themselves are left out: explorer: {texts: false}.")
    return "".join(f'<p class="warning">{html.escape(note)}</p>' for note in notes)


def _json(value: object) -> str:
    """JSON that can stand inside a script element: no `<` of a text can end it."""
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


_PAGE = Template(
    """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>$title: explorer</title>
<style>$css</style>
$library
</head>
<body>
<a class="skip" href="#suspects-title">To the suspects</a>
<header>
<h1>$title <span class="note">$subtitle</span></h1>
$left_out
</header>
<main>
<h2>Data map</h2>
<p>Each point is a training text: how probable its label was on average over the epochs (confidence), and how much that
changed (variability). Point at it to read it; click it to keep the text.</p>
<div class="map">
<div>$map_figure</div>
<div>$map_color $map_class $map_region $map_search $map_count
<div class="steps">$map_previous $map_next</div> <div aria-live="polite">$map_text</div></div>
</div>
<p class="note">The texts drawn, the hardest to learn first:</p>
$map_list
<h2>What the strategies acquire</h2>
<p>Gray is the density of all texts on the map. Crosses are the seed set, which was labelled before any strategy chose.
Black rings mark what both strategies have acquired so far.</p>
<div class="controls">$first $second $seed $iteration</div>
<div aria-live="polite">$overlap</div>
<div class="pair">
<div>$left_map</div><div>$right_map</div>
</div>
$curves
<p class="note">The batches of this iteration:</p>
<div class="pair">
<div>$left_batch</div><div>$right_batch</div>
</div>
$batch_text
<h2 id="suspects-title">Suspects</h2>
<p>The third of the texts with the lowest confidence, in the order in which to look for wrong labels: by correctness,
then by confidence. Some of their labels are wrong; many texts are merely hard.</p>
$save
$suspects
$suspect_text
</main>
<script type="application/json" id="documents">$documents</script>
<script type="application/json" id="items">$items</script>
<script>
const read = (id) => JSON.parse(document.getElementById(id).textContent)
Bokeh.embed.embed_items(read("documents"), read("items"))
// Tab leaves a list, whose rows the arrow keys reach; the library would go through every cell of it.
window.addEventListener("keydown", (event) => { if (event.key === "Tab") event.stopPropagation() }, true)
</script>
</body>
</html>
"""
)
