"""What kinds of things memories say and questions ask for, and what follows for their order."""

import numpy as np
import pytest

from index_rows import ask, index_of, numbers, row
from recollect.recall.asked_kind import asked_kind, recalls, recaps
from recollect.recall.plan import Voice, voice_of
from recollect.recall.profile import PROFILES, Profile
from recollect.recall.rank import Ranked
from recollect.recall.said import Said, said


def signals(text: str, *told: str, profile: Profile = PROFILES["relevance"], **fields: str) -> dict[int, Ranked]:
    """What became of each of these memories, by number from 1."""
    index = index_of([row(n, words, conversation_id="c", **fields) for n, words in enumerate(told, 1)])
    found = ask(index, text, profile=profile)
    return dict(zip(numbers(found), found.ranked, strict=True))


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("the sun shines", Said(0)),
        ("How was it?", Said.ASKS),
        ('Did they say "How?"', Said.ASKS | Said.TITLE),
        ("Why? Because it rained", Said(0)),
        ("my dog ran off", Said.SELF),
        ("people at the museum in Lisbon", Said.NAME),
        ("Thanks, Anna! that was kind", Said.FEELING),
        ("Hey Anna, that was kind", Said(0)),
        ("it was with Anna, as ever", Said.NAME),
        ("they have two cats", Said.NUMBER),
        ("it cost 30 euros", Said.NUMBER),
        ('it is called "Dune" there', Said.TITLE),
        ("always give sources when they ask", Said.STANDS),
        ("please never use jargon in these chats", Said.STANDS),
        ("always good to hear", Said(0)),
        ("never give up", Said(0)),
        ("always give sources, do they?", Said.ASKS),
        ("[a photo of 3 dogs in Rome?]", Said(0)),
        ("look [a photo of my dog]", Said(0)),
    ],
)
def test_what_a_text_says(text: str, kinds: Said):
    assert Said(said(text)) == kinds


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("Who went along?", Said.NAME),
        ("Where was it?", Said.NAME),
        ("In which city was it?", Said.NAME),
        ("How many dogs are there?", Said.NUMBER),
        ("Which book was it?", Said.NAME | Said.TITLE),
        ("What kind of music is it?", Said.NAME),
        ("In what year was it?", Said.NAME),
        ("What happened?", Said(0)),
        ("How did Ben feel?", Said.FEELING),
        ("Who wrote the book?", Said.NAME | Said.TITLE),
        ("What is it made of?", Said(0)),
    ],
)
def test_what_a_question_asks_for(question: str, kinds: Said):
    assert Said(asked_kind(question)) == kinds


def test_what_holds_the_kind_that_is_asked_for_comes_first_and_says_so():
    found = signals("How many walk in the park?", "dogs walk in the park", "three walk in the park")
    assert next(iter(found)) == 2
    assert found[2].signals["answer"].reason == "number"
    assert found[2].signals["answer"].contribution > found[1].signals["answer"].contribution == 0


def test_a_question_for_no_kind_has_no_such_signal():
    assert "answer" not in signals("What about the park?", "some walk in the park")[1].signals


def test_what_tells_comes_before_what_asks():
    found = signals("dog in the park", "the dog in the park?", "the dog in the park")
    assert next(iter(found)) == 2
    assert (found[1].signals["told"].normalised, found[2].signals["told"].normalised) == (0.0, 1.0)


def test_a_long_message_that_ends_with_a_question_told_something():
    long = " ".join(["museum sunset guitar concert"] * 20)
    found = signals("dog in the park", f"{long} park?", "the park?")
    assert found[1].signals["told"].normalised == pytest.approx(1 - 20 / 81, abs=1e-6)
    assert found[2].signals["told"].normalised == 0.0


def test_a_reply_to_a_question_gets_a_share_of_it():
    told = ("did the dog walk in the park?", "tea with cake", "the dog did walk in the park", "tea with cake")
    found = signals("dog walk park", *told)
    assert found[2].signals["reply"].contribution > 0
    assert found[3].signals["reply"].contribution == 0  # nothing was asked before it
    assert found[4].signals["reply"].contribution == 0
    assert list(found).index(2) < list(found).index(4)


