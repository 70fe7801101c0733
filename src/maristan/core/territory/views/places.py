"""Places of the territory, for all staff: they are public facts, whoever's they are."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils.formats import get_format

from maristan.core.territory.enums import DivisionLevel, EstablishmentKind, Weekday
from maristan.core.territory.forms import FilterForm
from maristan.core.territory.models import Division, Establishment, Outline, Service
from maristan.core.territory.models.contacts import clock
from maristan.core.territory.queries import communes_of, divisions_on, history_of, services_of, wilaya_around
from maristan.core.territory.rules import can_edit, can_view
from maristan.core.ui.rules import requires

PAGE = 50


@requires(can_view)
def establishments(request: HttpRequest) -> HttpResponse:
    """List and map of the establishments of my wilaya, or of any other."""
    form = FilterForm(request.GET, home=home_of(request))
    found = form.chosen().prefetch_related("contacts")
    return render(
        request,
        "territory/establishments.html",
        {
            "form": form,
            "wilaya": form.wilaya,
            "page": Paginator(found, PAGE).get_page(request.GET.get("page")),
            "kinds": kinds_of(found),
            "query": request.GET.urlencode(),
            "can_edit": can_edit.test(request.user, None),
        },
    )


@requires(can_view)
def map_data(request: HttpRequest) -> JsonResponse:
    """What the map shows of the filtered list, as GeoJSON: outlines of the divisions, and a point for each place."""
    form = FilterForm(request.GET, home=home_of(request))
    located = form.chosen().filter(latitude__isnull=False)
    inside = {"division__parent__isnull": True} if form.wilaya is None else {"division__wilaya": form.wilaya}
    level = DivisionLevel.WILAYA if form.wilaya is None else DivisionLevel.COMMUNE
    outlines = Outline.objects.filter(division__level=level, division__valid_until=None, **inside)
    return JsonResponse(
        {
            "outlines": [_outline(outline) for outline in outlines.select_related("division")],
            "points": [_point(place) for place in located],
        }
    )


@requires(can_view)
def establishment(request: HttpRequest, pk: int) -> HttpResponse:
    """One establishment: what it holds, who manages it, how to reach it, and what was changed."""
    found = Establishment.objects.select_related("wilaya", "commune__parent", "parent", "group")
    place = get_object_or_404(found, pk=pk)
    services = services_of(place).annotate(
        unit_count=Count("units", distinct=True), room_count=Count("rooms", distinct=True)
    )
    return render(
        request,
        "territory/establishment.html",
        {
            "place": place,
            "services": services,
            "closed": place.services.filter(closed_on__isnull=False),
            "sites": place.sites.all(),
            "managed": place.managed.select_related("commune"),
            "siblings": place.group.establishments.exclude(pk=place.pk).select_related("wilaya") if place.group else [],
            "contacts": place.contacts.all(),
            "week": week_of(place.hours.filter(service=None)),
            "history": history_of(place),
            "can_edit": can_edit.test(request.user, place),
        },
    )


@requires(can_view)
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """One service: its units, rooms and hours."""
    found = get_object_or_404(Service.objects.select_related("establishment__wilaya", "site"), pk=pk)
    return render(
        request,
        "territory/service.html",
        {
            "service": found,
            "units": found.units.annotate(room_count=Count("rooms")),
            "rooms": found.rooms.select_related("unit"),
            "week": week_of(found.hours.all()),
            "can_edit": can_edit.test(request.user, found.establishment),
        },
    )


@requires(can_view)
def divisions(request: HttpRequest) -> HttpResponse:
    """The wilayas, with how many communes and public places each has."""
    public = Q(establishments__kind__in=("chu", "ehs", "hospital", "eph", "epsp"))
    wilayas = divisions_on().filter(level=DivisionLevel.WILAYA).select_related("parent")
    return render(
        request,
        "territory/divisions.html",
        {"wilayas": wilayas.annotate(public=Count("establishments", filter=public, distinct=True))},
    )


@requires(can_view)
def division(request: HttpRequest, pk: int) -> HttpResponse:
    """One wilaya, daïra or commune: what it holds, and what it was before a reform."""
    place = get_object_or_404(Division.objects.select_related("parent", "wilaya"), pk=pk)
    versions = Division.objects.filter(country=place.country, level=place.level, code=place.code)
    return render(
        request,
        "territory/division.html",
        {
            "division": place,
            "versions": versions.select_related("parent", "wilaya").order_by(F("valid_from").asc(nulls_first=True)),
            "communes": communes_of(place).select_related("parent") if place.level == "wilaya" else [],
            "children": divisions_on().filter(parent=place) if place.level == "daira" else [],
            "kinds": kinds_of(Establishment.objects.filter(Q(wilaya=place) | Q(commune=place))),
        },
    )


def home_of(request: HttpRequest) -> Division | None:
    """The wilaya where this person works."""
    return wilaya_around(request.user.post.place) if request.user.post else None


def kinds_of(found: Any) -> list[tuple[str, str, int]]:
    """How many places there are of each kind: (code, words, count), in the order of the kinds."""
    counts = dict(found.order_by().values_list("kind").annotate(Count("pk")))
    return [(kind.value, kind.label, counts[kind.value]) for kind in EstablishmentKind if kind.value in counts]


def week_of(stretches: Any) -> list[tuple[str, list[str]]]:
    """Each day of the week, from the first of this territory's week, with its stretches in words."""
    hours: dict[int, list[str]] = {}
    for stretch in stretches:
        hours.setdefault(stretch.weekday, []).append(f"{clock(stretch.opens)}–{clock(stretch.closes)}")
    if not hours:
        return []
    first = (get_format("FIRST_DAY_OF_WEEK") - 1) % 7
    days = [Weekday((first + number) % 7) for number in range(7)]
    return [(day.label, hours.get(day.value, [])) for day in days]


def _outline(outline: Outline) -> dict[str, Any]:
    place = outline.division
    return {"name": place.name, "url": place.get_absolute_url(), "geometry": outline.geometry}


def _point(place: Establishment) -> dict[str, Any]:
    return {
        "name": place.name,
        "kind": place.kind,
        "label": place.get_kind_display(),
        "url": place.get_absolute_url(),
        "latitude": place.latitude,
        "longitude": place.longitude,
        "exact": place.precision == "exact",
    }
