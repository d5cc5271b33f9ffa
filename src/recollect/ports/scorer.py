"""What Recollect needs from whatever tells how strongly something was felt."""

from collections.abc import Sequence
from typing import Protocol


class EmotionScorer(Protocol):
    """Scores how intense the feeling in a text is, not whether it is good or bad. Safe to call from several threads."""

    def score(self, texts: Sequence[str]) -> list[float]:
        """Scores texts.

        Args:
            texts: any number of texts, each of any length.

        Returns:
            One number in 0..1 for each text: 0-0.2 mundane, 0.2-0.4 mildly notable, 0.4-0.6 significant,
            0.6-0.8 highly emotional, 0.8-1 profound.
        """
        ...
