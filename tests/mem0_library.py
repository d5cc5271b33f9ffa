"""The real ``mem0`` package, imported so that it neither writes into anybody's home nor phones home."""

import importlib
from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture(scope="session")
def mem0(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The package; its clients are ``mem0.MemoryClient`` and ``mem0.AsyncMemoryClient``."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MEM0_TELEMETRY", "False")
        patch.setenv("MEM0_DIR", str(tmp_path_factory.mktemp("mem0")))
        yield importlib.import_module("mem0")
