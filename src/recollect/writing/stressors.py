"""Stressors: what weighs on the user, noted in the metadata of the words that tell it."""

from collections.abc import Mapping
from typing import Any, Final

from recollect.domain.reading.stressor import read_stressor
from recollect.writing.draft import Draft

STRESSOR: Final = "stressor"
"""What the metadata of such a text says: ``{"stressor": true, "emotion": "fear", "category": "academic"}``."""


def with_stressor(draft: Draft, emotion: float) -> Mapping[str, Any]:
    """The metadata with what weighs on the user: its emotion and area of life; a caller's own word on it stands."""
    if not draft.reads_facts or STRESSOR in draft.extra:
        return draft.extra
    return {**_stressor_in(draft.text, emotion), **draft.extra}


def without_stressor(extra: Mapping[str, Any], text: str, emotion: float) -> Mapping[str, Any]:
    """The metadata of a text without what was read from it: for another text that takes its place or is cut from it."""
    if STRESSOR not in extra:
        return extra
    noted = _stressor_in(text, emotion)
    return {name: value for name, value in extra.items() if name not in noted or noted[name] != value}


def _stressor_in(text: str, emotion: float) -> dict[str, Any]:
    found = read_stressor(text, emotion)
    return {} if found is None else {STRESSOR: True, "emotion": found.emotion, "category": found.category}
