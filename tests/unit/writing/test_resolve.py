"""Names are resolved by what was said by hand first, then by what memories mention."""

from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID

import pytest

from recollect.domain.entity import Entity
from recollect.domain.record import EntityMention, EntityType
from recollect.domain.scope import Scope
from recollect.writing.draft import Draft
from recollect.writing.steps.resolve import KnownNames, resolve

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def entity(name: str, *aliases: str, merged_into: str | None = None) -> Entity:
    return Entity(
        tenant_id="t", user_id="u", name=name, aliases=aliases, merged_into=merged_into, created_at=NOW, updated_at=NOW
    )


def draft(name: str, kind: EntityType = EntityType.PERSON, key: str | None = None) -> Draft:
    bare = Draft(id=UUID(int=1), scope=Scope(tenant_id="t", user_id="u"), text=f"{name} works at Siemens")
    return replace(bare, entities=(EntityMention(name, name, kind, 0, len(name)),), key=key)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Nan", "Anna Schmidt"),
        ("annie", "Anna Schmidt"),
        ("Anna", "Anna Schmidt"),
        ("anna schmidt", "Anna Schmidt"),
        ("Ben", "Ben"),
        ("Carla", "Carla"),
    ],
)
def test_aliases_merges_and_parts_of_names(name: str, expected: str):
    entities = [entity("Anna Schmidt", "Nan"), entity("Annie", merged_into="Anna Schmidt")]
    known = KnownNames(["Anna Schmidt", "Ben", "Annie"], entities)
    assert resolve(draft(name), known).entities[0].name == expected


def test_the_part_of_a_merged_name_means_its_target():
    known = KnownNames(["Anna Schmidt"], [entity("Anna Schmidt", merged_into="Anna Weber")])
    assert known.resolve("Schmidt") == "Anna Weber"


def test_a_merge_that_was_taken_back_no_longer_counts():
    known = KnownNames(["Anna Schmidt", "Annie"], [entity("Annie", merged_into="Anna Schmidt")])
    assert known.resolve("Annie") == "Anna Schmidt"
    known.follow([])
    assert known.resolve("Annie") == "Annie"


def test_a_fact_is_kept_under_the_entity_that_an_alias_means():
    known = KnownNames([], [entity("Anna Schmidt", "Nan")])
    assert resolve(draft("Nan", key="nan:employer"), known).key == "anna schmidt:employer"
    assert resolve(draft("Ben", key="ben:employer"), known).key == "ben:employer"
    assert resolve(draft("Ben", key="user:employer"), known).key == "user:employer"


def test_aliases_count_for_other_things_but_not_for_dates():
    known = KnownNames(["Project Atlas"], [entity("Project Atlas", "Atlas", "May")])
    assert resolve(draft("Atlas", EntityType.OTHER), known).entities[0].name == "Project Atlas"
    assert resolve(draft("Project", EntityType.OTHER), known).entities[0].name == "Project"
    assert resolve(draft("May", EntityType.DATE), known).entities[0].name == "May"
