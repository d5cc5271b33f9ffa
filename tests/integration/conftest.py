"""What tests of channels share: a project, its members, and the channel that is linked to it."""

import pytest

from channel_of_atlas import HERE
from recollect import Memory


@pytest.fixture
def chat(memory: Memory) -> Memory:
    """A project of ana's with ben as a member and vera as a viewer, and its channel; gus is no member."""
    memory.projects.create("atlas", user_id="ana")
    memory.projects.set_member("atlas", "ben", user_id="ana")
    memory.projects.set_member("atlas", "vera", user_id="ana", role="viewer")
    memory.channels.link(HERE, "atlas", user_id="ana", name="#atlas")
    return memory
