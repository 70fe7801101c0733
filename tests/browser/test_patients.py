"""Registering somebody who is nearly there already: the clerk sees it, insists, and the search finds both."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

WORDS = {
    "fr": ("Déjà inscrite ?", "C’est une autre personne", "Zoulikha", "ZERROUKI"),
    "ar-dz": ("هل سبق تسجيله؟", "هذا شخص آخر", "Zoulykha", "زروقي"),
}


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
def test_a_near_duplicate_is_shown_and_set_apart(lang, visit, facts, assert_accessible):
    shown, insist, given, family = WORDS[lang]
    page = visit("nurse", lang, path="/patients/register/")
    page.locator("[name=family_fr]").fill("Zerouki")
    page.locator("[name=given_fr]").fill(given)
    page.locator("[name=sex][value=female]").check()
    born = facts.execute(
        "SELECT to_char(birth_date, 'DD/MM/YYYY') AS day FROM patients_person "
        "WHERE family_fr = 'Zerrouki' AND given_fr = 'Zoulikha' ORDER BY registered_at LIMIT 1"
    ).fetchone()["day"]
    page.locator("[name=birth]").fill(born)
    before = facts.execute("SELECT count(*) AS people FROM patients_person").fetchone()["people"]
    page.locator("main form .m-btn.go").click()
    expect(page.get_by_role("heading", name=shown)).to_be_visible()
    expect(page.locator(".p-alike .p-hit").filter(has_text=family).first).to_be_visible()
    assert facts.execute("SELECT count(*) AS people FROM patients_person").fetchone()["people"] == before
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_accessible(page)
    page.get_by_role("button", name=insist).click()
    page.wait_for_url("**/record/**")
    assert facts.execute("SELECT count(*) AS people FROM patients_person").fetchone()["people"] == before + 1
    line = facts.execute(
        "SELECT detail FROM audit_auditline WHERE action = 'patients.register' ORDER BY id DESC LIMIT 1"
    ).fetchone()
    assert len(line["detail"]["set_apart"]) >= 1


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
def test_the_search_answers_as_one_types_and_is_walked_by_arrows(lang, visit, assert_accessible):
    page = visit("reception", lang, path="/patients/")
    field = page.locator("main input[type=search]")
    field.press_sequentially("بوجمعة حي" if lang == "fr" else "boudjemaa hay")
    hit = page.locator("#people-found .p-hit").first
    expect(hit).to_contain_text("BOUDJEMAA Hayet")
    expect(hit).to_contain_text("بوجمعة حياة")
    assert_accessible(page)
    field.press("ArrowDown")
    expect(hit).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/patients/*/")
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_accessible(page)
