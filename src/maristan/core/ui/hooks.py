"""What this area shows outside: its permissions, the way home, and the pages as a source of the search."""

from django.utils.translation import gettext_lazy as _

from maristan.core.ui import queries, registries

registries.register_permissions([("ui.gallery", _("See the gallery of components"), ("admin",))])
registries.menu.register(registries.MenuEntry("home", _("Home"), "ui:home", "home", order=0))
registries.search_sources.register(registries.SearchSource("pages", _("Pages"), "", queries.search_pages, order=90))
