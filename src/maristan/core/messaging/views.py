"""Pages of messaging: my notices, the journal of messages, unsafe contacts, and the gateway's entrance."""

import json
import uuid

from django.conf import settings
from django.contrib import messages as flash
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from maristan.core.audit.services import record_event
from maristan.core.messaging import queries, services
from maristan.core.messaging.enums import Channel, State
from maristan.core.messaging.forms import ContactRuleForm
from maristan.core.messaging.models import ContactRule, InboundMessage, Message
from maristan.core.messaging.rules import can_protect_contacts, can_see_messages, can_steer_messages
from maristan.core.messaging.services.gateways import verify_signature
from maristan.core.ui.rules import is_signed_in, public, requires


@requires(is_signed_in)
def notices(request: HttpRequest) -> HttpResponse:
    """What the system told me, unread first marked; each leads to its page."""
    page = Paginator(queries.notices_of(request.user), 30).get_page(request.GET.get("page"))
    return render(request, "messaging/notices.html", {"page": page, "unread": queries.count_unread(request.user)})


@require_POST
@requires(is_signed_in)
def read_notices(request: HttpRequest) -> HttpResponse:
    services.mark_read(queries.notices_of(request.user).filter(read_at__isnull=True), by=request.user)
    return redirect("messaging:notices")


@require_POST
@requires(is_signed_in)
def open_notice(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Mark one notice read and go where it leads."""
    notice = get_object_or_404(queries.notices_of(request.user), pk=pk)
    services.mark_read([notice], by=request.user)
    return redirect(notice.link or "messaging:notices")


@requires(can_see_messages)
def journal(request: HttpRequest) -> HttpResponse:
    """Every message that left or should have, by state; nothing of what it says."""
    state = request.GET.get("state", "")
    found = Message.objects.exclude(channel=Channel.IN_APP)
    if state in State.values:
        found = found.filter(state=state)
    counts = queries.count_by_state()
    context = {
        "page": Paginator(found, 50).get_page(request.GET.get("page")),
        "states": [(value, label, counts[value]) for value, label in State.choices],
        "state": state,
        "kinds": services.kinds.entries,
        "may_steer": can_steer_messages.test(request.user),
    }
    record_event("messaging.journal", by=request.user, purpose="HSYSADMIN", detail={"state": state})
    return render(request, "messaging/journal.html", context)


@require_POST
@requires(can_steer_messages)
def send_again(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    services.send_again(get_object_or_404(Message, pk=pk), by=request.user)
    flash.success(request, _("The message waits to leave again."))
    return redirect("messaging:journal")


@requires(can_see_messages)
def kinds(request: HttpRequest) -> HttpResponse:
    """The words of each kind in each language, with the segments its SMS takes."""
    rows = [
        {
            "kind": kind,
            "language": name,
            "code": code.split("-")[0],
            "sms": kind.sms and kind.words("sms", code, kind.sample)[1],
            "email": kind.email and kind.words("email", code, kind.sample),
            "segments": kind.sms and kind.segments(code),
        }
        for kind in services.kinds.all()
        for code, name in settings.LANGUAGES
    ]
    return render(request, "messaging/kinds.html", {"rows": rows})


@requires(can_see_messages)
def drawer(request: HttpRequest) -> HttpResponse:
    """The demo's drawer: all that would have been sent, as its readers would see it."""
    if not settings.DEMO:
        raise Http404
    sent = Message.objects.exclude(channel=Channel.IN_APP).filter(state__in=[State.SENT, State.DELIVERED])
    context = {
        "page": Paginator(sent, 24).get_page(request.GET.get("page")),
        "answers": InboundMessage.objects.all()[:20],
    }
    return render(request, "messaging/drawer.html", context)


@requires(can_protect_contacts)
def contacts(request: HttpRequest, patient_id: uuid.UUID) -> HttpResponse:
    """Which contacts are not safe for one person; adding one holds what waits."""
    services.check_person(patient_id, request.user)
    form = ContactRuleForm(request.POST or None)
    if form.is_valid():
        services.forbid_contact(patient_id, by=request.user, **form.cleaned_data)
        return redirect("messaging:contacts", patient_id=patient_id)
    rules = ContactRule.objects.filter(patient_id=patient_id, until__isnull=True).select_related("made_by")
    record_event("messaging.contacts", by=request.user, patient=patient_id)
    return render(request, "messaging/contacts.html", {"form": form, "rules": rules, "patient_id": patient_id})


@require_POST
@requires(can_protect_contacts)
def allow(request: HttpRequest, pk: int) -> HttpResponse:
    rule = ContactRule.objects.filter(pk=pk, until__isnull=True).first()
    services.check_person(rule.patient_id if rule else uuid.uuid4(), request.user)  # an answer never tells what exists
    if rule is None:
        raise Http404
    services.allow_contact(rule, by=request.user)
    return redirect("messaging:contacts", patient_id=rule.patient_id)


@public
@csrf_exempt
@require_POST
def inbound(request: HttpRequest) -> HttpResponse:
    """The HTTP gateway brings an incoming SMS or a receipt, signed; repeating one changes nothing."""
    if not verify_signature(settings.SMS_GATEWAY_SECRET, request.body, request.headers.get("X-Signature", "")):
        return HttpResponseForbidden()
    try:
        facts = json.loads(request.body)
        if facts.get("type") == "receipt":
            services.record_receipt("http", str(facts["reference"]), delivered=bool(facts["delivered"]))
        else:
            services.receive_message(
                "http", str(facts["reference"])[:100], sender=str(facts["from"])[:30], body=str(facts["text"])[:2000]
            )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        return JsonResponse({"error": f"not understood: {error}"}, status=400)
    return JsonResponse({"status": "stored"})
