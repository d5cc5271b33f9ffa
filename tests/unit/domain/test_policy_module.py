"""What a module says about itself is read from its text, and what could not be judged is refused."""

import pytest

from recollect.domain.policy_module import policy_module
from recollect.errors import ValidationError

START = "package recollect.demo\n\n"
GOOD = 'applies if input.action == "read"\nallow := true\n'


def test_the_facts_of_a_module():
    module = policy_module(
        "demo",
        START
        + """# input.memory.text is mentioned in a comment alone
applies if input.action == "read"
default allow := false
allow if input.memory.type == "goal"
allow if input["memory"]["source_id"] == "wiki"
deny contains "old" if input.memory.occurred_month < input.now
helper := 1
test_goal if allow with input as {"memory": {"type": "goal"}}
test_more if allow with input.memory as {"type": "goal"}
""",
    )
    assert module.rules >= {"applies", "allow", "deny", "helper"}
    assert module.tests == ("test_goal", "test_more")
    assert module.memory_fields == ("occurred_month", "source_id", "type")
    assert module.read_fields == module.memory_fields
    assert module.unseen_fields == ()
    assert module.volatile
    assert module.package == "data.recollect.demo"


def test_what_is_there_when_writing_alone_may_govern_writes():
    module = policy_module(
        "demo", START + 'applies if input.action == "write"\nallow if not contains(input.memory.text, "PIN")\n'
    )
    assert module.unseen_fields == ("text",)
    assert not module.volatile


@pytest.mark.parametrize(
    ("name", "source", "problem"),
    [
        ("Demo", START + GOOD, "name: must be lower-case"),
        ("other", START + GOOD, "must begin with package recollect.other"),
        ("demo", GOOD, "no package"),
        ("demo", START + GOOD + "package recollect.demo\n", "must begin with"),
        ("demo", START + "allow := true", "must say what it governs"),
        ("demo", START + "applies := true", "must have an allow or a filter"),
        ("demo", START + GOOD + "x := http.send({})", "line 5: may not use http.send"),
        ("demo", START + GOOD + "x := opa . runtime()", "may not use opa"),
        ("demo", START + GOOD + "x := time.now_ns()", "see input.now"),
        ("demo", START + GOOD + "x := input", "line 5: must name the part of input"),
        ("demo", START + GOOD + "x := input[y]", "must name the part of input"),
        ("demo", START + GOOD + "x := input.memory", "must name the field of input.memory"),
        ("demo", START + GOOD + "x := input.memory[y]", "must name the field of input.memory"),
        ("demo", START + GOOD + 'deny contains "x" if input.memory.text == "y"', "input.memory.text, which is there"),
        ("demo", START + GOOD + 'applies if input.action == "write"\nx if input.before.value', "input.memory.value"),
        ("demo", START + GOOD + "\x00", "NUL"),
        ("demo", START + GOOD + "#" * 50_001, "at most 50000"),
    ],
    ids=range(17),
)
def test_what_cannot_be_judged_is_refused(name: str, source: str, problem: str):
    with pytest.raises(ValidationError) as refused:
        policy_module(name, source)
    assert problem in str(refused.value)
