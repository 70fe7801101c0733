import pytest
from django.contrib.auth.models import AnonymousUser

from maristan.core.ui.registries import BarItem, MenuEntry, Registry
from tests.core.ui.factories import person_who_may

HOME = MenuEntry("a", "Home", "ui:home", "home", order=1)
WARD = MenuEntry("b", "Ward", "ui:home", "bed", "ui.test", order=0)


def test_a_code_is_registered_once():
    registry = Registry()
    registry.register(HOME)
    with pytest.raises(ValueError, match="a is registered twice"):
        registry.register(MenuEntry("a", "Other", "ui:home", "home"))


def test_entries_come_in_their_order():
    registry = Registry({"a": HOME, "b": WARD})
    assert registry.all() == [WARD, HOME]


def test_a_person_sees_what_their_post_opens(nurse):
    registry = Registry({"a": HOME, "b": WARD})
    assert registry.for_user(nurse) == [HOME], "no post is current outside a request"
    nurse.post = nurse.posts.get()
    assert registry.for_user(nurse) == [WARD, HOME]


def test_a_visitor_sees_nothing_even_of_what_is_open_to_all():
    assert Registry({"a": HOME}).for_user(AnonymousUser()) == []


def test_a_right_of_another_area_opens_nothing(db):
    stranger = person_who_may("ui.other")
    stranger.post = stranger.posts.get()
    assert Registry({"b": WARD}).for_user(stranger) == []


def test_a_piece_of_the_bar_that_has_nothing_to_show_stays_away(nurse, browser_of, registered):
    shown = BarItem("one", "who", "ui/_mark.html", lambda request: {})
    absent = BarItem("two", "who", "ui/absent.html", lambda request: None)
    registered("bar_items", shown, absent)
    assert browser_of(nurse).get("/").status_code == 200
