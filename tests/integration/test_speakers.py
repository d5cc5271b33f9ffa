"""What is asked of one person is answered by what that one said, or what was said of them, before what others say."""

from datetime import UTC, datetime, timedelta

import pytest

from recollect import Memory

BEGIN = datetime(2025, 5, 5, 18, tzinfo=UTC)
TALK = (
    ("Anna Schmidt", "I really like old Italian films, the slower the better."),
    ("Ben Schmidt", "I like action films, with cars if possible."),
    ("Carla", "I like films with subtitles, they teach me the language."),
    ("Anna Schmidt", "On Sundays I bake bread, it calms me down."),
    ("Ben Schmidt", "On Sundays I go fishing with my uncle."),
    ("Carla", "Anna told me she likes hiking in the Alps more than anything."),
    ("Ben Schmidt", "I like hiking too, but only on flat ground."),
    ("Carla", "I am allergic to cats, so no visits at Ben's."),
    ("Ben Schmidt", "My cat Minka had kittens."),
    ("Anna Schmidt", "I work as an architect, mostly schools."),
    ("Carla", "I work as a translator from home."),
    ("Ben Schmidt", "Anna, I work in a bank, as you know."),
)


@pytest.fixture
def talk(memory: Memory) -> Memory:
    for number, (name, text) in enumerate(TALK):
        message = {"role": "user", "name": name, "content": text, "at": BEGIN + timedelta(minutes=number)}
        memory.add([message], user_id="club", conversation_id="evening")
    return memory


def first(memory: Memory, question: str) -> str:
    hit = memory.search(question, user_id="club")[0].memory
    return f"{hit.speaker}: {hit.text}"


@pytest.mark.parametrize(
    ("question", "wanted"),
    [
        ("What films does Anna like?", "Italian"),
        ("What films does Anna Schmidt like?", "Italian"),
        ("What films does Ben like?", "action"),
        ("What films does Ben Schmidt like?", "action"),
        ("Which films does Carla like?", "subtitles"),
        ("What does Anna do on Sundays?", "bread"),
        ("What does Ben Schmidt do on Sundays?", "fishing"),
        ("Does Anna like hiking?", "Alps"),
        ("What does Anna work as?", "architect"),
        ("What is Carla's job?", "translator"),
        ("Where does Ben work?", "bank"),
        ("What is Carla allergic to?", "cats"),
    ],
)
def test_the_one_who_is_named_is_preferred(talk: Memory, question: str, wanted: str) -> None:
    assert wanted in first(talk, question)


def test_who_has_the_whole_name_is_meant_and_no_namesake(talk: Memory) -> None:
    found = talk.search("What does Anna Schmidt like?", user_id="club", explain=True)
    reasons = {hit.memory.speaker: hit.signals["speaker"].reason for hit in found if "speaker" in hit.signals}
    assert reasons["Anna Schmidt"] == "Anna Schmidt"
    assert not reasons.get("Ben Schmidt")


def test_everything_of_the_one_who_is_named_stands_before_what_others_say_of_themselves(talk: Memory) -> None:
    found = talk.search("What does Anna like?", user_id="club", limit=4)
    about = [hit.memory.speaker == "Anna Schmidt" or "Anna" in hit.memory.text for hit in found]
    assert about[:3] == [True, True, True]


def test_you_means_the_assistant_and_i_the_user(memory: Memory) -> None:
    said = (
        ("user", "For Lisbon I thought of a hotel in the Alfama quarter."),
        ("assistant", "For Lisbon I would recommend a hotel near the Avenida, it is quieter."),
        ("user", "My budget for the hotel in Lisbon is 120 euros a night."),
        ("assistant", "A budget for museums in Lisbon of 60 euros should do."),
    )
    for number, (role, text) in enumerate(said):
        message = {"role": role, "content": text, "at": BEGIN + timedelta(minutes=number)}
        memory.add([message], user_id="ana", conversation_id="trip")
    assert "Avenida" in memory.search("Which hotel in Lisbon did you recommend?", user_id="ana")[0].memory.text
    assert "Alfama" in memory.search("Which hotel in Lisbon did I think of?", user_id="ana")[0].memory.text
    assert "museums" in memory.search("What budget did you say for Lisbon?", user_id="ana")[0].memory.text
    assert "120" in memory.search("What budget did I mention for Lisbon?", user_id="ana")[0].memory.text
