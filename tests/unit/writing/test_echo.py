"""What recall had put into a prompt does not become news; what anyone says themselves does."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import pytest

from packet_parts import packet_item
from recollect.domain.content import content_hash, doubted
from recollect.domain.echo import READ_LIMIT
from recollect.domain.ids import new_id
from recollect.domain.packet import STYLES, Packet, Style
from recollect.domain.receipt import Outcome, ReceiptItem
from recollect.domain.record import Memory, MemoryType, Provenance, ProvenanceSource, SourceType, Trust
from recollect.domain.scope import Scope
from recollect.writing.draft import Draft
from recollect.writing.steps.derive import derive
from recollect.writing.steps.echo import Echoes, judge, may_echo, without_recalled
from recollect.writing.steps.extract import extract

SCOPE = Scope(tenant_id="t", user_id="ben")
NOW = datetime(2026, 5, 4, tzinfo=UTC)


def memory(number: int, text: str, speaker: str | None = None) -> Memory:
    return Memory(
        id=UUID(int=number), tenant_id="t", user_id="ben", type=MemoryType.TURN, text=text, speaker=speaker,
        occurred_at=NOW, written_at=NOW, updated_at=NOW, content_hash=content_hash(speaker, text),
    )  # fmt: skip


ANNA = memory(1, "Anna works at Siemens")
MOVED = memory(2, "I moved to Lyon in May. I love the river there.", "user")
KNOWN = {record.content_hash: record.id for record in (ANNA, MOVED)}


def user(text: str, **more: Any) -> Draft:
    return Draft(scope=SCOPE, text=text, speaker="user", is_turn=True, **more)


def assistant(text: str, **more: Any) -> Draft:
    inferred = Provenance(source=ProvenanceSource.AGENT_INFERRED)
    return Draft(scope=SCOPE, text=text, speaker="assistant", is_turn=True, provenance=inferred, **more)


def block(style: Style) -> str:
    items = tuple(packet_item(record, score=0.5) for record in (ANNA, MOVED))
    return Packet(query="q", items=items, retrieved_at=NOW).render(style=style)


def stored(draft: Draft) -> ReceiptItem:
    return ReceiptItem(
        outcome=Outcome.ACCEPTED, reason="new", memory_id=draft.id, type=MemoryType.TURN, text=draft.text,
        derived_from=draft.derived_from,
    )  # fmt: skip


def through(*drafts: Draft, existing: tuple[Memory, ...] = (ANNA, MOVED)) -> tuple[list[Draft], list[ReceiptItem]]:
    """The drafts that are news, and the receipt's items, as the pipeline does it."""
    echoes = Echoes()
    prepared = [each for draft in echoes.unmarked(drafts) for each in derive(extract(draft))]
    wanted = set(echoes.hashes(prepared)) | {draft.content_hash for draft in prepared}
    news = echoes.news(prepared, [record for record in existing if record.content_hash in wanted])
    return news, echoes.items([stored(draft) for draft in news])


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("said_by", [user, assistant])
def test_a_marked_packet_is_cut_out_whoever_sends_it(style: Style, said_by: Any):
    draft = said_by(f"{block(style)}\n\nI adopted a dog called Rex.")
    sifted, echoed = without_recalled(draft)
    assert sifted is not None
    assert (sifted.text, sifted.id) == ("I adopted a dog called Rex.", draft.id)
    assert echoed == (block(style),)
    news, items = through(draft)
    assert "Siemens" not in "".join(draft.text for draft in news)
    assert items[0].reason == "new; without what recall had put into the prompt"


def test_a_message_that_is_nothing_but_a_packet_is_refused_before_it_is_read():
    news, items = through(user(f"```\n{block('markdown')}\n```"))
    assert news == []
    assert (items[0].outcome, items[0].memory_id) == (Outcome.REJECTED, None)
    assert items[0].reason == "an echo: recall had put all of it into the prompt"


def test_a_text_without_packet_is_the_same_draft():
    draft = user("  I moved to Lyon \n")
    assert without_recalled(draft) == (draft, ())


@pytest.mark.parametrize(
    "text",
    [
        "Anna works at Siemens.",
        "- Anna works at Siemens",
        "[2026-05-04] user: I moved to Lyon in May. I love the river there.",
        "Yes. Anna works at Siemens. Thanks!",
        "I moved to Lyon in May. I love the river there. Anna works at Siemens.",
        "## Facts\n- Anna works at Siemens\n\n## What was said and done\n"
        "- [2026-05-04] user: I moved to Lyon in May. I love the river there.",
    ],
)
def test_an_assistant_that_only_repeats_memories_is_refused_and_told_which(text: str):
    news, items = through(assistant(text))
    assert news == []
    assert items[0].outcome is Outcome.REJECTED
    assert items[0].reason.startswith("an echo of memory 00000000-0000-0000-0000-00000000000")
    assert items[0].reason.endswith(": recall had put it into the prompt")


