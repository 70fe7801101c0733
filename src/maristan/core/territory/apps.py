from django.apps import AppConfig
from django.utils.module_loading import import_module


class TerritoryConfig(AppConfig):
    name = "maristan.core.territory"
    label = "territory"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
