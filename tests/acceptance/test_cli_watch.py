"""``recollect watch`` and ``recollect hot`` as a person types them."""

import json
import signal
import subprocess

from tests.shell import Shell, failure


def test_watch_prints_what_is_there_and_ends_in_time(shell: Shell, user: str):
    shell("add", "The olive box stood in the hall", "-u", user)
    shell("add", "The amber box stood in the hall near a very long wall with many, many windows in it", "-u", user)
    lines = shell("watch", "-u", user, "--after", "0", "--timeout", "0").out.splitlines()
    assert any("memory_added" in line and "olive box" in line for line in lines)
    assert all(len(line) <= 80 for line in lines)
    assert lines[0].split()[0] == "1"
    later = shell("watch", "-u", user, "--after", "1", "--timeout", "0", "--json").out.splitlines()
    assert [json.loads(line)["seq"] for line in later] == list(range(2, len(lines) + 1))
    only = shell("watch", "-u", user, "--after", "0", "--timeout", "0", "--type", "memory_deleted").out
    assert only == ""
    assert "not a member" in failure(shell("watch", "-u", user, "--project", "atlas", code=4))


def test_lines_come_as_they_happen_and_ctrl_c_ends_it_quietly(shell: Shell, user: str):
    watching = subprocess.Popen(
        shell.command("watch", "-u", user, "--after", "0", "--json"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=shell.whole_environment,
    )
    assert watching.stdout is not None
    try:
        shell("add", "The olive box stood in the hall", "-u", user)
        first = json.loads(watching.stdout.readline())
        assert (first["seq"], first["type"]) == (1, "memory_added")
        watching.send_signal(signal.SIGINT)
        _, err = watching.communicate(timeout=20)
    finally:
        watching.kill()
        watching.wait()
    assert (watching.returncode, err) == (130, "")
