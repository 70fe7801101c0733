"""A nurse's first day: account opened, first password changed, second factor added, screen locked and found again."""

import re

import pytest

from tests.browser.conftest import PHONE, WIDE
from tests.core.accounts.factories import code_of

OWN = "cinq mots pour ma journée"


def lines(facts, action: str, username: str) -> list[str]:
    """The outcomes of an action about an account, oldest first."""
    query = """SELECT line.outcome FROM audit_auditline line JOIN accounts_user person
               ON person.id = line.actor_id OR person.id::text = line.entity_id
               WHERE line.action = %s AND person.username = %s ORDER BY line.position"""
    return [line["outcome"] for line in facts.execute(query, [action, username])]


def check(page, assert_accessible) -> None:
    for size in (PHONE, WIDE):
        page.set_viewport_size(size)
        assert_accessible(page)


@pytest.fixture
def opened(visit, facts, assert_accessible):
    """An account that the human resources officer opens from the page; returns its first password."""

    def opened(username: str, lang: str) -> str:
        page = visit("hr", lang, path="/accounts/people/new/")
        check(page, assert_accessible)
        names = {"last_name": "Benali", "first_name": "Rym", "last_name_ar": "بن علي", "first_name_ar": "ريم"}
        for name, value in (names | {"username": username, "reason": "Recrutement"}).items():
            page.locator(f"[name={name}]").fill(value)
        nurse = facts.execute("SELECT id FROM accounts_role WHERE code = 'nurse'").fetchone()["id"]
        place = facts.execute(
            "SELECT service.id FROM territory_service service JOIN territory_establishment house "
            "ON house.id = service.establishment_id WHERE house.code = '25-chu-01' AND service.code = 'chira'"
        ).fetchone()["id"]
        page.locator("[name=role]").select_option(str(nurse))
        page.locator("[name=place]").select_option(f"s{place}")
        page.locator("main .m-btn.go").click()
        password = page.locator(".m-secret").inner_text()
        check(page, assert_accessible)
        return password

    return opened


def come_in(page, username: str, password: str) -> None:
    page.locator("#id_login").fill(username)
    page.locator("#id_password").fill(password)
    page.locator("form:has(#id_login) [type=submit]").click()


@pytest.mark.parametrize("lang", ["fr", "ar-dz"])
def test_first_day(lang, visit, facts, opened, assert_accessible):
    username = f"rym-{lang[:2]}"
    first = opened(username, lang)
    page = visit("", lang, path="/accounts/rights/")
    check(page, assert_accessible)

    come_in(page, username, "not the password")
    assert page.locator("#refusal").is_visible()
    check(page, assert_accessible)
    come_in(page, username, first)
    page.wait_for_url("**/accounts/password/")
    check(page, assert_accessible)
    for name, value in {"oldpassword": first, "password1": OWN, "password2": OWN}.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("main .m-btn.go").click()
    page.wait_for_url("**/accounts/security/")
    assert lines(facts, "accounts.sign_in", username) == ["failed", "success"]
    assert lines(facts, "accounts.change_password", username) == ["success"]

    page.locator("main .m-btn.go").click()
    check(page, assert_accessible)
    drawing = page.locator(".m-qr")
    assert drawing.evaluate("image => image.complete && image.naturalWidth > 0")
    secret = page.locator(".m-secret").inner_text()
    page.locator("#id_code").fill(code_of(secret))
    page.locator("main .m-btn.go").click()
    codes = page.locator(".m-codes li").all_inner_texts()
    assert len(codes) == 10
    check(page, assert_accessible)
    page.locator("main .m-btn.go").click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))

    page.goto("/accounts/rights/")
    assert "Recrutement" in page.locator("main").inner_text()
    check(page, assert_accessible)
    page.keyboard.press("Control+Shift+L")
    page.wait_for_url("**/accounts/lock/**")
    check(page, assert_accessible)
    assert not page.locator("nav").is_visible()
    page.goto("/accounts/security/")
    assert "/accounts/lock/" in page.url
    page.locator("[name=secret]").fill("wrong")
    page.locator("main .m-btn.go").click()
    assert page.locator("#id_secret_error").is_visible()
    page.locator("[name=secret]").fill(code_of(secret, -1))
    page.locator("main .m-btn.go").click()
    page.wait_for_url("**/accounts/security/")
    assert lines(facts, "accounts.unlock", username) == ["failed", "success"]

    page.goto("/accounts/logout/")
    check(page, assert_accessible)
    page.locator("main .m-btn.go").click()
    come_in(page, username, OWN)
    page.wait_for_url("**/accounts/code/")
    check(page, assert_accessible)
    page.locator("#id_code").fill(code_of(secret, 1))
    page.locator("main .m-btn.go").click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))

    page.goto("/accounts/logout/")
    page.locator("main .m-btn.go").click()
    come_in(page, username, OWN)
    page.locator("#id_code").fill(codes[0])
    page.locator("main .m-btn.go").click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    page.goto("/accounts/security/")
    assert "9" in page.locator("section:has(#factor)").inner_text()
    assert lines(facts, "accounts.sign_in", username) == ["failed", "success", "success", "success"]


def test_one_click_opens_a_demo_account(visit, facts):
    page = visit("", "fr", path="/accounts/login/")
    page.locator('[data-account="archivist"]').click()
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    assert "Fatiha Rouabah" in page.locator(".m-who").inner_text()
    assert lines(facts, "accounts.sign_in", "archivist")[-1] == "success"


def test_the_bar_says_when_the_screen_will_lock(visit):
    page = visit("callagent", "fr", path="/accounts/rights/")
    page.clock.install()
    page.reload()
    clock, button = page.locator("[data-lock-clock]"), page.locator("[data-lock]")
    assert re.match(r"9:5\d|10:00", clock.inner_text())
    page.clock.fast_forward("09:15")
    page.locator("[data-lock].soon").wait_for()
    assert re.match(r"0:\d\d", clock.inner_text())
    page.locator("h1").click()
    page.clock.run_for(1500)
    assert re.match(r"9:5\d|10:00", clock.inner_text())
    assert "soon" not in button.get_attribute("class")
