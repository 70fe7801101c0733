"""Persons, for other programs of the same people: the search and the registration of the screens, no other rule."""

import datetime
import uuid
from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Field, Router, Schema, Status
from ninja.errors import HttpError

from maristan.core.ui.rules import permits, requires
from maristan.records.patients import services

router = Router(tags=["patients"])
Name = Annotated[str, Field(max_length=100, pattern=r"^[^\x00]*$")]


class PersonOut(Schema):
    """Who a person is, as a list shows it: no fact of care."""

    id: uuid.UUID
    name_fr: str
    name_ar: str
    sex: str
    birth_date: datetime.date | None
    birth_precision: str


class Found(Schema):
    """The first persons that answer, and how many more there are."""

    items: list[PersonOut]
    more: int


class PersonIn(Schema):
    """A person to register. `set_apart` holds the likely duplicates that were looked at and are other persons."""

    family_fr: Name = ""
    given_fr: Name = ""
    family_ar: Name = ""
    given_ar: Name = ""
    sex: Literal["male", "female", "other", "unknown"] = "unknown"
    birth_date: datetime.date | None = None
    birth_precision: Literal["day", "month", "year", "presumed", "unknown"] = "unknown"
    telephones: Annotated[list[Annotated[str, Field(max_length=30, pattern=r"^[^\x00]*$")]], Field(max_length=5)] = []
    set_apart: Annotated[list[uuid.UUID], Field(max_length=50)] = []


class Likely(Schema):
    """The person may be registered already: look at these, then send again with them in `set_apart`."""

    candidates: list[PersonOut]


@router.get("/people/", response=Found, summary="Persons by name in either script, birth date, telephone, identifier")
@requires(permits("patients.search"))
def search(request: HttpRequest, text: Annotated[str, Field(max_length=200)] = "", limit: int = 20) -> dict:
    try:
        answer = services.find_people(text.replace("\0", ""), by=request.user, limit=max(1, min(limit, 50)))
    except services.TooManySearches as error:
        raise HttpError(429, str(error)) from error
    return {"items": [hit.person for hit in answer.hits], "more": answer.more}


@router.post("/people/", response={201: PersonOut, 409: Likely}, summary="Register a person")
@requires(permits("patients.register"))
def register(request: HttpRequest, person: PersonIn) -> Status:
    facts = person.dict(exclude={"set_apart"})
    try:
        return Status(201, services.register_person(by=request.user, seen=person.set_apart, **facts))
    except services.LikelyDuplicates as error:
        return Status(409, {"candidates": [candidate.person for candidate in error.candidates]})
