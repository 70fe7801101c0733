"""A nurse and a physician read a record, in both languages: found, read, filtered, searched, printed."""

import pytest
from playwright.sync_api import expect

from maristan.records.patients.demo import person_id
from tests.browser.conftest import PHONE

RECORD = f"/record/{person_id('boudjemaa')}/"
TABS = ["", "timeline/", "treatments/", "vitals/", "results/", "documents/", "encounters/", "search/?q=INR", "print/"]


def lines(facts, action):
    query = "select count(*) as n from audit_auditline where action = %s and patient_id = %s"
    return facts.execute(query, (action, person_id("boudjemaa"))).fetchone()["n"]


@pytest.mark.parametrize(("lang", "name"), [("fr", "BOUDJEMAA Hayet"), ("ar-dz", "بوجمعة حياة")])
def test_a_nurse_opens_a_record_from_her_ward_and_the_reading_is_kept(lang, name, visit, facts, assert_accessible):
    page = visit("nurse2", lang)
    before = lines(facts, "record.read")
    page.get_by_role("link", name=name).first.click()
    expect(page.locator("h1")).to_contain_text(name)
    expect(page.locator(".f-id .m-al.crit").first).to_contain_text({"fr": "Pénicilline", "ar-dz": "البنسلين"}[lang])
    assert lines(facts, "record.read") == before + 1
    assert_accessible(page)


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
@pytest.mark.parametrize("tab", TABS)
def test_every_page_of_the_record_is_accessible(lang, tab, visit, assert_accessible):
    page = visit("physician", lang, path=RECORD + tab)
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_accessible(page)


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
def test_the_banner_never_scrolls_away(lang, visit):
    page = visit("physician", lang, path=RECORD)
    for size in ({"width": 1366, "height": 768}, PHONE):
        page.set_viewport_size(size)
        page.evaluate("window.scrollTo(0, document.documentElement.scrollHeight)")
        expect(page.locator(".f-id h1")).to_be_in_viewport()


def test_time_goes_left_to_right_in_arabic_too(visit):
    page = visit("physician", "ar-dz", path=RECORD)
    xs = page.evaluate(
        "[...document.querySelectorAll('.f-wide circle')].slice(0, 5).map(c => c.getBoundingClientRect().x)"
    )
    assert xs == sorted(xs) and len(xs) == 5


def test_keys_open_tabs_and_the_figures(visit):
    page = visit("physician", "fr", path=RECORD)
    page.keyboard.press("t")
    expect(page.locator(".f-figures table")).to_be_visible()
    page.keyboard.press("5")
    expect(page.locator("h2#h-results")).to_be_visible()


def test_filter_and_search_within_the_record(visit, facts):
    page = visit("physician", "fr", path=RECORD + "timeline/")
    page.get_by_label("Type").select_option("notes")
    page.get_by_role("button", name="Filtrer").click()
    expect(page.locator(".f-thread")).not_to_contain_text("Constantes")
    before = lines(facts, "record.search")
    page.locator("#f-q").fill("oxygene")
    page.locator("#f-q").press("Enter")
    expect(page.locator(".f-thread")).to_contain_text("oxygène")
    assert lines(facts, "record.search") == before + 1


def test_printing_is_kept_and_repeats_the_identity(visit, facts):
    page = visit("physician", "fr", path=RECORD)
    before = lines(facts, "record.print")
    page.get_by_role("link", name="Imprimer").click()
    expect(page.locator("thead .f-line")).to_contain_text("BOUDJEMAA Hayet")
    assert lines(facts, "record.print") == before + 1


def test_a_nurse_of_another_hospital_is_refused(visit):
    page = visit("nurse", "fr", path=f"/record/{person_id('post_mi')}/")
    expect(page.locator("body")).not_to_contain_text("Infarctus")
