"""The frame as a reader meets it, without a browser."""

import uuid

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.test import Client, RequestFactory

from maristan.core.ui import services
from maristan.core.ui.middleware import ClosedByDefault
from maristan.core.ui.models import HomeLayout, SavedFilter
from maristan.core.ui.registries import MenuEntry, Panel, SearchSource, Tile
from maristan.core.ui.signals import language_chosen
from tests.core.ui.factories import hit, tile


def source(*titles, more=0):
    return SearchSource("t", "Patients", "", lambda request, text, limit: ([hit(each) for each in titles], more))


# Home


@pytest.mark.parametrize("number", [1, 3])
def test_home_costs_the_same_for_one_tile_or_three(number, nurse, browser_of, registered, django_assert_num_queries):
    registered("menu", MenuEntry("home", "Home", "ui:home", "home"))
    registered("bar_items")
    registered("panels")
    registered("tiles", *(tile(f"t{place}") for place in range(number)))
    client = browser_of(nurse)
    with django_assert_num_queries(4):
        page = client.get("/").content.decode()
    assert page.count('class="m-tile"') == number


def test_home_shows_six_tiles_in_the_order_of_the_person(nurse, browser_of, registered):
    registered("tiles", *(tile(f"t{place}") for place in range(8)))
    services.move_tile("t6", up=True, by=nurse)
    page = browser_of(nurse).get("/").content.decode()
    shown = [f"t{place}" for place in range(8) if f"<span>t{place}</span>" in page]
    assert shown == ["t0", "t1", "t2", "t3", "t4", "t6"]


def test_a_tile_with_nothing_to_say_stays_away(nurse, browser_of, registered):
    registered("tiles", Tile("silent", "Silent", "ui:home", "bed", ""))
    assert 'class="m-tile"' not in browser_of(nurse).get("/").content.decode()


def test_who_has_nothing_to_do_finds_their_doors(nurse, browser_of, registered):
    registered("panels")
    registered("menu", MenuEntry("tiles", "Doorway", "ui:arrange_tiles", "bed"))
    page = browser_of(nurse).get("/").content.decode()
    assert "Rien ne vous attend" in page
    assert page.count("Doorway") == 2  # in the bar and as a door


def test_who_has_no_post_is_told_what_is_next(nurse, browser_of, registered):
    registered("panels")
    registered("menu")
    assert "Votre compte n’a pas encore de poste" in browser_of(nurse).get("/").content.decode()


def test_a_panel_shows_only_to_who_may_see_it(nurse, browser_of, registered):
    def say(words):
        return lambda request: {"words": words}

    registered(
        "panels",
        Panel("mine", "ui.test", "ui/_mark.html", say("mine")),
        Panel("other", "ui.other", "ui/absent.html", say("other")),
        Panel("empty", "ui.test", "ui/absent.html", lambda request: None),
    )
    answer = browser_of(nurse).get("/")
    assert [panel.code for panel, _shown in answer.context["work"]] == ["mine"]


def test_home_greets_in_the_script_of_the_page(nurse, browser_of):
    client = browser_of(nurse)
    assert "Amina" in client.get("/").content.decode()
    client.cookies["language"] = "ar-dz"
    page = client.get("/").content.decode()
    assert "أمينة" in page
    assert '<html lang="ar-dz" dir="rtl"' in page
    assert "tabler.rtl" in page


def test_tiles_are_ordered_by_post_only(nurse, browser_of, registered):
    registered("tiles", tile("a"), tile("b"))
    client = browser_of(nurse)
    client.get("/tiles/?up=b")
    assert not HomeLayout.objects.exists()
    assert client.post("/tiles/", {"up": "b"}).status_code == 302
    assert HomeLayout.objects.get(owner=nurse.pk).tiles == ["b", "a"]
    assert client.post("/tiles/", {"up": "secret"}).status_code == 404


# Search


def test_a_search_with_one_answer_opens_it(nurse, browser_of, registered):
    registered("search_sources", source("LARABA Salah"))
    answer = browser_of(nurse).get("/search/?q=laraba")
    assert (answer.status_code, answer.url) == (302, "/tiles/")


