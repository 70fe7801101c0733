"""The ASGI application: live events only. Pages and API are WSGI (`wsgi.py`), which is faster for them."""

import os

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maristan.config.settings")
django.setup()

from maristan.config.live import application  # noqa: E402 Django must be ready first

__all__ = ["application"]
