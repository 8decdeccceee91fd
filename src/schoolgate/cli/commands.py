"""Running the product: serve, work, demo."""

import os
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path
from types import FrameType

import typer
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from rich.console import Console
from rich.progress import Progress

from schoolgate.cli.telling import tell
from schoolgate.cli.work import work as work_until
from schoolgate.common import clock
from schoolgate.common.errors import BadInput
from schoolgate.contracts.commands import group
from schoolgate.people.demo import DEMO_PASSWORD

app = group("")
say = Console(stderr=True, soft_wrap=True)

MADE_ON = "demo_made_on"


def make_ready() -> None:
    """Bring the database and the static files up to this version."""
    settings.HOME.mkdir(parents=True, exist_ok=True)
    call_command("migrate", verbosity=0, interactive=False)
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if not manifest.exists() or manifest.stat().st_mtime < _newest_static_file():
        call_command("collectstatic", verbosity=0, interactive=False)


def _newest_static_file() -> float:
    files = (Path(store.path(name)) for finder in get_finders() for name, store in finder.list(None))
    return max(file.stat().st_mtime for file in files)


@app.command()
def serve(
    port: int = typer.Option(8000, help="Port to answer on"),
    host: str = typer.Option("127.0.0.1", help="Address to answer on"),
    workers: int = typer.Option(2, help="Web processes"),
) -> None:
    """Serve the pages. Run `schoolgate work` beside it."""
    check_port_is_free(host, port)
    make_ready()
    start_web(host, port, workers)


def check_port_is_free(host: str, port: int) -> None:
    """Two web servers can share one port without a word, and a visitor would meet either: so somebody must look first."""
    with socket.socket() as probe:
        if probe.connect_ex(("127.0.0.1" if host == "0.0.0.0" else host, port)) == 0:  # noqa: S104
            raise BadInput(f"Port {port} is in use. Stop what runs there, or choose another with --port (make run PORT={port + 1}).")


def start_web(host: str, port: int, workers: int) -> None:
    """Granian serving WSGI: measured best of the servers tried (docs/dependencies.md). Blocks until told to stop."""
    # Four threads a process: enough to write to one person while another's page is drawn, without a queue at the database.
    Granian(
        "schoolgate.config.wsgi:application", address=host, port=port, interface=Interfaces.WSGI,
        workers=workers, blocking_threads=4, log_level=LogLevels.warning,
        workers_kill_timeout=10,  # one told to stop while it was still starting would never hear it
    ).serve()  # fmt: skip


@app.command()
def work() -> None:
    """Run what is due and what was put off: readings, messages, checks. Safe to run twice."""
    stop = threading.Event()

    def told(number: int, frame: FrameType | None) -> None:
        stop.set()

    signal.signal(signal.SIGTERM, told)
    signal.signal(signal.SIGINT, told)
    call_command("migrate", verbosity=0, interactive=False)
    work_until(stop)


@app.command()
def demo(
    port: int = typer.Option(8000, help="Port to answer on"),
    no_serve: bool = typer.Option(False, "--no-serve", help="Make the records only"),
) -> None:
    """Make a fictional trust of three schools with a year of records, and serve it."""
    home = Path(os.environ.get("SCHOOLGATE_DEMO_HOME", "var/demo")).resolve()
    if home != settings.HOME or not settings.DEMO:
        # The settings were read before this command was chosen: start again as the demo, with its own folder.
        _start_again_as_demo(home, port)
    if not no_serve:
        check_port_is_free("127.0.0.1", port)
    make_demo()
    if not no_serve:
        _serve_with_worker(port)


def _start_again_as_demo(home: Path, port: int) -> None:
    base = f"http://127.0.0.1:{port}"
    records = {"SCHOOLGATE_HOME": str(home), "DATABASE_URL": f"sqlite:///{home / 'schoolgate.sqlite3'}"}
    demo_settings = {**records, "SCHOOLGATE_DEMO": "yes", "SCHOOLGATE_URL": base}
    mail = {"SCHOOLGATE_EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "SCHOOLGATE_EMAIL_FOLDER": str(home / "mail")}
    os.execve(sys.executable, [sys.executable, "-m", "schoolgate.cli", *sys.argv[1:]], {**os.environ, **demo_settings, **mail})  # noqa: S606


def make_demo() -> None:
    """Make the demo records unless this morning's are there. The year ends today, so another day's records are made anew."""
    made_on = settings.HOME / MADE_ON
    check_only_a_demo_is_there(made_on)
    if made_on.exists() and made_on.read_text() == clock.today().isoformat():
        make_ready()
    else:
        settings.HOME.mkdir(parents=True, exist_ok=True)
        made_on.write_text("being made")  # before the records: what an interrupted telling leaves may be thrown away
        for old in settings.HOME.glob("schoolgate.sqlite3*"):
            old.unlink()
        make_ready()
        with Progress(console=say, transient=True) as bar:
            telling = bar.add_task("Making a year of records")
            stage = tell(clock.today(), lambda done, total: bar.update(telling, completed=done, total=total))
        write_sign_ins(stage["sign_ins"], DEMO_PASSWORD)
        made_on.write_text(clock.today().isoformat())
    print_sign_ins()


def check_only_a_demo_is_there(made_on: Path) -> None:
    """The demo throws its old records away: never a school's own, should its folder have been named by mistake."""
    if not made_on.exists() and any(settings.HOME.glob("schoolgate.sqlite3*")):
        raise BadInput(f"{settings.HOME} holds records that no demo made. Name an empty folder in SCHOOLGATE_DEMO_HOME.")


def write_sign_ins(sign_ins: list[tuple[str, str]], password: str) -> None:
    """Keep the list of demo sign-ins beside the demo database, so that a second start can print it too."""
    lines = [f"{role}\t{email}\t{password}" for role, email in sign_ins]
    (settings.HOME / "sign_ins.tsv").write_text("\n".join(lines))


def print_sign_ins() -> None:
    """The address, and one sign-in per role, whole on a narrow screen."""
    rows = [line.split("\t") for line in (settings.HOME / "sign_ins.tsv").read_text().splitlines()]
    wide = max(len(email) for _, email, _ in rows)
    typer.echo(f"Schoolgate demo: {settings.BASE_URL}\nPassword for everyone: {rows[0][2]}")
    for role, email, _ in rows:
        typer.echo(f"  {email:{wide}}  {role}")


def _serve_with_worker(port: int) -> None:
    worker = subprocess.Popen([sys.executable, "-m", "schoolgate.cli", "work"])
    try:
        start_web("127.0.0.1", port, 2)
    finally:
        worker.terminate()
        try:
            worker.wait(20)
        except subprocess.TimeoutExpired:
            worker.kill()  # what it was doing is undone by the database and done again next time