@pytest.mark.parametrize("found", [source("LARABA Salah", "LARABA Sonia"), source("LARABA Salah", more=1)])
def test_a_search_with_more_answers_opens_none(nurse, browser_of, registered, found):
    registered("search_sources", found)
    page = browser_of(nurse).get("/search/?q=laraba")
    assert page.status_code == 200
    assert "LARABA Salah" in page.content.decode()


def test_what_is_not_listed_is_counted(nurse, browser_of, registered):
    registered("search_sources", source("LARABA Salah", more=38))
    page = browser_of(nurse).get("/search/?q=la", headers={"hx-request": "true"}).content.decode()
    assert "38 autres" in page
    assert "<html" not in page, "as one types, only the hits are drawn"


def test_one_letter_searches_nothing(nurse, browser_of, registered):
    asked = []
    registered("search_sources", SearchSource("t", "T", "", lambda *question: (asked.append(question), 0)))
    browser_of(nurse).get("/search/?q=l")
    assert asked == []


def test_a_source_without_the_right_is_not_asked(nurse, browser_of, registered):
    asked = []
    registered("search_sources", SearchSource("t", "T", "ui.other", lambda *question: (asked.append(question), 0)))
    assert "Rien trouvé" in browser_of(nurse).get("/search/?q=laraba").content.decode()
    assert asked == []


def test_what_is_typed_comes_back_as_text(nurse, browser_of, registered):
    registered("search_sources")
    page = browser_of(nurse).get("/search/", {"q": "<script>alert(1)</script>"}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;" in page


def test_pages_are_found_by_their_name(nurse, browser_of):
    answer = browser_of(nurse).get("/search/?q=accueil")
    assert answer.url == "/"


# Language and preferences


def test_a_language_is_kept_and_announced(db):
    heard = []
    language_chosen.connect(lambda **facts: heard.append(facts["language"]), weak=False, dispatch_uid="test")
    try:
        answer = Client().post("/language/", {"language": "ar-dz", "next": "/search/?q=a"})
    finally:
        language_chosen.disconnect(dispatch_uid="test")
    assert (answer.url, answer.cookies["language"].value, heard) == ("/search/?q=a", "ar-dz", ["ar-dz"])


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"]
)
def test_a_choice_never_leads_outside(db, target):
    assert Client().post("/language/", {"language": "fr", "next": target}).url == "/"


@pytest.mark.parametrize(
    ("url", "data"),
    [
        ("/language/", {"language": "xx"}),
        ("/preference/", {"name": "theme", "value": "pink"}),
        ("/preference/", {"name": "sessionid", "value": "stolen"}),
        ("/preference/", {"name": "language", "value": "dark"}),
    ],
)
def test_an_unknown_choice_does_not_exist(db, url, data):
    answer = Client().post(url, data)
    assert answer.status_code == 404
    assert not {"sessionid", "theme", "language"} & set(answer.cookies)


@pytest.mark.parametrize("url", ["/language/", "/preference/", "/filters/"])
def test_a_get_changes_nothing(nurse, browser_of, url):
    assert browser_of(nurse).get(url).status_code == 405


def test_the_theme_is_the_cookie_s_if_it_is_one_of_ours(nurse, browser_of):
    client = browser_of(nurse)
    client.cookies["theme"] = "dark"
    assert 'data-bs-theme="dark"' in client.get("/").content.decode()
    client.cookies["theme"] = '"><script>'
    assert 'data-bs-theme="light"' in client.get("/").content.decode()


def test_a_choice_needs_its_token(db):
    answer = Client(enforce_csrf_checks=True).post("/language/", {"language": "fr"})
    assert answer.status_code == 403
    assert "attendu trop longtemps" in answer.content.decode()


# Filters


def test_a_filter_is_saved_from_the_list_and_offered_there(nurse, browser_of):
    client = browser_of(nurse)
    answer = client.post("/filters/", {"page": "/tiles/", "query": "kind=chu&page=2", "name": "CHU"})
    assert answer.url == "/tiles/?kind=chu"
    kept = SavedFilter.objects.get()
    assert (kept.owner, kept.name) == (nurse.pk, "CHU")
    client.post(f"/filters/{kept.pk}/remove/", {"next": "/tiles/"})
    assert not SavedFilter.objects.exists()


