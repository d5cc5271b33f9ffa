"""Policy module: what a Rego module says about itself, read from its text before any engine sees it.

The rules that count are ``applies``, ``allow``, ``deny``, ``filter`` and ``test_...``; ``docs/policies.md`` tells what
they mean. A module must name the fields of ``input.memory`` that it looks at, one by one: by them its answers are
remembered, and when reading only ``decision.VISIBLE`` are there: a module that looks at others governs writes alone.
"""

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from recollect.domain.decision import VISIBLE
from recollect.domain.storable import check_storable
from recollect.errors import ValidationError

MAX_MODULE: Final = 50_000
PACKAGE: Final = "recollect"

_NAME = re.compile(r"[a-z][a-z0-9_]{0,63}")
_PACKAGE = re.compile(r"^\s*package[ \t]+([\w.]+)[ \t]*$", re.MULTILINE)
_HEAD = re.compile(r"^(?:default[ \t]+)?([A-Za-z_]\w*)", re.MULTILINE)
_RULE = re.compile(r"^(?=[A-Za-z_])(?!else\b)", re.MULTILINE)
_INDENTED = re.compile(
    r"^[ \t]+(?:default[ \t]+)?(applies|allow|deny|filter|test_\w+)[ \t]+(?:if\b|contains\b|:=|=[ \t])", re.MULTILINE
)
_APPLIES = re.compile(r"applies\b")
_WRITES = re.compile(r"""\binput\.action\s*==\s*["`]write["`]""")
_COMMENT = re.compile(r"^[ \t]*#.*$", re.MULTILINE)
_REPLACED = re.compile(r"\bwith\s+input(?:\s*\.\s*\w+)*\s+as\b")
_INPUT = re.compile(r"""\binput\b(?:\s*\.\s*(\w+)|\s*\[\s*["`](\w+)["`]\s*\])?""")
_FIELD = re.compile(r"""\s*(?:\.\s*(\w+)|\[\s*["`](\w+)["`]\s*\])""")
_FORBIDDEN = re.compile(
    r"\b(http\s*\.\s*send|opa\s*\.\s*runtime|net\s*\.|rand\s*\.|uuid\s*\.|time\s*\.\s*now_ns|print\s*\()"
)
_VOLATILE: Final = frozenset({"now", "clock"})


@dataclass(frozen=True, slots=True)
class PolicyModule:
    """A module's facts.

    Attributes:
        name: the policy's. source: the text.
        rules: the names that are defined. tests: those that are tests, in order.
        memory_fields: the fields of ``input.memory`` and ``input.before`` that it looks at, sorted.
        volatile: whether it looks at the time.
    """

    name: str
    source: str
    rules: frozenset[str]
    tests: tuple[str, ...]
    memory_fields: tuple[str, ...]
    volatile: bool

    @property
    def read_fields(self) -> tuple[str, ...]:
        """The fields that it looks at and sees when reading."""
        return tuple(name for name in self.memory_fields if name in VISIBLE)

    @property
    def unseen_fields(self) -> tuple[str, ...]:
        """The fields that it looks at, and that are there when writing alone."""
        return tuple(name for name in self.memory_fields if name not in VISIBLE)

    @property
    def deciding(self) -> str:
        """The text without its tests, in the same lines."""
        return "".join(re.sub(r"[^\n]", " ", rule) if rule.startswith("test_") else rule for rule in split(self.source))

    @property
    def package(self) -> str:
        """Its path under Rego's ``data``."""
        return f"data.{PACKAGE}.{self.name}"


@lru_cache(maxsize=1024)
def policy_module(name: str, source: str) -> PolicyModule:
    """Reads a module.

    Raises:
        ValidationError: naming ``name`` or ``module``.
    """
    if not _NAME.fullmatch(name):
        raise ValidationError("name", "must be lower-case letters, digits and _, beginning with a letter, at most 64")
    _check_text(source)
    text = _COMMENT.sub("", source)
    _check_package(text, f"{PACKAGE}.{name}")
    heads = [match.group(1) for match in _HEAD.finditer(text)]
    rules = dict.fromkeys(head for head in heads if head not in ("package", "import"))
    if "applies" not in rules:
        raise ValidationError("module", 'must say what it governs, e.g. applies if input.action == "read"')
    if not {"allow", "filter"} & rules.keys():
        raise ValidationError("module", "must have an allow or a filter: what a policy governs is denied without one")
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        problem = f"may not use {forbidden.group(1)}: a decision must follow from its input alone (see input.now)"
        raise ValidationError("module", _at_line(text, forbidden.start(), problem))
    indented = _INDENTED.search(text)
    if indented:
        problem = f"{indented.group(1)} must begin at the start of its line, as every rule must"
        raise ValidationError("module", _at_line(text, indented.start(), problem))
    fields, parts = _looked_at(text)
    module = PolicyModule(
        name=name,
        source=source,
        rules=frozenset(rules),
        tests=tuple(rule for rule in rules if rule.startswith("test_")),
        memory_fields=tuple(sorted(fields)),
        volatile=bool(parts & _VOLATILE),
    )
    if module.unseen_fields and not all(_WRITES.search(rule) for rule in split(text) if _APPLIES.match(rule)):
        named = ", ".join(f"input.memory.{field}" for field in module.unseen_fields)
        problem = f'looks at {named}, which is there when writing alone; let applies say input.action == "write"'
        raise ValidationError("module", problem)
    return module


def rules_of_tests(name: str, source: str) -> tuple[str, ...]:
    """The test rules of the module beside a policy's, in order.

    Raises:
        ValidationError: naming ``tests``.
    """
    text = _COMMENT.sub("", source)
    if _PACKAGE.findall(text) != [f"{PACKAGE}.{name}_test"]:
        raise ValidationError("tests", f"must begin with package {PACKAGE}.{name}_test")
    heads = dict.fromkeys(match.group(1) for match in _HEAD.finditer(text))
    return tuple(head for head in heads if head.startswith("test_"))


def split(source: str) -> list[str]:
    """The text rule by rule; a rule begins where a line begins with a name."""
    return _RULE.split(source)


def _check_text(source: object) -> None:
    if not isinstance(source, str):
        raise ValidationError("module", f"must be Rego's text, not {type(source).__name__}")
    if len(source) > MAX_MODULE:
        raise ValidationError("module", f"has {len(source)} characters; at most {MAX_MODULE} are allowed")
    check_storable("module", source)


def _check_package(text: str, package: str) -> None:
    named = _PACKAGE.findall(text)
    if named != [package]:
        found = ", ".join(named) or "no package"
        raise ValidationError("module", f"must begin with package {package}, and has {found}")


def _looked_at(text: str) -> tuple[set[str], set[str]]:
    """The fields of memories, and the parts of the input, that the text names."""
    fields: set[str] = set()
    parts: set[str] = set()
    plain = _REPLACED.sub(lambda match: " " * len(match.group()), text)
    for match in _INPUT.finditer(plain):
        part = match.group(1) or match.group(2)
        if part is None:
            raise ValidationError(
                "module", _at_line(text, match.start(), "must name the part of input, e.g. input.user")
            )
        parts.add(part)
        if part not in ("memory", "before"):
            continue
        field = _FIELD.match(plain, match.end())
        if field is None:
            problem = f"must name the field of input.{part} that it looks at, e.g. input.{part}.type"
            raise ValidationError("module", _at_line(text, match.start(), problem))
        fields.add(field.group(1) or field.group(2))
    return fields, parts


def _at_line(text: str, position: int, problem: str) -> str:
    return f"line {text.count(chr(10), 0, position) + 1}: {problem}"
