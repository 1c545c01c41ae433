"""What is wrong, or odd, with a data set, all of it at once and before anything trains. Writes nothing."""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from cartography_al.datasets.rows import SplitRows, known_rows
from cartography_al.datasets.sources import label_classes, read_rows
from cartography_al.datasets.splits import SPLITS
from cartography_al.tokenizer import tokenize

FIRST = 3  # rows of a kind, or texts, that are named
SMALL = 10  # training texts of a class that are few


class Finding(NamedTuple):
    """A line of the report, and whether the data set is refused for it."""

    text: str
    is_fatal: bool = False


def inspect(name: str, entry: Mapping[str, Any], query_size: int, iterations: int) -> list[Finding]:
    """Read both splits once and report on them.

    name, entry: of the data set in the configuration, defaults filled in.
    Raises: DataError or ConfigError where a file cannot be read at all.
    """
    read, source, _ = read_rows(name, entry)
    classes = label_classes(name, entry, read["train"])
    train_labels = set(read["train"].labels)
    rows = {
        split: known_rows(read[split], classes, elsewhere=train_labels if split == "test" else None) for split in SPLITS
    }
    drop = bool(entry.get("drop_invalid"))
    found = [Finding(f"{name}: read from {source}")]
    for split in SPLITS:
        found += _rows(split, rows[split], drop)
    found += _classes(rows, classes)
    found += _duplicates(rows["train"], rows["test"])
    found += _lengths(rows, entry["max_tokens"])
    found += _seed_set(rows["train"], classes, entry["seed_set_size"], query_size, iterations)
    return found


def _rows(split: str, rows: SplitRows, drop: bool) -> Iterator[Finding]:
    yield Finding(f"{split}: {len(rows.texts):,} rows that can be used", is_fatal=not rows.texts)
    kinds: dict[str, list[int]] = {}
    for bad in rows.bad:
        kinds.setdefault(bad.kind, []).append(bad.number)
    for kind, numbers in kinds.items():
        at = ", ".join(map(str, numbers[:FIRST])) + (", ..." if len(numbers) > FIRST else "")
        end = "; they are left out" if drop else "; mend them, or set drop_invalid: true"
        yield Finding(f"{split}: {len(numbers):,} rows with {kind}, {rows.unit} {at}{end}", is_fatal=not drop)


def _classes(rows: Mapping[str, SplitRows], classes: Mapping[str, str]) -> Iterator[Finding]:
    counts = {split: Counter(rows[split].labels) for split in SPLITS}
    shown = ", ".join(f"{label} {counts['train'][label]:,}" for label in list(classes)[:20])
    yield Finding(f"{len(classes)} classes, training texts of each: {shown}{', ...' if len(classes) > 20 else ''}")
    if len(classes) < 2:
        yield Finding("a model needs two classes; correct label_column", is_fatal=True)
    for label in classes:
        count = counts["train"][label]
        if count < 2:
            yield Finding(f"class {label}: {count} training texts, and two are needed", is_fatal=True)
        elif count < SMALL:
            yield Finding(f"class {label}: only {count} training texts")
        if counts["test"][label] == 0:
            yield Finding(f"class {label}: no test text")


def _duplicates(train: SplitRows, test: SplitRows) -> Iterator[Finding]:
    labels: dict[str, set[str]] = {}
    for text, label in zip(train.texts, train.labels, strict=True):
        labels.setdefault(text, set()).add(label)
    twice = len(train.texts) - len(labels)
    if twice:
        torn = sum(len(of) > 1 for of in labels.values())
        yield Finding(f"train: {twice:,} texts repeat an earlier one; {torn:,} texts bear different labels")
    both = sum(text in labels for text in test.texts)
    if both:
        share = both / len(test.texts)
        yield Finding(f"test: {both:,} texts ({share:.1%}) are training texts too, so that accuracies flatter")


def _lengths(rows: Mapping[str, SplitRows], max_tokens: int) -> Iterator[Finding]:
    for split in SPLITS:
        texts = [(len(tokenize(text, None, "space")), number) for text, number in _numbered(rows[split])]
        longest = sorted(texts, reverse=True)[:FIRST]
        named = ", ".join(f"{length:,} ({rows[split].unit} {number})" for length, number in longest)
        cut = sum(length > max_tokens for length, _ in texts)
        yield Finding(f"{split}: longest texts, in tokens: {named}; {cut:,} are cut at max_tokens, {max_tokens:,}")


def _numbered(rows: SplitRows) -> Iterator[tuple[str, int]]:
    yield from zip(rows.texts, rows.numbers, strict=True)


def _seed_set(
    train: SplitRows, classes: Mapping[str, str], size: int, query_size: int, iterations: int
) -> Iterator[Finding]:
    if size < len(classes):
        yield Finding(f"seed_set_size {size:,} is less than the {len(classes)} classes; raise it", is_fatal=True)
    if size >= len(train.texts):
        yield Finding(
            f"seed_set_size {size:,} leaves no pool of the {len(train.texts):,} training texts", is_fatal=True
        )
    elif size + query_size * iterations > len(train.texts):
        last = -(-(len(train.texts) - size) // query_size)
        yield Finding(f"the pool will be exhausted at iteration {last} of {iterations}; the runs end there")