@pytest.mark.parametrize(
    ("question", "summary", "past"),
    [
        ("Can you summarize what we talked about?", True, True),
        ("Give me an overview of the project", True, True),
        ("How many cards did I add?", False, True),
        ("In our talks, what had I mentioned of the deadline?", False, True),
        ("Which libraries are used in this project?", False, False),
        ("How should I cut a tree?", False, False),
    ],
)
def test_some_questions_are_after_what_was_so_far(question: str, summary: bool, past: bool):
    assert (recaps(question), recalls(question)) == (summary, past)


@pytest.mark.parametrize(
    ("question", "voice"),
    [
        ("What did you recommend for my app?", Voice.ANSWERER),
        ("Which tests have you ever suggested to me?", Voice.ANSWERER),
        ("What did I say about my app?", Voice.ASKER),
        ("What did you make of my app?", Voice.ASKER),
        ("What did you make of it?", Voice.ANSWERER),
    ],
)
def test_whose_words_a_question_is_after(question: str, voice: Voice):
    assert voice_of(question) is voice


def test_a_standing_order_bears_on_what_is_asked_for_now_but_not_on_what_was():
    told = ("always give sources when I ask about dogs", "dogs sleep in the park")
    now = signals("How long may dogs sleep? Show me a table", *told)
    assert "standing" not in now[1].signals  # "how long" asks for what was
    helped = signals("Show me a table of dogs", *told)
    assert (helped[1].signals["standing"].normalised, helped[2].signals["standing"].normalised) == (1.0, 0.0)
    assert "standing" not in signals("What did I say about dogs?", *told)[1].signals
    assert "standing" not in signals("Show me a table of dogs", told[1])[1].signals


def test_a_summary_takes_the_answers_along():
    index = index_of(
        [
            row(1, "my garden has a pond with fish", speaker="user", conversation_id="c"),
            row(2, "pumps and filters keep water clean", speaker="assistant", conversation_id="c"),
            row(3, "good night", speaker="user", conversation_id="c"),
        ]
    )

    def replies(text: str) -> list[float]:
        found = ask(index, text, profile=PROFILES["relevance"])
        given = dict(zip(numbers(found), found.ranked, strict=True))
        assert all(abs(one.score - sum(s.contribution for s in one.signals.values())) < 1e-5 for one in found.ranked)
        return [given[number].signals["reply"].contribution for number in (1, 2, 3)]

    first, answer, last = replies("Please summarize my garden pond")
    assert answer > 0
    assert (first, last) == (0.0, 0.0)
    assert replies("Where is my garden pond?") == [0.0, 0.0, 0.0]


def test_a_long_reply_needs_the_question_less():
    long = " ".join(["museum sunset guitar concert"] * 10)
    brief = signals("dog", "the dog?", "tea")[2].signals["reply"].normalised
    lengthy = signals("dog", "the dog?", long)[2].signals["reply"].normalised
    assert 0 < lengthy < brief


def test_a_long_text_borrows_fewer_words_from_its_neighbours():
    only = Profile(name="x", weights={"pieces": 1.0})
    long = " ".join(["museum sunset guitar concert"] * 10)
    brief = signals("dog", "the dog", "tea", profile=only)[2].signals["pieces"].normalised
    lengthy = signals("dog", "the dog", long, profile=only)[2].signals["pieces"].normalised
    assert brief == pytest.approx(0.7, abs=1e-6)
    assert lengthy == pytest.approx(0.7 * 20 / 40, abs=1e-6)


def test_who_speaks_of_himself_comes_before_who_speaks_of_others():
    index = index_of(
        [
            row(1, "a dog walk in the park", speaker="Caroline"),
            row(2, "my dog walk in the park", speaker="Caroline"),
            row(3, "my dog walk in the park", speaker="Melanie"),
        ]
    )
    found = ask(index, "What dog does Caroline walk?")
    worth = {n: one.signals["speaker"].normalised for n, one in zip(numbers(found), found.ranked, strict=True)}
    assert worth == {1: 0.5, 2: 1.0, 3: 0.0}


def test_brevity_falls_with_the_number_of_stems():
    index = index_of([row(1, "tea"), row(2, " ".join(["tea"] * 20)), row(3, " ".join(["tea"] * 400))])
    found = ask(index, "When was tea?", profile=Profile(name="x", weights={"answer": 1.0, "words": 1.0}))
    assert len(found.ranked) == 3
    brevity = index._snapshot.brevity  # pyright: ignore[reportPrivateUsage]
    assert brevity.dtype == np.float32
    assert brevity.tolist() == pytest.approx([1.0, 1.0, 20 / 400, 0.0])
