"""Settings that tests of several stages start from."""

from cartography_al.learning.models import ClassifierSettings

SETTINGS = ClassifierSettings(
    hidden_layers=3,
    hidden_size=8,
    dropout=0.3,
    learning_rate=1e-3,
    betas=(0.9, 0.999),
    epsilon=1e-8,
    weight_decay=0.01,
    epochs=2,
    batch_size=8,
)
"""A small main classifier; `dataclasses.replace` makes others of it."""
