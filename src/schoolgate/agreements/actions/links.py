"""One-time links: for one person, or a sheet of them to print."""

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction

from schoolgate.agreements import queries, rules
from schoolgate.agreements.models import Agreement, SigningLink
from schoolgate.audit import actions as audit
from schoolgate.common import clock
from schoolgate.common.errors import Denied
from schoolgate.people.access import Scope, process_scope
from schoolgate.people.models import Person
from schoolgate.people.permissions import Permission
from schoolgate.ui.dates import moment

MOST_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class MadeLink:
    """A new one-time link and its key, which is shown once and kept nowhere."""

    link: SigningLink
    key: str


@transaction.atomic
def make_link(*, agreement: Agreement, person: Person, by: Scope) -> MadeLink:
    """A link with which one person without a sign-in reads and signs this form, once. The key is shown now and never again."""
    _check(agreement, by)
    if queries.place_of(by, agreement, person.id, clock.today()) is None:
        raise Denied("This form does not ask that person to sign.")
    return _made(agreement, person, by)


@transaction.atomic
def make_links(*, agreement: Agreement, by: Scope) -> list[MadeLink]:
    """A link for everybody who has not signed this form and has no sign-in, to be printed on one sheet and cut apart."""
    _check(agreement, by)
    owing = [place.person for place in queries.owing(queries.places_for(by, agreement, clock.today()))]
    without = queries.without_sign_in([person.id for person in owing])
    wanted = [person for person in owing if person.id in without]
    if not wanted:
        raise Denied("Everybody who has still to sign has a sign-in. Remind them instead, or make a link for one person.")
    if len(wanted) > MOST_AT_ONCE:
        raise Denied(f"{len(wanted)} people would need a link; one sheet holds {MOST_AT_ONCE}. Make links one by one, or give sign-ins.")
    return [_made(agreement, person, by) for person in wanted]


def _check(agreement: Agreement, by: Scope) -> None:
    by.require(Permission.AGREEMENT_CHASE, agreement.school_id, "Only someone who sees who has signed may make a link")
    if not agreement.open:
        raise Denied("A newer form has taken this one's place. Make the link for that one.")


def _made(agreement: Agreement, person: Person, by: Scope) -> MadeLink:
    key = "".join(secrets.choice(rules.KEY_ALPHABET) for _ in range(rules.KEY_LENGTH))
    now = clock.now()
    link = SigningLink.objects.create(
        school_id=agreement.school_id, agreement=agreement, person=person, token_hash=rules.key_hash(key),
        made_at=now, ends_at=now + timedelta(days=rules.LINK_DAYS),
    )  # fmt: skip
    audit.record("signing_link.made", link, trust_id=by.trust_id, school_id=agreement.school_id, by=by.actor)
    return MadeLink(link, rules.key_in_groups(key))


def check_link(link: SigningLink) -> None:
    """Denied when a link was used or is too old; says when, and what to do."""
    used = moment(link.used_at) if link.used_at else ""
    rules.check_link(used_at=link.used_at, ended=link.ends_at <= clock.now(), used_words=used)


def link_scope(link: SigningLink) -> Scope:
    """What reading by a link can reach: the one school of its form."""
    return process_scope("signing link", link.person.trust_id, [link.school_id])
