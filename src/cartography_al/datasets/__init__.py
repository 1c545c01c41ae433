"""Texts and labels: from where they are published to two checked parquet splits and a description."""
