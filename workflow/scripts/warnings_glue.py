"""What the scripts of tables share that say whether their runs can be compared at all."""

from collections.abc import Iterable

from case_glue import Case

from cartography_al.analysis.training_warnings import training_warnings


def training_notes(shown: Iterable[Case]) -> list[str]:
    """For each case a sentence for each warning of its trainings; of the rule's inputs `runs` and `full_data`."""
    return [
        f"{case.subject.heading}: {warning}."
        for case in shown
        for warning in training_warnings(case.frame("runs"), case.frame("full_data"))
    ]
