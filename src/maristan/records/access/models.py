"""Who may read whose record, on what ground, and what was said of the accesses that had none."""

import datetime
import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from maristan.core.accounts.models import User
from maristan.core.territory.models import Establishment, Service
from maristan.records.access.enums import Ending, Judgement, Reason, RelationSource, Sensitivity
from maristan.records.patients.models import Person


class CareRelation(models.Model):
    """A service, or one professional, takes care of a person: declared, not deduced from a stay."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="care_relations")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    responsible = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    source = models.CharField(max_length=12, choices=RelationSource, default=RelationSource.DECLARED)
    reason = models.CharField(_("reason"), max_length=200, blank=True)
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(_("until"), null=True, blank=True)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ("-starts_at",)
        indexes = [models.Index(fields=["person", "ends_at"], name="relation_of_person")]
        constraints = [
            models.CheckConstraint(
                condition=Q(service__isnull=False, user__isnull=True) | Q(service__isnull=True, user__isnull=False),
                name="relation_has_one_holder",
                violation_error_message=_("A care relation is held by one service or by one professional."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gte=F("starts_at")),
                name="relation_ends_after_it_begins",
                violation_error_message=_("A care relation ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(source=RelationSource.REGISTRATION) | Q(reason__regex=r"\S"),
                name="relation_says_why",
                violation_error_message=_("Say why this service takes care of this person."),
            ),
            models.UniqueConstraint(
                fields=["person", "service"],
                condition=Q(ends_at__isnull=True, service__isnull=False),
                name="relation_of_service_once",
                violation_error_message=_("This service already takes care of this person."),
            ),
            models.UniqueConstraint(
                fields=["person", "user"],
                condition=Q(ends_at__isnull=True, user__isnull=False),
                name="relation_of_user_once",
                violation_error_message=_("This professional already takes care of this person."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.service or self.user} · {self.person_id}"

    @property
    def is_running(self) -> bool:
        now = timezone.now()
        return self.starts_at <= now and (self.ends_at is None or self.ends_at > now)


class RecordLabel(models.Model):
    """The very existence of this person's record is kept from those who neither care nor hold the right to know."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="record_labels")
    sensitivity = models.CharField(max_length=1, choices=Sensitivity)
    reason = models.CharField(max_length=200)
    given_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    starts_at = models.DateTimeField(default=timezone.now)
    ends_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(ends_at__isnull=True),
                name="label_running_once",
                violation_error_message=_("This record already carries a label."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sensitivity} · {self.person_id}"


