from django.apps import AppConfig
from django.utils.module_loading import import_module


class AuditConfig(AppConfig):
    name = "maristan.core.audit"
    label = "audit"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
