"""Names in two scripts, and the form under which they are searched."""

import re
import unicodedata

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from maristan.core.territory.enums import DOUBTS

_ARABIC = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ئ": "ي", "ؤ": "و", "ة": "ه", "ـ": None})
_NOT_A_WORD = re.compile(r"[^\w]+")


def fold(text: str) -> str:
    """`text` as it is compared: lower case, no accent nor vowel mark, Arabic letters that vary written one way."""
    bare = "".join(
        letter
        for letter in unicodedata.normalize("NFKD", text.translate(_ARABIC).casefold())
        if not unicodedata.combining(letter)
    )
    return _NOT_A_WORD.sub(" ", bare.translate(_ARABIC)).strip()


def is_arabic() -> bool:
    """Whether the page in hand is written in Arabic."""
    return (get_language() or "").startswith("ar")


class Named(models.Model):
    """Something with a French name and, when it is known, an Arabic one."""

    name_fr = models.CharField(_("name in French"), max_length=200)
    name_ar = models.CharField(_("name in Arabic"), max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the page, or in French when the Arabic one is unknown."""
        return self.name_ar if is_arabic() and self.name_ar else self.name_fr

    @property
    def other_name(self) -> str:
        """The name in the other script; empty when unknown or the same."""
        other = self.name_fr if is_arabic() else self.name_ar
        return other if other != self.name else ""


class Doubtful(models.Model):
    """A fact with its source, and what nobody official has confirmed of it; screens show both."""

    source = models.CharField(_("source"), max_length=120, blank=True)
    to_confirm = models.CharField(_("to be confirmed"), max_length=200, blank=True)

    class Meta:
        abstract = True

    @property
    def doubt(self) -> str:
        """What is to be confirmed, in the language of the page when the words are ours."""
        return str(DOUBTS.get(self.to_confirm, self.to_confirm))
