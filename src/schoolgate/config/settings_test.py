"""Settings for the test suite: quick password hashing, mail kept in memory, one folder that can be thrown away."""

import atexit
import os
import shutil
import tempfile

if "SCHOOLGATE_HOME" not in os.environ:
    os.environ["SCHOOLGATE_HOME"] = tempfile.mkdtemp(prefix="schoolgate-test-")
    atexit.register(shutil.rmtree, os.environ["SCHOOLGATE_HOME"], ignore_errors=True)
os.makedirs(os.path.join(os.environ["SCHOOLGATE_HOME"], "static"), exist_ok=True)
os.environ.setdefault("SCHOOLGATE_SECRET_KEY", "only-for-tests-" + "0123456789" * 5)
if "TEST_DATABASE_URL" in os.environ:
    os.environ["DATABASE_URL"] = os.environ["TEST_DATABASE_URL"]

from schoolgate.config.settings import *  # noqa: E402,F403
from schoolgate.config.settings import CACHES, DATABASES, HOME  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file rather than memory: threads and separate processes must see the same records.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(os.environ["SCHOOLGATE_HOME"], "test.sqlite3")}
# Suites that run side by side must not count each other's sign-ins.
for name, cache in CACHES.items():
    if "LOCATION" in cache:
        cache["LOCATION"] = str(HOME / f"counters-{name}-{os.environ.get('PYTEST_XDIST_WORKER', 'one')}")
