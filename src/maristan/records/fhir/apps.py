from django.apps import AppConfig
from django.utils.module_loading import import_module


class FhirConfig(AppConfig):
    name = "maristan.records.fhir"
    label = "fhir"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
        import_module(f"{self.name}.receivers")
