"""Embedders and scorers, local and remote."""
