"""What every page's frame needs: the entries this person may open, and the theme."""

from django.conf import settings
from django.http import HttpRequest

from maristan.core.ui import registries

THEMES = ("light", "dark")


def page_frame(request: HttpRequest) -> dict:
    """Menu of the reader, theme from its cookie, and whether this is the demo."""
    user = getattr(request, "user", None)
    theme = request.COOKIES.get("theme", "light")
    return {
        "menu_entries": registries.menu.for_user(user) if user else [],
        "theme": theme if theme in THEMES else "light",
        "is_demo": settings.DEMO,
    }
