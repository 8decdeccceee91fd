"""The web server's way in."""

import gc
import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.config.settings")
application = get_wsgi_application()
resolve("/healthz")  # loads every address now: a mistake in one stops the start, and the first visitor need not wait

# What was loaded at the start lives as long as the process: the collector need not walk it in the middle of a page.
gc.collect()
gc.freeze()
