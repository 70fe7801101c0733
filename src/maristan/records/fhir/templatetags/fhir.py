"""How a label, a time and a value of the record are written, the same on every page."""

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from maristan.records.fhir.queries.facts import Result, Value, When
from maristan.records.terminology.queries import Label

register = template.Library()


@register.simple_tag
def label(words: Label | str | None) -> SafeString:
    """Words of a code; marked with their language when they are not in the page's."""
    lang = getattr(words, "lang", "")
    if lang:
        return format_html('<bdi lang="{}">{}</bdi>', lang, words)
    return format_html("<bdi>{}</bdi>", words or "")


@register.simple_tag
def moment(when: When | None, form: str = "brief") -> SafeString:
    """A time as `brief`, `stamp`, `full`, `date` or `clock`; the whole of it is in `datetime` and on hover."""
    if when is None:
        return format_html('<span class="m-unknown">{}</span>', _("date unknown"))
    return format_html(
        '<time datetime="{}" title="{}"><bdi dir="ltr">{}</bdi></time>', when.iso, when.full, getattr(when, form)
    )


@register.simple_tag
def value(result: Result, with_unit: bool = True) -> SafeString:
    """A value with its flag as sign, weight and words, and its unit."""
    return format_html("{}{}", _figure(result), _unit(result.value) if with_unit else "")


@register.simple_tag
def plain_value(found: Value, with_unit: bool = True) -> SafeString:
    """A value without flag."""
    return format_html("{}{}", _text(found, ""), _unit(found) if with_unit else "")


@register.simple_tag
def values(results: tuple[Result, ...], left_out: int = 0) -> SafeString:
    """Values of one round on one line, as they come; how many are left out is said."""
    shown = format_html_join(
        SafeString('<span class="sep"> · </span>'),
        '<span class="f-rv">{} {}</span>',
        ((label(r.label), value(r)) for r in results),
    )
    words = ngettext("%(count)s other within its band", "%(count)s others within their bands", left_out)
    if not results[0].flag.is_abnormal:
        words = ngettext("and %(count)s more", "and %(count)s more", left_out)
    more = format_html(' <span class="m-sub">{}</span>', words % {"count": left_out}) if left_out else ""
    return format_html("{}{}", shown, more)


def _figure(result: Result) -> SafeString:
    flag = result.flag
    if not flag.is_abnormal:
        return _text(result.value, "")
    sign = format_html(' <span aria-hidden="true">{}</span><span class="m-vh">, {}</span>', flag.sign, flag.words)
    return format_html('<bdi dir="ltr" class="f-fl {}">{}{}</bdi>', flag.value, _text(result.value, ""), sign)


def _text(found: Value, extra: str) -> SafeString:
    if found.absent:
        return format_html('<span class="m-unknown">{}</span>', found.text)
    if found.number is None:
        return format_html("<bdi{}>{}</bdi>", format_html(' lang="{}"', found.lang) if found.lang else "", found.text)
    return format_html('<bdi dir="ltr" class="m-num{}">{}</bdi>', extra, found.text)


def _unit(found: Value) -> SafeString:
    return format_html(' <bdi dir="ltr" class="m-sub">{}</bdi>', found.unit) if found.unit else SafeString("")