def test_a_filter_without_a_name_says_so_on_the_list(nurse, browser_of):
    client = browser_of(nurse)
    answer = client.post(
        "/filters/", {"page": "/tiles/", "query": "kind=chu", "name": "", "next": "/tiles/"}, follow=True
    )
    assert 'role="status"' in answer.content.decode()
    assert not SavedFilter.objects.exists()


# Closed by default, and the pages of refusal


def test_a_view_without_a_rule_does_not_run(nurse):
    request = RequestFactory().get("/")
    request.user = nurse
    request.resolver_match = type("Match", (), {"view_name": "somewhere:open"})()
    with pytest.raises(ImproperlyConfigured, match="somewhere:open has no rule"):
        ClosedByDefault(lambda request: None).process_view(request, lambda request: None, (), {})


def test_a_visitor_is_sent_to_sign_in_and_back(db):
    assert Client().get("/search/?q=a").url == "/accounts/login/?next=/search/%3Fq%3Da"


def test_pages_are_kept_by_no_cache(nurse, browser_of):
    assert browser_of(nurse).get("/").headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("url", "code", "words"), [("/gallery/", 403, "Ce droit manque"), ("/absent/", 404, "n’existe pas")]
)
def test_a_refusal_gives_its_reference_and_the_way_home(nurse, browser_of, url, code, words):
    answer = browser_of(nurse).get(url)
    page = answer.content.decode()
    assert answer.status_code == code
    assert words in page
    assert uuid.UUID(answer.headers["X-Request-ID"]) and answer.headers["X-Request-ID"] in page
    assert 'href="/"' in page


def test_a_failure_gives_its_reference_without_the_bar(nurse, browser_of, registered):
    def fail(request):
        raise RuntimeError("a panel breaks")

    registered("panels", Panel("broken", "ui.test", "ui/_mark.html", fail))
    client = browser_of(nurse)
    client.raise_request_exception = False
    answer = client.get("/")
    assert answer.status_code == 500
    assert answer.headers["X-Request-ID"] in answer.content.decode()
    assert "m-bar" not in answer.content.decode()


# The bar


def test_the_longest_address_is_where_one_is(nurse, browser_of, registered):
    registered("menu", MenuEntry("home", "Home", "ui:home", "home"), MenuEntry("t", "Order", "ui:arrange_tiles", "bed"))
    frame = browser_of(nurse).get("/tiles/").context["menu_entries"]
    assert [(item["entry"].code, item["is_current"]) for item in frame] == [("home", False), ("t", True)]


def test_a_count_is_of_acts_and_zero_is_silent(nurse, browser_of, registered):
    registered(
        "menu",
        MenuEntry("a", "Wait", "ui:arrange_tiles", "bed", count=lambda request: 3),
        MenuEntry("b", "Quiet", "ui:search", "bed", count=lambda request: 0),
    )
    page = browser_of(nurse).get("/tiles/").content.decode()
    assert page.count('<span class="n">') == 1


@pytest.mark.parametrize(("number", "places"), [(4, ["first"] * 4), (9, ["first"] * 4 + ["wide"] * 3 + ["later"] * 2)])
def test_a_long_menu_folds_behind_more(nurse, browser_of, registered, number, places):
    registered("menu", *(MenuEntry(f"e{place}", "Entry", "ui:home", "bed") for place in range(number)))
    frame = browser_of(nurse).get("/tiles/").context["menu_entries"]
    assert [item["where"] for item in frame] == places


def test_a_citizen_gets_the_light_page(nurse, browser_of, registered):
    nurse.kind = "citizen"
    nurse.save()
    registered("tiles", tile("t"))
    page = browser_of(nurse).get("/").content.decode()
    assert "ui/citizen.css" in page
    assert "<script" not in page
    assert "tabler" not in page
    assert "12" in page
    refusal = browser_of(nurse).get("/gallery/").content.decode()
    assert "ui/citizen.css" in refusal
