"""The pulled MiniLM model for tests; fetched once, then kept in the temporary directory for the next run."""

import getpass
import tempfile
from functools import cache
from pathlib import Path

import pytest

from recollect.errors import ModelUnavailable


@cache
def minilm_cache() -> Path:
    """Returns a cache directory with the model in it, or skips the test with the reason."""
    pull = pytest.importorskip("recollect.adapters.models.pull", reason="the extra recollect[minilm] is not installed")
    directory = Path(tempfile.gettempdir()) / f"recollect-test-models-{getpass.getuser()}"
    try:
        pull.pull_minilm(directory)
    except ModelUnavailable as error:
        pytest.skip(str(error))
    return directory
