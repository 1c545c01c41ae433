"""The rule of each claim of the paper, in the paper's order."""

from cartography_al.claims import accuracies, batches, classifiers, dominance, maps, overlaps, thresholds

RULES = dict(
    sorted(
        {
            **dominance.RULES,
            **accuracies.RULES,
            **thresholds.RULES,
            **overlaps.RULES,
            **batches.RULES,
            **maps.RULES,
            **classifiers.RULES,
        }.items(),
        key=lambda item: (int(item[0].strip("Cab")), item[0]),
    )
)
