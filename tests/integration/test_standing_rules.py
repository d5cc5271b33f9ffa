"""A rule told in a chat is kept: loaded on every turn, with the words it rests on, and gone with them."""

from pathlib import Path

import anyio
import pytest

from recollect import Memory, bootstrap
from recollect.errors import NotFound
from recollect.settings import load_settings

BEN = "ben"


def _rules(memory: Memory, query: str = "") -> list[str]:
    packet = memory.context(query, user_id=BEN)
    return [item.text for item in packet.items if item.category == "constraints"]


def test_a_message_that_is_a_rule_is_one(memory: Memory) -> None:
    receipt = memory.add([{"role": "user", "content": "Never book flights before nine."}], user_id=BEN)
    (item,) = receipt.items
    assert (item.type, item.derived_from) == ("constraint", None)
    assert item.reason == "a standing instruction"
    assert _rules(memory) == ["Never book flights before nine."]
    assert "Rules to keep" in memory.context("", user_id=BEN).render()


def test_a_rule_among_other_words_is_a_record_that_cites_them(memory: Memory) -> None:
    said = [{"role": "user", "content": "Thanks for the Rome tickets! From now on, always reply in French."}]
    words, rule = memory.add(said, user_id=BEN).items
    assert (words.type, rule.type, rule.derived_from) == ("turn", "constraint", words.memory_id)
    assert rule.memory_id is not None
    stored = memory.get(rule.memory_id, user_id=BEN)
    assert stored.text == "Rule: From now on, always reply in French."
    assert stored.provenance.evidence == (str(words.memory_id),)
    assert stored.key is None
    assert _rules(memory) == [stored.text]


def test_told_again_in_other_company_it_is_the_same_rule(memory: Memory) -> None:
    memory.add([{"role": "user", "content": "We land at ten. Never book flights before nine."}], user_id=BEN)
    again = memory.add([{"role": "user", "content": "What a day it was! Never book flights before nine."}], user_id=BEN)
    assert [item.outcome for item in again.items] == ["accepted", "merged"]
    assert _rules(memory) == ["Rule: Never book flights before nine."]


def test_a_rule_goes_with_the_words_that_set_it(memory: Memory) -> None:
    said = [{"role": "user", "content": "We land at ten in Rome. Never book flights before nine."}]
    words = memory.add(said, user_id=BEN).items[0].memory_id
    assert words is not None
    memory.update(words, user_id=BEN, text="We land at ten in Rome, as Anna told us.")
    assert _rules(memory) == []


def test_an_edit_elsewhere_keeps_the_rule_and_a_deleted_message_takes_it_along(memory: Memory) -> None:
    said = [{"role": "user", "content": "We land at tan in Rome. Never book flights before nine."}]
    words = memory.add(said, user_id=BEN).items[0].memory_id
    assert words is not None
    memory.update(words, user_id=BEN, text="We land at ten in Rome. Never book flights before nine.")
    assert _rules(memory) == ["Rule: Never book flights before nine."]
    memory.delete(words, user_id=BEN)
    assert _rules(memory) == []


def test_an_erased_message_takes_its_rule_along(memory: Memory) -> None:
    said = [{"role": "user", "content": "We land at ten in Rome. Never book flights before nine."}]
    words, rule = memory.add(said, user_id=BEN).items
    assert words.memory_id is not None
    memory.erase(user_id=BEN, memory_id=words.memory_id)
    assert _rules(memory) == []
    assert rule.memory_id is not None
    with pytest.raises(NotFound):
        memory.get(rule.memory_id, user_id=BEN)


def test_what_others_say_and_what_is_conditional_sets_no_rule(memory: Memory) -> None:
    said = [
        {"role": "assistant", "content": "Always use the blue form for travel."},
        {"role": "user", "name": "anna", "content": "Never book flights before nine, it is awful."},
        {"role": "user", "content": "Always include version numbers when I ask about libraries."},
    ]
    receipt = memory.add(said, user_id=BEN)
    assert {item.type for item in receipt.items} == {"turn"}
    assert _rules(memory) == []


def test_the_log_gives_the_same_rules_again(memory: Memory, home: str) -> None:
    memory.add([{"role": "user", "content": "Never book flights before nine."}], user_id=BEN)
    memory.add([{"role": "user", "content": "I'm back from Rome. Never suggest veal dishes."}], user_id=BEN)
    assert len(_rules(memory)) == 2
    tenant = memory.audit.verify(user_id=BEN).reports[0].tenant_id

    async def faults() -> int:
        with bootstrap.operator(load_settings(home=Path(home))) as operator:
            return len((await operator.verify(tenant, BEN, lambda _: None)).faulty)

    assert anyio.run(faults) == 0
