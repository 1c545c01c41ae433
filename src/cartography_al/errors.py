"""The errors a user can cure. Each message names the file, row or key, and the cure."""

LONGEST_MESSAGE = 10_000  # characters


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


def printable(message: str) -> str:
    """Return a message as a log or a terminal may show it, whatever names, labels or texts it quotes.

    Control characters are escaped. Only a line feed stays one, and what follows is indented, so that no line of a
    message can pass for an entry of its own. The middle of a very long message is left out.
    """
    if len(message) > LONGEST_MESSAGE:
        half = LONGEST_MESSAGE // 2
        message = f"{message[:half]} [{len(message) - 2 * half:,} characters left out] {message[-half:]}"
    shown = (char if char.isprintable() or char == "\n" else repr(char)[1:-1] for char in message)
    return "".join(shown).replace("\n", "\n  ")
