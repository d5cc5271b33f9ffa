"""A profile is among what every turn loads: shown at once, as it stands, until it is changed or erased."""

from recollect import Memory

EVA = "eva"


def _shown(memory: Memory) -> list[str]:
    packet = memory.context("", user_id=EVA)
    return [item.line() for item in packet.items if item.origin.kind == "profile"]


def test_a_profile_is_shown_as_it_stands(memory: Memory) -> None:
    memory.add("My name is Eva", user_id=EVA)
    assert _shown(memory) == []
    memory.profiles.update(user_id=EVA, preferences={"units": "metric"}, expertise={"python": "expert"})
    assert _shown(memory) == ["preferences: units metric", "expertise: python expert"]
    text = memory.context("", user_id=EVA).render()
    assert text.index("name: Eva") < text.index("preferences: units metric") < text.index("expertise: python expert")
    memory.profiles.update(user_id=EVA, preferences={"units": "imperial"}, communication_style={"length": "brief"})
    assert _shown(memory) == ["preferences: units imperial", "expertise: python expert", "style: length brief"]


def test_a_profile_goes_with_its_user_and_is_nobody_elses(memory: Memory) -> None:
    memory.profiles.update(user_id=EVA, preferences={"units": "metric"})
    assert not memory.context("", user_id="ana").items
    memory.erase(user_id=EVA)
    assert _shown(memory) == []
