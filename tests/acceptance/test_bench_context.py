"""``recollect bench context`` measures what it says, on both tiers by turns, and prints a table that fits."""

import json

from tests.redis_server import RedisServer, require_redis
from typer.testing import CliRunner, Result

from recollect.bench.cli import app

KINDS = [
    "without a query",
    "small talk",
    "with words not met before",
    "with a query",
    "in a project",
    "in a channel",
    "right after an add",
]


def run(home: str, *arguments: str) -> Result:
    return CliRunner().invoke(app, ["context", "--sizes", "60", "--calls", "10", *arguments, "--home", home])


def test_contexts_on_both_tiers_as_json(home: str):
    require_redis()
    with RedisServer() as server:
        result = run(home, "--redis", server.url, "--json")
    assert result.exit_code == 0, result.output
    report = json.loads(result.stdout)
    measured = report["sizes"]["60"]
    assert list(measured["calls"]) == [*KINDS, "with everything included"]
    for name in KINDS:
        for tier in ("postgres", "redis"):
            seen = measured["calls"][name][tier]
            assert 0 < seen["p50 ms"] <= seen["p95 ms"]
            assert seen["degraded calls"] == 0
            assert seen["round trips"] >= (0 if name == "small talk" else 1)
    assert measured["calls"]["without a query"]["postgres"]["round trips"] == 1
    for name in ("with a query", "in a project", "in a channel"):
        assert measured["calls"][name]["postgres"]["round trips"] <= report["round trips allowed"]
    assert {"embed", "rank", "fetch"} <= set(measured["calls"]["with a query"]["redis"]["stages, p50 ms"])
    assert measured["packet"]["items"] > 20
    assert set(measured["first call, ms"]) == {"postgres", "redis"}


def test_the_table_fits_and_the_profile_is_shown(home: str):
    result = run(home, "--profile")
    assert result.exit_code == 0, result.output
    for expected in ("without a query, postgres", "10 / 25", "everything included", "hot spots of with a query"):
        assert expected in result.stdout
    assert "redis" not in result.stdout
    assert max(len(line) for line in result.stdout.splitlines()) <= 80
    assert "…" not in result.stdout.partition("hot spots")[0]


def test_what_cannot_be_used_is_one_line(home: str):
    assert "--sizes" in CliRunner().invoke(app, ["context", "--sizes", "few", "--home", home]).stderr
    result = CliRunner().invoke(app, ["context", "--sizes", "10", "--redis", "http://x", "--home", home])
    assert result.exit_code == 1
    assert result.stderr.startswith("error: ")
    assert len(result.stderr.splitlines()) == 1
