"""Settings, all from the environment. Demo mode (the default) needs none of them.

Outside demo mode (DEMO=0) the start is refused while a secret is missing, so that an unsafe
system cannot come up by accident: see `_reasons_not_to_start`.
"""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from project import environment as env

ROOT = Path(__file__).resolve().parent.parent
DEMO = env.switch("DEMO", True)
DEBUG = False
DATA = Path(env.text("DATA_DIR", str(ROOT / "var"))).resolve()
DATA.mkdir(parents=True, exist_ok=True)
PORT = env.number("PORT", 8000)
ORIGIN = env.text("ORIGIN", f"http://127.0.0.1:{PORT}")
CITY = env.text("CITY", "1503")
SOURCE_LINK = env.text("SOURCE_LINK", "/source/")

SECRET_KEY = env.text("SECRET_KEY", "only-for-the-demo-city" if DEMO else "")
CODES_KEY = env.text("CODES_KEY", "only-for-the-demo-codes" if DEMO else "")
CODES_KEY_FALLBACKS = env.words("CODES_KEY_FALLBACKS")  # former keys: labels on doors outlive a change
PRIVACY_KEY = env.text("PRIVACY_KEY", "0" * 64 if DEMO else "")
BLIND_INDEX_KEY = env.text("BLIND_INDEX_KEY", "1" * 64 if DEMO else "")
LEDGER_KEY = env.text("LEDGER_KEY")
CREDIT_FEED_TOKEN = env.text("CREDIT_FEED_TOKEN", "demo-credit-platform" if DEMO else "")  # empty: no feed
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or (["*"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = [ORIGIN]


def _reasons_not_to_start() -> list[str]:
    reasons = []
    for name in ("SECRET_KEY", "CODES_KEY", "PRIVACY_KEY", "BLIND_INDEX_KEY", "LEDGER_KEY"):
        if not globals()[name]:
            reasons.append(f"{name} is not set")
    if len(SECRET_KEY) < 50:
        reasons.append("SECRET_KEY is shorter than 50 characters")
    if not ALLOWED_HOSTS:
        reasons.append("ALLOWED_HOSTS is not set")
    if not ORIGIN.startswith("https://"):
        reasons.append("ORIGIN does not begin with https://")
    if not env.text("DATABASE_URL").startswith("postgres"):
        reasons.append("DATABASE_URL does not name a PostgreSQL database")
    return reasons


if not DEMO and (reasons := _reasons_not_to_start()):
    raise env.UnsafeEnvironment("; ".join(reasons))

INSTALLED_APPS = [
    "daphne",
    "grid",
    "tasks",
    "workflows",
    "mobile_api",
    "project",
    "viewflow",
    "viewflow.workflow",
    "channels",
    "django_tasks",
    "django_tasks_db",
    "django_htmx",
    "axes",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
]

MIDDLEWARE = [
    "mobile_api.entry.phone_first",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "project.middleware.actor",
    "project.middleware.problems_as_pages",
    "axes.middleware.AxesMiddleware",
]

ROOT_URLCONF = "project.urls"
ASGI_APPLICATION = "project.asgi.application"
WSGI_APPLICATION = "project.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [ROOT / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "project.menu.context",
                *(["project.demo.accounts.context"] if DEMO else []),
            ],
            "builtins": ["project.templatetags.desk"],
        },
    }
]

DATABASES = {"default": env.database(env.text("DATABASE_URL"), DATA)}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.text("REDIS_URL")
CHANNEL_LAYERS = {
    "default": (
        {
            "BACKEND": "channels_redis.core.RedisChannelLayer",
            # redis-py caps a pool at 100 connections unless told otherwise.
            "CONFIG": {"hosts": [{"address": REDIS_URL, "max_connections": 10_000}]},
        }
        if REDIS_URL
        else {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    )
}

# Shared by all processes where there are several: limits of phones and of sign-in count together.
CACHES = {
    "default": (
        {
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": REDIS_URL,
            "OPTIONS": {"socket_connect_timeout": 0.5, "socket_timeout": 0.5},
        }
        if REDIS_URL
        else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    )
}

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

AUTH_USER_MODEL = "grid.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "project.accounts.NoSignup"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = False
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
AXES_FAILURE_LIMIT = 10
AXES_COOLOFF_TIME = 1
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_VERBOSE = False

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文"))]
LOCALE_PATHS = [ROOT / "project" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [ROOT / "project" / "static"]
WHITENOISE_USE_FINDERS = True
PHONE_BUILD = DATA / "phone"
# Map tiles beneath the phone's sketch map, as https://…/{z}/{x}/{y}; empty: the sketch alone.
TILE_URL = env.text("TILE_URL")
FILES = DATA / "files"
PRINT_FONT = env.text("PRINT_FONT", "Noto Serif SC")
TILE_SOURCE = env.text("TILE_SOURCE")
# Short messages go out through this address (see workflows/reminders/gateways.py); empty: none leaves the house.
SMS_URL = env.text("SMS_URL")
SMS_TOKEN = env.text("SMS_TOKEN")

SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SECURE_SSL_REDIRECT = False  # the proxy in front redirects; behind it only plain HTTP arrives
SECURE_PROXY_SSL_HEADER = None if DEMO else ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 0 if DEMO else 31_536_000
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        "connect-src": ["'self'", "ws:", "wss:"],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": env.text("LOG_LEVEL", "WARNING")},
}
SILENCED_SYSTEM_CHECKS = ["axes.W003"]
