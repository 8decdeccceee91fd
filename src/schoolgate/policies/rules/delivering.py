"""Whether a policy reached its readers: the public page and each body it is addressed to. Pure."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from schoolgate.common import clock
from schoolgate.common.deadlines import SchoolCalendar
from schoolgate.common.errors import BadInput, Denied
from schoolgate.contracts.controls import Standing
from schoolgate.people.access import Scope
from schoolgate.people.permissions import Permission
from schoolgate.policies import rules
from schoolgate.policies.models import CopyFound, PolicyVersion, PublicCheck, PublicPlace, ReaderBody, ReaderReceipt, ReceiptMeans

CONTROL = "policies.shared_with_readers"
OF_THE_TRUST = (ReaderBody.TRUSTEES, ReaderBody.REGIONAL_BOARD)
"""Bodies there is one of for all schools of a trust: one receipt for the trust's own policy serves every school that holds it."""


@dataclass(slots=True)
class Delivery:
    """A version in force at a school on a day, since when it holds there, where the public finds it, and who received it."""

    school_id: UUID
    version: PolicyVersion
    since: date
    place: PublicPlace | None = None
    checks: list[PublicCheck] = field(default_factory=list)  # of this version at this school, the last at each address
    bodies: list[str] = field(default_factory=list)
    receipts: dict[str, ReaderReceipt] = field(default_factory=dict)  # by body, the latest that counts
    calendar: SchoolCalendar = field(default_factory=SchoolCalendar)

    @property
    def public(self) -> bool:
        """On the public page from its first day, unless somebody marked it as not public and said why."""
        return self.place is None or self.place.shown

    @property
    def address(self) -> str:
        """The school's own address for it; empty where our public page is the place."""
        return self.place.address if self.place else ""

    @property
    def last_check(self) -> PublicCheck | None:
        """The last check at the place where the public finds it now."""
        return next((row for row in reversed(self.checks) if row.address == self.address), None)

    @property
    def missing(self) -> list[str]:
        """The bodies it is addressed to that have not received it."""
        return [body for body in self.bodies if body not in self.receipts]


def parameters() -> dict[str, int]:
    """The numbers of policies.shared_with_readers, as the catalogue gives them."""
    return {name: int(rules.parameter(CONTROL, name)) for name in ("page_check_days", "page_days", "receive_days")}


def title_of_body(body: str) -> str:
    return str(ReaderBody(body).label)


# ------------------------------------------------------------------ how it stands


def page_due(one: Delivery, params: Mapping[str, Any]) -> date:
    """The first day on which a missing or old public copy is broken."""
    return one.calendar.promised(one.since, int(params["page_days"]))


def page_stands(one: Delivery, on: date, params: Mapping[str, Any]) -> tuple[Standing, str]:
    """How the public copy stands on a day and why: good while the last check is fresh and found the version in force."""
    check = one.last_check
    fresh = check is not None and (on - clock.local_date(check.checked_at)).days <= int(params["page_check_days"])
    if check is not None and fresh and check.found == CopyFound.SAME:
        return Standing.GOOD, ""
    if check is None:
        why = "The copy has not been fetched and compared yet."
    elif not fresh:
        day = clock.local_date(check.checked_at)
        why = f"The copy was last fetched on {clock.in_words(day)}, too long ago."
    else:
        why = check.told
    return Standing.DUE if on < page_due(one, params) else Standing.BROKEN, why


def body_due(one: Delivery, params: Mapping[str, Any]) -> date:
    """The first day on which a missing receipt is broken."""
    return one.since + timedelta(days=int(params["receive_days"]))


def body_stands(one: Delivery, body: str, on: date, params: Mapping[str, Any]) -> tuple[Standing, str]:
    """How one body stands on a day and why: good once it received this very version."""
    if body in one.receipts:
        return Standing.GOOD, told_of(one.receipts[body])
    return Standing.DUE if on < body_due(one, params) else Standing.BROKEN, "No receipt of this version is recorded."


