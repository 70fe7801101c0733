"""The JSON API: closed, typed, the same services as the screens; whatever is sent, never a 5xx."""

import json

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error

from maristan.config import urls
from maristan.config.api import api
from maristan.config.wsgi import application
from maristan.core.audit.models import AuditLine
from maristan.records.patients.models import Person
from tests.permission_table import build_world

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db):
    """The service answers inside the test's transaction: its connection must not be closed between two requests."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield build_world()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_a_visitor_is_told_to_sign_in_and_not_sent_away(client):
    answer = client.get("/api/territory/establishments/")
    assert answer.status_code == 401
    assert answer["Content-Type"] == "application/problem+json"


def test_a_post_without_the_right_is_refused_and_audited(world):
    answer = world.clients["director"].get("/api/patients/people/?text=boudjemaa")
    assert answer.status_code == 403
    assert AuditLine.objects.filter(outcome="refused", actor_id=world.users["director"].pk).exists()


def test_places_come_in_pages_with_their_total(world):
    answer = world.clients["nurse"].get("/api/territory/establishments/?limit=1").json()
    assert answer["total"] == 3
    assert [item["code"] for item in answer["items"]] == ["t-chu"]


def test_an_establishment_comes_with_its_services(world):
    answer = world.clients["nurse"].get("/api/territory/establishments/t-chu/").json()
    assert {service["code"] for service in answer["services"]} == {"medint", "chira"}
    assert world.clients["nurse"].get("/api/territory/establishments/nowhere/").status_code == 404


def test_a_division_is_told_as_it_stood(world):
    assert world.clients["nurse"].get("/api/territory/divisions/25/?on=2020-01-01").json()["name_fr"] == "Constantine"


def post(client, facts: dict):
    return client.post("/api/patients/people/", json.dumps(facts), content_type="application/json")


def test_registering_twice_shows_the_first_and_goes_on_once_set_apart(world):
    facts = {
        "family_fr": "BOUDJEMAA",
        "given_fr": "Hayet",
        "sex": "female",
        "birth_date": "1959-03-12",
        "birth_precision": "day",
    }
    client = world.clients["nurse"]
    first = post(client, facts)
    assert first.status_code == 201
    again = post(client, facts)
    assert again.status_code == 409
    assert [person["id"] for person in again.json()["candidates"]] == [first.json()["id"]]
    assert post(client, {**facts, "set_apart": [first.json()["id"]]}).status_code == 201
    assert Person.objects.filter(family_fr="BOUDJEMAA").count() == 2


def test_a_search_finds_in_either_script_and_is_audited(world):
    client = world.clients["nurse"]
    post(client, {"family_ar": "بوجمعة", "given_ar": "حياة", "family_fr": "BOUDJEMAA", "sex": "female"})
    assert len(client.get("/api/patients/people/?text=بوجمعة").json()["items"]) == 1
    assert AuditLine.objects.filter(action="patients.search", actor_id=world.users["nurse"].pk).exists()


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        "null",
        '{"birth_date": "0000-00-00"}',
        '{"sex": "bogus"}',
        '{"family_fr": "\\u0000"}',
        '{"telephones": ["x"]}',
        '{"birth_date": "2999-01-01"}',
    ],
)
def test_a_broken_registration_names_the_place(world, body):
    answer = world.clients["nurse"].post("/api/patients/people/", body, content_type="application/json")
    assert answer.status_code in (400, 422)
    assert answer.json()["title"]
    assert Person.objects.count() == 0


assert urls.urlpatterns  # the addresses of the API exist once they are wired
schema = schemathesis.openapi.from_dict(api.get_openapi_schema(path_prefix="/api/"))
schema.app = application


@schema.parametrize()
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_service_stands(case, world):
    cookies = {"sessionid": world.clients["nurse"].cookies["sessionid"].value}
    case.call_and_validate(cookies=cookies, checks=[not_a_server_error])
