"""The command line says why: of what was found, of what was not, of what was kept."""

import pytest
from tests.shell import Shell, failure, narrow

MISSING = "019a7c0e-5b1f-7c3a-9d2e-3f1a2b4c5d6e"
QUESTION = "Where does Anna work?"


@pytest.fixture
def told(shell: Shell, user: str) -> dict[str, str]:
    """Ids by text."""
    texts = ["My sister Anna works at Siemens", "Anna likes tea", "I play chess on Sundays"]
    return {text: shell("add", text, "--json", "-u", user).document["items"][0]["memory_id"] for text in texts}


@pytest.mark.usefixtures("told")
def test_search_explains_itself_at_80_columns_and_to_machines(shell: Shell, user: str):
    text = narrow(shell("search", QUESTION, "--explain", "-n", "2", "-u", user).out)
    words = " ".join(text.split())
    assert "It is 1st of " in words
    assert "Question and memory both name Anna" in words
    assert "by meaning alone" in words
    assert "signal points weight value raw why" in words
    assert ": meaning 1" in words
    assert "ms: " in words
    plain = shell("search", QUESTION, "-n", "2", "-u", user).out
    assert "It is 1st of" not in plain
    found = shell("search", QUESTION, "--explain", "-n", "2", "--json", "-u", user).document
    told = found["hits"][0]["explanation"]
    assert told["text"].startswith("It is 1st of ")
    assert told["ranks"]["fused"] == 1
    assert told["signals"]["meaning"]["weight"] > 0
    assert "anna" in told["words"]
    assert shell("search", QUESTION, "-n", "2", "--json", "-u", user).document["hits"][0]["explanation"] is None


def test_limits_of_an_answer(shell: Shell, user: str, told: dict[str, str]):
    few = narrow(shell("search", QUESTION, "--max-tokens", "12", "-u", user).out)
    assert "no room in the budget of tokens" in few
    none = shell("search", QUESTION, "--min-score", "1", "--json", "-u", user).document
    assert (none["hits"], none["note"]) == ([], "no memory is as probably relevant as min_score demands")
    assert "profile cortex" in failure(
        shell("search", QUESTION, "--min-score", "0.5", "--profile", "cortex", "-u", user, code=1)
    )
    recent = shell("search", QUESTION, "--profile", "recent", "--per-conversation", "1", "--json", "-u", user).document
    assert {hit["memory"]["id"] for hit in recent["hits"]} >= set(told.values())


def test_why_not(shell: Shell, user: str, told: dict[str, str]):
    chess = told["I play chess on Sundays"]
    text = " ".join(narrow(shell("why-not", chess, QUESTION, "-n", "1", "-u", user).out).split())
    assert "and the answer ends at 1" in text
    assert "signal points last one in lacks" in text
    document = shell("why-not", chess, QUESTION, "-n", "1", "--json", "-u", user).document
    assert (document["found"], document["reason"]) == (False, "cut")
    assert document["short_by"] == pytest.approx(document["last_score"] - document["score"])
    filtered = narrow(shell("why-not", chess, QUESTION, "--type", "goal", "-u", user).out)
    assert "The filter types leaves it out" in filtered
    assert "It is in the answer, " in narrow(shell("why-not", chess, QUESTION, "-u", user).out)
    assert "no such memory" in shell("why-not", MISSING, QUESTION, "-u", user).out
    assert "no such memory" in shell("why-not", chess, QUESTION, "-u", f"{user} else").out
    assert "memory_id: must be a UUID" in failure(shell("why-not", "x", QUESTION, "-u", user, code=1))


def test_used(shell: Shell, user: str, told: dict[str, str]):
    tea = told["Anna likes tea"]
    assert narrow(shell("used", tea, "-u", user).out).startswith("1")
    assert shell("used", tea, "--json", "-u", user).document["memories"][0]["access_count"] == 2
    assert "has no memory" in failure(shell("used", MISSING, "-u", user, code=3))


@pytest.mark.usefixtures("told")
def test_traces(shell: Shell, user: str):
    assert "no question is kept" in shell("traces", "list", "-u", user).out
    kept = shell("search", QUESTION, "--trace", "--json", "-u", user).document
    trace = kept["trace_id"]
    assert "kept as trace " in narrow(shell("search", "Who likes tea?", "--trace", "-u", user).out)
    listed = narrow(shell("traces", "list", "-u", user).out)
    assert trace in listed
    shown = narrow(shell("traces", "show", trace, "-u", user).out)
    assert kept["hits"][0]["memory"]["id"] in shown
    assert shell("traces", "show", trace, "--json", "-u", user).document["query"] == QUESTION
    shell("add", "Anna works at Bosch now", "-u", user)
    assert "the same answer as then" in narrow(shell("traces", "replay", trace, "-u", user).out)
    again = shell("traces", "replay", trace, "--json", "-u", user).document
    assert (again["same"], again["differences"]) == (True, [])
    assert "add --yes" in failure(shell("traces", "delete", trace, "-u", user, code=1))
    assert shell("traces", "delete", trace, "--yes", "--json", "-u", user).document == {"deleted": trace}
    assert "has no trace" in failure(shell("traces", "replay", trace, "-u", user, code=3))


@pytest.mark.parametrize(
    "command", [["why-not"], ["used"], *(["trace", name] for name in ("list", "show", "replay", "delete"))]
)
def test_help_shows_examples(shell: Shell, command: list[str]):
    text = narrow(shell(*command, "--help").out)
    assert f"recollect {' '.join(command)}" in text.partition("Examples:")[2]


@pytest.mark.usefixtures("told")
def test_weights_may_be_typed_as_json(shell: Shell, user: str):
    arguments = ("search", QUESTION, "--profile", '{"words": 0.5}', "--json", "-u", user)
    found = shell(*arguments).document["hits"]
    assert [set(hit["signals"]) for hit in found] == [{"words"}] * len(found)
    assert found[0]["signals"]["words"]["weight"] == 0.5
    assert "which is not one of" in failure(shell("search", QUESTION, "--profile", '{"colour": 1}', "-u", user, code=1))


def test_a_question_without_words_is_told_so(shell: Shell, user: str):
    assert "query: is empty; ask in words" in failure(shell("search", " ", "-u", user, code=1))


def test_nothing_has_no_header(shell: Shell, user: str):
    assert shell("entities", "duplicates", "-u", user).out.strip() == "no two entities look like one"
