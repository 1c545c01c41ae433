"""What the scripts about the paper's claims share: what a run found, as the claims ask for it."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from cartography_al.analysis.full_data import no_ceiling
from cartography_al.claims.evidence import Evidence

FRAMES = {
    **{name: name for name in ("runs", "full_data", "acquisitions", "seed_sets", "full_maps")},
    "pooled": "significance",
    "seed_set_maps": "seed_maps",
}
"""Field of Evidence by the name of a rule's input."""


def evidence(
    frames: Mapping[str, pd.DataFrame], description: Mapping[str, Any], settings: Mapping[str, Any]
) -> Evidence:
    """The evidence of one case.   frames: by the names of FRAMES.   settings: Plan.claim_settings."""
    return Evidence(
        **{FRAMES[name]: frame for name, frame in frames.items()},
        no_ceiling=no_ceiling(frames["runs"], frames["full_data"]),
        description=description,
        **settings,
    )