def told_of(receipt: ReaderReceipt) -> str:
    """A receipt in a few words: when, and the minute or the address."""
    when = clock.in_words(receipt.received_on)
    return f"Meeting of {when}, {receipt.minute}" if receipt.means == ReceiptMeans.MEETING else f"Sent on {when} to {receipt.address}"


def counting(receipts: Iterable[ReaderReceipt], school_id: UUID, on: date) -> dict[str, ReaderReceipt]:
    """The receipts that count at a school at the end of a day, the latest of each body; what undid them fetched along."""
    found: dict[str, ReaderReceipt] = {}
    for row in receipts:
        undone = getattr(row, "undone", None)
        here = row.school_id in (None, school_id) and clock.local_date(row.recorded_at) <= on
        if here and not (undone and clock.local_date(undone.undone_at) <= on):
            found[row.body] = row
    return found


# ------------------------------------------------------------------ what may be recorded


def who_acts() -> frozenset[str]:
    """The roles that see to it (catalogue, who_acts)."""
    return frozenset(rules.catalogue()[CONTROL]["who_acts"])


def check_can_deliver(scope: Scope, school_id: UUID | None, roles: Collection[str]) -> None:
    """Whoever edits policies there, and at a school those who hold one of the roles that see to it. `roles` are those held there."""
    if school_id is not None and school_id in scope.schools and who_acts() & set(roles):
        return
    where = (
        "the clerk, the office manager or somebody who edits your school's policies"
        if school_id
        else "somebody who edits the trust's policies"
    )
    scope.require(Permission.POLICY_EDIT, school_id, f"Only {where} can do this.")


def check_place(shown: bool, address: str, reason: str) -> None:
    """A policy is public, on our page or at a web address of the school's own, or it is not and somebody says why."""
    if not shown:
        rules.check_reason(reason, "why the public may not read it")
        return
    if address:
        parts = urlsplit(address)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or " " in address:
            raise BadInput("Enter a web address that begins with https:// or http://, without a user name.", "address")
        if len(address) > 500:
            raise BadInput("The address is longer than 500 letters. Give a shorter one.", "address")


def check_bodies(bodies: Iterable[str]) -> list[str]:
    """The chosen bodies in the order of the list."""
    chosen = set(bodies)
    stray = chosen - set(ReaderBody.values)
    if stray:
        raise BadInput(f"There is no body called {min(stray)}. Choose from the list.", "bodies")
    return [body for body in ReaderBody.values if body in chosen]


def check_receipt(one: PolicyVersion, body: str, told: Mapping[str, Any], bodies: Iterable[str], today: date, *, trust: bool) -> None:
    """A receipt is for a body the policy is addressed to, of a day since it was approved, with its minute or its address."""
    if body not in set(bodies):
        raise BadInput("Choose a body this policy is addressed to.", "body")
    if trust and body not in OF_THE_TRUST:
        raise BadInput("Each school records this body for itself. Choose the trustees or the regional board.", "body")
    received_on: date = told["received_on"]
    if received_on > today:
        raise BadInput("The date is in the future. Enter the day on which it was received.", "received_on")
    if one.approved_on and received_on < one.approved_on:
        raise BadInput("The date is before this version was approved. Enter the day on which this version was received.", "received_on")
    if told["means"] not in ReceiptMeans.values:
        raise BadInput("Choose whether it was before a meeting or was sent.", "means")
    if told["means"] == ReceiptMeans.MEETING and not told["minute"].strip():
        raise BadInput("Enter the minute, such as: item 7.2.", "minute")
    if told["means"] == ReceiptMeans.SENT and not told["address"].strip():
        raise BadInput("Enter the address it was sent to.", "address")


def check_can_undo(receipt: ReaderReceipt) -> None:
    if getattr(receipt, "undone", None):
        raise Denied("This receipt has been taken back already. Load the page again.")