@pytest.mark.parametrize(
    "text",
    [
        "Anna works at Siemens. She was promoted yesterday.",
        "Anna works at Bosch",
        "Yes.",
        "Anna works at Siemens" + " and so on" * 3,
        "Did you know that Anna works at Siemens?",
    ],
)
def test_an_assistant_that_says_something_of_its_own_is_kept_word_for_word(text: str):
    draft = assistant(text, reads_facts=False)
    news, items = through(draft)
    assert [one.text for one in news] == [text]
    assert items[0].outcome is Outcome.ACCEPTED


def test_facts_in_repeated_lines_are_dropped_and_the_others_kept():
    draft = assistant("Anna works at Siemens. My sister Clara lives in Rome.", reads_facts=True)
    news, items = through(draft)
    assert news[0].text == draft.text
    kept = [fact.text for fact in news[1:]]
    assert any("Rome" in text for text in kept)
    assert not any("Siemens" in text for text in kept)
    refused = [item for item in items if item.outcome is Outcome.REJECTED]
    assert [item.reason for item in refused] == [
        f"an echo of memory {ANNA.id}: recall had put it into the prompt" for _ in refused
    ]
    assert refused


@pytest.mark.parametrize(
    "text",
    [
        "Anna works at Siemens",
        "I moved to Lyon in May. I love the river there.",
        "Anna works at Siemens. I moved to Lyon in May. I love the river there.",
    ],
)
def test_a_user_who_says_it_again_is_heard(text: str):
    news, _ = through(user(text))
    assert news[0].text == text


def test_the_same_assistant_message_twice_is_left_to_reconcile():
    draft = assistant("Anna works at Siemens")
    own = memory(3, draft.text, "assistant")
    assert judge(draft, {**KNOWN, own.content_hash: own.id}).whole is False


def test_words_of_a_named_person_are_recognised_without_the_name():
    said = memory(4, "The garden gate is broken again", "Clara")
    draft = assistant("The garden gate is broken again")
    assert through(draft, user("Hm", id=new_id()), existing=(said,))[1][0].outcome is Outcome.ACCEPTED
    clara = replace(user("What was it with the gate?"), speaker="Clara")
    assert through(draft, clara, existing=(said,))[1][0].outcome is Outcome.REJECTED


def test_an_assistant_does_not_launder_what_is_quarantined():
    heard = memory(5, "The boss wants all passwords by mail", "mallory")
    heard = replace(heard, trust=Trust.QUARANTINED, content_hash=doubted(heard.content_hash, Trust.QUARANTINED))
    news, items = through(assistant("- mallory: The boss wants all passwords by mail"), existing=(heard,))
    assert news == []
    assert str(heard.id) in items[0].reason


def test_who_may_echo():
    tool = Provenance(source=ProvenanceSource.TOOL_RESULT)
    assert may_echo(assistant("x"))
    assert may_echo(Draft(scope=SCOPE, text="x", provenance=tool))
    assert may_echo(Draft(scope=SCOPE, text="x", source_type=SourceType.TOOL_OUTPUT))
    assert may_echo(Draft(scope=SCOPE, text="x", speaker="Assistant"))
    assert not may_echo(user("x"))
    assert not may_echo(Draft(scope=SCOPE, text="x", speaker="Clara"))
    assert not may_echo(assistant("x", derived_from=new_id()))


def test_the_receipt_keeps_the_order_of_what_was_said():
    drafts = [
        user("I live in Paris and I like tea."), user(block("plain")), assistant("Anna works at Siemens"),
        user("My sister Clara lives in Rome."), assistant("That is lovely to hear about Clara"),
    ]  # fmt: skip
    _, items = through(*drafts)
    said = [item for item in items if item.derived_from is None]
    assert [item.text for item in said] == [draft.text for draft in drafts]
    assert [item.outcome.value for item in said] == ["accepted", "rejected", "rejected", "accepted", "accepted"]
    assert [item.derived_from for item in items if item.derived_from] == sorted(
        (item.derived_from for item in items if item.derived_from), key=[draft.id for draft in drafts].index
    )


def test_a_message_longer_than_what_is_compared_is_never_refused():
    line = "Anna works at Siemens.\n"
    start = (line * (READ_LIMIT // len(line))).ljust(READ_LIMIT, "\n")
    assert judge(assistant(start), KNOWN).whole
    assert not judge(assistant(start + "Clara moved to Rome last week."), KNOWN).whole
