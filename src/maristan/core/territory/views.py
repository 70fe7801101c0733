"""Places of the territory, for all staff."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render

from maristan.core.territory.models import Division, Establishment, Service
from maristan.core.territory.rules import can_view
from maristan.core.ui.rules import requires


@requires(can_view)
def establishments(request: HttpRequest) -> HttpResponse:
    """List and map of the establishments."""
    return render(request, "territory/establishments.html", {"establishments": Establishment.objects.all()})


@requires(can_view)
def establishment(request: HttpRequest, pk: int) -> HttpResponse:
    """One establishment."""
    place = get_object_or_404(Establishment, pk=pk)
    return render(request, "territory/place.html", {"place": place})


@requires(can_view)
def service(request: HttpRequest, pk: int) -> HttpResponse:
    """One service."""
    return render(request, "territory/place.html", {"place": get_object_or_404(Service, pk=pk)})


@requires(can_view)
def division(request: HttpRequest, pk: int) -> HttpResponse:
    """One wilaya, daïra or commune."""
    return render(request, "territory/place.html", {"place": get_object_or_404(Division, pk=pk)})
