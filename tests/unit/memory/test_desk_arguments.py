"""What desks check: JSON that can be stored, fractions, whole numbers, ids, and where a page of entities begins."""

import math
from types import MappingProxyType
from typing import Any
from uuid import UUID, uuid4

import pytest

from recollect.errors import ValidationError
from recollect.memory.desk_arguments import (
    MAX_DEPTH,
    duration,
    fraction,
    json_object,
    json_value,
    needs_one,
    several_ids,
    short_text,
    whole,
)
from recollect.memory.entity_changes import description_of, place_of, position_of


def nested(levels: int) -> Any:
    value: Any = 1
    for _ in range(levels):
        value = [value]
    return value


def test_json_comes_back_as_it_will_be_read():
    given = MappingProxyType({"b": (1, 2.5, None), "a": MappingProxyType({"ü": "😀"})})
    assert json_object("x", given) == {"a": {"ü": "😀"}, "b": [1, 2.5, None]}
    assert json_value("x", None) is None
    assert json_value("x", "text") == "text"


@pytest.mark.parametrize(
    ("value", "problem"),
    [
        ({"a": math.nan}, "must be JSON"),
        ({"a": b"bytes"}, "must be JSON"),
        ({1: "a"}, "keys must be strings"),
        ({"a": "\x00"}, "NUL"),
        ({"\x00": "a"}, "NUL"),
        ({"a": "\ud800"}, "must be JSON"),
        ({"a": "x" * 70_000}, "at most 64,000"),
        ({"a": nested(MAX_DEPTH)}, "nested"),
        ("text", "must be an object"),
        (["a"], "must be an object"),
    ],
)
def test_what_is_no_json_object_is_refused_by_name(value: object, problem: str):
    with pytest.raises(ValidationError, match=problem) as refused:
        json_object("arguments", value)
    assert refused.value.field == "arguments"


def test_json_may_be_as_deep_as_the_log_can_write():
    assert json_value("x", nested(MAX_DEPTH - 2)) == nested(MAX_DEPTH - 2)


@pytest.mark.parametrize("value", [-0.1, 1.1, math.nan, math.inf, True, "1", None])
def test_what_is_no_fraction_is_refused(value: object):
    with pytest.raises(ValidationError, match="confidence: must be a number from 0 to 1"):
        fraction("confidence", value)


@pytest.mark.parametrize("value", [-1, math.nan, math.inf, True, "1"])
def test_what_is_no_duration_is_refused(value: object):
    with pytest.raises(ValidationError, match="latency_ms"):
        duration("latency_ms", value)


def test_numbers_in_their_bounds_pass():
    assert (fraction("x", 1), fraction("x", 0), duration("x", 3)) == (1.0, 0.0, 3.0)
    assert whole("x", 2, least=1, most=3) == 2


@pytest.mark.parametrize("value", [-1, 2**31, 1.0, True, "1", 10**400])
def test_what_is_no_whole_number_is_refused(value: object):
    with pytest.raises(ValidationError, match="turn_index: must be a whole number from 0"):
        whole("turn_index", value)


def test_ids_alone_and_several_each_once():
    one, other = uuid4(), uuid4()
    assert several_ids("x", one) == [one]
    assert several_ids("x", str(one)) == [one]
    assert several_ids("x", [one, str(other), one]) == [one, other]


@pytest.mark.parametrize("value", [[], None, 7, {}, "' OR 1=1", ["../"], [None], [UUID(int=n) for n in range(1001)]])
def test_what_is_no_list_of_ids_is_refused(value: object):
    with pytest.raises(ValidationError, match="memory_ids"):
        several_ids("memory_ids", value)


def test_text_that_is_too_long_and_calls_that_change_nothing_are_refused():
    with pytest.raises(ValidationError, match="title: has 11 characters; at most 10"):
        short_text("title", "x" * 11, most=10)
    with pytest.raises(ValidationError, match="title: give at least one new value"):
        needs_one("title", None, None)
    needs_one("title", None, "")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (("date", None, None, None), "type"),
        (("number", None, None, None), "type"),
        (("' OR 1=1", None, None, None), "type"),
        ((None, "Annie", None, None), "aliases"),
        ((None, ["\x00"], None, None), "aliases"),
        ((None, [7], None, None), "aliases"),
        ((None, ["n" * 300], None, None), "aliases"),
        ((None, [str(n) for n in range(101)], None, None), "aliases"),
        ((None, None, " ", None), "description"),
        ((None, None, None, 2), "salience"),
    ],
)
def test_descriptions_of_entities_are_checked(given: tuple[object, ...], field: str):
    with pytest.raises(ValidationError) as refused:
        description_of(*given)
    assert refused.value.field == field


def test_aliases_that_differ_in_case_alone_are_one():
    assert description_of("person", ["Annie", "ANNIE", "Nan"], None, 1)["aliases"] == ("ANNIE", "Nan")


@pytest.mark.parametrize("cursor", ["", "x", ":Anna", "nan:Anna", "-1:Anna", "2:Anna", "0.5:", "0.5:\x00", 7])
def test_cursors_of_entities_are_checked(cursor: object):
    with pytest.raises(ValidationError, match="cursor"):
        place_of(cursor)


@pytest.mark.parametrize("cursor", ["", "-1", "1.5", "x", "9" * 12, "٣"])
def test_cursors_of_relations_are_checked(cursor: object):
    with pytest.raises(ValidationError, match="cursor"):
        position_of(cursor)


def test_a_cursor_is_read_back():
    assert place_of("0.5:Anna: the second") == (-0.5, "Anna: the second")
    assert position_of("50") == 50