class BreakGlass(models.Model):
    """One record opened to one person without a care relation, for a limited time, and answered for afterwards."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="break_glasses")
    user = models.ForeignKey(User, models.PROTECT, related_name="break_glasses")
    role = models.CharField(max_length=40, help_text="code of the role held at that moment")
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+")
    establishment = models.ForeignKey(Establishment, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(_("reason"), max_length=10, choices=Reason)
    words = models.TextField(_("in a few words"), max_length=500)
    starts_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ending = models.CharField(max_length=10, choices=Ending, blank=True)
    start_line = models.UUIDField(unique=True, help_text="audit line of its start")
    end_line = models.UUIDField(unique=True, null=True, blank=True, help_text="audit line of its end")
    told = models.ManyToManyField(User, blank=True, related_name="+", help_text="those responsible at that moment")

    class Meta:
        ordering = ("starts_at",)
        indexes = [
            models.Index(fields=["expires_at"], condition=Q(ended_at__isnull=True), name="break_glass_running"),
            models.Index(fields=["establishment", "starts_at"], name="break_glass_of_place"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "person"],
                condition=Q(ended_at__isnull=True),
                name="break_glass_running_once",
                violation_error_message=_("You already opened this record; close it, or extend it."),
            ),
            models.UniqueConstraint(fields=["id", "user"], name="break_glass_and_its_user"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=F("starts_at")),
                name="break_glass_is_limited",
                violation_error_message=_("A break-glass ends after it begins."),
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, end_line__isnull=True, ending="")
                | (Q(ended_at__isnull=False, end_line__isnull=False) & ~Q(ending="")),
                name="break_glass_end_is_audited",
                violation_error_message=_("The end of a break-glass has its audit line."),
            ),
            models.CheckConstraint(
                condition=Q(words__regex=r"\S"),
                name="break_glass_says_why",
                violation_error_message=_("Say in a few words why."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.starts_at:%d/%m/%Y %H:%M}"

    @property
    def is_running(self) -> bool:
        return self.ended_at is None and self.expires_at > timezone.now()

    @property
    def closes_at(self) -> datetime.datetime:
        """When access stopped, or will stop: the job that closes may run up to a minute later."""
        return min(self.ended_at or self.expires_at, self.expires_at)

    @property
    def age_words(self) -> str:
        """How long ago it was opened: minutes under an hour, hours under a day, then days."""
        minutes = int((timezone.now() - self.starts_at).total_seconds() // 60)
        if minutes < 60:
            return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
        if minutes < 24 * 60:
            return ngettext("%(count)s hour", "%(count)s hours", minutes // 60) % {"count": minutes // 60}
        days = minutes // (24 * 60)
        return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}

    @property
    def is_late(self) -> bool:
        """Unjudged for longer than the territory allows itself (`BREAK_GLASS_REVIEW_DAYS`)."""
        return timezone.now() - self.starts_at > datetime.timedelta(days=settings.BREAK_GLASS_REVIEW_DAYS)


class Verdict(models.Model):
    """What was judged of a break-glass. Never altered: a second thought is a new number, the highest one stands."""

    append_only = True

    break_glass = models.ForeignKey(BreakGlass, models.PROTECT, related_name="verdicts")
    number = models.PositiveSmallIntegerField(default=1)
    opened_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    judge = models.ForeignKey(User, models.PROTECT, related_name="+")
    judgement = models.CharField(_("verdict"), max_length=12, choices=Judgement)
    words = models.TextField(_("in a few words"), max_length=500)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("number",)
        constraints = [
            models.UniqueConstraint(
                fields=["break_glass", "number"],
                name="verdict_stands_alone",
                violation_error_message=_("A colleague has just judged this access: read it first."),
            ),
            models.CheckConstraint(
                condition=~Q(judge=F("opened_by")),
                name="verdict_by_another",
                violation_error_message=_("Nobody judges their own access."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.judgement} {self.number}"


class Explanation(models.Model):
    """What the person who broke the glass answered, in their words."""

    append_only = True

    break_glass = models.ForeignKey(BreakGlass, models.PROTECT, related_name="explanations")
    words = models.TextField(_("in a few words"), max_length=1000)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.break_glass_id} · {self.at:%d/%m/%Y}"


class RelationRequest(models.Model):
    """A professional asks the responsible physician to open a record to them."""

    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    words = models.TextField(_("in a few words"), max_length=500)
    asked_at = models.DateTimeField(default=timezone.now)
    accepted = models.BooleanField(null=True, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)
    told = models.ManyToManyField(User, blank=True, related_name="+", help_text="those responsible when it was asked")

    class Meta:
        ordering = ("asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["person", "user"],
                condition=Q(accepted__isnull=True),
                name="request_waiting_once",
                violation_error_message=_("You already asked; the answer has not come yet."),
            ),
            models.CheckConstraint(
                condition=Q(accepted__isnull=True, answered_by__isnull=True, answered_at__isnull=True)
                | Q(accepted__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="request_answer_is_signed",
                violation_error_message=_("An answer says who gave it and when."),
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("user")),
                name="request_answered_by_another",
                violation_error_message=_("Nobody answers their own request."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.asked_at:%d/%m/%Y}"


class Question(models.Model):
    """A citizen asks about one line of who saw their record; the data protection officer answers."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="access_questions")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    line = models.UUIDField(help_text="the audit line asked about")
    establishment = models.ForeignKey(Establishment, models.PROTECT, null=True, blank=True, related_name="+")
    words = models.TextField(_("your question"), max_length=500)
    asked_at = models.DateTimeField(default=timezone.now)
    answer = models.TextField(_("answer"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ("asked_at",)
        constraints = [
            models.UniqueConstraint(
                fields=["line", "asked_by"],
                name="question_once",
                violation_error_message=_("You already asked about this line."),
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="question_answer_is_signed",
                violation_error_message=_("An answer says who gave it and when."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} · {self.asked_at:%d/%m/%Y}"
