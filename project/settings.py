"""Settings, all from the environment. Demo mode (the default) needs none of them.

Outside demo mode (DEMO=0) the start is refused while a secret is missing, so that an unsafe
system cannot come up by accident: see `_reasons_not_to_start`.
"""

from pathlib import Path

from django.utils.translation import gettext_lazy as _

from project import environment as env
from project import keys
from project.demo import wuhai
from project.layer import host_at

ROOT = Path(__file__).resolve().parent.parent
DEMO = env.is_demo()
DEBUG = False
DATA = Path(env.text("DATA_DIR", str(ROOT / "var"))).resolve()
DATA.mkdir(parents=True, exist_ok=True)
PORT = env.number("PORT", 8000)
ORIGIN = env.text("ORIGIN", f"http://127.0.0.1:{PORT}")
CITY = env.text("CITY", wuhai.CITY if DEMO else "")
# The document by which the city ordered the drive; the places cited in what is shipped are those of the demo's.
MANDATE = env.text("MANDATE", wuhai.MANDATE if DEMO else "全民参保扩面工作方案")
MANDATE_CLAUSES = MANDATE == wuhai.MANDATE
SOURCE_LINK = env.text("SOURCE_LINK", "/source/")

SECRET_KEY = env.text("SECRET_KEY", keys.DEMO_KEYS["SECRET_KEY"] if DEMO else "")
CODES_KEY = env.text("CODES_KEY", keys.DEMO_KEYS["CODES_KEY"] if DEMO else "")
CODES_KEY_FALLBACKS = env.words("CODES_KEY_FALLBACKS")  # former keys: labels on doors outlive a change
PRIVACY_KEY = env.text("PRIVACY_KEY", keys.DEMO_KEYS["PRIVACY_KEY"] if DEMO else "")
BLIND_INDEX_KEY = env.text("BLIND_INDEX_KEY", keys.DEMO_KEYS["BLIND_INDEX_KEY"] if DEMO else "")
LEDGER_KEY = env.text("LEDGER_KEY")  # the clock's alone
LEDGER_PUBLIC_KEY = env.text("LEDGER_PUBLIC_KEY")
# Public half of the key to which backups seal keys and environment (python -m project.backup.newkey); the other half is
# kept off the machine.
BACKUP_ESCROW_KEY = env.text("BACKUP_ESCROW_KEY")
CREDIT_FEED_TOKEN = env.text("CREDIT_FEED_TOKEN", "demo-credit-platform" if DEMO else "")  # empty: no feed
# How many proxies of ours stand in front, each appending to X-Forwarded-For what it saw (deploy/nginx.conf is one).
PROXIES = env.number("PROXIES", 1)
# /metrics answers this machine itself, and whoever has the token; without both there is nothing.
METRICS = env.switch("METRICS", False)
METRICS_TOKEN = env.text("METRICS_TOKEN")
# The chain nginx shows; empty: TLS ends elsewhere, and nobody here knows until when.
TLS_CERTIFICATE = env.text("TLS_CERTIFICATE")
# Minutes without anybody at the keyboard after which a session ends; 0: only with SESSION_COOKIE_AGE.
SESSION_IDLE_SECONDS = env.number("SESSION_IDLE_MINUTES", 0 if DEMO else 30) * 60
REDIS_URL = env.text("REDIS_URL")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS") or (["*"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = [ORIGIN]
MOST_IDLE_SECONDS = 3600
LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _reasons_not_to_start() -> list[str]:
    own = ("SECRET_KEY", "CODES_KEY", "PRIVACY_KEY", "BLIND_INDEX_KEY", "LEDGER_PUBLIC_KEY")
    sealing = ("LEDGER_KEY",) if LEDGER_KEY else ()
    reasons = keys.reasons({name: globals()[name] for name in (*own, *sealing)})
    if set(CODES_KEY_FALLBACKS) & set(keys.DEMO_KEYS.values()):
        reasons.append("CODES_KEY_FALLBACKS holds the demo's key, which everybody knows")
    if len(CITY) != 4 or not CITY.isascii() or not CITY.isdigit():
        reasons.append("CITY is not the four digits of a city's code")
    if not ALLOWED_HOSTS:
        reasons.append("ALLOWED_HOSTS is not set")
    if not ORIGIN.startswith("https://"):
        reasons.append("ORIGIN does not begin with https://")
    if PROXIES == 0:
        reasons.append("PROXIES is 0: every address would be that of the proxy")
    if not 0 < SESSION_IDLE_SECONDS <= MOST_IDLE_SECONDS:
        reasons.append("SESSION_IDLE_MINUTES is not between 1 and 60")
    if not env.text("DATABASE_URL").startswith("postgres"):
        reasons.append("DATABASE_URL does not name a PostgreSQL database")
    if METRICS_TOKEN and len(METRICS_TOKEN) < 20:
        reasons.append("METRICS_TOKEN is shorter than 20 characters")
    if not REDIS_URL.startswith(("redis://", "rediss://", "unix://")):
        reasons.append("REDIS_URL does not name a Redis: processes would not hear of each other")
    return reasons


