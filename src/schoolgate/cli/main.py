"""The console script `schoolgate`. Commands about a file alone need no database and do not wait for Django to be set up."""

import gc
import os
import sys

import django
import typer
from django.core.exceptions import ImproperlyConfigured
from django.db import DatabaseError
from django.utils.module_loading import autodiscover_modules
from typer.exceptions import Abort, TyperException

from schoolgate.cli import policy
from schoolgate.common.errors import SchoolgateError
from schoolgate.contracts import commands

FILE_ONLY = {("policy", "read"), ("policy", "check"), ("policy", "match")}
SWEEP_AFTER = 50_000
"""New objects between two searches for ones that only hold each other. A roster or a policy makes a hundred thousand that stay; at the
usual 700 the searching takes a quarter of a command's time."""
USAGE = 2  # exit code for bad usage and for what a person can put right


def application(words: list[str]) -> typer.Typer:
    """The whole command line, or only the commands about files when that is what was asked for."""
    if tuple(words[:2]) not in FILE_ONLY:
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.config.settings")
        django.setup()
        autodiscover_modules("commands")
    app = typer.Typer(help="Schoolgate: a school's own policy, with what is happening now and the records that prove it.")
    for name, group in {**commands.groups(), "policy": policy.app}.items():
        app.add_typer(group, name=name or None)
    return app


def main() -> None:
    """Run a command. What a person can put right is one sentence and exit code 2; no traceback reaches them."""
    gc.set_threshold(SWEEP_AFTER, 20, 20)
    words = sys.argv[1:]
    code = None
    try:
        asked = words if words[1:] or (words and words[0] not in commands.groups()) else [*words, "--help"]
        code = typer.main.get_command(application(words)).main(asked, prog_name="schoolgate", standalone_mode=False)
    except TyperException as error:
        refuse(f"{error.format_message()} Add --help to see what can be asked.")
    except (SchoolgateError, ImproperlyConfigured) as error:
        refuse(str(error))
    except DatabaseError as error:
        reason = str(error).splitlines()[0]
        refuse(f"The database could not be used: {reason}. Start the product once with “schoolgate serve” to make it ready.")
    except (Abort, KeyboardInterrupt):
        refuse("Stopped.")
    sys.exit(code if isinstance(code, int) else 0)


def refuse(sentence: str) -> None:
    """Say why on standard error and end."""
    typer.secho(sentence, fg="red", err=True)
    sys.exit(USAGE)
