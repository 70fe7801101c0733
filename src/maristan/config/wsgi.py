"""The WSGI application: pages and API. Live events have their own process (`asgi.py`, with messaging)."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "maristan.config.settings")
application = get_wsgi_application()
