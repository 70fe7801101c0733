"""Every page that a role's menu and home offer: readable, whole and accessible, in both directions and both themes."""

import re
from urllib.parse import urlsplit

import pytest

from maristan.core.accounts.enums import DEFAULT_ROLES
from tests.browser.conftest import PHONE, WIDE, take_picture

seen: set = set()  # pages already checked word for word for another role


def offered(page) -> list[str]:
    """The addresses that the menu and the home page offer."""
    found = page.eval_on_selector_all("nav a[href], main a[href]", "links => links.map(a => a.href)")
    paths = [urlsplit(href) for href in found if href.startswith(page.url.split("/", 3)[0])]
    return sorted({f"{each.path}?{each.query}".rstrip("?") for each in paths})


def fingerprint(page, lang: str) -> tuple:
    html = re.sub(r"csrf\w*\W+\w+|[0-9a-f-]{36}|\w{64}|\d\d:\d\d", "", page.content(), flags=re.IGNORECASE)
    return urlsplit(page.url).path, lang, hash(html)


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
@pytest.mark.parametrize("role", list(DEFAULT_ROLES))
def test_pages_offered_to(role, lang, visit, assert_accessible):
    page = visit(role, lang)
    for path in offered(page):
        answer = page.goto(path)
        assert answer.status == 200, path
        assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar-dz" else "ltr")
        if fingerprint(page, lang) in seen:
            continue
        seen.add(fingerprint(page, lang))
        for theme in ("light", "dark"):
            page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
            for size in (WIDE, PHONE):
                page.set_viewport_size(size)
                assert_accessible(page)
                take_picture(page, f"{role}{path}-{lang}-{theme}-{size['width']}")
        page.set_viewport_size(WIDE)
