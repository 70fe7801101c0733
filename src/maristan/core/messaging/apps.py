from django.apps import AppConfig
from django.utils.module_loading import import_module


class MessagingConfig(AppConfig):
    name = "maristan.core.messaging"
    label = "messaging"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
