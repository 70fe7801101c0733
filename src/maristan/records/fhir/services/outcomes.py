"""What is wrong with a body, said all at once: each problem with its path, its kind and what to do."""

from dataclasses import dataclass

from django.utils.translation import gettext as _


@dataclass(frozen=True, slots=True)
class Problem:
    """One problem. `code` is of FHIR's IssueType; `path` is like `Bundle.entry[3].resource.status`."""

    path: str
    code: str
    words: str

    def as_issue(self) -> dict:
        return {"severity": "error", "code": self.code, "diagnostics": self.words, "expression": [self.path]}


class Invalid(Exception):
    """The body is refused; nothing was written. `problems` holds every one of them."""

    status = 422

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__("; ".join(f"{p.path}: {p.words}" for p in problems[:5]))
        self.problems = problems

    def as_outcome(self) -> dict:
        """The same as a FHIR OperationOutcome."""
        return {"resourceType": "OperationOutcome", "issue": [problem.as_issue() for problem in self.problems]}


class Conflict(Invalid):
    """Somebody else changed the resource since it was read (409 or 412), or an identifier is taken."""

    status = 409


class NotFound(Exception):
    """No such resource, or one that this person may not know exists: the two look the same."""

    status = 404

    def __init__(self, type_: str, id_: str) -> None:
        super().__init__(_("%(type)s/%(id)s does not exist.") % {"type": type_, "id": id_})


class Gone(NotFound):
    """The resource was deleted; its history remains."""

    status = 410
