"""What assurance proves about itself: that exceptions end, and that the checks are running."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.urls import reverse

from schoolgate.assurance import catalogue, queries, rules
from schoolgate.assurance.models import AcceptedException, NotApplicable, Reading
from schoolgate.common import clock
from schoolgate.common import queries as running
from schoolgate.common.workingdays import add_days
from schoolgate.contracts.controls import Count, Item, Question, Standing, carried, control
from schoolgate.contracts.jobs import Job, jobs
from schoolgate.notify import rules as notify
from schoolgate.notify.models import Message
from schoolgate.people.access import process_scope
from schoolgate.policies import queries as policies

NIGHTLY = "nightly readings"
MESSAGE_WINDOW = timedelta(days=7)
NONE_IN_FORCE = "No exception is in force and nothing is recorded as not applicable."


# ------------------------------------------------------------------ assurance.exceptions_in_date


@control("assurance.exceptions_in_date")
def exceptions_in_date(q: Question) -> Count:
    """Accepted exceptions and not-applicable records in force: reason, owner still in post, another approver, an end in time."""
    scope = process_scope("readings", q.trust_id, [q.school_id])
    rows = queries.kept_beside(scope, q.school_id, q.on)
    here = queries.in_post(scope, [row.owner_id for row in rows], q.school_id, q.on)
    read = queries.has_readings(scope, q.school_id)
    items = [_kept_item(row, row.owner_id in here, q) for row in rows]
    return Count(items, silent="No control has been read yet.", nil_stands=NONE_IN_FORCE if read else "", window=f"on {q.on:%d %B %Y}")


def _kept_item(row: AcceptedException | NotApplicable, owner_here: bool, q: Question) -> Item:
    entry = catalogue.controls().get(row.control)
    kind = "Exception on" if isinstance(row, AcceptedException) else "Not applicable:"
    faults = _faults(row, owner_here, q)
    near = row.ends_on - timedelta(days=q.params["remind_days"]) <= q.on
    standing = Standing.BROKEN if faults else Standing.LAPSING if near else Standing.GOOD
    why = "; ".join(faults) or (f"Ends on {clock.in_words(row.ends_on)}")
    return Item(
        f"{kind} “{entry.title if entry else row.control}”", standing, why=why, due_on=row.ends_on,
        url=reverse("assurance:control", args=[q.school_id, row.control]),
    )  # fmt: skip


def _faults(row: AcceptedException | NotApplicable, owner_here: bool, q: Question) -> list[str]:
    latest = add_days(clock.local_date(row.recorded_at), q.params["max_months"], "months")
    found = {
        f"Ended on {clock.in_words(row.ends_on)} and nobody has decided again": row.ends_on < q.on,
        "Its owner has left": not owner_here,
        "Owner and approver are the same person": row.owner_id == row.approver_id,
        "No reason is given": not row.reason.strip(),
        f"Runs longer than {rules.months(q.params['max_months'])}": row.ends_on > latest,
    }
    return [fault for fault, true in found.items() if true]


# ------------------------------------------------------------------ assurance.system_alive


@control("assurance.system_alive")
def system_alive(q: Question) -> Count:
    """Controls switched on here were read, jobs ran, and messages of the last seven days got through."""
    scope = process_scope("readings", q.trust_id, [q.school_id])
    moment = min(clock.now(), clock.at(q.on + timedelta(days=1), 0))
    runs = running.last_good_runs()
    if NIGHTLY not in runs:
        return Count(silent=catalogue.controls()["assurance.system_alive"].no_data)
    on = policies.switched_on(scope, q.school_id)
    readings = queries.last_read(scope, q.school_id, moment)
    read = {ref: readings.get(ref) for ref in on if ref in carried()}
    oldest = min((reading.taken_at for reading in read.values() if reading), default=None)
    items = [
        *(_reading_item(ref, reading, on[ref], q, moment) for ref, reading in read.items()),
        *(_job_item(job, runs.get(job.name), queries.first_job_start(), moment) for job in jobs().values()),
        *_message_items(queries.messages_since(scope, q.school_id, moment - MESSAGE_WINDOW), q, moment),
    ]
    measured = {"oldest_reading": oldest.isoformat() if oldest else None, "not_carried": sorted(ref for ref in on if ref not in carried())}
    return Count(items, window="7 days up to the reading date", measured=measured)


def _reading_item(ref: str, reading: Reading | None, switched_on: date, q: Question, moment: datetime) -> Item:
    """One switched-on control: when it was last read, and whether it ran at all then."""
    stale = timedelta(hours=q.params["stale_hours"])
    label = f"Reading of “{catalogue.controls()[ref].title}”"
    url = reverse("assurance:control", args=[q.school_id, ref])
    if reading is not None and reading.measured.get("error"):
        return Item(label, Standing.BROKEN, why="The check failed to run", url=url)
    since = reading.taken_at if reading else clock.at(switched_on, 0)
    age = moment - since
    if reading is not None and age <= stale:
        return Item(label, Standing.GOOD, why=f"Read {_when(since)}", url=url)
    why = f"Last read {_when(since)}" if reading else "Never read"
    return Item(label, Standing.DUE if age <= 2 * stale else Standing.BROKEN, why=why, url=url)


def _job_item(job: Job, last: datetime | None, first_start: datetime | None, moment: datetime) -> Item:
    """One background job: it must have run well inside twice its interval; one never run is dead once it has had that long."""
    label = f"Background job “{job.name}”"
    if last is not None:
        alive = moment - last <= 2 * job.every
        return Item(label, Standing.GOOD if alive else Standing.BROKEN, why=f"Last ran well {_when(last)}")
    waiting = first_start is not None and moment - first_start <= 2 * job.every
    return Item(label, Standing.DUE if waiting else Standing.BROKEN, why="Has never run well")


def _message_items(messages: Iterable[Message], q: Question, moment: datetime) -> list[Item]:
    """Each occasion is one message, however many ways it went. One not tried yet and not late is not judged yet."""
    ways: dict[str, dict[str, Message]] = {}
    for message in messages:
        ways.setdefault(message.once.rpartition(":")[0], {})[message.by] = message
    items = (_message_item(way, q, moment) for way in ways.values())
    return [item for item in items if item is not None]


def _message_item(way: dict[str, Message], q: Question, moment: datetime) -> Item | None:
    screen, mail = way.get(Message.By.SCREEN), way.get(Message.By.EMAIL)
    any_way = mail or screen
    if any_way is None:
        return None
    label = f"Message “{notify.TEMPLATES[any_way.template].title}” of {_when(any_way.queued_at)}"
    if mail is None or mail.sent_at or (screen is not None and screen.read_at):
        return Item(label, Standing.GOOD, why="Taken by the mail service" if mail and mail.sent_at else "Shown on screen")
    if mail.failed_at:
        return Item(label, Standing.BROKEN, why="The mail service refused it for good and it was not read on screen")
    age = moment - mail.queued_at
    if mail.tries == 0 and age <= notify.LATE:
        return None
    late = age > timedelta(hours=q.params["retry_hours"])
    return Item(label, Standing.BROKEN if late else Standing.DUE, why=f"Not yet taken by the mail service after {mail.tries} tries")


def _when(moment: datetime) -> str:
    local = moment.astimezone(clock.ZONE)
    return f"{local.day} {local:%B %Y at %H:%M}"
