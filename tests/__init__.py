"""Recollect's tests."""
