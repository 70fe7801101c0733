"""Settings of Maristan. Everything that differs between two installations comes from the environment.

The names that may be set are documented in `docs/operate/settings.md`; a test keeps the two equal.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF

from maristan.config import runtime

BASE_DIR = runtime.ROOT
DATA_DIR = runtime.data_folder()
DEMO = runtime.is_demo()
CHECKPOINTS_FILE = Path(os.environ.get("MARISTAN_CHECKPOINTS", DATA_DIR / "audit" / "checkpoints.jsonl"))
SEAL_KEY_FILE = DATA_DIR / "audit" / "seal.key"
DEBUG = False
SECRET_KEY = os.environ.get("SECRET_KEY") or runtime.load_secrets()["django"]
PUBLIC_URL = os.environ.get("PUBLIC_URL", "http://localhost:8000")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", urlsplit(PUBLIC_URL).hostname]
LIVE_URL = os.environ.get("LIVE_URL", "")  # where live events are served; empty: pages are not live
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
CSRF_FAILURE_VIEW = "maristan.core.ui.views.stale_form"
SECURE = PUBLIC_URL.startswith("https://")

AREAS = [
    "maristan.core.ui",
    "maristan.core.audit",
    "maristan.core.territory",
    "maristan.core.accounts",
    "maristan.core.messaging",
    "maristan.records.terminology",
    "maristan.records.patients",
    "maristan.records.access",
    "maristan.records.fhir",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "django_htmx",
    "rules",
    "procrastinate.contrib.django",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    *AREAS,
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "maristan.core.accounts.middleware.CurrentPost",
    "maristan.core.audit.middleware.AuditInteraction",
    "maristan.core.accounts.middleware.ScreenLock",
    "maristan.core.accounts.middleware.FirstSteps",
    "maristan.core.ui.middleware.ClosedByDefault",
]
ROOT_URLCONF = "maristan.config.urls"
WSGI_APPLICATION = "maristan.config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "maristan.core.ui.context.page_frame",
            ],
            "builtins": ["django.templatetags.i18n", "maristan.core.ui.templatetags.ui"],
        },
    }
]

# Two roles of one database: the service owns nothing; only migrations use the owner.
DATABASES = {
    "default": dj_database_url.config("DATABASE_URL", default="postgres://maristan_service@localhost/maristan"),
    "owner": dj_database_url.config("DATABASE_OWNER_URL", default="postgres://maristan_owner@localhost/maristan"),
}
DATABASES["default"]["CONN_MAX_AGE"] = 600
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "ui:home"
LOGOUT_REDIRECT_URL = "account_login"
SECOND_FACTOR_REQUIRED = not DEMO  # staff sign in with a code too, wherever real people are
ACCOUNT_ADAPTER = "maristan.core.accounts.services.AccountAdapter"
ACCOUNT_FORMS = {"change_password": "maristan.core.accounts.forms.OwnPasswordForm"}
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a ward computer is shared: the session ends with the browser
ACCOUNT_RATE_LIMITS = {"login": "60/m/ip", "login_failed": "20/m/ip,5/5m/key"}
MFA_ADAPTER = "maristan.core.accounts.services.SecondFactorAdapter"
MFA_TOTP_ISSUER = "Maristan"
MFA_TOTP_TOLERANCE = 1
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RECOVERY_CODES_SHOW_ONCE = True
SESSION_COOKIE_AGE = 12 * 3600  # the longest session, however active
LOCK_AFTER = int(os.environ.get("MARISTAN_LOCK_AFTER", "600"))  # seconds without a request on a staff session
LOCK_AFTER_CITIZEN = 1800

# Rate counters and spent codes: one table, so that all processes count together.
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "accounts_rate_counter",
        "OPTIONS": {"MAX_ENTRIES": 100_000},
    }
}

LANGUAGE_CODE = "fr"
LANGUAGES = [("fr", "Français"), ("ar-dz", "العربية"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "src" / "maristan" / "config" / "locale"]
LANGUAGE_COOKIE_NAME = "language"
TIME_ZONE = os.environ.get("MARISTAN_TIME_ZONE", "Africa/Algiers")
USE_TZ = True
FORMAT_MODULE_PATH = "maristan.config.formats"

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "build" / "static"
STATICFILES_DIRS = [BASE_DIR / "build" / "vendor"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": os.environ.get("MARISTAN_STATIC_STORAGE", "whitenoise.storage.CompressedManifestStaticFilesStorage")
    },
}

# Ways out of messages; a channel without one keeps its messages waiting.
SMTP_URL = os.environ.get("SMTP_URL", "")
SMS_GATEWAY_URL = os.environ.get("SMS_GATEWAY_URL", "")
SMS_GATEWAY_SECRET = os.environ.get("SMS_GATEWAY_SECRET", "")
QUIET_HOURS = os.environ.get("MARISTAN_QUIET_HOURS", "21:00-08:00")

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if SECURE else None
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF, *([LIVE_URL] if LIVE_URL else [])],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "{asctime} {levelname} {name} {message}", "style": "{"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": os.environ.get("MARISTAN_LOG", "WARNING")},
}

# A record opened in an emergency closes by itself; the verdict on it is due within days.
BREAK_GLASS_MINUTES = int(os.environ.get("MARISTAN_BREAK_GLASS_MINUTES", "60"))
BREAK_GLASS_REVIEW_DAYS = int(os.environ.get("MARISTAN_BREAK_GLASS_REVIEW_DAYS", "7"))

# Views of others that need no sign-in, and those that need no more than it; ours say so themselves.
PUBLIC_VIEWS = {"set_language"}
SIGNED_IN_VIEWS: set[str] = set()
