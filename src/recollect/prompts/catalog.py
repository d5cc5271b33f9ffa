"""The prompts with what goes into them and what comes out: a reply is parsed strictly, or not at all."""

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final, cast

_LONGEST_INPUT: Final = 4_000
_VERSION: Final = "version:"


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt as it stands in its file.

    Attributes:
        version: goes into receipts, so that an answer can be traced to the words that asked for it.
        text: with ``{name}`` where inputs go.
    """

    version: str
    text: str


@dataclass(frozen=True, slots=True)
class NeedReply:
    """What a model answered to ``need_memory``.

    Attributes:
        needed: whether memory is needed; None if the reply cannot be read.
        reason: the model's own, at most 120 characters.
        raw: the reply as it came.
    """

    needed: bool | None
    reason: str
    raw: str


@cache
def prompt(name: str) -> Prompt:
    """Loads the prompt of that name; its first line tells its version."""
    text = files("recollect.prompts").joinpath(f"{name}.md").read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    return Prompt(first.removeprefix(_VERSION).strip(), rest.strip())


def need_memory_prompt(message: str, task: str) -> str:
    """The question whether ``message`` needs memory within ``task``; both are cut and cannot close their own tags."""
    return prompt("need_memory").text.format(message=_data(message), task=_data(task))


def need_memory_reply(raw: str) -> NeedReply:
    """Reads the reply to ``need_memory``: the one JSON object in it that says ``needs_memory`` as true or false."""
    found = [each for each in _objects(raw) if isinstance(each.get("needs_memory"), bool)]
    answers = {cast(bool, each["needs_memory"]) for each in found}
    if len(answers) != 1:  # none, or an answer and its contrary
        return NeedReply(None, "", raw)
    reason = found[-1].get("reason")
    return NeedReply(answers.pop(), " ".join(reason.split())[:120] if isinstance(reason, str) else "", raw)


def _data(text: str) -> str:
    return text[:_LONGEST_INPUT].replace("<", "‹").replace(">", "›")


def _objects(raw: str) -> list[dict[str, object]]:
    """The JSON objects in a text, whatever stands around them, such as a code fence or courtesies."""
    decoder = json.JSONDecoder()
    found: list[dict[str, object]] = []
    at = raw.find("{")
    while at >= 0 and len(found) < 20:
        try:
            value, end = decoder.raw_decode(raw, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            found.append(cast(dict[str, object], value))
        at = raw.find("{", end)
    return found
