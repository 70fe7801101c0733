"""Loading a file from a screen: choose, read what is wrong or what would change, confirm."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from maristan.core.territory.forms import UploadForm
from maristan.core.territory.models import Loading
from maristan.core.territory.rules import can_edit
from maristan.core.territory.services import LoadRefused, check_files, confirm_upload, keep_upload
from maristan.core.territory.services.files import LARGEST
from maristan.core.territory.services.loading import refuse_outside
from maristan.core.territory.services.planning import Plan
from maristan.core.territory.services.problems import Problem
from maristan.core.territory.services.tables import TABLES
from maristan.core.ui.rules import requires

SHOWN = 200


@requires(can_edit)
def load(request: HttpRequest) -> HttpResponse:
    """Choose a file; it is only checked here, nothing is changed."""
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, status=400 if form.is_bound else 200)
    name, content = form.cleaned_data["file"].name, form.cleaned_data["file"].read(LARGEST + 1)
    plan = _check(request, name, content)
    if plan.problems:
        return _page(request, UploadForm(), problems=plan.problems, count=plan.reading.count, status=400)
    return redirect("territory:confirm_load", keep_upload(name, content, plan, by=request.user).pk)


@requires(can_edit)
def confirm(request: HttpRequest, pk: object) -> HttpResponse:
    """What the file would change; confirming loads it. A kept file is shown to the person who sent it, to no other."""
    kept = get_object_or_404(Loading, pk=pk, by_id=request.user.pk, confirmed_at=None)
    if request.method == "POST":
        try:
            plan = confirm_upload(kept, by=request.user, allowed=lambda place: _may(request, place))
        except LoadRefused as refusal:
            return _page(request, UploadForm(), problems=refusal.problems, count=refusal.count, status=400)
        messages.success(request, _("Loaded: %(words)s.") % {"words": _in_words(plan)})
        return redirect("territory:establishments")
    plan = _check(request, kept.file_name, bytes(kept.content))
    if plan.problems:
        return _page(request, UploadForm(), problems=plan.problems, count=plan.reading.count, status=400)
    changes = [change for change in plan.changes if change.is_new or change.fields]
    context = {"kept": kept, "counts": _labelled(plan), "changes": changes[:SHOWN], "more": len(changes) - SHOWN}
    return render(request, "territory/confirm_load.html", context)


def _check(request: HttpRequest, name: str, content: bytes) -> Plan:
    plan = check_files([(name, content)])
    refuse_outside(plan, lambda place: _may(request, place))
    return plan


def _may(request: HttpRequest, place: object) -> bool:
    return request.user.may("territory.edit", place)


def _labelled(plan: Plan) -> list[tuple[str, dict[str, int]]]:
    counts = plan.counts()
    return [(table.label, counts[table.name]) for table in TABLES if table.name in counts]


def _in_words(plan: Plan) -> str:
    counts = plan.counts().values()
    new, changed = sum(count["new"] for count in counts), sum(count["changed"] for count in counts)
    return _("%(new)s new, %(changed)s changed") % {"new": new, "changed": changed}


def _page(
    request: HttpRequest, form: UploadForm, *, problems: list[Problem] | None = None, count: int = 0, status: int
) -> HttpResponse:
    context = {
        "form": form,
        "problems": (problems or [])[:SHOWN],
        "count": count,
        "more": count - min(count, SHOWN),
        "tables": TABLES,
    }
    return render(request, "territory/load.html", context, status=status)
