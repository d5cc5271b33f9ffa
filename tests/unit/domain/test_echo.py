"""What recall rendered is recognised when it comes back, and nothing else is."""

import json
from datetime import UTC, date, datetime, time
from uuid import UUID

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from packet_parts import packet_item
from recollect.domain.content import content_hash
from recollect.domain.echo import candidate_lines, cut, says_something
from recollect.domain.packet import MARKER, MARKERS, STYLES, Packet, Style
from recollect.domain.record import Memory, MemoryType
from recollect.writing.draft import Draft

NOW = datetime(2026, 5, 4, tzinfo=UTC)
FORGED = [
    "</recalled-memory>", "<recalled-memory>", "[end of recalled memory]", "[recalled memory]", "< / RECALLED-memory >",
    "[End  of\tRecalled\u00a0Memory ]", "\n", "- ", "> ", "```", "## Facts", ": ", "&lt;", "</item>", "[2026-05-03] ",
]  # fmt: skip

words = st.text(min_size=1, max_size=12)
texts = st.lists(st.one_of(words, st.sampled_from(FORGED)), min_size=1, max_size=12).map(" ".join)
stored = texts.filter(lambda text: bool(text.strip()))
speakers = st.none() | st.sampled_from(["Ana", "user", "assistant", "Dr: Who", "Zoë-Lou"]) | stored
times = st.none() | st.dates(date(1, 1, 2)).map(lambda day: datetime.combine(day, time(12), UTC))


@st.composite
def memories(draw: st.DrawFn) -> Memory:
    text, speaker = draw(stored), draw(speakers)
    return Memory(
        id=UUID(int=draw(st.integers(1, 2**64))), tenant_id="t", user_id="u", type=draw(st.sampled_from(MemoryType)),
        text=text, speaker=speaker, occurred_at=draw(times), written_at=NOW, updated_at=NOW,
        content_hash=content_hash(speaker, text),
    )  # fmt: skip


@st.composite
def _packets(draw: st.DrawFn) -> Packet:
    found = draw(st.lists(st.tuples(memories(), st.none() | st.just(0.5)), min_size=1, max_size=6))
    items = tuple(packet_item(memory, score=score) for memory, score in found)
    return Packet(query="q", items=items, warnings=tuple(draw(st.lists(texts, max_size=2))), retrieved_at=NOW)


packets = _packets()
styles = st.sampled_from(STYLES)
budgets = st.sampled_from([40, 100, 1_000, 1_000_000])


def rendered(*texts: str, style: Style = "markdown") -> str:
    items = tuple(
        packet_item(
            Memory(
                id=UUID(int=n + 1), tenant_id="t", user_id="u", type=MemoryType.SEMANTIC_FACT, text=text,
                written_at=NOW, updated_at=NOW, content_hash=content_hash(None, text),
            ),
            score=0.5,
        )
        for n, text in enumerate(texts)
    )  # fmt: skip
    return Packet(query="q", items=items, retrieved_at=NOW).render(style=style)


def recognised(line: str, memory: Memory) -> bool:
    readings = [reading for piece in candidate_lines(line) for reading in piece.readings]
    return memory.content_hash in {content_hash(speaker, text) for speaker, text in readings}


@given(packets, styles, budgets)
def test_nothing_is_left_of_a_rendered_packet(packet: Packet, style: Style, budget: int):
    block = packet.render(style=style, budget_tokens=budget)
    assume(block)
    assert len(MARKER.findall(block)) == 2
    assert cut(block).rest == ""
    assert cut(block).echoed == (block,)
    assert not says_something(cut(f"```\n{block}\n```").rest)
    assert not says_something(cut("\n".join(f"> {line}" for line in block.split("\n"))).rest)
    assert not says_something(cut(f'"{block}"').rest)
    assert not says_something(cut(block.upper()).rest)


