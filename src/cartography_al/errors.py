"""The errors a user can cure. Each message names the file, row or key, and the cure."""


class CartographyError(Exception):
    """Base of every error this project raises for its user; shown without a traceback by the pipeline."""


class ConfigError(CartographyError):
    """A key or value of the configuration is wrong."""


class DataError(CartographyError):
    """A data set, or word vectors, cannot be read or is not what was expected."""


class CheckpointError(CartographyError):
    """A checkpoint is truncated, damaged, foreign or of another schema."""


class StorageError(CartographyError):
    """A file cannot be written, because the disk or a quota is full."""


class NumericError(CartographyError):
    """A feature, probability or loss is NaN or infinite."""
