"""Graph arguments: the parts of a knowledge graph that callers hand over, checked one by one."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast

from recollect.domain.knowledge_graph import GraphEntity, GraphRelation, Observed
from recollect.domain.scope import check_id
from recollect.errors import ValidationError
from recollect.writing.steps.admit import check_text

MAX_PARTS = 1_000
"""Entities, relations or observations in one call, and observations of one entity."""
T = TypeVar("T")


def check_entities(given: object) -> list[GraphEntity]:
    """Entities to be noted.

    Raises:
        ValidationError: naming the one at fault.
    """
    return _checked("entities", GraphEntity, given, _check_entity)


def check_relations(given: object) -> list[GraphRelation]:
    """Relations; raises as ``check_entities``."""
    return _checked("relations", GraphRelation, given, _check_relation)


def check_observations(given: object) -> list[Observed]:
    """Observations, by their entities; raises as ``check_entities``."""
    return _checked("observations", Observed, given, _check_observed)


def check_graph_names(given: object) -> list[str]:
    """Names of entities; raises as ``check_entities``."""
    return _checked("names", str, given, check_id)


def _checked(field: str, kind: type[T], given: object, check: Callable[[str, Any], object]) -> list[T]:
    checked: list[T] = []
    for place, one in enumerate(_listed(field, given)):
        if not isinstance(one, kind):
            raise ValidationError(f"{field}[{place}]", f"must be a {kind.__name__}, not {type(one).__name__}")
        check(f"{field}[{place}]", one)
        checked.append(one)
    return checked


def _listed(field: str, given: object) -> Sequence[object]:
    if not isinstance(given, list | tuple):
        raise ValidationError(field, f"must be a list, not {type(given).__name__}")
    several = cast("Sequence[object]", given)
    if len(several) > MAX_PARTS:
        raise ValidationError(field, f"has {len(several):,} entries; at most {MAX_PARTS:,} are allowed at once")
    return several


def _check_entity(field: str, entity: GraphEntity) -> None:
    check_id(f"{field}.name", entity.name)
    check_id(f"{field}.type", entity.type)
    _check_contents(f"{field}.observations", entity.observations)


def _check_relation(field: str, relation: GraphRelation) -> None:
    for end in ("source", "type", "target"):
        check_id(f"{field}.{end}", getattr(relation, end))


def _check_observed(field: str, observed: Observed) -> None:
    check_id(f"{field}.name", observed.name)
    _check_contents(f"{field}.contents", observed.contents)


def _check_contents(field: str, contents: object) -> None:
    for place, content in enumerate(_listed(field, contents)):
        check_text(f"{field}[{place}]", content)
