"""Signatures somebody else enters: for a person who cannot sign themself, and from paper with a scan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from schoolgate.agreements import queries, rules
from schoolgate.agreements.actions.scanning import checked
from schoolgate.agreements.actions.signing import Page, keep, locked_version, open_text, put_signature
from schoolgate.agreements.models import Agreement, Means, Scan, ScanCheck, Signature
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import BadInput, Denied
from schoolgate.people.access import Scope
from schoolgate.people.models import Person
from schoolgate.people.permissions import Permission

MAY_ENTER = "Only someone who sees who has signed may enter a signature for somebody else"


@dataclass(frozen=True, slots=True)
class Paper:
    """What stands on the paper form: the name, the statements ticked, when the text was given and the form signed, and who was there.

    `understood`: the questions of the short check were asked and answered rightly before the witness.
    """

    name: str
    statements: Sequence[str]
    written_on: date
    given_on: date | None
    witness: str
    understood: bool


@transaction.atomic
def sign_on_behalf(*, agreement: Agreement, person: Person, page: Page, why: str, witness: str, by: Scope) -> Signature:
    """Enter the signature of somebody who cannot do it themself, with the reason and a witness. They agree aloud to each statement."""
    by.require(Permission.AGREEMENT_CHASE, agreement.school_id, MAY_ENTER)
    entered_by = Person.objects.get(id=by.person_id).name if by.person_id else ""
    rules.check_entry(witness=witness, why=why, own=by.person_id == person.id, entered_by=entered_by)
    open_text(agreement=agreement, person=person, by=by.actor)
    entered = {"entered_at": clock.now(), "entered_by_id": by.person_id, "witness": witness.strip(), "could_not_sign": why.strip()}
    return put_signature(agreement, person, page, Means.ON_BEHALF, scope=by, by=by.actor, **entered)


@transaction.atomic
def enter_paper(*, agreement: Agreement, person: Person, paper: Paper, scan: bytes, token: str, by: Scope) -> Signature:
    """Enter a signed paper form with its scan. What the paper lacks is stored as lacking: the signature then does not stand up.

    BadInput for a file that is no picture or PDF, or for dates that cannot be. The same page sent twice makes one signature.
    """
    by.require(Permission.AGREEMENT_CHASE, agreement.school_id, MAY_ENTER)
    if by.person_id == person.id:
        raise Denied("You sign for yourself. This page is for somebody who cannot.")
    again = queries.signature_sent(agreement.id, person.id, token)
    if again:
        return again
    evidence = checked(scan)
    locked_version(agreement.version_id)
    form = Agreement.objects.select_for_update(no_key=True).get(id=agreement.id)
    rules.check_still_current(is_open=form.open, in_force=queries.is_current(agreement), shown="", now="")
    _check_dates(agreement, paper)
    if queries.place_of(by, form, person.id, clock.today()) is None:
        raise Denied("This form does not ask that person to sign.")
    now = clock.now()
    signed_at = min(clock.at(paper.written_on, 12), now)
    signature = keep(
        form, person, Means.PAPER, name=paper.name, statements=[line for line in form.statements if line in set(paper.statements)],
        scope=by, by=by.actor, signed_at=signed_at, opened_at=clock.at(paper.given_on, 0) if paper.given_on else None,
        check_passed_at=signed_at if paper.understood and form.questions else None, check_attempts=int(paper.understood),
        fingerprint=agreement.fingerprint, entered_at=now, entered_by_id=by.person_id, witness=paper.witness.strip(), token=token,
    )  # fmt: skip
    kept = Scan.objects.create(
        school_id=form.school_id, signature=signature, media_type=evidence.media_type, content=evidence.content, sha256=evidence.sha256,
        kept_at=now,
    )  # fmt: skip
    audit.record("scan.kept", kept, trust_id=by.trust_id, school_id=form.school_id, facts={"sha256": kept.sha256}, by=by.actor)
    return signature


def _check_dates(agreement: Agreement, paper: Paper) -> None:
    if paper.written_on > clock.today():
        raise BadInput("The date on the paper lies ahead of today.", "written_on")
    if paper.written_on < agreement.since:
        raise BadInput("The paper was signed before this text could be. It belongs to an earlier version.", "written_on")
    if paper.given_on and paper.given_on > paper.written_on:
        raise BadInput("The text was given to them before they signed, not after.", "given_on")


@transaction.atomic
def look_at_scan(*, scan: Scan, holds: bool, note: str = "", by: Scope) -> ScanCheck:
    """Somebody other than whoever entered it looks at the scan and says whether it shows the signature."""
    by.require(Permission.AGREEMENT_CHASE, scan.school_id, "Only someone who sees who has signed may look at a scan")
    row = Scan.objects.select_for_update().defer("content").select_related("signature").get(id=scan.id)
    looked = ScanCheck.objects.filter(scan=row).exists()
    own = by.person_id is not None and row.signature.entered_by_id == by.person_id
    rules.check_scan_look(looked=looked, own=own, holds=holds, note=note)
    made = ScanCheck.objects.create(
        school_id=row.school_id, scan=row, holds=holds, note=note.strip(), at=clock.now(), by_person_id=by.person_id
    )
    audit.record("scan.looked_at", made, trust_id=by.trust_id, school_id=row.school_id, facts={"holds": holds}, by=by.actor)
    return made