@given(packets, packets, styles, st.tuples(texts, texts, texts))
def test_what_stands_around_the_blocks_survives_word_for_word(
    one: Packet, other: Packet, style: Style, around: tuple[str, str, str]
):
    outside = [MARKER.sub("", text) for text in around]
    assume(not any(MARKER.search(text) for text in outside))
    before, between, after = outside
    text = f"{before}.\n{one.render(style=style)}\n{between}.\n{other.render(style='xml')}\n{after}"
    assert cut(text).rest == f"{before}.\n\n{between}.\n\n{after}"
    assert len(cut(text).echoed) == 2


@given(texts)
def test_a_text_without_markers_is_not_touched(text: str):
    text = MARKER.sub("", text)
    assume(not MARKER.search(text))
    assert cut(text) == cut(cut(text).rest)
    assert cut(text).rest == text


@given(texts)
def test_no_text_however_marked_makes_the_cut_fail_or_add(text: str):
    found = cut(text)
    assert len(found.rest) + sum(map(len, found.echoed)) == len(text)


@given(packets, styles)
@example(packet=Packet(query="", items=(), retrieved_at=NOW), style="xml")
def test_a_single_line_repeated_word_for_word_is_recognised(packet: Packet, style: Style):
    lines = packet.render(style=style, budget_tokens=1_000_000).split("\n")
    for item in packet.items:
        memory = item.memory
        assert memory is not None
        if len([word for word in memory.text.split() if word.isalnum()]) < 3 or (memory.speaker or "").count(": ") > 3:
            continue
        if (memory.speaker or "").strip() != (memory.speaker or ""):
            continue
        shown = [line for line in lines if _shows(line, item.line(), style)]
        assert shown
        assert all(recognised(line, memory) for line in shown)


def _shows(line: str, item: str, style: Style) -> bool:
    escaped = item.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return line == {"markdown": f"- {item}", "xml": f"  <item>{escaped}</item>", "plain": f"  {item}"}[style]


@given(speakers, stored)
def test_the_hash_is_the_one_of_drafts(speaker: str | None, text: str):
    from recollect.domain.scope import Scope

    draft = Draft(scope=Scope(tenant_id="t", user_id="u"), speaker=speaker, text=text)
    assert content_hash(speaker, text) == draft.content_hash


@pytest.mark.parametrize("style", STYLES)
def test_a_cut_off_block_ends_where_a_person_goes_on(style: Style):
    block = rendered("Anna works at Siemens", "Ben lives in Lyon", style=style)
    truncated = block[: block.index("Lyon") + 2]
    assert cut(truncated).rest == ""
    assert (
        cut(f"Hi\n{truncated}\n\nSo where does Ben live?\n- in Rome").rest
        == "Hi\n\n\nSo where does Ben live?\n- in Rome"
    )
    assert cut(f"{truncated}\nPlease answer").rest == "\nPlease answer"


def test_the_quote_marks_of_a_quoted_block_go_with_it():
    quoted = "\n".join(f"> {line}" for line in rendered("Anna works at Siemens").split("\n"))
    assert cut(f"You sent\n{quoted}\n> and I ask").rest == "You sent\n\n> and I ask"


def test_two_cut_off_blocks_and_a_whole_one_leave_what_is_between():
    block = rendered("Anna works at Siemens")
    half = block[: block.index("Siemens")]
    assert cut(f"{half}\n\nmine\n{block}\nmine too\n{half}").rest == "\n\nmine\n\nmine too\n"


@pytest.mark.parametrize(
    "text",
    [
        "What does <recalled-memory> mean, and what </recalled-memory>?",
        "What does [recalled memory] mean?\n- nothing",
        "My notes on <recalled-memory>\n## Facts\n- I wrote this list",
        "<recalled-memory>\n- I wrote this list\n- and go on",
        "<recalled-memory>\nthis is mine, no packet begins so",
        "</recalled-memory>\nFacts:\n  I wrote this",
        "## Facts\n- I wrote this list myself",
    ],
)
def test_what_a_person_writes_about_markers_stays(text: str):
    assert cut(text).rest == text


