"""Texts to tokens: the one way in which they are split, for what is counted and for what is summed."""

from typing import Literal

Backslashes = Literal["space", "removed"]


def tokenize(text: str, max_tokens: int | None, backslashes: Backslashes) -> list[str]:
    r"""Split a text on white space, keep its case and at most `max_tokens` tokens (None: all).

    AG News marks a line break by a backslash (`a second\team` is "a second / team"): "space" reads it as white
    space, "removed" deletes it and so joins the words around it, as the released code does (D16).
    Source: Zhang & Plank 2021, section 7.
    """
    tokens = text.replace("\\", " " if backslashes == "space" else "").split()
    return tokens if max_tokens is None else tokens[:max_tokens]
