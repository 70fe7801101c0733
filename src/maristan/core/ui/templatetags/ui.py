"""Tags every template may use without loading them."""

from functools import cache
from pathlib import Path
from typing import Any

from django import forms, template
from django.conf import settings
from django.forms.boundfield import BoundField
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from maristan.core.ui import queries

register = template.Library()
TONES = {"error": "crit", "warning": "warn", "success": "ok", "info": "info"}


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


@register.simple_tag
def fill(percent: float) -> SafeString:
    """The rule under a clock or a bar of length, filled to `percent` (0 to 100) of its limit."""
    return format_html(
        '<svg class="m-fill" viewBox="0 0 100 4" preserveAspectRatio="none" aria-hidden="true">'
        '<rect class="bg" width="100" height="4"/><rect width="{}" height="4"/></svg>',
        round(min(max(percent, 0), 100)),
    )


@register.filter
def tone(level: str) -> str:
    """The colour word of a message's level."""
    return TONES.get(level, "")


@register.filter
def control(field: BoundField) -> SafeString:
    """A field's control, dressed; what people type takes its own direction."""
    widget = field.field.widget
    attributes = {"class": f"m-in {widget.attrs.get('class', '')}".strip()}
    if is_check(field) or is_choice_list(field):
        attributes = {}
    elif isinstance(widget, (forms.TextInput, forms.Textarea)) and "dir" not in widget.attrs:
        attributes["dir"] = "auto"
    return field.as_widget(attrs=attributes)


@register.filter
def is_check(field: BoundField) -> bool:
    """A single box to tick: its label stands beside it."""
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_choice_list(field: BoundField) -> bool:
    """Choices drawn one a line, each with its own label."""
    return isinstance(field.field.widget, forms.RadioSelect)  # and its child, CheckboxSelectMultiple


@register.filter
def fields_in_error(form: Any) -> list[BoundField]:
    return [field for field in form if field.errors]


@register.simple_tag(takes_context=True)
def saved_filters(context: template.Context) -> dict[str, Any]:
    """For `ui/_filters.html`: this person's filters of this page, the present one, and whether it can be saved."""
    request = context["request"]
    parameters = request.GET.copy()
    parameters.pop("page", None)
    query = parameters.urlencode() if any(parameters.values()) else ""
    kept = list(queries.filters_of(request.user, request.path))
    return {"filters": kept, "query": query, "is_new": bool(query) and query not in {each.query for each in kept}}
