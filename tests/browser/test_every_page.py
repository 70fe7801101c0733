"""Every page that a role's menu and home offer: readable, whole and accessible, in both directions and both themes."""

import re
from urllib.parse import urlsplit

import pytest

from maristan.core.accounts.enums import DEFAULT_ROLES
from tests.browser.conftest import PHONE, WIDE, take_picture

# Each language meets both themes and both sizes; together they meet every pair.
LOOKS = {"fr": [("light", WIDE), ("dark", PHONE)], "ar-dz": [("dark", WIDE), ("light", PHONE)]}
seen: set = set()  # contents already checked, word for word, for another role


def offered(page) -> list[str]:
    """The addresses that the menu and the home page offer."""
    found = page.eval_on_selector_all("nav a[href], main a[href]", "links => links.map(a => a.href)")
    ours = [urlsplit(href) for href in found if urlsplit(href).netloc == urlsplit(page.url).netloc]
    return sorted({f"{each.path}?{each.query}".rstrip("?") for each in ours})


def is_new(page, lang: str) -> bool:
    html = page.locator("main").inner_html()
    words = re.sub(r'value="\w{64}"|[0-9a-f-]{36}|\d\d:\d\d(:\d\d)?', "", html)
    content = (urlsplit(page.url).path, lang, words)
    return content not in seen and not seen.add(content)


@pytest.mark.parametrize("lang", list(LOOKS))
@pytest.mark.parametrize("role", list(DEFAULT_ROLES))
def test_pages_offered_to(role, lang, visit, assert_accessible):
    page = visit(role, lang)
    paths = offered(page)
    assert "/" in paths
    for path in paths:
        page.set_viewport_size(WIDE)
        answer = page.goto(path)
        assert answer.status == 200, path
        assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar-dz" else "ltr")
        if not is_new(page, lang):
            continue
        for theme, size in LOOKS[lang]:
            page.evaluate("theme => document.documentElement.dataset.bsTheme = theme", theme)
            page.set_viewport_size(size)
            assert_accessible(page)
            take_picture(page, f"{role}{path}-{lang}-{theme}-{size['width']}")
