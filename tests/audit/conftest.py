"""What the audit tests share."""

from uuid import UUID, uuid4

import pytest
from audit_lift import let_flush_pass

from schoolgate.audit import actions, rules
from schoolgate.audit.rules import Draft, Subject
from schoolgate.common.actors import Actor

let_flush_pass()


@pytest.fixture
def by() -> Actor:
    return Actor("person", "5f0c", "headteacher", "192.0.2.7")


@pytest.fixture
def trust_id() -> UUID:
    return uuid4()


@pytest.fixture
def key_file(tmp_path, settings):
    """A place of this test's own for the signing key."""
    settings.AUDIT_KEY_FILE = tmp_path / "keys" / "audit_key"
    return settings.AUDIT_KEY_FILE


@pytest.fixture
def recorded(db, by):
    """`recorded(trust_id, 20)` puts twenty entries into a chain."""

    def record(trust: UUID, count: int, school_id: UUID | None = None) -> None:
        subjects = (Subject("policies.policy", str(n), f"policy {n}") for n in range(count))
        drafts = (Draft("policy.approved", subject, by, school_id, "agreed — by the board", {"version": 3}) for subject in subjects)
        assert actions.record_many(drafts, trust_id=trust) == count

    return record


@pytest.fixture
def one_draft(by) -> Draft:
    return Draft("policy.approved", rules.Subject("policies.policy", "7", "policy 7"), by)
