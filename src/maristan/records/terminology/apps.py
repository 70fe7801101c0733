from django.apps import AppConfig
from django.utils.module_loading import import_module


class TerminologyConfig(AppConfig):
    name = "maristan.records.terminology"
    label = "terminology"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
