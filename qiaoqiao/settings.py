"""All settings, from the environment only; every variable is named in .env.sample.

Two database aliases reach the same database: `default` as the web's own role, which owns nothing and
is held by row-level security, and `owner`, used only to migrate and to set the roles up.
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

BASE_DIR = Path(__file__).resolve().parent.parent


class SettingWrong(Exception):
    """An environment variable has a value that is not understood."""

    def __init__(self, name: str, value: str, allowed: str) -> None:
        super().__init__(f"{name}={value!r}: expected {allowed}")


def env(name: str, default: str = "") -> str:
    """Return a variable's value, or the text of the file that `<name>_FILE` names."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else os.environ.get(name, default)


def env_bool(name: str, *, default: bool) -> bool:
    value = env(name, "yes" if default else "no")
    if value not in {"yes", "no"}:
        raise SettingWrong(name, value, "yes or no")
    return value == "yes"


def database(url: str) -> dict[str, object]:
    """Read a postgresql:// URL; a host that starts with / (percent-encoded) is a socket folder."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"}:
        raise SettingWrong("DATABASE_URL", url, "postgresql://user:password@host:port/name")
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": 0,
    }


# --- the installation -------------------------------------------------------------------------
STATE_DIR = Path(env("STATE_DIR", str(BASE_DIR / ".state"))).resolve()
DEMO = env_bool("QIAOQIAO_DEMO", default=False)
INSTALLATION_NAME = env("INSTALLATION_NAME", "江门 · 柳州" if DEMO else "")
EXTRA_ENTRIES = Path(env("EXTRA_ENTRIES")).resolve() if env("EXTRA_ENTRIES") else None
SPARK_MASTER = env("SPARK_MASTER")
DEBUG = env_bool("QIAOQIAO_DEBUG", default=False)
SECRET_KEY = env("SECRET_KEY", "only-for-building-and-tests-never-for-serving")
# Signs the short tickets by which a web process tells PostgreSQL who is asking (docs/decisions/0003).
TICKET_KEY = env("TICKET_KEY", "only-for-building-and-tests")
# Encrypts identity numbers; held outside the database so that a stolen dump shows none.
FIELD_KEY = env("FIELD_KEY", "only-for-building-and-tests")
# Signs the ledger's checkpoints (base64 of 32 bytes); without it a key is made in the state folder.
LEDGER_KEY = env("LEDGER_KEY")
PUBLIC_URL = env("PUBLIC_URL", "http://127.0.0.1:8000")
ALLOWED_HOSTS = env("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1],testserver").split(",")
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
SECURE = PUBLIC_URL.startswith("https://")

# --- the database -----------------------------------------------------------------------------
OWNER_URL = env("DATABASE_URL", "postgresql://postgres@127.0.0.1:5432/qiaoqiao")
WEB_ROLE = "qiaoqiao_web"
WEB_PASSWORD = env("WEB_DATABASE_PASSWORD", "qiaoqiao_web")
DATABASES = {
    "default": database(OWNER_URL) | {"USER": WEB_ROLE, "PASSWORD": WEB_PASSWORD},
    "owner": database(OWNER_URL) | {"TEST": {"MIRROR": "default"}},
}
DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 2, "max_size": 10}, "prepare_threshold": 5}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- the house --------------------------------------------------------------------------------
ROOMS = [
    "ledger",
    "access",
    "catalogue",
    "parties",
    "casework",
    "services.joint",
    "services.life_events",
    "services.relief",
    "community.network",
    "community.activities",
    "community.alliance",
    "community.appointments",
    "community.knowledge",
    "community.pools",
    "reporting",
    "ui",
    "portal",
    "workbench",
    "api",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.contrib.postgres",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "procrastinate.contrib.django",
    "csp",
    *(f"qiaoqiao.{room}" for room in ROOMS),
]
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "reactions"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "qiaoqiao.ui.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "csp.middleware.CSPMiddleware",
    "qiaoqiao.ui.headers.HeadersMiddleware",
]
ROOT_URLCONF = "qiaoqiao.urls"
WSGI_APPLICATION = "qiaoqiao.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "builtins": ["qiaoqiao.ui.templatetags.ui"],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "qiaoqiao.ui.language.page",
            ],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"

# --- people who sign in -----------------------------------------------------------------------
AUTH_USER_MODEL = "access.Account"
AUTHENTICATION_BACKENDS = ["django.contrib.auth.backends.ModelBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# A staff session ends after 15 minutes without a request and after 9 hours in any case.
SESSION_ENGINE = "qiaoqiao.workbench.sessions"
SESSION_COOKIE_AGE = 9 * 3600
SESSION_COOKIE_NAME = "__Host-session" if SECURE else "session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "qiaoqiao.ui.errors.form_expired"
LOGIN_URL = "/staff/sign-in/"
LOGIN_REDIRECT_URL = "/staff/"
# The second factor of every staff account outside the demo; no sign-up, no e-mail links.
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_ADAPTER = "qiaoqiao.workbench.second_factor.SealedAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_USER_VERIFICATION = "required"
MFA_TOTP_TOLERANCE = 1

# --- words and time ---------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [
    ("zh-hans", "简体中文"),
    ("zh-hant", "繁體中文"),
    ("en", "English"),
    ("es", "Español"),
    ("pt", "Português"),
]
LANGUAGE_COOKIE_NAME = "language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# --- files ------------------------------------------------------------------------------------
STATIC_URL = "/static/"
STATIC_ROOT = STATE_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
FILES_DIR = STATE_DIR / "files"
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024

# --- the world outside: one adapter each, named here ---------------------------------------------
MAIL_GATEWAY = env("MAIL_GATEWAY", "outbox")  # outbox (kept in the database, shown in the demo) or smtp
SMS_GATEWAY = env("SMS_GATEWAY", "outbox")
EMAIL_HOST = env("EMAIL_HOST", "127.0.0.1")
EMAIL_PORT = int(env("EMAIL_PORT", "25"))
DEFAULT_FROM_EMAIL = env("MAIL_FROM", "qiaoqiao@localhost")
# How many browsers' share one network address may send in an hour; 0 counts none, as behind a proxy that hides them.
BROWSERS_AT_ONE_ADDRESS = int(env("BROWSERS_AT_ONE_ADDRESS", "10"))
# Days after an appointment or an activity for which it is known who came: this installation's choice, no law's.
GUESTS_KEPT_DAYS = int(env("GUESTS_KEPT_DAYS", "90"))
# Hours before a booking at which people are reminded.
APPOINTMENT_REMINDERS = [int(hours) for hours in env("APPOINTMENT_REMINDERS", "24,2").split(",") if hours]

# --- headers ----------------------------------------------------------------------------------
SECURE_HSTS_SECONDS = 31536000 if SECURE else 0
SECURE_CONTENT_TYPE_NOSNIFF = True
# Not `no-referrer`: browsers then send `Origin: null` with forms, and every form would be refused.
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SELF = ["'self'"]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": SELF,
        "style-src": SELF,
        "img-src": ["'self'", "data:"],
        "connect-src": SELF,
        "font-src": SELF,
        "manifest-src": SELF,
        "form-action": SELF,
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
        "object-src": ["'none'"],
    }
}
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"stderr": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", "WARNING")},
}
