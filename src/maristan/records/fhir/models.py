"""Where clinical statements live: every version once, append-only, and a row of native columns for the current one.

The body is JSON text, exactly what was recorded (decimals keep their zeros); nothing searches inside it. What
clinicians look for stands in typed columns of `Resource`, filled by `fhir.describe`. Layout: docs/adr/0004.
"""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from maristan.core.territory.models import Establishment, Service
from maristan.records.fhir.enums import FileState
from maristan.records.patients.models import Person

NEWEST = models.F("starts_at").desc(nulls_last=True)


class ResourceVersion(models.Model):
    """One version of one resource, as it was recorded. The service may only insert and read here.

    `sha256` seals the version and the one before it, so that an altered, removed or reordered version is found
    (`maristan check versions`). `author_id` is the account that recorded it (empty for an import from the command
    line), `audit_id` the audit line of the interaction, whose digest covers all versions it wrote.
    """

    append_only = True

    type = models.CharField(max_length=40)
    fhir_id = models.CharField(max_length=64)
    version = models.PositiveIntegerField()
    deleted = models.BooleanField(default=False)
    body = models.TextField(help_text="JSON as recorded, without meta.versionId and meta.lastUpdated")
    sha256 = models.BinaryField(max_length=32)
    author_id = models.UUIDField(null=True)
    at = models.DateTimeField()
    audit_id = models.UUIDField()

    class Meta:
        ordering = ("type", "fhir_id", "version")
        constraints = [
            models.UniqueConstraint(
                fields=["type", "fhir_id", "version"],
                name="resource_version_once",
                violation_error_message=_("This version of the resource already exists."),
            ),
            models.CheckConstraint(
                condition=Q(version__gte=1),
                name="resource_version_counts_from_one",
                violation_error_message=_("Versions count from 1."),
            ),
        ]
        indexes = [models.Index(fields=["audit_id"], name="fhir_version_audit")]

    def __str__(self) -> str:
        return f"{self.type}/{self.fhir_id}/_history/{self.version}"


class Resource(models.Model):
    """The current state of one resource: native columns for searching, and the version that holds its body.

    `person` is the identity under which the fact was recorded: a merge of two identities never rewrites it.
    `starts_at` and `ends_at` bound the clinically relevant time (a partial date covers its whole year, month or day).
    `labels` are the sensitive ones only. A deleted resource keeps its row, without columns.
    """

    type = models.CharField(max_length=40)
    fhir_id = models.CharField(max_length=64)
    person = models.ForeignKey(Person, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    encounter = models.CharField(max_length=64, blank=True, help_text="id of the Encounter it was recorded in")
    code_system = models.CharField(max_length=200, blank=True)
    code = models.CharField(max_length=100, blank=True)
    category = models.CharField(max_length=100, blank=True)
    status = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField(null=True, blank=True)
    ends_at = models.DateTimeField(null=True, blank=True)
    organization = models.CharField(max_length=64, blank=True, help_text="id of the Organization responsible")
    establishment = models.ForeignKey(
        Establishment, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    service = models.ForeignKey(Service, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    author = models.CharField(
        max_length=120, blank=True, help_text="reference of who states it, such as Practitioner/…"
    )
    source = models.CharField(max_length=200, blank=True, help_text="meta.source: where it came from")
    labels = ArrayField(models.CharField(max_length=20), default=list, blank=True)
    identifiers = ArrayField(
        models.TextField(), default=list, blank=True, help_text="business identifiers, system|value"
    )
    current = models.OneToOneField(ResourceVersion, models.PROTECT, related_name="+")
    version = models.PositiveIntegerField()
    last_updated = models.DateTimeField()
    deleted = models.BooleanField(default=False)

    class Meta:
        ordering = ("type", "fhir_id")
        constraints = [
            models.UniqueConstraint(
                fields=["type", "fhir_id"],
                name="resource_once",
                violation_error_message=_("A resource of this type already has this identifier."),
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(starts_at__isnull=True) | Q(ends_at__gte=models.F("starts_at")),
                name="resource_ends_after_it_begins",
                violation_error_message=_("The end of the effective time lies before its beginning."),
            ),
        ]
        indexes = [
            models.Index("person", "type", NEWEST, name="fhir_person_time"),
            models.Index("person", "type", "code", NEWEST, name="fhir_person_code_time"),
            models.Index("type", "code", NEWEST, name="fhir_code_time"),
            models.Index("type", models.F("last_updated").desc(), name="fhir_type_updated"),
            models.Index("encounter", name="fhir_encounter", condition=~Q(encounter="")),
            models.Index("service", "type", NEWEST, name="fhir_service", condition=Q(service__isnull=False)),
            models.Index(
                "establishment", "type", NEWEST, name="fhir_establishment", condition=Q(establishment__isnull=False)
            ),
            models.Index("person", "labels", name="fhir_labels", condition=~Q(labels=[])),
            GinIndex(fields=["identifiers"], name="fhir_identifiers", fastupdate=False, condition=~Q(identifiers=[])),
        ]

    def __str__(self) -> str:
        return f"{self.type}/{self.fhir_id}"


class ImportedFile(models.Model):
    """The ledger of imported files, by the digest of their content: a file is never imported twice.

    A line is written in the transaction of its bundle, so "done" means every resource of it is stored.
    """

    digest = models.CharField(max_length=64, primary_key=True)
    name = models.CharField(max_length=255)
    state = models.CharField(max_length=10, choices=FileState)
    resources = models.PositiveIntegerField(default=0)
    problems = models.JSONField(default=list, blank=True)
    audit_id = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        ordering = ("at",)

    def __str__(self) -> str:
        return f"{self.name} ({self.get_state_display()})"
