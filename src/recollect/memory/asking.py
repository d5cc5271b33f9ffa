"""Asking: how a question is to be answered, read from the arguments of a call and checked."""

from collections.abc import Mapping, Set
from dataclasses import replace
from datetime import datetime
from enum import Enum
from typing import Any, Final, cast
from uuid import UUID

from recollect.domain.shown import shown
from recollect.errors import ValidationError
from recollect.memory.arguments import check_flag, check_limit
from recollect.memory.desk_arguments import fraction
from recollect.recall.conduct import UNHURRIED, Conduct
from recollect.recall.deadline import Deadline
from recollect.recall.explain import Explaining
from recollect.recall.profile import Profile, profile_of

MOST_TOKENS: Final = 1_000_000
LONGEST_MS: Final = 600_000
ABOUT_THE_ANSWER: Final = frozenset({"explain", "trace"})
"""Arguments that change nothing about which memories are found."""


def profile_by(given: Mapping[str, Any]) -> Profile:
    """The profile that the arguments name, with the diversity that they demand.

    Raises:
        ValidationError: naming the argument at fault.
    """
    profile = profile_of(given.get("profile", "relevance"))
    if "most_per_conversation" not in given:
        return profile
    most = given["most_per_conversation"]
    return replace(profile, most_per_conversation=None if most is None else check_limit("most_per_conversation", most))


def conduct_by(given: Mapping[str, Any], profile: Profile) -> Conduct:
    """How long each stage may take, how relevant hits must be, and whether somebody asks why.

    Raises:
        ValidationError: naming the argument at fault.
    """
    least, milliseconds = fraction("min_score", given.get("min_score", 0.0)), given.get("deadline_ms")
    explain = check_flag("explain", given.get("explain", False))
    if least and profile.calibration is None:
        raise ValidationError(
            "min_score", f"means nothing with the profile {profile.name}: only scores of relevance are probabilities"
        )
    if not least and milliseconds is None and not explain:
        return UNHURRIED
    return Conduct(
        explaining=Explaining() if explain else None,
        deadline=None if milliseconds is None else Deadline(_milliseconds("deadline_ms", milliseconds)),
        least=least,
    )


def tokens_by(given: Mapping[str, Any]) -> int | None:
    """How many tokens the hits may take, None for any number.

    Raises:
        ValidationError: it is no whole number from 1 to a million.
    """
    most = given.get("max_tokens")
    return None if most is None else check_limit("max_tokens", most, most=MOST_TOKENS)


def plain(value: object) -> Any:
    """An argument as JSON values that the same call takes again."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Profile):
        return value.all_weights
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): plain(part) for name, part in cast("Mapping[object, object]", value).items()}
    if isinstance(value, Set):
        return sorted((plain(part) for part in cast("Set[object]", value)), key=str)
    if isinstance(value, list | tuple):
        return [plain(part) for part in cast("list[object]", value)]
    return value


def _milliseconds(field: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - not a number
        raise ValidationError(field, f"must be a number of milliseconds, not {shown(value)}")
    if not 0 < value <= LONGEST_MS:
        raise ValidationError(field, f"must be above 0 and at most {LONGEST_MS:,} milliseconds, not {shown(value)}")
    return float(value)
