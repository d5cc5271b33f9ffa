"""Small talk as people type it: texts put together from hand-written phrases, the same ones each time.

The phrases (``tests/data/small_talk_phrases.jsonl``) were written from what people say, before and apart from the
product's own list. Every text is made of phrases of one half: ``dev`` may be looked at while the classifier is
improved, ``test`` may not.
"""

import json
import random
import unicodedata
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_PHRASES: Final = Path(__file__).parent / "data" / "small_talk_phrases.jsonl"
LANGUAGES: Final = ("en", "de", "fr", "es", "it", "pt")
SPLITS: Final = ("dev", "test")
_KINDS_IN_TEXT: Final = (
    (("greeting",), 12),
    (("ack",), 20),
    (("thanks",), 9),
    (("bye",), 9),
    (("ask",), 4),
    (("fine",), 2),
    (("greeting", "ask"), 8),
    (("greeting", "greeting"), 1),
    (("ack", "thanks"), 9),
    (("thanks", "bye"), 7),
    (("ack", "ack"), 6),
    (("ack", "bye"), 3),
    (("bye", "bye"), 2),
    (("fine", "thanks"), 1),
    (("ack", "thanks", "bye"), 5),
    (("greeting", "fine", "ask"), 2),
)
_NAMES: Final = """
Anna Tom Maria Lucas Sophie Mehmet Siobhan Thandiwe Xiomara Bjarne Priya Wei Olga Fatou Jürgen Zoë Núria
Caroline Mel João Giulia Chiara Raúl Agnieszka Dmitri Kwame Yuki Sanjay Lotte Noé Claude Alexa Jarvis Max
""".split()  # noqa: SIM905 - as words they are easier to read
_CALLED: Final = {
    "en": "guys,all,everyone,mate,buddy,team,mom,dude,bro,my friend,man,folks,dear,assistant,sir,boss",
    "de": "Leute,Schatz,alle,Freunde,mein Freund,Mama,Kumpel,Herr Müller,ihr Lieben,Chef",
    "fr": "les amis,mon ami,chef,tout le monde,maman,mec,ma belle,madame,mon cher,les gars",
    "es": "amigo,chicos,guapa,a todos,mamá,tío,amigos,cariño,compañero,señor",
    "it": "ragazzi,amore,tesoro,a tutti,mamma,amico mio,amici,bella,dottore,cara",
    "pt": "galera,gente,amigo,mano,querida,pessoal,mãe,cara,meu amigo,amigos",
}
_EMOJI: Final = "👍 😊 🙏 😂 ❤️ 👋 😁 🎉 😅 🙂 👌 😍 🥰 👍🏽 💪 🤗 😘 ✨ 🙌 😎".split()  # noqa: SIM905
_EMOTICONS: Final = ":) :-) ;) :D xD <3 :P ^^ :( =) :/ :')".split()  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Phrase:
    """One thing people say, in lower case and spelled in full."""

    phrase: str
    language: str
    kind: str
    split: str


@dataclass(frozen=True, slots=True)
class Text:
    """A text of small talk, its language and the half its phrases are from."""

    text: str
    language: str
    split: str


def phrases() -> list[Phrase]:
    """The hand-written phrases."""
    return [Phrase(**json.loads(line)) for line in _PHRASES.read_text(encoding="utf-8").splitlines()]


def small_talk_texts(count: int = 10_000, seed: int = 4) -> list[Text]:
    """Texts of small talk, as many of each language and half; repeated ones are possible, as in life."""
    pools: dict[tuple[str, str, str], list[str]] = {}
    for phrase in phrases():
        pools.setdefault((phrase.language, phrase.split, phrase.kind), []).append(phrase.phrase)
    rng = random.Random(seed)  # noqa: S311 - the same texts each time
    texts: list[Text] = []
    for place in range(count):
        language, split = LANGUAGES[place % 6], SPLITS[place // 6 % 2]
        kinds = rng.choices([kinds for kinds, _ in _KINDS_IN_TEXT], [weight for _, weight in _KINDS_IN_TEXT])[0]
        parts = [rng.choice(pools[language, split, kind]) for kind in kinds]
        texts.append(Text(_typed(parts, kinds, language, rng), language, split))
    return texts


def _typed(parts: list[str], kinds: tuple[str, ...], language: str, rng: random.Random) -> str:
    """Puts phrases together the way one person types."""
    hurried = rng.random() < 0.25
    plain_letters, case = rng.random() < 0.25, rng.choices(("as is", "first", "each", "upper"), (35, 35, 24, 6))[0]
    pieces: list[str] = []
    for place, (part, kind) in enumerate(zip(parts, kinds, strict=True), start=1):
        piece = _called(part, language, rng) if kind in ("greeting", "thanks", "bye") and rng.random() < 0.2 else part
        piece = _stretched(piece, rng) if rng.random() < 0.08 else piece
        piece = piece[0].upper() + piece[1:] if case == "each" or (case == "first" and not pieces) else piece
        pieces.append(piece + _end(kind, place == len(parts), hurried, rng))
    text = "".join(pieces).strip(" ,-\n")
    text = _without_accents(text) if plain_letters else text
    text = _apostrophes(text, rng)
    text = _inverted(text, rng) if language == "es" and not hurried else text
    return _decorated(text.upper() if case == "upper" else text, rng)


def _called(part: str, language: str, rng: random.Random) -> str:
    name = rng.choice(_NAMES) if rng.random() < 0.6 else rng.choice(_CALLED[language].split(","))
    name = name.lower() if rng.random() < 0.25 else name
    return f"{part}{rng.choice((' ', ' ', ', '))}{name}"


def _stretched(part: str, rng: random.Random) -> str:
    """Repeats the last letter of a word, or its last vowel: ``heyyy``, ``thaaanks``."""
    words = part.split(" ")
    place = rng.randrange(len(words))
    word = words[place]
    vowels = [index for index, letter in enumerate(word) if letter in "aeiou"]
    at = rng.choice([len(word) - 1, *vowels[-1:]])
    if word[at].isalpha():
        words[place] = word[:at] + word[at] * rng.randint(2, 5) + word[at + 1 :]
    return " ".join(words)


def _end(kind: str, last: bool, hurried: bool, rng: random.Random) -> str:
    if last:
        marks = ("?", "?", "??", "") if kind == "ask" else ("", "", ".", "!", "!", "!!", "...", " !")
        return "" if hurried else rng.choice(marks)
    if hurried:
        return rng.choice((" ", " ", ", "))
    return rng.choice((", ", ", ", "! ", ". ", " - ", "... ", "\n", " ", "? " if kind == "ask" else "! "))


def _without_accents(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))


def _apostrophes(text: str, rng: random.Random) -> str:
    return text.replace("'", rng.choices(("'", "’", "", "´"), (60, 20, 17, 3))[0])


def _inverted(text: str, rng: random.Random) -> str:
    if rng.random() < 0.5 and text[-1] in "!?":
        return ("¡" if text[-1] == "!" else "¿") + text
    return text


def _decorated(text: str, rng: random.Random) -> str:
    if (draw := rng.random()) < 0.12:
        return text + rng.choice((" ", "")) + rng.choice(_EMOJI) * rng.choice((1, 1, 1, 2, 3))
    if draw < 0.18:
        return f"{text} {rng.choice(_EMOTICONS)}"
    if draw < 0.20:
        return f"{rng.choice(_EMOJI)} {text}"
    return f" {text}  " if draw < 0.22 else text
