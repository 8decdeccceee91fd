"""Who received the policies of the fictional Larkfield Trust, and what the public found on its schools' pages through the year."""

from schoolgate.common import clock
from schoolgate.contracts.demo import Stage, event
from schoolgate.people import queries as people
from schoolgate.people.access import Scope
from schoolgate.policies import actions
from schoolgate.policies.models import ReaderReceipt, ReceiptMeans


def _as(stage: Stage, name: str) -> Scope:
    return people.scope_of(stage[name], clock.today())


@event(-339, hour=10)
def trust_policy_is_addressed(stage: Stage) -> None:
    """The trust's text is for its trustees and for every school's governors; the board had it when it approved it."""
    by = _as(stage, "trust.trust_comms")
    actions.choose_readers(policy=stage["policy.trust"], bodies=["trustees", "governors"], by=by)
    _met(stage, "policy.trust.1", None, "trustees", "Item 6", by)


@event(-330, hour=15)
def harbour_governors_have_it(stage: Stage) -> None:
    _met(stage, "policy.trust.1", "harbour", "governors", "Item 4", _as(stage, "harbour.headteacher"))


@event(-299, hour=15)
def mossbank_policy_is_addressed(stage: Stage) -> None:
    """Mossbank's own text is for its governors and the council; nobody has sent it to the council since."""
    by = _as(stage, "moss.deputy_headteacher")
    actions.choose_readers(policy=stage["policy.moss"], bodies=["governors", "council"], by=by)
    _met(stage, "policy.moss.1", "moss", "governors", "Item 3.2", by)


@event(-58, hour=16)
def trustees_have_the_second_version(stage: Stage) -> None:
    by = _as(stage, "trust.trust_comms")
    actions.record_receipt(
        version=stage["policy.trust.2"], school=None, body="trustees", means=ReceiptMeans.SENT, received_on=clock.today(), minute="",
        address="board@larkfield.example", by=by,
    )  # fmt: skip


@event(-44, hour=9)
def harbour_takes_a_wrong_receipt_back(stage: Stage) -> None:
    """The minute was of the old version, so it is taken back; the right meeting is recorded a week later."""
    by = _as(stage, "harbour.headteacher")
    wrong = _met(stage, "policy.trust.2", "harbour", "governors", "Item 2", by)
    actions.undo_receipt(receipt=wrong, reason="That minute is about the version before.", by=by)


@event(-37, hour=9)
def harbour_governors_have_the_second_version(stage: Stage) -> None:
    _met(stage, "policy.trust.2", "harbour", "governors", "Item 5", _as(stage, "harbour.headteacher"))


def _met(stage: Stage, version: str, school: str | None, body: str, minute: str, by: Scope) -> ReaderReceipt:
    return actions.record_receipt(
        version=stage[version], school=stage[school] if school else None, body=body, means=ReceiptMeans.MEETING,
        received_on=clock.today(), minute=minute, address="", by=by,
    )  # fmt: skip


@event(-334, -298, -59, -2, hour=5)
def public_copies_are_fetched(stage: Stage) -> None:
    """What the daily check does, on a few days of the year."""
    by = stage["office"]()
    actions.check_public_copies(schools=people.schools(by), today=clock.today(), by=by)
