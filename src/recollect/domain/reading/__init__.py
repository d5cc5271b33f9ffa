"""Deterministic, model-free reading of a text: entities, keyed facts, times, kind, importance, salience, small talk."""
