"""Places of the territory, for other programs of the same people: what the pages show, no more."""

import datetime
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Field, ModelSchema, Query, Router, Schema

from maristan.core.territory import queries
from maristan.core.territory.enums import EstablishmentKind
from maristan.core.territory.models import Division, Establishment, Service
from maristan.core.territory.rules import can_view
from maristan.core.ui.rules import requires

router = Router(tags=["territory"])


class DivisionOut(ModelSchema):
    class Meta:
        model = Division
        fields = ("level", "code", "country", "name_fr", "name_ar", "population", "valid_from", "valid_until")


class EstablishmentOut(ModelSchema):
    class Meta:
        model = Establishment
        fields = ("code", "kind", "name_fr", "name_ar", "short_fr", "short_ar")


class ServiceOut(ModelSchema):
    class Meta:
        model = Service
        fields = ("code", "name_fr", "name_ar")


class EstablishmentDetail(EstablishmentOut):
    services: list[ServiceOut]


class Places(Schema):
    """One page of establishments: `total` counts all that answer."""

    total: int
    items: list[EstablishmentOut]


class Asked(Schema):
    text: Annotated[str, Field(max_length=200)] = ""
    kind: EstablishmentKind | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 50
    offset: Annotated[int, Field(ge=0, le=100_000)] = 0


@router.get("/establishments/", response=Places, summary="Establishments by name in either script and kind")
@requires(can_view)
def list_establishments(request: HttpRequest, asked: Query[Asked]) -> dict:
    found = queries.search_establishments(asked.text.replace("\0", "")).order_by("code")
    if asked.kind:
        found = found.filter(kind=asked.kind)
    return {"total": found.count(), "items": found[asked.offset : asked.offset + asked.limit]}


@router.get("/establishments/{str:code}/", response=EstablishmentDetail, summary="One establishment, with its services")
@requires(can_view)
def show_establishment(request: HttpRequest, code: str) -> Establishment:
    return get_object_or_404(Establishment, code=code.replace("\0", ""))


@router.get("/divisions/{str:code}/", response=DivisionOut, summary="A division of the state as it stood on a day")
@requires(can_view)
def show_division(request: HttpRequest, code: str, on: datetime.date | None = None) -> Division:
    return get_object_or_404(queries.divisions_on(on), code=code.replace("\0", ""), country="DZ")
