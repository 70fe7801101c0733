"""The current post of a session: where I work decides what I may do."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from maristan.core.accounts.models import Post


class CurrentPost:
    """Give the request's user the post chosen in this session, if it still runs; else the first that does."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            now = timezone.now()
            running = [
                post
                for post in Post.objects.filter(user=request.user, starts_at__lte=now).select_related(
                    "role", "division", "establishment", "service__establishment"
                )
                if post.ends_at is None or post.ends_at > now
            ]
            chosen = request.session.get("post")
            request.user.post = next((post for post in running if post.pk == chosen), running[0] if running else None)
        return self.get_response(request)
