"""``recollect hot`` as a person types it."""

from tests.shell import Shell, narrow


def test_hot(shell: Shell):
    status = shell("hot", "status", "--json").document
    assert (status["adapter"], status["reachable"], status["degraded"]) == ("postgres", True, [])
    lines = narrow(shell("hot", "status").out).splitlines()
    assert lines[0].split() == ["hot", "tier", "postgres"]
    assert not any("0 load" in line for line in lines), "what it knew is told of all loads, not of those it knew"
    assert "no copy to rebuild" in shell("hot", "rebuild").out
    assert shell("hot", "rebuild", "--json").document["users"] == 0
    assert "0 items of 0 users removed" in shell("hot", "sweep").out
    assert shell("hot", "sweep", "--json").document == {"items": 0, "users": []}
