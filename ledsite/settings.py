"""Django's settings, all derived from `ledsite.env`; nothing else reads the environment."""

from __future__ import annotations

from pathlib import Path

from django.core.management.utils import get_random_secret_key

from ledsite.env import BASE_DIR, Environment, read_environment
from ledsite.keys import read_secret_key

LEDSITE: Environment = read_environment()

# A command that runs before the first start has no key file yet; `up` makes one before anything is signed.
SECRET_KEY = LEDSITE.secret_key or read_secret_key(LEDSITE.data_dir) or get_random_secret_key()
DEBUG = False
ALLOWED_HOSTS = list(LEDSITE.allowed_hosts)
CSRF_TRUSTED_ORIGINS = list(LEDSITE.csrf_trusted_origins)

INSTALLED_APPS = [
    "ledsite",  # first: its qcluster stands for django-q2's
    "unfold",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "rest_framework",
    "rest_framework.authtoken",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_q",
    "django_htmx",
    "plugins_app",
    "display_app",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "ledsite.security.ContentSecurityPolicy",
    "ledsite.security.BodyLimit",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "ledsite.urls"
WSGI_APPLICATION = "ledsite.wsgi.application"
APPEND_SLASH = False

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ]
        },
    }
]

# WAL with IMMEDIATE: without it most contended read-then-write transactions fail (docs/architecture.md, "SQLite").
DATABASE_FILE = LEDSITE.data_dir / "ledsite.sqlite3"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": DATABASE_FILE,
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
        },
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "admin:login"
LOGIN_REDIRECT_URL = "admin:index"

LANGUAGE_CODE = "en"
TIME_ZONE = LEDSITE.time_zone
USE_TZ = True

STATIC_URL = "/static/"
STATIC_ROOT = LEDSITE.data_dir / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage", "OPTIONS": {"location": LEDSITE.data_dir / "uploads"}},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
LARGEST_UPLOAD = 64 * 1024 * 1024

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "plugins_app.api.authentication.CachedTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["plugins_app.api.permissions.HasRole"],
    "DEFAULT_RENDERER_CLASSES": ["plugins_app.api.renderers.JsonRenderer", "plugins_app.api.renderers.PageRenderer"],
    "DEFAULT_PARSER_CLASSES": ["plugins_app.api.parsers.JsonParser"],
    "DEFAULT_SCHEMA_CLASS": "plugins_app.api.schema_groups.GroupedSchema",
    "EXCEPTION_HANDLER": "plugins_app.api.errors.handle",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "ledsite",
    "DESCRIPTION": "Plugins on an LED panel. Errors are problem documents with `code` and `hint`; long work answers 202 and an operation.",
    "VERSION": "3",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SERVE_INCLUDE_SCHEMA": False,
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["plugins_app.api.schema.without_trailing_slashes"],
    "POSTPROCESSING_HOOKS": ["drf_spectacular.hooks.postprocess_schema_enums", "plugins_app.api.schema_groups.describe_groups"],
}

# Two queues: `main` is quick, `slow` downloads and runs pip. Their processes (ledsite/worker/) fork a worker for each task.
Q_CLUSTER = {
    "name": "main",
    "broker_class": "ledsite.worker.broker.WakingBroker",
    "orm": "default",
    "timeout": 1500,
    "retry": 1800,
    "max_attempts": 1,
    "ack_failures": True,
    "catch_up": False,
    "recycle": 1,
    "bulk": 1,
    "poll": 0,  # the queue process sleeps by itself, until it is woken
    "save_limit": 50,
    "label": "Worker queue",
    "ALT_CLUSTERS": {"slow": {}, "main": {}},
}

UNFOLD = {
    "SITE_TITLE": "ledsite",
    "SITE_HEADER": "ledsite",
    "SITE_SYMBOL": "grid_on",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "/static/plugins_app/icon.svg"}],
    "SITE_URL": None,
    "SHOW_VIEW_ON_SITE": False,
    "COLORS": {
        "primary": {
            "50": "#eff6ff",
            "100": "#dbeafe",
            "200": "#bfdbfe",
            "300": "#93c5fd",
            "400": "#60a5fa",
            "500": "#3b82f6",
            "600": "#2563eb",
            "700": "#1d4ed8",
            "800": "#1e40af",
            "900": "#1e3a8a",
            "950": "#172554",
        }
    },
    "LOGIN": {"form": "plugins_app.login.LoginForm"},
    "ENVIRONMENT": "plugins_app.navigation.warning_label",
    "SIDEBAR": {"navigation": "plugins_app.navigation.sidebar"},
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {"django.request": {"level": "ERROR"}, "django-q": {"level": "WARNING"}},
}

PROJECT_DIR: Path = BASE_DIR
BUNDLED_DIR: Path = BASE_DIR / "display_app" / "bundled"
