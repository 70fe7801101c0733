from django.apps import AppConfig
from django.utils.module_loading import import_module


class AccessConfig(AppConfig):
    name = "maristan.records.access"
    label = "access"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
        import_module(f"{self.name}.receivers")
