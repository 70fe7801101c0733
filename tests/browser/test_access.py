"""Journeys through access: refusal, break-glass, review, who saw my record; each in French and in Arabic."""

import uuid

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import PASSWORD, PHONE

LANGUAGES = ("fr", "ar-dz")
REASONS = {"fr": "Appel du laboratoire, potassium à vérifier", "ar-dz": "اتصال من المخبر، يجب التحقق من النتيجة"}


def record(facts) -> uuid.UUID:
    """The record of the demo's citizen, which the nurse of surgery may not read."""
    row = facts.execute(
        "SELECT p.id FROM patients_person p JOIN accounts_user u ON u.id = p.account_id WHERE u.username = 'citizen'"
    ).fetchone()
    return row["id"]


def last_access(facts) -> dict:
    return facts.execute(
        "SELECT a.*, u.username FROM access_breakglass a JOIN accounts_user u ON u.id = a.user_id "
        "ORDER BY starts_at DESC LIMIT 1"
    ).fetchone()


def lines(facts, action: str, access: dict) -> int:
    return facts.execute(
        "SELECT count(*) AS n FROM audit_auditline WHERE action = %s AND entity_id = %s AND outcome = 'success'",
        [action, str(access["id"])],
    ).fetchone()["n"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_refused_then_opened_judged_and_seen_by_the_citizen(lang, visit, facts, assert_accessible):
    person = record(facts)
    nurse = visit("nurse", lang, path=f"/access/{person}/")
    reference = nurse.locator(".a-ref").inner_text()
    refusal = facts.execute("SELECT * FROM audit_auditline WHERE id = %s", [reference]).fetchone()
    assert (refusal["action"], refusal["outcome"], refusal["patient_id"]) == ("access.refused", "refused", person)
    assert_accessible(nurse)
    nurse.set_viewport_size(PHONE)
    assert_accessible(nurse)

    nurse.keyboard.press("1")
    expect(nurse.get_by_role("radio").first).to_be_checked()
    form = nurse.locator(".a-form form")
    form.locator("[name=words]").fill(REASONS[lang])
    form.locator("[name=password]").fill("faux")
    form.locator("button").click()
    expect(nurse.locator(".m-err").first).to_be_visible()
    assert last_access(facts)["username"] != "nurse" or last_access(facts)["words"] != REASONS[lang]
    assert_accessible(nurse)

    form.locator("[name=password]").fill(PASSWORD)
    form.locator("button").click()
    nurse.wait_for_url(lambda url: "/record/" in url)
    access = last_access(facts)
    assert (access["username"], access["reason"], access["words"]) == ("nurse", "life", REASONS[lang])
    assert lines(facts, "access.break_glass", access) == 1

    nurse.goto("/access/mine/")
    assert_accessible(nurse)
    nurse.locator(f"form[action*='{access['id']}/end/'] button").click()
    expect(nurse.locator(f"form[action*='{access['id']}/end/']")).to_have_count(0)
    assert (last_access(facts)["ending"], lines(facts, "access.break_glass_end", access)) == ("hand", 1)

    officer = visit("dpo", lang, path="/access/review/")
    assert_accessible(officer)
    officer.locator(f"a[href*='{access['id']}']").click()
    assert_accessible(officer)
    officer.locator("[name=judgement][value=unjustified]").check()
    officer.locator("main [name=words]").fill(REASONS[lang])
    officer.locator("main form button.go").click()
    expect(officer.locator(f"a[href*='{access['id']}']")).to_have_count(0)
    verdict = facts.execute("SELECT * FROM access_verdict WHERE break_glass_id = %s", [access["id"]]).fetchall()
    assert [row["judgement"] for row in verdict] == ["unjustified"]

    citizen = visit("citizen", lang, size=PHONE, path="/access/seen-by/")
    expect(citizen.locator(".m-b.crit").first).to_be_visible()
    assert_accessible(citizen)
    before = facts.execute("SELECT count(*) AS n FROM access_question").fetchone()["n"]
    citizen.locator("li:has(.m-b.crit) .c-ask").first.click()
    citizen.locator("[name=words]").fill(REASONS[lang])
    citizen.locator("main form button").click()
    expect(citizen.get_by_text(REASONS[lang])).to_be_visible()
    assert_accessible(citizen)
    assert facts.execute("SELECT count(*) AS n FROM access_question").fetchone()["n"] == before + 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("role", "path"),
    [
        ("dpo", "/access/review/?all"),
        ("dpo", "/access/review/figures/"),
        ("dpo", "/access/questions/"),
        ("physician", "/access/requests/"),
        ("physician", "/access/{person}/relations/"),
        ("physician", "/access/{person}/seen/"),
    ],
)
def test_the_other_pages_are_accessible(role, path, lang, visit, facts, assert_accessible):
    page = visit(role, lang, path=path.format(person=record(facts)))
    assert_accessible(page)
    page.set_viewport_size(PHONE)
    assert_accessible(page)
