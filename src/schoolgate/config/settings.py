"""Wiring. Everything a school may set is an environment variable; docs/reference/settings.md is generated from this file."""

import os
import tempfile
from pathlib import Path
from urllib.parse import urlsplit

import dj_database_url
from csp.constants import NONE, SELF
from django.core.management.utils import get_random_secret_key

from schoolgate.config.environment import flag, number, text, texts

HOME = Path(text("SCHOOLGATE_HOME", "var", "Folder for the database, keys and evidence")).resolve()
DEMO = flag("SCHOOLGATE_DEMO", False, "Serve the fictional demo trust: the second sign-in step is off")
DEBUG = False  # a traceback on screen is a leak; tests and developers read the log
BASE_URL = text("SCHOOLGATE_URL", "http://127.0.0.1:8000", "The address people type, used in e-mails")
ALLOWED_HOSTS = texts("SCHOOLGATE_HOSTS", "127.0.0.1,localhost,[::1]", "Host names this server answers to, beside that of SCHOOLGATE_URL")
_ADDRESS = urlsplit(BASE_URL)
ALLOWED_HOSTS += [host for host in [_ADDRESS.hostname] if host and host not in ALLOWED_HOSTS]
SECURE = BASE_URL.startswith("https://")
CSRF_TRUSTED_ORIGINS = [f"{_ADDRESS.scheme}://{_ADDRESS.netloc}"]
PROXIES = number("SCHOOLGATE_PROXIES", 0, "How many reverse proxies of your own stand in front; they must set X-Forwarded-For and -Proto")
if PROXIES:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
PRODUCT_NAME = "Schoolgate"


def _secret_key() -> str:
    """The key from the environment, or one made on first start and kept beside the database, readable by its owner only."""
    given = text("SCHOOLGATE_SECRET_KEY", "", "Signs sessions and links; made and kept in SCHOOLGATE_HOME when not given")
    if given:
        return given
    kept = HOME / "secret_key"
    if not kept.exists():
        HOME.mkdir(parents=True, exist_ok=True)
        handle, draft = tempfile.mkstemp(dir=HOME)  # readable by its owner only
        with os.fdopen(handle, "w") as file:
            file.write(get_random_secret_key() + get_random_secret_key())
        try:
            os.link(draft, kept)  # whole or not at all: two processes starting at once end with one key
        except FileExistsError:
            pass
        finally:
            os.unlink(draft)
    return kept.read_text()


SECRET_KEY = _secret_key()
SECRET_KEY_FALLBACKS = texts("SCHOOLGATE_OLD_SECRET_KEYS", "", "Keys used before this one: what they signed or sealed still opens")
AUDIT_KEY_FILE = HOME / "audit_key"

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.forms",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.google",
    "allauth.socialaccount.providers.microsoft",
    "allauth.socialaccount.providers.openid_connect",
    "csp",
    "django_tasks",
    "django_tasks_db",
    "schoolgate.common",
    "schoolgate.ui",
    "schoolgate.audit",
    "schoolgate.notify",
    "schoolgate.people",
    "schoolgate.policies",
    "schoolgate.agreements",
    "schoolgate.assurance",
    "schoolgate.home",
    "schoolgate.cli",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "schoolgate.people.entrance.gate.UploadGate",  # before anything that reads a body
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "schoolgate.people.entrance.door.NoStore",
    "schoolgate.people.entrance.door.Door",
]

ROOT_URLCONF = "schoolgate.config.urls"
WSGI_APPLICATION = "schoolgate.config.wsgi.application"
FORM_RENDERER = "schoolgate.ui.forms.SchoolgateRenderer"
PACKAGE = Path(__file__).parent.parent
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "OPTIONS": {
            # Our own pages come before the sign-in library's, whatever the order of the apps.
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        ("django.template.loaders.filesystem.Loader", [PACKAGE / name / "templates" for name in ("ui", "people")]),
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "schoolgate.ui.context.page",
            ],
        },
    }
]

DATABASE_URL = text("DATABASE_URL", f"sqlite:///{HOME / 'schoolgate.sqlite3'}", "Where the records are kept")
DATABASES = {"default": dj_database_url.parse(DATABASE_URL)}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # WAL lets pages be read while something is written; FULL keeps an acknowledged signature through a power cut.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON;",
    }
else:
    DATABASES["default"]["CONN_MAX_AGE"] = 60
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": HOME / "files"}},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

AUTH_USER_MODEL = "people.User"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator", "OPTIONS": {"user_attributes": ["email"]}},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]

SESSION_COOKIE_AGE = number("SCHOOLGATE_SESSION_HOURS", 10, "How long a sign-in lasts, in hours") * 3600
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"  # the prefix: no other host may set it, and only over https
CSRF_COOKIE_NAME = "__Host-csrf" if SECURE else "csrf"
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SECURE_SSL_REDIRECT = SECURE
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SECURE
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}

FILE_UPLOAD_HANDLERS = ["django.core.files.uploadhandler.MemoryFileUploadHandler"]
FILE_UPLOAD_MAX_MEMORY_SIZE = 26 * 2**20  # an import is held in memory until it is judged: nothing unjudged lands on disk
DATA_UPLOAD_MAX_MEMORY_SIZE = 3 * 2**20

EMAIL_BACKEND = text("SCHOOLGATE_EMAIL_BACKEND", "django.core.mail.backends.smtp.EmailBackend", "How e-mail leaves")
EMAIL_FILE_PATH = text("SCHOOLGATE_EMAIL_FOLDER", "", "Folder for mail, when mail is written to files")
EMAIL_HOST = text("SCHOOLGATE_EMAIL_HOST", "localhost", "Mail server")
EMAIL_PORT = number("SCHOOLGATE_EMAIL_PORT", 25, "Port of the mail server")
EMAIL_HOST_USER = text("SCHOOLGATE_EMAIL_USER", "", "User name at the mail server")
EMAIL_HOST_PASSWORD = text("SCHOOLGATE_EMAIL_PASSWORD", "", "Password at the mail server")
EMAIL_USE_TLS = flag("SCHOOLGATE_EMAIL_TLS", False, "Start TLS at the mail server")
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = text("SCHOOLGATE_EMAIL_FROM", "schoolgate@localhost", "Sender of e-mails")

CACHES = {
    "default": {
        "BACKEND": "schoolgate.people.entrance.counters.FileCounters",
        "LOCATION": HOME / "counters",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "WARNING"},
}

from schoolgate.config.sign_in import *  # noqa: E402,F403  the sign-in library's settings, kept in a room of their own
