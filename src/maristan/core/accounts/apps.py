from django.apps import AppConfig
from django.utils.module_loading import import_module


class AccountsConfig(AppConfig):
    name = "maristan.core.accounts"
    label = "accounts"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
