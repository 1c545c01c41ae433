"""Query strategies: `select(view, k) -> instance ids`, best first. registry.py names them, view.py is what they see."""
