"""What the scripts that make features share: how alike the texts are, said early where that is too much."""

import logging
from typing import Any

from cartography_al.features.arrays import read_features
from cartography_al.features.quality import complaints, mean_cosine


def assess(snakemake: Any, written: dict[str, dict[str, Any]], padded: bool = False) -> None:
    """Add mean_cosine to each split's summary, and warnings to that of the training texts.

    written: the summaries by split. padded: by one word, which makes all texts alike whatever their vectors (D1).
    """
    for split, summary in written.items():
        summary["mean_cosine"] = mean_cosine(read_features(snakemake.output[split]))
    written["train"]["warnings"] = [] if padded else complaints(written["train"], snakemake.params.key)
    for complaint in written["train"]["warnings"]:
        logging.warning("%s: %s", snakemake.wildcards.dataset, complaint)
