"""Tags every template may use without loading them."""

from functools import cache
from pathlib import Path

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()


@cache
def _drawing(name: str) -> str:
    source = Path(settings.BASE_DIR) / "build" / "icons" / f"{name}.svg"
    return source.read_text().split(">", 1)[1].rsplit("</svg>", 1)[0].split("-->")[-1].strip()


@register.simple_tag
def icon(name: str, mirrored: bool = False) -> SafeString:
    """A Tabler outline icon, always beside a word; `mirrored` turns it in right-to-left pages."""
    return format_html(
        '<svg class="m-i{}" viewBox="0 0 24 24" aria-hidden="true">{}</svg>',
        " mir" if mirrored else "",
        mark_safe(_drawing(name)),  # noqa: S308 a file of the locked icon package
    )
