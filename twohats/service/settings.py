"""Django's settings, all from twohats/service/configuration.py; docs/facts/settings.md names each."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from . import configuration

CONFIGURATION = configuration.read()
TWOHATS_HOME = CONFIGURATION.home
HERE = Path(__file__).parent

DEBUG = CONFIGURATION.debug and CONFIGURATION.is_demo
SECRET_KEY = CONFIGURATION.secret_key
ALLOWED_HOSTS = [*configuration.LOOPBACK, *CONFIGURATION.hosts]
ROOT_URLCONF = "twohats.service.urls"
WSGI_APPLICATION = "twohats.service.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "twohats.service.records",
    "twohats.service.pages",
]
MIDDLEWARE = [
    "twohats.service.middleware.requests.OneLineARequest",
    "twohats.service.middleware.headers.SafeHeaders",
    "twohats.service.middleware.demo.DemoStaysHere",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "twohats.service.middleware.sessions.SessionsEnd",
    "django.contrib.messages.middleware.MessageMiddleware",
]
TEMPLATES = [{
    "BACKEND": "django.template.backends.django.DjangoTemplates",
    "DIRS": [HERE / "pages" / "templates", *sorted((HERE / "pages").glob("*/templates"))],
    "APP_DIRS": False,
    "OPTIONS": {
        "context_processors": [
            "django.template.context_processors.request",
            "django.template.context_processors.i18n",
            "django.contrib.auth.context_processors.auth",
            "django.contrib.messages.context_processors.messages",
            "twohats.service.pages.context.every_page",
        ],
    },
}]


def database(url: str) -> dict:
    """Where records rest: PostgreSQL by its address, else SQLite in the home."""
    if not url:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": TWOHATS_HOME / "records.sqlite",
            "CONN_MAX_AGE": 60,
            "OPTIONS": {
                "transaction_mode": "IMMEDIATE",
                "timeout": 10,
                # FULL: an audit event that was acknowledged survives a power cut.
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": parts.hostname or "",
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": database(CONFIGURATION.database_url)}

AUTH_USER_MODEL = "records.User"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 15}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
     "OPTIONS": {"user_attributes": ("username", "display_name")}},
]
LOGIN_URL = "account:log_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account:log_in"

SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "twohats.service.pages.failures.form_too_old"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = CONFIGURATION.secure
SESSION_COOKIE_NAME = "__Host-session" if CONFIGURATION.secure else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if CONFIGURATION.secure else "csrf"
LANGUAGE_COOKIE_NAME = "language"
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if CONFIGURATION.secure else None
SECURE_SSL_REDIRECT = CONFIGURATION.secure
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if CONFIGURATION.secure else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = False
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

STATIC_URL = "/static/"
STATICFILES_DIRS = [HERE / "pages" / "static"]
STATIC_ROOT = None
WHITENOISE_USE_FINDERS = True
WHITENOISE_MAX_AGE = 600

LANGUAGE_CODE = CONFIGURATION.language
LANGUAGES = [("en", "English"), ("es", "Español")]
LOCALE_PATHS = [HERE / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "UTC"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": True,
    "formatters": {"line": {"()": "twohats.service.middleware.lines.OneLine"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "formatter": "line"},
                 "nowhere": {"class": "logging.NullHandler"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    "loggers": {
        "twohats": {"handlers": ["lines"], "level": "INFO", "propagate": False},
        # Our own line per request says what is needed; Django's would carry the path and the query.
        "django.request": {"handlers": ["nowhere"], "propagate": False},
        "django.server": {"handlers": ["nowhere"], "propagate": False},
        "django.security": {"handlers": ["nowhere"], "propagate": False},
    },
}
