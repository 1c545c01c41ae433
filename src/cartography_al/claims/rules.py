"""The rule of each claim of the paper, in the paper's order."""

from cartography_al.claims import accuracies, batches, dominance, maps

RULES = dict(
    sorted(
        {**dominance.RULES, **accuracies.RULES, **batches.RULES, **maps.RULES}.items(),
        key=lambda item: int(item[0].removeprefix("C")),
    )
)
