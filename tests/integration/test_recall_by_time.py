"""Questions that name a time find what happened then, through the public API: forty memories of three years."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from recollect import Memory

USER = "ben"
NOW = datetime(2024, 5, 15, 18, tzinfo=UTC)  # a Wednesday

TOLD = """
2021-06-12 | We moved to Lisbon last week, the new flat is on the fourth floor.
2021-07-03 | I planted tomatoes on the balcony.
2021-08-20 | I sold my old bicycle to a student.
2021-09-05 | Yesterday I went to the dentist, he filled a tooth.
2021-11-14 | I saw the film Dune at the cinema with Clara.
2021-12-25 | For Christmas I got a telescope from my brother.
2022-01-10 | I started learning Portuguese at the evening school.
2022-02-19 | I went to the dentist for a check-up, all fine.
2022-03-08 | I saw the film Drive My Car with Clara, three hours long.
2022-04-30 | I ran the half marathon in Porto yesterday.
2022-06-04 | I painted the kitchen yellow.
2022-07-16 | We are in Norway, hiking around Bergen with a tent.
2022-08-02 | I bought a canoe at the flea market.
2022-09-24 | My sister Ines got married to Paulo yesterday, a wonderful wedding on the beach.
2022-09-10 | I bought a blue suit at the tailor's.
2022-10-02 | My boss praised my talk about bridges.
2022-12-26 | For Christmas I got a coffee grinder from my brother.
2023-01-09 | I went to the dentist, she pulled a wisdom tooth.
2023-02-17 | I saw the film Aftersun alone.
2023-03-12 | I visited the museum of tiles with my mother.
2023-04-03 | I had surgery on my knee on Friday.
2023-04-04 | My knee hurts a lot and I cannot sleep.
2023-05-20 | My knee is fine again, I could cycle to work.
2023-06-18 | We went camping in Galicia, it rained all the time.
2023-07-29 | I bought a rowing machine.
2023-08-21 | I visited my uncle Rui in Geneva two weeks ago.
2023-09-30 | I quit my job at the bridge company yesterday.
2023-10-16 | I bought a drum kit.
2023-11-06 | I started my new job at the port authority today.
2023-12-27 | For Christmas I got a rain coat from my brother.
2024-01-21 | I went to the dentist because of a broken filling.
2024-02-11 | I saw the film Perfect Days with Clara.
2024-03-09 | I visited the lighthouse museum with Clara.
2024-03-28 | I bought a second-hand piano.
2024-04-20 | I visited the aquarium with my niece.
2024-05-02 | I bought a raincoat for the dog.
2024-05-06 | My exam in Portuguese is on 24 May.
2024-05-09 | On Tuesday I had lunch with Marta at the harbour.
2024-05-12 | Yesterday I repaired the canoe with glue.
2024-05-13 | I cooked a fish stew with Clara.
2024-05-14 | Marta called about the contract.
"""

# The question, a word of the memory that answers it, and among how many it must be.
ASKED = [
    ("What did I get for Christmas in 2022?", "grinder", 1),
    ("What did I get for Christmas 2021?", "telescope", 1),
    ("What did I get last Christmas?", "rain coat", 1),
    ("Which museum did I visit last March?", "lighthouse", 1),
    ("Which museum did I visit in March 2023?", "tiles", 1),
    ("Which film did I see in 2022?", "Drive", 1),
    ("Which film did I see in November 2021?", "Dune", 1),
    ("Which film did I see last year?", "Aftersun", 1),
    ("What did I buy last summer?", "rowing machine", 1),
    ("What did I buy in the summer of 2022?", "canoe at the flea", 1),
    ("What did I buy two months ago?", "piano", 1),
    ("Where did I go camping in June 2023?", "Galicia", 1),
    ("What did I do on 11 May 2024?", "repaired", 1),
    ("What did I cook on Monday?", "stew", 1),
    ("With whom did I have lunch last week?", "Marta at the harbour", 1),
    ("Who called me yesterday?", "contract", 1),
    ("When was the last time I went to the dentist?", "broken filling", 1),
    ("When did I first go to the dentist?", "filled a tooth", 1),
    ("What was the first film I saw with Clara?", "Dune", 1),
    ("What was the last film I saw with Clara?", "Perfect Days", 1),
    ("What have I bought recently?", "raincoat for the dog", 1),
    ("What did I buy two weeks before the wedding?", "blue suit", 1),
    ("What happened a few days after the surgery?", "cannot sleep", 3),
    ("How was my knee a month after the surgery?", "fine again", 3),
    ("What did I buy after I quit my job?", "drum kit", 3),
    ("What did I plant after we moved to Lisbon?", "tomatoes", 3),
    ("Whom did I visit in August 2023?", "Geneva", 1),
    ("Where were we hiking in July 2022?", "Norway", 1),
    ("Which race did I run on 29 April 2022?", "Porto", 1),
    ("Which film did I see between January and March 2023?", "Aftersun", 1),
    ("What do I have next week?", "exam", 1),
    ("What is planned for 24 May?", "exam", 1),
]


@pytest.fixture(scope="module")
def told(home: str) -> Iterator[Memory]:
    with Memory(home=home, tenant_id=f"time-{datetime.now(UTC).timestamp()}") as memory:
        for line in TOLD.strip().splitlines():
            day, _, text = line.partition(" | ")
            memory.add({"role": "user", "content": text, "at": f"{day}T12:00:00+00:00"}, user_id=USER)
        yield memory


@pytest.mark.parametrize(("question", "word", "among"), ASKED)
def test_what_happened_then_is_found(told: Memory, question: str, word: str, among: int):
    found = told.search(question, user_id=USER, limit=5, now=NOW)
    texts = [hit.memory.text for hit in found]
    assert any(word in text for text in texts[:among]), "\n".join([question, *texts, *(hit.explain() for hit in found)])
