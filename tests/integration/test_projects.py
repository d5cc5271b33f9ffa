"""Projects: who may read, add and promote, and that leaving ends access at once."""

import pytest

import recollect
from recollect.domain.event import EventType
from recollect.domain.project import Role
from recollect.domain.scope import project_scope
from recollect.errors import Conflict, NotAllowed, NotFound, ValidationError
from recollect.ports.store import EventQuery


@pytest.fixture
def atlas(memory: recollect.Memory) -> recollect.Memory:
    """A memory with the project atlas: ana owns it, ben is a member, vera a viewer; mallory has no part in it."""
    memory.projects.create("atlas", user_id="ana", name="Atlas")
    memory.projects.set_member("atlas", "ben", user_id="ana")
    memory.projects.set_member("atlas", "vera", user_id="ana", role="viewer")
    return memory


def test_members_find_what_is_shared_and_nobody_else_does(atlas: recollect.Memory):
    shared = atlas.add("The launch of Atlas is on 3 March 2027.", user_id="ben", project_id="atlas", share=True)
    assert shared.id is not None
    for user in ("ana", "ben", "vera"):
        found = atlas.search("When is the launch?", user_id=user, project_id="atlas")
        assert found[0].memory.id == shared.id
        assert found[0].memory.author_id == "ben"
        assert atlas.get(shared.id, user_id=user, project_id="atlas").text.startswith("The launch")
        assert shared.id in [m.id for m in atlas.list(user_id=user, project_id="atlas")]
        packet = atlas.context("launch", user_id=user, project_id="atlas")
        assert any(str(shared.id) in item.origin.ids for item in packet.items)
    with pytest.raises(NotAllowed, match="mallory"):
        atlas.search("When is the launch?", user_id="mallory", project_id="atlas")
    with pytest.raises(NotFound):
        atlas.get(shared.id, user_id="ben")  # it is the project's, not his
    assert not atlas.search("When is the launch?", user_id="ben").hits


def test_what_is_not_shared_stays_the_members_own(atlas: recollect.Memory):
    atlas.add("I think the Atlas deadline cannot be held.", user_id="ben", project_id="atlas")
    assert atlas.search("Can the deadline be held?", user_id="ben", project_id="atlas").hits
    assert not atlas.search("Can the deadline be held?", user_id="ana", project_id="atlas").hits


def test_roles_say_who_may_do_what(atlas: recollect.Memory):
    with pytest.raises(NotAllowed, match="viewer"):
        atlas.add("We use Rust.", user_id="vera", project_id="atlas", share=True)
    with pytest.raises(NotAllowed, match="admin"):
        atlas.projects.set_member("atlas", "mallory", user_id="ben")
    with pytest.raises(NotAllowed):
        atlas.projects.set_member("atlas", "mallory", user_id="mallory", role="owner")
    with pytest.raises(Conflict, match="owner"):
        atlas.projects.remove_member("atlas", "ana", user_id="ana")
    atlas.projects.set_member("atlas", "ben", user_id="ana", role="admin")
    with pytest.raises(NotAllowed, match="owner"):
        atlas.projects.set_member("atlas", "ben", user_id="ben", role="owner")
    assert {m.user_id: m.role for m in atlas.projects.members("atlas", user_id="vera")} == {
        "ana": Role.OWNER,
        "ben": Role.ADMIN,
        "vera": Role.VIEWER,
    }


def test_leaving_ends_access_at_once(atlas: recollect.Memory):
    atlas.add("The budget is 40,000 euros.", user_id="ana", project_id="atlas", share=True)
    assert atlas.search("What is the budget?", user_id="ben", project_id="atlas").hits
    atlas.projects.remove_member("atlas", "ben", user_id="ben")
    for call in (
        lambda: atlas.search("What is the budget?", user_id="ben", project_id="atlas"),
        lambda: atlas.context("budget", user_id="ben", project_id="atlas"),
        lambda: atlas.list(user_id="ben", project_id="atlas"),
        lambda: atlas.add("x y z", user_id="ben", project_id="atlas"),
        lambda: atlas.projects.get("atlas", user_id="ben"),
    ):
        with pytest.raises(NotAllowed, match="not a member"):
            call()
    assert [p.id for p in atlas.projects.list(user_id="ben")] == []


def test_promotion_is_an_event_and_needs_the_right(atlas: recollect.Memory):
    own = atlas.add("Anna Schmidt leads the testing.", user_id="ben").id
    assert own is not None
    with pytest.raises(NotAllowed):
        atlas.projects.promote(own, "atlas", user_id="vera")
    shared = atlas.projects.promote(own, "atlas", user_id="ben")
    assert shared.provenance.evidence == (str(own),)
    assert atlas.search("Who leads the testing?", user_id="vera", project_id="atlas")[0].memory.id == shared.id
    assert atlas.get(own, user_id="ben").project_id is None
    with pytest.raises(Conflict, match="already"):
        atlas.projects.promote(own, "atlas", user_id="ben")


@pytest.mark.anyio
async def test_the_promotion_stands_in_the_projects_own_log(async_memory: recollect.AsyncMemory):
    memory = async_memory
    await memory.projects.create("atlas", user_id="ana")
    own = (await memory.add("Anna Schmidt leads the testing.", user_id="ana")).id
    assert own is not None
    shared = await memory.projects.promote(own, "atlas", user_id="ana")
    parts = await memory.core.ready()
    events = await parts.store.events(project_scope(parts.tenant_id, "atlas"), EventQuery())
    assert [(event.type, event.subject_id, event.actor) for event in events] == [
        (EventType.MEMORY_PROMOTED, shared.id, "ana")
    ]


def test_a_members_own_fact_stands_before_a_shared_one_of_the_same_key(atlas: recollect.Memory):
    atlas.add("ben: prefers tea", user_id="ana", project_id="atlas", share=True)
    atlas.add("My favourite drink is coffee.", user_id="ben", project_id="atlas")
    found = atlas.search("What is my favourite drink?", user_id="ben", project_id="atlas")
    assert "coffee" in found[0].memory.text


def test_sharing_needs_a_project(memory: recollect.Memory):
    with pytest.raises(ValidationError, match="share"):
        memory.add("We use Rust.", user_id="ana", share=True)
    with pytest.raises(ValidationError, match="project_id"):
        memory.add("We use Rust.", user_id="ana", project_id="nowhere", share=True)
    with pytest.raises(ValidationError, match="reserved"):
        memory.add("We use Rust.", user_id="recollect:project:atlas")
    assert memory.add("We use Rust.", user_id="ana", project_id="a label of my own").id is not None
