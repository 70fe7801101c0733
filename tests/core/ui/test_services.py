import uuid

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from maristan.core.ui import queries, services
from maristan.core.ui.models import HomeLayout, SavedFilter
from tests.core.ui.factories import UserFactory, tile


@pytest.fixture
def tiles(registered):
    registered("tiles", *(tile(code) for code in "abc"))


def order(user) -> str:
    return "".join(each.code for each in queries.tiles_of(user))


def test_a_tile_moves_one_place_and_stays_there(nurse, tiles):
    services.move_tile("c", up=True, by=nurse)
    assert order(nurse) == "acb"
    services.move_tile("a", up=False, by=nurse)
    assert order(nurse) == "cab"


@pytest.mark.parametrize(("code", "up"), [("a", True), ("c", False)])
def test_the_ends_do_not_turn_round(nurse, tiles, code, up):
    services.move_tile(code, up=up, by=nurse)
    assert order(nurse) == "abc"


def test_another_person_keeps_their_own_order(nurse, tiles):
    services.move_tile("c", up=True, by=nurse)
    assert order(UserFactory()) == "abc"


def test_a_tile_one_may_not_open_cannot_be_moved(nurse, registered):
    registered("tiles", tile("a"))
    with pytest.raises(ValidationError):
        services.move_tile("secret", up=True, by=nurse)
    assert not HomeLayout.objects.exists()


def test_a_new_tile_comes_after_those_in_order(nurse, tiles, registered):
    services.move_tile("b", up=True, by=nurse)
    registered("tiles", *(tile(code) for code in "abcd"))
    assert order(nurse) == "bacd"


def test_a_filter_is_kept_without_its_page_number(nurse):
    kept = services.save_filter("/tiles/", name=" Beds ", query="kind=chu&page=3", by=nurse)
    assert (kept.name, kept.address) == ("Beds", "/tiles/?kind=chu")


def test_the_same_name_replaces_the_filter(nurse):
    services.save_filter("/tiles/", name="Beds", query="kind=chu", by=nurse)
    services.save_filter("/tiles/", name="Beds", query="kind=eph", by=nurse)
    assert [each.query for each in queries.filters_of(nurse, "/tiles/")] == ["kind=eph"]


def test_the_database_holds_a_name_once(nurse):
    facts = {"owner": nurse.pk, "page": "/tiles/", "name": "Beds", "query": "kind=chu"}
    SavedFilter.objects.create(**facts)
    with pytest.raises(IntegrityError, match="filter_name_once"), transaction.atomic():
        SavedFilter.objects.create(**facts)


@pytest.mark.parametrize("page", ["https://evil.example/", "//evil.example/", "/nowhere/", "", "javascript:alert(1)"])
def test_a_filter_leads_to_our_own_pages_only(nurse, page):
    with pytest.raises(ValidationError):
        services.save_filter(page, name="Trap", query="q=1", by=nurse)
    assert not SavedFilter.objects.exists()


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_filter_needs_a_name(nurse, name):
    with pytest.raises(ValidationError):
        services.save_filter("/tiles/", name=name, query="q=1", by=nurse)


def test_a_filter_is_forgotten_by_its_owner_only(nurse):
    kept = services.save_filter("/tiles/", name="Beds", query="kind=chu", by=nurse)
    with pytest.raises(SavedFilter.DoesNotExist):
        services.remove_filter(kept.pk, by=UserFactory())
    with pytest.raises(SavedFilter.DoesNotExist):
        services.remove_filter(uuid.uuid4(), by=nurse)
    services.remove_filter(kept.pk, by=nurse)
    assert not SavedFilter.objects.exists()
