import csv
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.urls import reverse

from maristan.core.audit.models import AuditLine
from maristan.core.audit.services import seal_block
from maristan.core.audit.services.journal import lines_for, name_lines
from tests.core.audit.factories import AuditLineFactory
from tests.permission_table import World, build_world

ASIDE = {"audit.read", "accounts.sign_in"}  # what reading the register, and signing in to do it, write


@pytest.fixture
def world(db) -> World:
    return build_world()


@pytest.fixture
def journal(world):
    """The register as the officer of the territory sees it: ids of the lines, newest first."""

    def show(**filters: str) -> list:
        response = world.clients["dpo"].get(reverse("audit:journal"), filters)
        assert response.status_code == 200
        return [line.pk for line in response.context["lines"] if line.action not in ASIDE]

    return show


def line(world: World, **facts) -> AuditLine:
    return AuditLineFactory(**{"establishment_id": world.establishment.pk, **facts})


def test_the_newest_lines_come_first(world, journal):
    lines = [line(world), line(world), line(world)]
    assert journal() == [each.pk for each in reversed(lines)]


@pytest.mark.parametrize(
    ("name", "kept", "other"),
    [
        ("person", {"patient_id": uuid4()}, {"patient_id": uuid4()}),
        ("actor", {"actor_name": "Amina Kerrouche"}, {"actor_name": "Sofiane Mansouri"}),
        ("action", {"action": "audit.export"}, {"action": "page.refused"}),
        ("outcome", {"outcome": "refused"}, {"outcome": "success"}),
    ],
)
def test_each_filter_keeps_its_lines(world, journal, name, kept, other):
    wanted = line(world, **kept)
    line(world, **other)
    value = "kerrou" if name == "actor" else str(next(iter(kept.values())))
    assert journal(**{name: value}) == [wanted.pk]


def test_the_establishment_filter_keeps_its_lines(world, journal):
    wanted = line(world, establishment_id=world.neighbour.pk)
    line(world)
    assert journal(establishment=str(world.neighbour.pk)) == [wanted.pk]


def test_a_day_is_a_day_of_the_local_clock(world, journal):
    midnight = datetime(2026, 11, 3, 23, tzinfo=UTC)  # 4 November in Algiers
    line(world, at=midnight - timedelta(seconds=1))
    wanted = [line(world, at=midnight), line(world, at=midnight + timedelta(hours=24, seconds=-1))]
    line(world, at=midnight + timedelta(hours=24))
    assert journal(start="04/11/2026", end="04/11/2026") == [each.pk for each in reversed(wanted)]


def test_a_line_of_last_month_waits_behind_the_period(world, journal):
    old = line(world, at=datetime.now(UTC) - timedelta(days=30))
    assert journal() == []
    assert journal(start="") == [old.pk]


def test_lines_of_another_territory_are_not_shown(world, journal):
    line(world, establishment_id=world.stranger.pk)
    line(world, establishment_id=None, division_id=world.elsewhere.pk)
    unplaced = line(world, establishment_id=None)
    assert journal() == [unplaced.pk]


def test_a_period_turned_round_is_said_at_the_field_and_shows_nothing(world):
    line(world)
    filters = {"start": "2026-11-04", "end": "2026-11-03"}
    response = world.clients["dpo"].get(reverse("audit:journal"), filters)
    assert response.context["lines"] == []
    assert list(response.context["form"].errors) == ["end"]


def test_older_lines_are_one_link_away_and_none_is_skipped(world, journal):
    lines = [line(world, outcome="failed") for _ in range(53)]
    first = journal(outcome="failed")
    assert len(first) == 50
    rest = journal(outcome="failed", before=str(first[-1]))
    assert first + rest == [each.pk for each in reversed(lines)]


@pytest.mark.parametrize("count", [1, 3])
def test_the_number_of_queries_does_not_grow_with_the_lines(world, django_assert_num_queries, count):
    for _ in range(count):
        line(world, actor_id=world.users["nurse"].pk, service_id=world.service.pk)
    officer = world.users["dpo"]
    officer.post = officer.posts.get()
    with django_assert_num_queries(7):  # scope, lines, then names: person, user, role, establishment, service
        lines = name_lines(lines_for(officer).filter(action="record.read"))
    assert len(lines) == count


@pytest.mark.parametrize("count", [1, 3])
def test_the_whole_page_asks_the_same_questions_for_one_line_and_for_three(world, django_assert_max_num_queries, count):
    for _ in range(count):
        line(world, actor_id=world.users["nurse"].pk)
    with django_assert_max_num_queries(25):
        world.clients["dpo"].get(reverse("audit:journal"))


def test_reading_the_register_is_a_line_of_the_register(world):
    world.clients["dpo"].get(reverse("audit:journal"), {"actor": "kerrou"})
    read = AuditLine.objects.get(action="audit.read")
    assert read.actor_id == world.users["dpo"].pk
    assert (read.purpose, read.detail["actor"]) == ("HOPERAT", "kerrou")


def test_names_are_those_of_today_and_the_copied_ones_when_nothing_is_known(world):
    line(world, actor_id=world.users["nurse"].pk, actor_name="Old Name", role="nurse")
    line(world, actor_name="Gone Since", role="druid", establishment_id=None, place="A closed ward")
    page = world.clients["dpo"].get(reverse("audit:journal"))
    first, second = page.context["lines"][:2]
    assert (first.names["user"], first.names["role"], first.names["place"]) == ("Gone Since", "druid", "A closed ward")
    assert (second.names["user"], second.names["place"]) == (world.users["nurse"].name, world.establishment.short)


def test_one_line_tells_its_block(world):
    told = line(world, detail={"text": "بوجمعة"})
    seal_block()
    page = world.clients["dpo"].get(told.get_absolute_url()).content.decode()
    assert "بوجمعة" in page
    assert str(told.pk) in page


def test_the_export_holds_what_the_filters_keep_and_is_audited_before_its_first_byte(world):
    kept = line(world, outcome="refused")
    line(world)
    response = world.clients["dpo"].get(reverse("audit:export", args=["csv"]), {"outcome": "refused"})
    assert AuditLine.objects.get(action="audit.export").detail["lines"] == 1
    rows = list(csv.DictReader(b"".join(response.streaming_content).decode().splitlines()))
    assert [row["id"] for row in rows] == [str(kept.pk)]
    assert response["Content-Disposition"].startswith("attachment")


def test_an_officer_without_a_running_post_sees_nothing(world):
    world.users["dpo"].posts.update(ends_at=datetime.now(UTC))
    assert world.clients["dpo"].get(reverse("audit:journal")).status_code == 403
