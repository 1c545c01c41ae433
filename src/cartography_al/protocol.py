"""The experiment's protocol: where the paper's text and the authors' released code differ, one switch each.

The presets are AS_WRITTEN (the paper, the default everywhere) and RELEASED (the code).
"""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Protocol:
    """One value for each switch D1 ... D13 and D16; the defaults are the paper's text (see docs/reproduction.md)."""

    padding: Literal["none", "first_word"] = "none"
    """D1. `first_word` adds the first training text's first word's vector once for each position left empty."""

    evaluation_dropout: bool = False
    """D2. Dropout stays on when predicting: test accuracy, scores, representations and data maps are random."""

    weight_reset: bool = True
    """D3. New random weights at every iteration; otherwise weights and optimiser state carry over."""

    hidden_layers: Literal[3, 2] = 3
    """D4. Hidden layers of the main classifier."""

    shuffling: bool = True
    """D5. The batches are shuffled every epoch, in both classifiers."""

    dynamics: Literal["epoch_end", "training_pass"] = "epoch_end"
    """D6. Training dynamics from the model at the end of each epoch, or from the training pass itself."""

    correctness_rounding: bool = False
    """D7. Round correctness to the nearest multiple of 0.2 before comparing it with the threshold."""

    cal_representations: Literal["trained", "first_epoch"] = "trained"
    """D8. CAL learns from the labelled set as the trained model sees it, or as the first epoch's passes did."""

    dal_representations: Literal["trained", "every_epoch"] = "trained"
    """D9. DAL's labelled rows: one for each instance, or one for each instance and epoch."""

    binary_hidden_layer: bool = True
    """D10. The binary classifier has a hidden ReLU layer; otherwise it is linear with a ReLU on the logits."""

    dal_scores: Literal["trained", "last_epoch"] = "trained"
    """D11. DAL scores come from the trained classifier, or from its last epoch's training passes."""

    bald_mean: Literal["probabilities", "log_probabilities"] = "probabilities"
    """D12. What is averaged over the Monte Carlo passes before the entropy is taken."""

    seed_set: Literal["stratified", "fixed"] = "stratified"
    """D13. Drawn by class with the run's seed, or the same unstratified one for every seed."""

    backslashes: Literal["space", "removed"] = "space"
    """D16. AG News marks line breaks by a backslash: read it as white space, or delete it."""


AS_WRITTEN = Protocol()
RELEASED = Protocol(
    padding="first_word",
    evaluation_dropout=True,
    weight_reset=False,
    hidden_layers=2,
    shuffling=False,
    dynamics="training_pass",
    correctness_rounding=True,
    cal_representations="first_epoch",
    dal_representations="every_epoch",
    binary_hidden_layer=False,
    dal_scores="last_epoch",
    bald_mean="log_probabilities",
    seed_set="fixed",
    backslashes="removed",
)

OTHER_PRESET_MARK = "_but_"
TOGETHER_MARK = "_and_"
"""In the name of an audited protocol: between a preset and what is turned, and between switches turned together."""
