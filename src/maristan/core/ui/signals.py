"""Facts the frame announces."""

from django.dispatch import Signal

language_chosen = Signal()
"""A person chose the language of the pages. Arguments: request, language (a code of settings.LANGUAGES)."""
