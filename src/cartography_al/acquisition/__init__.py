"""Query strategies: `select(view, k, *, <its own parameters>) -> instance ids`, best first.

registry.py names them, view.py is what they see.
"""
