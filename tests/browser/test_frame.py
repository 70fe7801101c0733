"""The frame in a real browser: keys, search, language, theme, tiles."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, PHONE


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
    page = visit("director", "fr", path="/tiles/")
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


def test_a_filter_is_saved_where_it_is_used(visit, facts, assert_accessible):
    page = visit("admin", "fr", path="/gallery/?service=chira&page=2")
    page.get_by_text("Garder ce filtre").click()
    page.locator(".m-saved input[name=name]").fill("Chirurgie")
    assert_accessible(page)
    page.locator(".m-saved").get_by_role("button", name="Enregistrer").click()
    chip = page.get_by_role("link", name="Chirurgie", exact=True)
    expect(chip).to_have_attribute("aria-current", "true")
    kept = facts.execute("SELECT page, query FROM ui_savedfilter WHERE name = 'Chirurgie'").fetchall()
    assert kept == [{"page": "/gallery/", "query": "service=chira"}]
    page.get_by_role("button", name="Retirer le filtre Chirurgie").click()
    expect(chip).to_have_count(0)
    assert facts.execute("SELECT count(*) AS n FROM ui_savedfilter WHERE name = 'Chirurgie'").fetchone()["n"] == 0


def test_single_letters_act_outside_fields_and_can_be_switched_off(visit):
    page = visit("admin", "fr", path="/gallery/")
    page.locator("#id_fr-name").press("k")
    expect(page.locator("#m-keys")).to_be_hidden()
    page.locator("h1").click()
    page.keyboard.press("k")
    expect(page.locator("#m-keys")).to_be_visible()
    expect(page.locator("#m-keys dd", has_text="Touches de cette page").last).to_be_visible()
    page.get_by_role("button", name="Désactiver les touches d’une lettre").click()
    expect(page.locator("html")).to_have_attribute("data-keys", "off")
    page.keyboard.press("k")
    expect(page.locator("#m-keys")).to_be_hidden()


def test_arrows_walk_along_a_list(visit):
    page = visit("admin", "fr", path="/gallery/")
    rows = page.locator("[data-rows]").first.locator("a")
    rows.nth(0).focus()
    page.keyboard.press("ArrowDown")
    expect(rows.nth(1)).to_be_focused()
    page.keyboard.press("Home")
    expect(rows.nth(0)).to_be_focused()


def test_a_lost_network_is_said_and_taken_back(visit):
    page = visit("nurse", "fr", path="/search/")
    page.context.set_offline(True)
    page.locator("main input[type=search]").press_sequentially("bou")
    expect(page.locator("#m-net")).to_be_visible()
    page.context.set_offline(False)
    page.locator("main input[type=search]").press_sequentially("dj")
    expect(page.locator("#m-net")).to_be_hidden()


def test_paper_shows_who_printed_and_no_button(visit):
    page = visit("admin", "fr", theme="dark", path="/gallery/")
    page.emulate_media(media="print")
    expect(page.locator(".m-printed")).to_contain_text("imprimé par Mounir Hamdi")
    assert page.locator(".m-bar:visible, .m-btn:visible, .m-tools:visible").count() == 0
    assert page.evaluate("getComputedStyle(document.querySelector('.m-sheet')).backgroundColor") == "rgb(255, 255, 255)"


def test_everything_works_without_script(browser, server, facts):
    context = browser.new_context(java_script_enabled=False, base_url=server.url, locale="fr-FR")
    page = context.new_page()
    page.goto("/accounts/login/")
    page.locator("#id_login").fill("nurse")
    page.locator("#id_password").fill(PASSWORD)
    page.locator("form:has(#id_login) [type=submit]").click()
    page.locator("main input[name=q]").fill("boudjemaa")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_be_visible()
    page.locator("header").get_by_role("button", name="العربية").first.click()
    expect(page.locator("html")).to_have_attribute("dir", "rtl")
    context.close()
