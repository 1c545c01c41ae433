"""The protocol's switches on features that are no sums of word vectors: what cannot act there."""

from collections.abc import Mapping

WITHOUT_EFFECT: Mapping[str, str] = {
    "padding": "D1 sums the vector of a word, and here no word has one",
    "backslashes": "D16 joins words before they are looked up, and here none is",
}
"""Switch: why an encoder, or vectors of one's own, are the same whatever its value. Stands in their features.json."""
