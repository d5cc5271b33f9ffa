"""The readers stay at least as good on the labelled sentences as they were measured (see tools/measure_reading.py)."""

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest


def _tool() -> ModuleType:
    path = Path(__file__).parents[3] / "tools" / "measure_reading.py"
    spec = importlib.util.spec_from_file_location("measure_reading", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


TOOL = _tool()


@pytest.mark.parametrize(
    ("reader", "split", "precision", "recall"),
    [
        ("entities", "dev", 0.96, 0.95),
        ("entities", "test", 0.87, 0.87),
        ("facts", "dev", 0.95, 0.93),
        ("facts", "test", 0.93, 0.80),
        ("times", "dev", 0.96, 0.96),
        ("times", "test", 0.92, 0.88),
        ("kinds", "dev", 0.95, 0.95),
        ("kinds", "test", 0.85, 0.85),
        ("emotion bands", "dev", 0.90, 0.90),
        ("emotion bands", "test", 0.90, 0.90),
        ("small talk", "dev", 1.0, 0.95),
        ("small talk", "test", 1.0, 0.95),
        ("salience", "dev", 0.95, 0.97),
        ("salience", "test", 0.95, 0.97),
        ("corrections", "dev", 0.98, 0.96),
        ("corrections", "test", 0.97, 0.97),
        ("stressors", "dev", 0.97, 0.97),
        ("stressors", "test", 0.85, 0.85),
    ],
)
def test_reader_is_as_good_as_measured(reader: str, split: str, precision: float, recall: float) -> None:
    got = TOOL.measure(reader, split)
    assert got[0] >= precision
    assert got[1] >= recall
