"""How names are folded so that one way of typing finds another: accents, case, hamza, ta marbuta, and both scripts.

Folding is written here once; the database only indexes what it is given (`Person.search_words`).
"""

import datetime
import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ARABIC_FOLDED = str.maketrans(
    {
        "آ": "ا",
        "أ": "ا",
        "إ": "ا",
        "ٱ": "ا",
        "ؤ": "و",
        "ئ": "ي",
        "ى": "ي",
        "ی": "ي",
        "ک": "ك",
        "گ": "ق",
        "ڨ": "ق",
        "ڤ": "ف",
        "پ": "ب",
        "چ": "ش",
        "ة": "ه",
        "ء": None,
        "ـ": None,
        **{chr(0x660 + digit): str(digit) for digit in range(10)},
        **{chr(0x6F0 + digit): str(digit) for digit in range(10)},
    }
)
LATIN_FOLDED = str.maketrans(
    {"œ": "oe", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "ı": "i", "ɣ": "gh", "ɛ": "a", "ß": "ss"}
)
ONE_WORD = str.maketrans(dict.fromkeys("'’ʼʿʾ`´ʻ"))
SEPARATORS = re.compile(r"[\W_]+")
ARABIC = re.compile(r"[\u0600-\u06ff]")


def fold(text: str) -> str:
    """The words of `text` without case, accents, vowel signs or joining marks: "Ben-Aïssa" → "ben aissa"."""
    text = unicodedata.normalize("NFKC", text).translate(ONE_WORD).casefold()
    text = text.translate(LATIN_FOLDED).translate(ARABIC_FOLDED)
    bare = "".join(
        sign for sign in unicodedata.normalize("NFKD", text) if unicodedata.category(sign) not in ("Mn", "Cf")
    )
    return SEPARATORS.sub(" ", bare.translate(ARABIC_FOLDED)).strip()


def is_arabic(word: str) -> bool:
    return bool(ARABIC.search(word))


# Letters that families spell in several ways share one sign; vowels, w, y and ayn carry too little to be kept.
# A sign is written in capitals so that a later line leaves it alone.
LATIN_SOUNDS = (
    (re.compile(r"tch|ch|sh"), "C"),
    (re.compile(r"kh"), "X"),
    (re.compile(r"gh"), "G"),
    (re.compile(r"dj|g(?=[ei])|j"), "J"),
    (re.compile(r"th"), "T"),
    (re.compile(r"dh"), "D"),
    (re.compile(r"ph|v"), "F"),
    (re.compile(r"c(?=[eiy])"), "S"),
    (re.compile(r"gu|g|q|c"), "K"),
    (re.compile(r"p"), "B"),
    (re.compile(r"[aeiouyw]"), ""),
)
ARABIC_SOUNDS = str.maketrans(
    {
        **dict(zip("بتثجحخدذرزسشصضطظغفقكلمنه", "bttjhxddrzscsdtdgfkklmnh", strict=True)),
        **dict.fromkeys("اوىيعء"),
    }
)


def skeleton(word: str) -> str:
    """The consonants of a folded word, the same for both scripts: "boudjemaa" and "بوجمعه" are both "bjm".

    A help to find, no proof of identity: "rachid" and "رشيد" meet, and so do a few names that are not one.
    """
    if is_arabic(word):
        sounds = word.translate(ARABIC_SOUNDS)
    else:
        sounds = word
        for pattern, sign in LATIN_SOUNDS:
            sounds = pattern.sub(sign, sounds)
    return re.sub(r"(.)\1+", r"\1", sounds.lower())


def name_words(name: str) -> list[str]:
    """Folded words of one name field, and the forms it may be typed in: joined ("benabdallah"), without ال."""
    words = fold(name).split()
    forms = [*words, "".join(words)] if len(words) > 1 else list(words)
    forms += [word.removeprefix("ال") for word in words if word.startswith("ال") and len(word) > 4]
    return forms


def skeletons(word: str) -> set[str]:
    """Skeletons of a folded word: a last h or ه may be silent, or be heard as t ("Fatma", "Hayet")."""
    forms = [word]
    if word.endswith("ه"):
        forms += [word[:-1], word[:-1] + "ت"]
    elif word.endswith("h"):
        forms.append(word[:-1])
    return {skeleton(form) for form in forms} - {""}


def search_words(names: Iterable[str], birth: datetime.date | None, precision: str, numbers: Iterable[str] = ()) -> str:
    """All by which a person is found: names, `~` skeletons, numbers, and the known part of the birth date."""
    found: dict[str, None] = {}
    for name in filter(None, names):
        found.update(dict.fromkeys(_words_and_sounds(name)))
    found.update(dict.fromkeys("".join(fold(number).split()) for number in numbers if number))
    if birth:
        found[birth.strftime(BIRTH_WORD.get(precision, "%Y"))] = None
    return " ".join(found)


@lru_cache(maxsize=20_000)
def _words_and_sounds(name: str) -> tuple[str, ...]:
    words = name_words(name)
    return (*words, *(f"~{sounds}" for word in words for sounds in sorted(skeletons(word))))


BIRTH_WORD = {"day": "%Y%m%d", "month": "%Y%m"}
