from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.module_loading import import_module


class AccountsConfig(AppConfig):
    name = "maristan.core.accounts"
    label = "accounts"

    def ready(self) -> None:
        import_module(f"{self.name}.hooks")
        receivers = import_module(f"{self.name}.receivers")
        post_migrate.connect(receivers.sync_roles_after_migration, sender=self)
