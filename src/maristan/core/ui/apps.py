from django.apps import AppConfig
from django.utils.module_loading import import_module


class UiConfig(AppConfig):
    name = "maristan.core.ui"
    label = "ui"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
