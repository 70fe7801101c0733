"""Documents: letters, notes and reports, with their words when the record holds them."""

from collections.abc import Iterable
from dataclasses import dataclass

from maristan.records.fhir.queries.facts import (
    Body,
    When,
    attached_text,
    author_of,
    first_when,
    id_of,
    label_of,
    plain_text,
)
from maristan.records.terminology.queries import Label


@dataclass(frozen=True)
class Section:
    """A titled part of a document, as plain words."""

    title: str
    text: str


@dataclass(frozen=True)
class Document:
    """A composition, a report with a conclusion, or a reference to a file."""

    id: str
    type: str
    label: Label
    title: str
    when: When | None
    author: str
    place: str
    sections: list[Section]
    files: list[str]
    signed: bool
    lang: str
    encounter: str

    @property
    def anchor(self) -> str:
        return f"{self.type}-{self.id}"

    @property
    def opening(self) -> str:
        """First words, for a line of the thread."""
        text = " ".join(s.text.replace("\n", " ") for s in self.sections)
        return text if len(text) <= 220 else text[:220].rsplit(" ", 1)[0] + " …"


def read_documents(bodies: Iterable[Body], names: dict[str, str]) -> list[Document]:
    """Compositions, document references and reports that hold words, newest first."""
    found = [read_document(b, names) for b in bodies if b.get("status") not in ("entered-in-error", "cancelled")]
    found = [d for d in found if d.type != "DiagnosticReport" or d.sections or d.files]
    return sorted(found, key=lambda d: d.when.at.timestamp() if d.when else 0, reverse=True)


def read_document(body: Body, names: dict[str, str]) -> Document:
    """One document, whatever its FHIR type."""
    kind = body["resourceType"]
    attachments = _attachments(body)
    status = body.get("docStatus") or body.get("status", "")
    label = label_of(body, "code" if kind == "DiagnosticReport" else "type")
    title = body.get("title") or body.get("description") or ""
    return Document(
        id=body.get("id", ""),
        type=kind,
        label=label,
        title="" if title == str(label) else title,
        when=first_when(body, "date", "effectiveDateTime", "effectivePeriod", "issued"),
        author=author_of(body, names, "author", "performer", "resultsInterpreter"),
        place=names.get(body.get("custodian", {}).get("reference", "")) or body.get("custodian", {}).get("display", ""),
        sections=_sections(body, attachments),
        files=[a.get("title") or a.get("contentType", "") for a in attachments if not attached_text(a)],
        signed=status in ("final", "amended", "corrected", "current"),
        lang=body.get("language", ""),
        encounter=id_of(body.get("encounter") or (body.get("context", {}).get("encounter") or [{}])[0]),
    )


def _attachments(body: Body) -> list[Body]:
    found = [content.get("attachment", {}) for content in body.get("content", ())]
    return found + list(body.get("presentedForm", ()))


def _sections(body: Body, attachments: list[Body]) -> list[Section]:
    sections = [
        Section(part.get("title", ""), plain_text(part.get("text", {}).get("div", "")))
        for part in body.get("section", ())
    ]
    if body.get("conclusion"):
        sections.append(Section("", body["conclusion"]))
    sections += [Section("", text) for text in map(attached_text, attachments) if text]
    return [s for s in sections if s.text]
