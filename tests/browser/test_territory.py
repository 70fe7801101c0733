"""The territory in a real browser: the map and its list, and loading a file with errors in French and Arabic."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PHONE

HEAD = "code,kind,name_fr,name_ar,wilaya,commune\n"
WRONG = HEAD + "nav-{0},polyclinic,Polyclinique du navigateur,عيادة,25,2506\nnav-{0}b,polyclinic,,عيادة,25,2506\n"
RIGHT = HEAD + "nav-{0},polyclinic,Polyclinique du navigateur {0},عيادة المتصفح,25,2506\n"
WORDS = {
    "fr": {"check": "Vérifier le fichier", "empty": "Cette case est vide.", "load": "Charger"},
    "ar-dz": {"check": "فحص الملف", "empty": "هذه الخانة فارغة.", "load": "تحميل"},
}


def known(facts, code):
    return facts.execute("SELECT name_fr FROM territory_establishment WHERE code LIKE %s", [f"{code}%"]).fetchall()


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
def test_a_file_with_errors_changes_nothing_then_the_corrected_one_loads(lang, visit, facts, assert_accessible):
    words, code = WORDS[lang], f"nav-{lang}"
    page = visit("directorate", lang, path="/territory/load/")
    assert_accessible(page)
    send(page, WRONG.replace("{0}", lang), words["check"])
    row = page.get_by_role("row").filter(has_text=words["empty"])
    expect(row).to_contain_text("name_fr")
    expect(row.get_by_role("rowheader")).to_have_text("3")
    assert known(facts, code) == []
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_accessible(page)
    send(page, RIGHT.replace("{0}", lang), words["check"])
    expect(page).to_have_url(re.compile("/territory/load/[0-9a-f-]{36}/"))
    assert known(facts, code) == []
    assert_accessible(page)
    page.locator("main").get_by_role("button", name=words["load"], exact=True).click()
    expect(page).to_have_url(re.compile(r"/territory/$"))
    assert [row["name_fr"] for row in known(facts, code)] == [f"Polyclinique du navigateur {lang}"]
    told = "SELECT count(*) AS lines FROM audit_auditline WHERE action = 'territory.load' AND actor_name <> ''"
    assert facts.execute(told).fetchone()["lines"] >= 1


def send(page, content, button):
    page.locator("input[type=file]").set_input_files(
        {"name": "lieux.csv", "mimeType": "text/csv", "buffer": content.encode()}
    )
    page.get_by_role("button", name=button).click()


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
def test_the_map_shows_what_the_list_holds(lang, visit, facts, assert_accessible):
    page = visit("nurse", lang, path="/territory/?kind=epsp")
    expect(page.locator("#map")).to_have_attribute("data-ready", re.compile("[1-9]"))
    assert page.locator("#map .t-point").count() > 0
    located = "SELECT count(*) AS places FROM territory_establishment WHERE kind = 'epsp' AND latitude IS NOT NULL"
    assert page.locator("tbody tr").count() >= facts.execute(located).fetchone()["places"]
    expect(page.locator(".t-attribution")).to_contain_text("OpenStreetMap")
    assert page.locator("#map").evaluate("map => getComputedStyle(map).direction") == "ltr"
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_accessible(page)


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
def test_an_edit_is_seen_in_the_history(lang, visit, facts, assert_accessible):
    place = facts.execute("SELECT id FROM territory_establishment WHERE code = '25-epsp-01'").fetchone()["id"]
    page = visit("directorate", lang, path=f"/territory/establishment/{place}/edit/")
    assert_accessible(page)
    page.locator("[name=address]").fill(f"Rue {lang}")
    page.locator("main .m-btn.go").click()
    expect(page.locator(".t-history")).to_contain_text(f"Rue {lang}")
    address = facts.execute("SELECT address FROM territory_establishment WHERE id = %s", [place]).fetchone()
    assert address["address"] == f"Rue {lang}"
    assert_accessible(page)
