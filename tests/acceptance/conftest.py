"""What tests through the command line can ask for: a shell, and a user of their own."""

from pathlib import Path
from uuid import uuid4

import pytest
from tests.shell import Shell

from api_server import api, api_server, running_server


@pytest.fixture(scope="session")
def shell(home: str) -> Shell:
    """Commands on this worker's database, whose server is kept running between them."""
    return Shell(Path(home))


@pytest.fixture
def user() -> str:
    """A user's id that is nobody else's."""
    return f"user {uuid4()}"


__all__ = ["api", "api_server", "running_server", "shell", "user"]