if not DEMO and (reasons := _reasons_not_to_start()):
    raise env.UnsafeEnvironment("; ".join(reasons))

INSTALLED_APPS = [
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
    "allauth.usersessions",
]

MIDDLEWARE = [
    "project.health.views.probes",
    *(["django_prometheus.middleware.PrometheusBeforeMiddleware"] if METRICS else []),
    "project.access.access",
    "project.gate.gate",
    "mobile_api.entry.phone_first",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "project.middleware.kept_by_nobody",
    "django.middleware.gzip.GZipMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "project.middleware.readable_forms",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "project.middleware.actor",
    "project.middleware.problems_as_pages",
    "project.admission.admission",
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

CHANNEL_LAYERS = {
    "default": (
        {
            # Not `core`: it waits five seconds for a message at a time, and redis-py gives up an answer after the same
            # five seconds, so an ear died of the first silence. This one also works on a cluster.
            "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
            # redis-py caps a pool at 100 connections unless told otherwise.
            "CONFIG": {"hosts": [{**host_at(REDIS_URL), "max_connections": 10_000}]},
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
    {"NAME": "grid.accounts.rules.NoPattern"},
]
LOGIN_URL = "/accounts/login/"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "project.accounts.Accounts"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_NOTIFICATIONS = False
ACCOUNT_FORMS = {
    "login": "grid.accounts.forms.SignInForm",
    "change_password": "grid.accounts.forms.PasswordForm",
}
# Signing in is counted in grid/accounts/actions/tries.py, by name and by address. What is left to the library is counted by
# person: nobody behind the same address waits for a stranger.
ACCOUNT_RATE_LIMITS = {"login": None, "login_failed": "5/300s/key"}
MFA_RATE_LIMITS = {"webauthn_login": None}
MFA_ADAPTER = "project.accounts.SecondFactors"
MFA_FORMS = {"add_webauthn": "grid.accounts.forms.PasskeyForm"}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_TOTP_ISSUER = "网格扩面"
MFA_TOTP_TOLERANCE = 1  # a telephone's clock may be half a minute off
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = DEMO
# axes keeps who tried to sign in from where; it shuts nobody out, for that is a stranger's weapon too.
AXES_LOCK_OUT_AT_FAILURE = False
AXES_CLIENT_IP_CALLABLE = "grid.limits.address_of"
AXES_VERBOSE = False
SIGN_IN_LOG_DAYS = 200

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("简体中文"))]
LOCALE_PATHS = [ROOT / "project" / "locale"]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

STATIC_URL = "/static/"
STATIC_ROOT = Path(env.text("STATIC_ROOT", str(DATA / "static")))
STATIC_ROOT.mkdir(exist_ok=True)
STATICFILES_DIRS = [ROOT / "project" / "static"]
WHITENOISE_USE_FINDERS = True
PHONE_BUILD = DATA / "phone"
# Map tiles beneath the phone's sketch map, as https://…/{z}/{x}/{y}; empty: the sketch alone.
TILE_URL = env.text("TILE_URL")
FILES = DATA / "files"
# Bodies of requests wait here, on the disk that is watched, and are swept with it after a crash.
FILE_UPLOAD_TEMP_DIR = DATA / "arriving"
FILE_UPLOAD_TEMP_DIR.mkdir(mode=0o770, exist_ok=True)
# Megabytes: below the first no file is taken any more, below the second no visit either.
ROOM_KEPT_FREE = env.number("ROOM_KEPT_FREE_MB", 256 if DEMO else 1024) * 1024 * 1024
ROOM_FOR_VISITS = env.number("ROOM_FOR_VISITS_MB", 32 if DEMO else 128) * 1024 * 1024
# Days after which an upload without its visit is given up. A phone may be off line for two weeks.
UPLOADS_KEPT_DAYS = env.number("UPLOADS_KEPT_DAYS", 30)
# Megabytes one phone may send in a day; of them so many whose visit is not here yet; and a revoked phone.
PHOTOS_A_DAY_MB = env.number("PHOTOS_A_DAY_MB", 4096)
EARLY_PHOTOS_A_DAY_MB = env.number("EARLY_PHOTOS_A_DAY_MB", 512)
REVOKED_PHOTOS_A_DAY_MB = env.number("REVOKED_PHOTOS_A_DAY_MB", 256)
# Days after a phone was revoked or its posting ended: so long what it still holds is taken at its word, and after the
# second its token is dead (see docs/decisions/0026-whose-word-and-of-when.md).
HAND_IN_DAYS = env.number("HAND_IN_DAYS", 30)
HAND_IN_LAST_DAYS = env.number("HAND_IN_LAST_DAYS", 90)
# Families of installed faces for documents: text (仿宋), title (小标宋), heads of the first and second order (黑体、楷体).
# Empty: the free one the machine has (workflows/notices/documents/fonts.py).
PRINT_FONT = env.text("PRINT_FONT")
PRINT_TITLE_FONT = env.text("PRINT_TITLE_FONT")
PRINT_HEADING_FONT = env.text("PRINT_HEADING_FONT")
PRINT_SUBHEADING_FONT = env.text("PRINT_SUBHEADING_FONT")
# Path of what puts the office's electronic seal (workflows/notices/documents/seals.py); empty: sealed by hand.
PRINT_SEAL = env.text("PRINT_SEAL")
# Short messages go out through this address (see workflows/reminders/actions/gateways.py); empty: none leaves the house.
SMS_URL = env.text("SMS_URL")
SMS_TOKEN = env.text("SMS_TOKEN")
# Off unless somebody says so: what is asked of a map service leaves the house.
GEOCODER = env.choice("GEOCODER", "off", ("off", "file", "tianditu"))
GEOCODER_FILE = env.text("GEOCODER_FILE")
GEOCODER_KEY = env.text("GEOCODER_KEY")
GEOCODER_PER_SECOND = env.number("GEOCODER_PER_SECOND", 2)

SESSION_ENGINE = "grid.accounts.sessions"
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
        "script-src": ["'self'"],  # the phone's page may run wasm besides, see mobile_api/tiles.py
        # Older browsers do not count the live channel as 'self'.
        "connect-src": ["'self'", "ws" + ORIGIN.removeprefix("http")],
        "frame-ancestors": ["'none'"],
        "base-uri": ["'none'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
    }
}
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
# A visit from ODK Collect may bring a photo for each person of a large household, all in one request.
DATA_UPLOAD_MAX_NUMBER_FILES = 500
# A grid of some thousand households is split on one page by ticking who goes over; more is told as form-too-long.
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5_000

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"()": "project.logs.Discreet", "as_json": not DEMO}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {
        "handlers": ["console"],
        "level": env.choice("LOG_LEVEL", "WARNING" if DEMO else "INFO", LEVELS),
    },
    "loggers": {
        # Each wrong password stands in its table; in the log a botnet would bury everything else.
        "axes": {"level": "ERROR"},
        # One line a request, whatever the level of all else; a demo on somebody's own machine needs none.
        "access": {"level": "WARNING" if DEMO else "INFO"},
        # The server's own words, in the form of all others; it has set up a handler of its own by then.
        "gunicorn.error": {"handlers": ["console"], "propagate": False, "level": "INFO"},
        # Refusals stand in the line of their request; what broke has a traceback besides.
        "django.request": {"level": "WARNING" if DEMO else "ERROR"},
        # What fails is in the answer of whoever asked, every few seconds.
        "health_check": {"level": "ERROR"},
    },
}
SILENCED_SYSTEM_CHECKS = ["axes.W002", "axes.W003"]
