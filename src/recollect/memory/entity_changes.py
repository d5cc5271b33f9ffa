"""What may be said of entities: new descriptions, aliases, merges; and where a page of them begins."""

import math
from collections.abc import Collection, Sequence
from typing import Any, cast

from recollect.domain.entity import UNTYPED, Entity
from recollect.domain.record import EntityType
from recollect.domain.scope import check_id
from recollect.domain.shown import shown
from recollect.errors import Conflict, NotFound, ValidationError
from recollect.memory.arguments import member
from recollect.memory.desk_arguments import fraction, short_text
from recollect.memory.known_entities import KnownEntities

MAX_ALIASES = 100


def description_of(kind: object, aliases: object, description: object, salience: object) -> dict[str, Any]:
    """The fields of an entity that are given, checked.

    Raises:
        ValidationError: naming the one at fault.
    """
    changes: dict[str, Any] = {}
    if kind is not None:
        named = member("type", EntityType, kind)
        if named in (EntityType.DATE, EntityType.NUMBER):
            raise ValidationError(
                "type", f"must be one of person, place, organisation, {UNTYPED.value}; not {named.value!r}"
            )
        changes["type"] = named.value
    if aliases is not None:
        if (
            not isinstance(aliases, list | tuple | set | frozenset)
            or len(cast(Collection[object], aliases)) > MAX_ALIASES
        ):
            raise ValidationError("aliases", f"must be a list of at most {MAX_ALIASES} names")
        names = [check_id("aliases", alias) for alias in cast(Collection[object], aliases)]
        changes["aliases"] = tuple({alias.casefold(): alias for alias in names}.values())
    if description is not None:
        changes["description"] = short_text("description", description)
    if salience is not None:
        changes["salience"] = fraction("salience", salience)
    return changes


def check_names(name: str, given: object) -> list[str]:
    """One or more names, checked.

    Raises:
        ValidationError: it is no list of 1 to ``MAX_ALIASES`` names.
    """
    if not isinstance(given, list | tuple | set | frozenset) or not given:
        raise ValidationError(name, "must be a name or a list of names")
    several = cast(Collection[object], given)
    if len(several) > MAX_ALIASES:
        raise ValidationError(name, f"has {len(several)} names; at most {MAX_ALIASES} are allowed")
    return [check_id(name, one) for one in several]


def below_one(name: str, given: object) -> float:
    """A number from 0 to below 1, checked.

    Raises:
        ValidationError: it is none.
    """
    number = fraction(name, given)
    if number >= 1:
        raise ValidationError(name, f"must be below 1, not {shown(given)}")
    return number


def check_aliases(known: KnownEntities, name: str, aliases: Sequence[str]) -> None:
    """Refuses aliases that are the entity's own name, or another one's.

    Raises:
        ValidationError, Conflict: as said.
    """
    for alias in aliases:
        owner = known.names.owner(alias)
        if alias.casefold() == name.casefold():
            raise ValidationError("aliases", f"holds {alias!r}, the entity's own name")
        if owner is not None and owner.casefold() != name.casefold():
            raise Conflict(f"{alias!r} is a name of the entity {owner!r} already; merge the two instead")


def to_merge(known: KnownEntities, name: str, into: str, user_id: str) -> tuple[Entity | None, str, str]:
    """The entity to be merged as it was described, its name, and the name of the one that it is merged into."""
    own = known.own_spelling(name)
    owner = known.names.owner(name)
    if owner is not None and owner.casefold() != name.casefold():
        raise Conflict(f"{name!r} is an alias of {owner!r}; merge that, or take the alias away from it")
    if own is None:
        raise NotFound(f"user {user_id!r} has no entity {name!r}")
    before = known.names.entity(own)
    if before is not None and before.merged_into is not None:
        raise Conflict(f"{own!r} is merged into {before.merged_into!r} already; unmerge it first")
    target = known.names.owner(into) or known.own_spelling(into)
    if target is None:
        raise NotFound(f"user {user_id!r} has no entity {into!r}")
    if known.names.leads_to(target, own):
        raise Conflict(f"{target!r} was merged into {own!r}; unmerge it first")
    return before, own, target


def place_of(cursor: object) -> tuple[float, str]:
    """The place in the order of entities after which a page begins."""
    salience, _, name = (cursor if isinstance(cursor, str) else shown(cursor)).partition(":")
    try:
        value = float(salience)
    except ValueError:
        value = math.nan
    if not 0 <= value <= 1:
        raise ValidationError("cursor", f"must be next_cursor of the page before, not {shown(cursor)}")
    return -value, check_id("cursor", name)


def position_of(cursor: object) -> int:
    """How many relations the pages before have shown."""
    text = cursor if isinstance(cursor, str) else shown(cursor)
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise ValidationError("cursor", f"must be next_cursor of the page before, not {text[:60]!r}")
    return int(text)
