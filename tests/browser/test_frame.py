"""The frame in a real browser: keys, search, language, theme, tiles."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
def test_a_visitor_meets_the_sign_in_page(lang, visit, assert_accessible):
    page = visit("", lang)
    expect(page).to_have_url(re.compile("/accounts/login/"))
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_accessible(page)


def test_the_language_is_chosen_in_its_own_words(visit):
    page = visit("nurse", "fr")
    page.get_by_role("button", name="العربية").first.click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    page.get_by_role("button", name="Français").first.click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")


def test_the_theme_turns_and_stays(visit):
    page = visit("nurse", "fr")
    page.locator("header").get_by_role("button", name="Thème sombre").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.goto("/search/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")


def test_search_opens_by_key_and_is_walked_by_arrows(visit, assert_accessible):
    page = visit("nurse", "fr", path="/tiles/")
    page.keyboard.press("Control+k")
    field = page.locator("#m-search input[type=search]")
    expect(field).to_be_focused()
    field.press_sequentially("acc")
    hit = page.locator("#m-search .m-hits a").first
    expect(hit).to_be_visible()
    assert_accessible(page)
    page.keyboard.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#m-search")).to_be_hidden()


def test_enter_opens_the_answer_only_if_it_is_alone(visit):
    page = visit("nurse", "fr", path="/tiles/")
    page.keyboard.press("/")
    page.locator("#m-search input[type=search]").fill("accueil")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r":\d+/$"))


def test_a_click_outside_closes_no_dialog(visit):
    page = visit("nurse", "fr", path="/tiles/")
    page.keyboard.press("?")
    expect(page.locator("#m-keys")).to_be_visible()
    page.mouse.click(5, 400)
    expect(page.locator("#m-keys")).to_be_visible()


def test_the_gallery_holds_in_both_directions(visit, assert_accessible):
    page = visit("admin", "fr", path="/gallery/")
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_accessible(page)


def test_the_content_is_one_key_away(visit):
    page = visit("nurse", "fr")
    page.keyboard.press("Tab")
    expect(page.locator(".m-skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()


def test_everything_is_there_on_a_phone_behind_more(visit, assert_accessible):
    page = visit("nurse", "ar-dz", size=PHONE)
    page.locator(".m-nav summary").click()
    expect(page.locator(".m-nav").get_by_role("button", name="Français")).to_be_visible()
    assert_accessible(page)
