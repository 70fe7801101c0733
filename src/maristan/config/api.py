"""The JSON API under `/api/`: the routers of areas, the rules of their operations, one form of error.

An operation without a rule stops the start. Errors are problems of RFC 9457; no stack trace ever leaves.
"""

from importlib import import_module
from importlib.util import find_spec

import rules
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.core.exceptions import ValidationError as RuleBroken
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern
from django.utils.translation import gettext as _
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.security import SessionAuth

api = NinjaAPI(
    title="Maristan",
    version="1",
    auth=SessionAuth(csrf=True),
    urls_namespace="api",
    docs_url=None,
    openapi_url=None,
)


def problem(request: HttpRequest, status: int, title: str, **more: object) -> HttpResponse:
    """One error, as `application/problem+json`."""
    body = {"type": "about:blank", "title": title, "status": status, **more}
    response = api.create_response(request, body, status=status)
    response["Content-Type"] = "application/problem+json"
    return response


@api.exception_handler(AuthenticationError)
def not_signed_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    return problem(request, 401, _("Sign in first."))


@api.exception_handler(PermissionDenied)
def not_allowed(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    request.refused = str(error)
    return problem(request, 403, _("Your post does not allow this."))


@api.exception_handler(Http404)
def not_found(request: HttpRequest, error: Http404) -> HttpResponse:
    return problem(request, 404, _("Nothing is here."))


@api.exception_handler(ValidationError)
def not_understood(request: HttpRequest, error: ValidationError) -> HttpResponse:
    places = [{"place": ".".join(map(str, item["loc"])), "message": item["msg"]} for item in error.errors]
    return problem(request, 422, _("The request was not understood."), errors=places)


@api.exception_handler(RuleBroken)
def rule_broken(request: HttpRequest, error: RuleBroken) -> HttpResponse:
    fields = getattr(error, "message_dict", None) or {"": error.messages}
    places = [{"place": name, "message": text} for name, texts in fields.items() for text in texts]
    return problem(request, 422, _("A rule is not respected."), errors=places)


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(request, error.status_code, str(error))


def _gather_routers() -> None:
    for area in settings.AREAS:
        if find_spec(f"{area}.api"):
            api.add_router(f"/{area.rsplit('.')[-1]}/", import_module(f"{area}.api").router)


def closed_patterns() -> list[URLPattern]:
    """The addresses of the API, each operation proved to carry a rule."""
    _gather_routers()
    patterns, *_namespace = api.urls
    for _prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                if not hasattr(operation.view_func, "access_rule"):
                    raise ImproperlyConfigured(f"API operation {path} {operation.methods} has no rule")
    for pattern in patterns:
        pattern.callback.is_public = True  # the API itself answers 401, instead of the way to a sign-in page
        pattern.callback.access_rule = rules.always_true
    return patterns
