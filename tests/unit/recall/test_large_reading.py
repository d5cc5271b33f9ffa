"""Large users: what is packed comes out as it went in, cells hold what is near them, terms stand apart."""

from datetime import UTC, datetime

import numpy as np
import pytest
from tests.index_rows import DIMENSION, PIECES, row, vectors_for

from recollect.domain.words import stem_key
from recollect.recall.large.cells import cells_of, centres_of, nearest_cells, outgrown, wanted
from recollect.recall.large.packing import unpacked
from recollect.recall.large.terms import fact_term, piece_term, searchable
from recollect.recall.resident.builder import Builder
from recollect.recall.resident.meanings import meanings_of
from recollect.recall.resident.snapshot import Snapshot

NO_CENTRES = np.zeros((0, DIMENSION), np.float32)
ROWS = [
    row(1, "painting by the lake", conversation_id="one", speaker="Melanie"),
    row(
        2, "a walk in the park", conversation_id="one", speaker="Caroline", occurred_at=datetime(2026, 5, 1, tzinfo=UTC)
    ),
    row(3, "Melanie likes camping", key="melanie:likes", value="camping", sources=(row(1, "x").id,), agent_id="other"),
    row(4, "nothing is near", vectors=vectors_for("none", 0), audience=("ann", "bob"), project_id="house"),
    row(5, "coffee " * 130 + "and tea in London", conversation_id="two", vectors=vectors_for("long", 2)),
    row(6, "cake at the party", conversation_id="one", speaker="Melanie"),
]


@pytest.fixture
def snapshots() -> tuple[Snapshot, Snapshot]:
    """The rows as a builder has them, and packed and unpacked."""
    builder = Builder(PIECES, DIMENSION)
    empty = builder.snapshot()
    builder.apply(ROWS, 7)
    kept = searchable(ROWS, meanings_of(PIECES), NO_CENTRES)
    before = {ROWS[1].id: ROWS[0].id, ROWS[5].id: ROWS[1].id}
    return builder.snapshot(), unpacked({one.row.id: one.packed for one in kept}, before, empty)


def test_what_is_packed_comes_out_as_it_went_in(snapshots: tuple[Snapshot, Snapshot]):
    built, out = snapshots
    codes = {"conversation", "agent", "project", "source", "author", "channel", "audience", "speaker"}
    for name in built.records.columns.keys() - codes - {"content"}:
        assert built.records[name].tolist() == out.records[name].tolist(), name
    assert out.previous.tolist() == built.previous.tolist()
    assert out.passage_slot.tolist() == built.passage_slot.tolist()
    assert out.passage_length.tolist() == built.passage_length.tolist()
    assert out.vectors.tolist() == built.vectors.tolist()
    assert out.vector_slot.tolist() == built.vector_slot.tolist()
    assert out.vector_scale == pytest.approx(built.vector_scale)


def test_names_are_those_that_were_given(snapshots: tuple[Snapshot, Snapshot]):
    for one in snapshots:
        names = {
            "conversation": one.conversations,
            "agent": one.scopes,
            "project": one.scopes,
            "audience": one.audiences,
            "speaker": one.speakers,
        }
        told: dict[str, list[str | None]] = {
            field: [None if code < 0 else known.names[code] for code in one.records[field].tolist()]
            for field, known in names.items()
        }
        assert told["conversation"] == ["one", "one", None, None, "two", "one"]
        assert told["agent"] == ["", "", "other", "", "", ""]
        assert told["project"] == [None, None, None, "house", None, None]
        assert told["audience"] == [None, None, None, '["ann", "bob"]', None, None]
        assert told["speaker"] == ["Melanie", "Caroline", "Melanie", None, None, "Melanie"]


def test_postings_are_the_same(snapshots: tuple[Snapshot, Snapshot]):
    built, out = snapshots
    for word in ("paint", "coffe", "cake", "nobodi"):
        for one, other in zip(built.words.of(stem_key(word)), out.words.of(stem_key(word)), strict=True):
            assert one.tolist() == other.tolist()
    for piece in range(len(PIECES.tokens)):
        for one, other in zip(built.pieces.of(piece), out.pieces.of(piece), strict=True):
            assert one.tolist() == other.tolist()
    assert built.facts.of(stem_key("melanie:likes"))[0].tolist() == out.facts.of(stem_key("melanie:likes"))[0].tolist()


def test_terms_of_different_kinds_stand_apart():
    stems = [stem_key(word) for word in ("paint", "cake", "tea")]
    pieces = [piece_term(number) for number in (0, 1, 30_000)]
    facts = [fact_term(key) for key in (*stems, 0, (1 << 63) - 1)]
    assert min(stems) >= 0 > max(pieces) >= min(pieces) > max(facts)
    assert min(facts) >= -(1 << 63)
    assert len({*stems, *pieces, *facts}) == 11


def test_what_a_word_is_worth_is_bm25_without_the_rarity():
    (kept,) = searchable([row(1, "tea and tea and cake")], meanings_of(PIECES), NO_CENTRES, 3.0)
    assert kept.stems == 3
    assert kept.worths[stem_key("tea")] == pytest.approx(2 / (2 + 0.9))
    assert kept.worths[stem_key("cake")] == pytest.approx(1 / (1 + 0.9))


def test_vectors_lie_in_the_cell_that_is_nearest():
    draw = np.random.default_rng(3)
    middles = np.eye(8, dtype=np.float32)
    vectors = np.repeat(middles, 50, axis=0) + draw.normal(0, 0.1, (400, 8)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    centres = centres_of(vectors, 8)
    cells = cells_of(vectors, centres)
    assert centres.shape == (8, 8)
    assert all(len(set(cells[start : start + 50])) == 1 for start in range(0, 400, 50))
    many = np.tile(centres, (10, 1))
    looked = nearest_cells(vectors[0], many)
    assert looked is not None
    assert looked[0] == -1
    assert cells[0] in looked
    assert nearest_cells(vectors[0], centres[:4]) is None


def test_cells_grow_with_the_memories():
    assert wanted(100) == 0
    assert wanted(100_000) == 200
    assert not outgrown(100_000, 200)
    assert outgrown(1_000_000, 200)
    assert not outgrown(100_000_000, 2_000)
