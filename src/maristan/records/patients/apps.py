from django.apps import AppConfig
from django.utils.module_loading import import_module


class PatientsConfig(AppConfig):
    name = "maristan.records.patients"
    label = "patients"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
