"""The command line as a whole: help at 80 columns, names old and new, --quiet, --dry-run, pipes, Ctrl-C, completion."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main
from rich.cells import cell_len
from tests.shell import Shell, failure, narrow

from recollect.doors.cli.contents import ENTRIES, app
from recollect.doors.cli.lazy import Entry, Group

MISSING = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"
HOSTILE = (
    "\x1b[31mred\x1b[0m 👩‍👩‍👧‍👦🏳️‍🌈 \u202eמִלָּה עברית\u202c العربية\u200f 漢字漢字漢字漢字漢字 "
    "e\u0301\u0301\u0301 " + "x" * 120 + " \x07\r\n\ttab [bold]markup[/bold] \u2028 end"
)
GROUPS = tuple(entry for entry in ENTRIES if entry.target.endswith(":app") or entry.parts)
NAMED_IN_THE_ISSUE = {
    "memory", "user", "project", "source", "policy", "key", "job", "model", "db", "audit", "hot", "bench", "serve",
    "worker", "mcp", "doctor", "import", "export",
}  # fmt: skip


def commands(entry: Entry) -> dict[str, Any]:
    loaded = entry.load(entry.name)
    return {name: one for name, one in loaded.commands.items() if not one.hidden}


def helped(text: str) -> Iterator[tuple[str, str]]:
    """Rows of the panels of commands: name and line."""
    for panel in re.findall(r"╭─ (?!Options|Arguments)[^\n]*\n(.*?)╰─", text, re.DOTALL):
        for row in re.findall(r"^│ (.{76}) │$", panel, re.MULTILINE):
            name, _, line = row.partition("  ")
            yield name.strip(), line.strip()


def test_the_groups_of_the_issue_are_shown():
    assert {entry.name for entry in ENTRIES} >= NAMED_IN_THE_ISSUE


@pytest.mark.parametrize("entry", [None, *GROUPS], ids=lambda entry: entry.name if entry else "recollect")
def test_every_help_has_a_line_a_command(shell: Shell, entry: Entry | None):
    text = narrow(shell(*([entry.name] if entry else []), "--help").out)
    rows = list(helped(text))
    shown = {one.name for one in ENTRIES} if entry is None else set(commands(entry))
    assert {name for name, _ in rows} == shown, "a line was wrapped, or a command is missing"
    assert all(line.endswith((".", "…")) or "`" in line for _, line in rows), rows


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if not entry.parts], ids=lambda entry: entry.name)
def test_every_command_has_a_help_that_fits(shell: Shell, entry: Entry):
    names = commands(entry) if entry in GROUPS else {"": None}
    for name in names:
        text = narrow(shell(*filter(None, [entry.name, name, "--help"])).out)
        assert "Usage: recollect" in text or "Usage:" in text
        assert "<bool>" not in text


def test_old_names_work_and_are_not_shown(shell: Shell):
    root = typer.main.get_command(app)
    assert isinstance(root, Group)
    old = {alias for entry in ENTRIES for alias in entry.aliases}
    assert old >= {"projects", "sources", "policies", "entities", "collections", "keys", "upkeep", "traces", "profiles"}
    assert all(root.commands[name].hidden for name in old)
    assert not old & {name for name, _ in helped(shell("--help").out)}
    for name in old:
        assert "Commands" in shell(name, "--help").out


def test_the_group_memory_is_the_verbs(shell: Shell, user: str):
    identity = shell("memory", "add", "I live in Lyon", "-q", "-u", user).out.split()[0]
    assert shell("memory", "search", "Where do I live?", "-k", "1", "-q", "-u", user).out.split() == [identity]
    assert "Lyon" in shell("memory", "get", identity, "-u", user).out
    assert "Lyon" in shell("memory", "show", identity, "-u", user).out
    shell("memory", "delete", identity, "--yes", "-u", user)
    assert "memory_deleted" in shell("memory", "history", identity, "-u", user).out


def test_limits_have_three_names(shell: Shell, user: str):
    for n in range(4):
        shell("add", f"I saw heron {n} on the river", "-u", user)
    for option in ("-k", "--limit", "--top-k", "-n"):
        assert len(shell("list", option, "3", "-q", "-u", user).out.split()) == 3
        assert len(shell("-q", "search", "heron", option, "2", "-u", user).out.split()) == 2
    assert len(shell("list", "-k3", "--quiet", "-u", user).out.split()) == 3
    assert shell("list", "-k", "many", "-u", user, code=2).err


def test_quiet_is_ids_or_the_essential(shell: Shell, user: str):
    ids = shell("add", "I live in Lyon and I work at Siemens", "-q", "-u", user).out.split()
    assert all(re.fullmatch(r"[0-9a-f-]{36}", one) for one in ids)
    assert shell("show", ids[0], "-q", "-u", user).out.split() == [ids[0]]
    assert shell("context", "Where do I live?", "-q", "-u", user).out.startswith("<recalled-memory>")
    assert shell("db", "location", "-q").out.strip() == str(shell.home)
    assert shell("project", "create", user, "-q", "-u", user).out.strip() == user
    assert shell("status", "-q").out == ""
    assert shell("list", "-q", "--json", "-u", user).document["memories"], "JSON wins"
    assert "has no memory" in failure(shell("show", MISSING, "-q", "-u", user, code=3))
    assert shell("list", "-u", user).out.count("\n") > len(ids), "quiet is forgotten by the next command"


def test_texts_from_standard_input(shell: Shell, user: str):
    identity = shell("add", "-", "-q", "-u", user, stdin="I live in Lyon\n").out.split()[0]
    assert identity in shell("search", "-", "-q", "-u", user, stdin="Where do I live?").out
    assert "Lyon" in shell("context", "-", "-u", user, stdin="Where do I live?\n").out
    shell("update", identity, "--text", "-", "-u", user, stdin="I live in Oslo\n")
    assert shell("show", identity, "--json", "-u", user).document["text"] == "I live in Oslo"


def test_context_takes_what_search_takes(shell: Shell, user: str):
    for n in range(3):
        shell("add", f"I planted apple tree number {n}", "--conversation", "garden", "-u", user)
    shell("working", "clear", "--yes", "-u", user)
    asked = ("context", "Which trees did I plant?", "--json", "-u", user)
    whole = shell(*asked).document
    assert shell(*asked, "--most-per-conversation", "1", "--profile", "recent").document["items"]
    assert len(shell(*asked, "--min-score", "0.999").document["items"]) < len(whole["items"])
    assert shell(
        "search", "trees", "--most-per-conversation", "1", "--filter", '{"importance": {"gte": 0}}', "-u", user
    )
    assert "min_score" in failure(shell(*asked, "--min-score", "2", code=1))


def before(shell: Shell, user: str) -> object:
    return shell("events", "-k", "1000", "--json", "-u", user).document["events"]


def test_a_dry_run_says_what_would_go_and_changes_nothing(shell: Shell, user: str):
    one, two = (shell("add", text, "-q", "-u", user).out.split()[0] for text in ("I like figs", "I like chess"))
    place = shell("collection", "create", "Peru", "-q", "-u", user).out.strip()
    goal = shell("goal", "add", "Go to Peru", "-q", "-u", user).out.strip()
    shell("relationship", "add", one, two, "related", "-u", user)
    shell("project", "create", f"p {user}", "-u", user)
    shell("source", "add", f"s {user}")
    shell("working", "set", "page", "3", "-u", user)
    log, sources = before(shell, user), shell("source", "list", "-q").out
    for words, told in (
        (["delete", one], "figs"),
        (["memory", "delete", one], "figs"),
        (["erase", "memory", one], "figs"),
        (["erase", "user", user], "2 memories"),
        (["collection", "delete", place], "Peru"),
        (["goal", "remove", goal], "Peru"),
        (["relationship", "remove", one, two, "related"], "related"),
        (["project", "remove-member", f"p {user}", user], user),
        (["source", "remove", f"s {user}"], user),
        (["working", "clear"], "working memory"),
        (["working", "delete", "page"], "page"),
        (["db", "downgrade", "--to", "base"], "row"),
        (["rollback", "--to", "1"], "would change"),
    ):
        text = " ".join(narrow(shell(*words, "--dry-run", "-u", user).out).split())
        assert told in text, words
        document = shell(*words, "--dry-run", "--json", "-u", user).document
        assert document["dry_run"] is True
    assert before(shell, user) == log
    assert shell("source", "list", "-q").out == sources
    assert "page" in shell("working", "get", "-u", user).out
    for words in (["delete", one], ["working", "clear"], ["goal", "remove", goal], ["erase", "user", user]):
        assert "nothing was changed" in failure(shell(*words, "-u", user, code=1))
    assert before(shell, user) == log
    assert "has no memory" in failure(shell("delete", MISSING, "--dry-run", "-u", user, code=3))


def test_exit_codes_say_what_kind_of_error_it_was(shell: Shell, user: str):
    shell("show", MISSING, "-u", user, code=3)
    shell("project", "members", "nobody's", "-u", user, code=4)
    shell("collection", "create", "Peru", "-u", user)
    shell("collection", "create", "Peru", "-u", user, code=5)
    shell("search", " ", "-u", user, code=1)
    shell("search", code=2)
    assert "3 not found, 4 not allowed" in " ".join(shell("--help").out.split())


def test_hostile_texts_fit_and_cannot_write_to_the_terminal(shell: Shell, user: str):
    identity = shell("add", "-", "-q", "-u", user, stdin=HOSTILE).out.split()[0]
    shell("goal", "add", HOSTILE, "-u", user)
    shell("collection", "create", "👩‍👩‍👧‍👦" * 10 + "\u202e" + "x" * 90, "-u", user)
    shell("working", "think", HOSTILE, "-u", user)
    shell("session", "start", "-u", user)
    for words in (
        ["list"], ["show", identity], ["history", identity], ["search", "red markup end", "--explain"], ["events"],
        ["goal", "list"], ["goal", "tree"], ["collection", "list"], ["working", "show"], ["working", "thoughts"],
        ["access", "list"], ["entity", "list"], ["session", "show"], ["context", "red"],
        ["diff", "2020-01-01T00:00:00Z", "2099-01-01T00:00:00Z"],
    ):  # fmt: skip
        text = shell(*words, "-u", user).out
        wide = [line for line in text.splitlines() if cell_len(line) > 80 and words[0] != "context"]
        assert wide == [], words
        bidi = "" if words[0] == "context" else r"\u202a-\u202e\u2066-\u2069"  # that is a prompt, and piped
        assert not re.search(rf"[\x00-\x09\x0b-\x1f\x7f{bidi}]", text), words


def test_the_first_command_says_where_the_data_lie(short_directory: Path):
    shell = Shell(short_directory / "first")
    assert f"setting up a database in {shell.home}" in shell("list").err
    assert shell("list").err == ""
    shell("db", "stop")


@pytest.mark.parametrize("after_s", [0.01, 0.05, 0.1, 0.2, 0.3, 0.5])
def test_ctrl_c_is_quiet_from_the_first_moment_on(shell: Shell, after_s: float):
    here, there = os.pipe()
    code = f"from recollect.doors.cli.main import run; import os; os.write({there}, b'.'); run()"
    command = [sys.executable, "-c", code, "search", "-", "-u", "nobody"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stderr=subprocess.PIPE, env=shell.whole_environment, pass_fds=(there,)
    ) as process:
        os.read(here, 1)  # nobody can do anything about Ctrl-C before the interpreter is up
        time.sleep(after_s)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert err == b""


def test_a_reader_that_leaves_is_no_accident(shell: Shell, user: str):
    shell("add", "--file", "-", "-u", user, stdin="\n".join(f'{{"content": "I saw heron {n}"}}' for n in range(200)))
    line = " ".join(f"'{word}'" for word in shell.command("list", "-k", "1000", "-u", user))
    done = subprocess.run(
        ["sh", "-c", f"{line} | head -1"], capture_output=True, env=shell.whole_environment, timeout=60, check=False
    )
    assert done.returncode == 0
    assert b"heron" in done.stdout
    assert done.stderr == b""


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash here")
def test_bash_completes(shell: Shell, tmp_path: Path):
    program = Path(sys.executable).parent / "recollect"
    environment = {**shell.whole_environment, "PATH": f"{program.parent}:{os.environ['PATH']}"}

    shown = subprocess.run(
        ["bash", "-c", "recollect --show-completion; true"], capture_output=True, text=True, env=environment, check=True
    )
    script = tmp_path / "complete.sh"
    script.write_text(shown.stdout)

    def completed(*words: str) -> list[str]:
        typed = " ".join(f"'{word}'" for word in ("recollect", *words))
        body = (
            f"source {script}; COMP_WORDS=({typed}); COMP_CWORD={len(words)}; _recollect_completion recollect; "
            'printf "%s\\n" "${COMPREPLY[@]}"'
        )
        done = subprocess.run(["bash", "-c", body], capture_output=True, text=True, env=environment, check=True)
        return done.stdout.split()

    assert set(completed("se")) == {"search", "serve", "session"}
    assert "rotate" in completed("master-key", "r")
    assert "--explain" in completed("search", "--ex")


@pytest.mark.parametrize(
    ("how", "words"),
    [
        ("complete_zsh", {"_TYPER_COMPLETE_ARGS": "recollect se"}),
        ("complete_fish", {"_TYPER_COMPLETE_ARGS": "recollect se", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_zsh_and_fish_are_answered(shell: Shell, how: str, words: dict[str, str]):
    program = Path(sys.executable).parent / "recollect"
    environment = {**shell.whole_environment, "_RECOLLECT_COMPLETE": how, **words}
    done = subprocess.run([program], capture_output=True, text=True, env=environment, check=False)
    assert {"search", "serve", "session"} <= set(re.findall(r"\w+", done.stdout))
    assert "status" not in done.stdout


def test_help_does_not_wait_for_what_it_does_not_need(shell: Shell):
    code = (
        "import sys; from recollect.doors.cli.main import run; sys.argv = ['recollect', '--help']\n"
        "try: run()\nexcept SystemExit: pass\n"
        "print([name for name in ('psycopg', 'numpy', 'pydantic', 'sqlalchemy') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=shell.whole_environment, check=True
    )
    assert done.stdout.rstrip().endswith("[]")
