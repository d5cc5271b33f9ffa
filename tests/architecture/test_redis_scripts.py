"""Redis is asked by scripts alone, and these use only commands that look at keys they were given."""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "src" / "recollect" / "adapters" / "redis"
ALLOWED = {
    "DEL", "EXISTS", "HDEL", "HGET", "HGETALL", "HLEN", "HMGET", "HSET", "HVALS", "LLEN", "LRANGE", "PEXPIRE",
    "RPUSH", "SET", "UNLINK", "ZADD", "ZCARD", "ZRANGE", "ZREM",
}  # fmt: skip
SEARCHES = re.compile(r"\b(scan_iter|[hsz]?scan|keys|randomkey|dbsize|flushall|flushdb)\s*\(", re.IGNORECASE)
"""Calls that walk the keyspace, or empty it."""


def test_scripts_run_only_commands_on_keys_that_they_were_given():
    calls = {
        (file.name, name)
        for file in FOLDER.rglob("*.lua")
        for name in re.findall(r"redis\.p?call\(\s*(?:'(\w+)'|\w+)", file.read_text(encoding="utf-8"))
    }
    assert len(calls) > 20
    assert {(file, name) for file, name in calls if name and name not in ALLOWED} == set()


def test_names_of_commands_that_scripts_put_together_are_allowed_too():
    quoted = set[str]()
    for file in FOLDER.rglob("*.lua"):
        quoted |= set(re.findall(r"'([A-Z]{3,})'", file.read_text(encoding="utf-8")))
    assert "ZCARD" in quoted
    assert quoted <= ALLOWED


def test_nothing_else_of_redis_is_called():
    found = {
        file.name: match.group()
        for file in FOLDER.rglob("*.py")
        if (match := SEARCHES.search(file.read_text(encoding="utf-8")))
    }
    assert found == {}
    asked = {
        name
        for file in FOLDER.rglob("*.py")
        for name in re.findall(r"_?client\.(\w+)\(", file.read_text(encoding="utf-8"))
    }
    assert asked == {"eval", "evalsha", "aclose"}
