"""Explanation: why a memory stands where it stands in an answer, as one paragraph and as numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

SAID: Final[Mapping[str, str]] = {
    "meaning": "how near its meaning is",
    "words": "the words it shares with the question",
    "pieces": "words close to those of the question",
    "speaker": "who said it",
    "time": "when it was said",
    "when": "that it tells a time",
    "answer": "the kind of thing it says",
    "told": "that it tells and does not ask",
    "fact": "the fact it states",
    "entity": "whom and what it names",
    "recency": "how recent it is",
    "emotion": "how strongly it was felt",
    "reinforcement": "how often it was told again or used",
    "importance": "how much it matters",
    "previous": "what was said just before it",
    "next": "what was said just after it",
    "reply": "the question that it replies to",
    "conversation": "the best of its conversation",
    "order": "that it came first or last, as was asked",
    "succession": "the value it states, now or before, as was asked",
}
"""How a sentence calls a signal; another one is called by its name."""
STAGES: Final[Mapping[str, str]] = {
    "meaning": "by meaning alone",
    "words": "by words alone",
    "fused": "with all signals together",
    "smoothed": "with a share of what stands around it",
    "diversified": "after other conversations had their turn",
    "succession": "after older and newer values were put in order",
}
"""The stages of a ranking in order, as a sentence calls them."""
ALONE: Final = ("meaning", "words")
"""The stages that stand by themselves; the others follow on each other."""
TOLD: Final = 3
"""How many signals a sentence names."""
LEAST: Final = 0.0005
"""What a signal must contribute to be spoken of."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignalScore:
    """One signal's part in a hit's score.

    Attributes:
        raw: the signal's own value (a cosine, a BM25 sum, ...).
        normalised: the raw value brought to 0..1, whatever else is ranked.
        weight: what it is multiplied with. contribution: weight x normalised, the points it adds.
        reason: what matched, in words, e.g. ``"pottery, class"``.
    """

    raw: float
    normalised: float
    weight: float
    contribution: float
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """Why one memory stands where it stands.

    Attributes:
        profile: by which weights it was judged. rank: in the answer, 1 is best; None when it is not in it.
        of: how many memories were ranked. score: the sum of the signals' contributions.
        relevance: the estimated probability that it is relevant, or None where that is not known.
        signals: what each signal gave. ranks: its rank by stage, see ``STAGES``; a stage that was skipped is missing.
        words: the question's words that it has. entities: whom and what it names that the question names too.
    """

    profile: str
    rank: int | None
    of: int
    score: float
    relevance: float | None = None
    signals: Mapping[str, SignalScore] = field(default_factory=dict[str, SignalScore])
    ranks: Mapping[str, int] = field(default_factory=dict[str, int])
    words: tuple[str, ...] = ()
    entities: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Two or three sentences in plain English."""
        return " ".join(part for part in (self._place(), self._reasons(), self._stages()) if part)

    def as_json(self) -> dict[str, Any]:
        """The same as JSON values, with the paragraph under ``text``."""
        return {
            "profile": self.profile,
            "rank": self.rank,
            "of": self.of,
            "score": self.score,
            "relevance": self.relevance,
            "signals": {name: signal_json(signal) for name, signal in self.signals.items()},
            "ranks": dict(self.ranks),
            "words": list(self.words),
            "entities": list(self.entities),
            "text": self.text,
        }

    def _place(self) -> str:
        place = "It is not in the answer" if self.rank is None else f"It is {ordinal(self.rank)} of {self.of:,}"
        sure = (
            "" if self.relevance is None else f", and relevant with an estimated probability of {share(self.relevance)}"
        )
        return f"{place}, with {self.score:.2f} points{sure}."

    def _reasons(self) -> str:
        told = sorted(
            ((name, one) for name, one in self.signals.items() if one.contribution >= LEAST),
            key=lambda entry: -entry[1].contribution,
        )
        if not told:
            return "No signal speaks for it."
        parts = [f"{SAID.get(name, name)} ({_why(name, one)}{one.contribution:.2f})" for name, one in told[:TOLD]]
        left = len(told) - TOLD
        rest = f"; {left} more add {sum(one.contribution for _, one in told[TOLD:]):.2f}" if left > 0 else ""
        named = f" Question and memory both name {listed(self.entities)}." if self.entities else ""
        return f"Most of them come from {listed(parts)}{rest}.{named}"

    def _stages(self) -> str:
        alone = [f"{ordinal(self.ranks[name])} {STAGES[name]}" for name in ALONE if name in self.ranks]
        moved: list[str] = []
        before: int | None = None
        for name, rank in self.ranks.items():
            if name not in ALONE and rank != before:
                moved.append(f"{ordinal(rank)} {STAGES.get(name, f'after {name}')}")
                before = rank
        sentence = f"It would be {listed(alone)}" if alone else ""
        if len(moved) > 1:
            sentence += f"{'; it was' if sentence else 'It was'} {', then '.join(moved)}"
        return f"{sentence}." if sentence else ""


def signal_json(signal: SignalScore) -> dict[str, Any]:
    """A signal's part as JSON values."""
    return {
        "raw": signal.raw,
        "normalised": signal.normalised,
        "weight": signal.weight,
        "contribution": signal.contribution,
        "reason": signal.reason,
    }


def share(probability: float) -> str:
    """``45 %``; what is not quite 0 or 1 is not called so."""
    if 0 < probability < 0.005:
        return "under 1 %"
    return "over 99 %" if 0.995 < probability < 1 else f"{100 * probability:.0f} %"


def ordinal(number: int) -> str:
    """``1st``, ``2nd``, ``3rd``, ``4th``, ``11th``, ``1,021st``."""
    ending = "th" if number % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number:,}{ending}"


def listed(parts: Sequence[str]) -> str:
    """``a``, ``a and b``, ``a, b and c``."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def _why(name: str, signal: SignalScore) -> str:
    if name in ("previous", "next", "conversation") or not signal.reason:
        return ""
    return f"{signal.reason}: "
