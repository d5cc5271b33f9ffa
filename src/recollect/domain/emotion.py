"""How long a feeling keeps something in working memory."""

BASE_TTL_S = 1800


def working_ttl_s(emotion: float) -> int:
    """Seconds an item stays in working memory: 1800 x (1 + 11 x emotion), so 30 minutes to 6 hours.

    Source: Cortex technical design, section 3.2.
    """
    return round(BASE_TTL_S * (1 + 11 * min(1.0, max(0.0, emotion))))
