"""Cartography Active Learning: the science of the pipeline, importable and testable without Snakemake."""
