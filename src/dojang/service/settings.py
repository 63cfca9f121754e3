"""Django's settings, from the environment alone: `dojang.service.environment` reads and checks it."""

import os
from pathlib import Path
from typing import Any

from django.contrib.messages import constants as message_constants

from dojang.service.environment import Environment
from dojang.service.server_addresses import DatabaseAddress

ENVIRONMENT = Environment.read(os.environ)
_HERE = Path(__file__).parent


def _database(address: DatabaseAddress) -> dict[str, Any]:
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": address.name,
        "USER": address.user,
        "PASSWORD": address.password,
        "HOST": address.host,
        "PORT": address.port,
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": dict(address.options),
    }


#: The application's role owns nothing; only migrations use the owner's.
OWNER_DATABASE = "owner"
DATABASES = {"default": _database(ENVIRONMENT.database)}
if ENVIRONMENT.owner_url:
    DATABASES[OWNER_DATABASE] = _database(ENVIRONMENT.owner_database)
DATABASE_ROUTERS: list[str] = []
APPLICATION_ROLE = ENVIRONMENT.database.user

SECRET_KEY = ENVIRONMENT.secret_key
DEBUG = False
DEMO = ENVIRONMENT.demo
ALLOWED_HOSTS = list(ENVIRONMENT.hosts)
CSRF_TRUSTED_ORIGINS = [ENVIRONMENT.origin]
ROOT_URLCONF = "dojang.service.urls"
WSGI_APPLICATION = "dojang.service.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
SITE_NAME = "도장"

INSTALLED_APPS = [
    "dojang.service.tenancy",
    "dojang.service.accounts",
    "dojang.service.workspaces",
    "dojang.service.counterparties",
    "dojang.service.certificates",
    "dojang.service.invoices",
    "dojang.service.transmission",
    "dojang.service.audit",
    "dojang.service.notices",
    "dojang.service.links",
    "dojang.service.records",
    "dojang.service.amendments",
    "dojang.service.approvals",
    "dojang.service.reverse",
    "dojang.service.billing",
    "dojang.service.hometax",
    "dojang.service.lists",
    "dojang.service.reports",
    "dojang.service.exports",
    "dojang.service.verification",
    "dojang.service.signing",
    "dojang.service.home",
    "dojang.service.web",
    "dojang.service.demo",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "dojang.service.web.headers.SecurityHeaders",
    "dojang.service.web.client_address.ClientAddress",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "dojang.service.web.language.LanguageOfPerson",
    "dojang.service.web.bodies.BoundedBodies",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "dojang.service.accounts.last_seen.LastSeen",
    "dojang.service.web.errors.Refusals",
    "dojang.service.workspaces.middleware.OneWorkspace",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "dojang.service.web.context.page",
            ]
        },
    }
]

# --- people -----------------------------------------------------------------------------------------------------
AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_EMAIL_VERIFICATION_SUPPORTS_RESEND = True
ACCOUNT_LOGIN_ON_EMAIL_CONFIRMATION = True
ACCOUNT_EMAIL_NOTIFICATIONS = True
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_SESSION_REMEMBER = None
ACCOUNT_REAUTHENTICATION_TIMEOUT = 900
ACCOUNT_ADAPTER = "dojang.service.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {"signup": "dojang.service.accounts.forms.SignupForm"}
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if ENVIRONMENT.secure else "http"
MFA_ADAPTER = "dojang.service.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "add_webauthn": "dojang.service.accounts.forms.AddPasskeyForm",
    "edit_webauthn": "dojang.service.accounts.forms.EditPasskeyForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = not ENVIRONMENT.secure
MFA_TOTP_ISSUER = SITE_NAME
MFA_TOTP_TOLERANCE = 1  # clocks of phones are not exact: one half minute before and after

# Counters of the rate limits have to be the same in every process, so they are in the database.
CACHES = {
    # Rate limits count in it: with Django's 300 entries whoever comes from many addresses would wipe out the counts.
    "default": {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    },
    # PDFs that were made a moment ago, at most 256 KB each: 32 MB of each process, and nothing on a disk.
    "papers": {
        "BACKEND": "django.core.cache.backends.locmem.LocMemCache",
        "LOCATION": "papers",
        "TIMEOUT": 3600,
        "OPTIONS": {"MAX_ENTRIES": 128},
    },
}

SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = ENVIRONMENT.secure
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 14 * 24 * 3600
CSRF_USE_SESSIONS = False
CSRF_FAILURE_VIEW = "dojang.service.web.errors.page_expired"
SECURE_SSL_REDIRECT = False  # what stands before us does it; the health check comes by http
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.secure else None
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
# A document has some 10 KB. Two hundred files may come at once, and of larger ones only what is read is in memory.
FILE_UPLOAD_MAX_MEMORY_SIZE = 256 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 201  # one more than is taken, so that it is told

# --- mail -------------------------------------------------------------------------------------------------------
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from
if ENVIRONMENT.smtp is None:
    # What sends mails is asked for them when it starts (WEB, WORKER); nothing else may lose one silently.
    EMAIL_BACKEND = f"dojang.service.notices.capture.{'Capture' if ENVIRONMENT.demo else 'No'}Backend"
else:
    EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    EMAIL_HOST = ENVIRONMENT.smtp.host
    EMAIL_PORT = ENVIRONMENT.smtp.port
    EMAIL_HOST_USER = ENVIRONMENT.smtp.user
    EMAIL_HOST_PASSWORD = ENVIRONMENT.smtp.password
    EMAIL_USE_TLS = ENVIRONMENT.smtp.starttls
    EMAIL_USE_SSL = ENVIRONMENT.smtp.tls
    EMAIL_TIMEOUT = 20

# The classes of notices, as the style sheet names them.
MESSAGE_TAGS = {message_constants.WARNING: "warn"}

# --- language, time, files --------------------------------------------------------------------------------------
LANGUAGE_CODE = ENVIRONMENT.language
LANGUAGES = [("ko", "한국어"), ("en", "English")]
USE_I18N = True
TIME_ZONE = "Asia/Seoul"
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = ENVIRONMENT.data / "static"
STATICFILES_DIRS: list[Path] = []
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = False
# A font's folder is named by its version: browsers keep it for good.
WHITENOISE_IMMUTABLE_FILE_TEST = r"/fonts/[a-z]+-[0-9.]+/.+\.woff2$"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": "dojang.service.web.logs.WithoutTokens",
            "fmt": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": "WARNING"},
    "loggers": {
        "dojang": {"level": "INFO"},
        # A refusal (4xx) is an answer to a person, not something that an operator has to mend.
        "django.request": {"level": "ERROR"},
        # Anybody can send a wrong Host header as often as they like; the answer is a 400 all the same.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
    },
}