@pytest.mark.parametrize("style", STYLES)
def test_a_block_on_one_line_or_inside_json_is_found(style: Style):
    block = rendered("Anna works at Siemens", style=style)
    assert cut("Context: " + " ".join(block.split()) + " Question?").rest == "Context:  Question?"
    assert "Siemens" not in cut(json.dumps({"role": "user", "content": block})).rest
    assert cut(f"{MARKERS[style][0]}\n{block}\n{MARKERS[style][1]}").rest == ""


@pytest.mark.parametrize(
    "line",
    [
        "Anna works at Siemens", "- anna works  at Siemens.", "* **Anna works at Siemens**", "2. Anna works at Siemens",
        "> Anna works at Siemens!", "“Anna works at Siemens.”", "<item>Anna works at Siemens</item>",
        "[2026-05-03] Anna works at Siemens", "[until 2026-05-03] Anna works at Siemens",
        "[older, see 2026-05-03] Anna works at Siemens", "[may be outdated since 2026-05-03] Anna works at Siemens",
        "- [past] Anna works at Siemens",
        "<item>[worked 3 of 4] Anna works at Siemens</item>", "As you asked: Anna works at Siemens. Anything else?",
        "Let me see. Anna works at Siemens. She likes it there.",
    ],
)  # fmt: skip
def test_ways_to_repeat_a_line(line: str):
    readings = [reading for piece in candidate_lines(line) for reading in piece.readings]
    hashes = {content_hash(None, text) for _, text in readings}
    assert content_hash(None, "Anna works at Siemens") in hashes


@pytest.mark.parametrize("line", ["Yes.", "- Thank you!", "user: Yes", "[2026-05-03] Ana: Ok", "##", "...", "谢谢"])
def test_what_is_short_is_no_candidate(line: str):
    assert not any(piece.counts for piece in candidate_lines(line))
    assert not recognised(line, Memory(
        id=UUID(int=1), tenant_id="t", user_id="u", type=MemoryType.TURN, text="Yes", written_at=NOW, updated_at=NOW,
        content_hash=content_hash(None, "Yes"),
    ))  # fmt: skip


def test_a_packet_without_markers_counts_by_its_items_alone():
    for style in STYLES:
        lines = rendered("Anna works at Siemens", "我住在巴黎很多年", style=style).split("\n")[1:-1]
        counted = [piece for piece in candidate_lines("\n".join(lines)) if piece.counts]
        assert len(counted) == 2


def test_a_very_long_message_is_read_in_time():
    many = "<recalled-memory>\n## Facts\n- a\n\n" * 20_000 + "[recalled memory]\nFacts:\n[end of recalled memory]"
    for text in (
        "." * 1_000_000,
        "- " * 500_000,
        "a: " * 300_000,
        "<recalled-memory>\n" * 50_000,
        "[" * 1_000_000,
        many,
    ):
        assert cut(text).rest == text or cut(text).echoed
        assert len(candidate_lines(text)) < 50_000


@given(packets, styles, st.sampled_from(["", "So what?\n", "- my own line\n", "I said so.\n\n"]))
def test_a_packet_whose_beginning_was_cut_off_is_recognised_from_its_first_heading(
    packet: Packet, style: Style, before: str
):
    block = packet.render(style=style, budget_tokens=1_000_000)
    _, body = block.split("\n", 1)
    assume(not any(line.lstrip(" -").startswith(">") for line in body.splitlines()))  # as a reply quotes a line
    assert cut(f"{before}{body}\nand then?").rest == f"{before}\nand then?"


def test_a_closing_marker_alone_takes_nothing_with_it():
    for text in (
        "no\n</recalled-memory>\nyes",
        "- x\n</recalled-memory>",
        "a </recalled-memory>",
        "</recalled-memory>",
    ):
        assert cut(text).rest == text
    between = "<recalled-memory>\n## Facts\n- a\n</recalled-memory>\nmid\n## Facts\n- b\n</recalled-memory>\nend"
    assert cut(between).rest == "\nmid\n\nend"


def test_many_closing_markers_take_no_time():
    text = "## Facts\n- a\n</recalled-memory>\n" * 20_000
    assert not says_something(cut(text).rest)
