"""The console script `schoolgate`. Commands about a file alone need no database and do not wait for Django."""

import os
import sys

import django
import typer
from django.core.exceptions import ImproperlyConfigured
from django.utils.module_loading import autodiscover_modules
from rich.console import Console

from schoolgate.cli import policy
from schoolgate.common.errors import SchoolgateError
from schoolgate.contracts import commands

FILE_ONLY = {("policy", "read"), ("policy", "check"), ("policy", "match"), ("policy", "align")}


def application(words: list[str]) -> typer.Typer:
    """The whole command line, or only the commands about files when that is what was asked for."""
    if tuple(words[:2]) not in FILE_ONLY:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.config.settings")
        django.setup()
        autodiscover_modules("commands")
    app = commands.group("", "Schoolgate: a school's own policy, with what is happening now and the records that prove it.")
    for name, group in commands.groups().items():
        if name:
            app.add_typer(group, name=name)
    app.pretty_exceptions_enable = False
    return app


def main() -> None:
    """Run a command. What a person can put right is one sentence and exit code 2; no traceback reaches them."""
    try:
        application(sys.argv[1:])()
    except (SchoolgateError, ImproperlyConfigured) as error:
        Console(stderr=True, soft_wrap=True).print(str(error), style="red", markup=False)
        sys.exit(2)
