"""A trust's text of the usual length beside the text of each of its schools, marked in bulk. Only for measuring."""

from collections.abc import Iterable

from schoolgate.common import clock
from schoolgate.people.models import Person, School, Trust
from schoolgate.policies.models import Alignment, Clause, Lineage, Mode, ParentText, Policy, PolicyVersion, PrincipleMark, VersionState
from schoolgate.policies.rules import principles

PRINCIPLES = 75


def hold_against_the_trust(trust: Trust, answering: Iterable[PolicyVersion], heads: dict[School, Person]) -> None:
    """`answering` is the version in force of one policy of each school; nine in ten principles are marked there, one in 25 a departure."""
    now, today = clock.now(), clock.today()
    policy = Policy.objects.create(trust=trust, title="The trust's own text", created_at=now)
    parent = PolicyVersion.objects.create(
        policy=policy, number=1, state=VersionState.IN_FORCE, source_name="p", source_sha256="0" * 64, media_type="text/plain",
        fingerprint=f"{policy.id.hex}{1:032}", imported_at=now, approved_at=now, approving_body="Trustees", in_force_from=today,
    )  # fmt: skip
    rows = Clause.objects.bulk_create(
        Clause(version=parent, position=n, ref=f"1.{n}", text=f"Staff must keep rule {n} of the trust.", modality="must")
        for n in range(PRINCIPLES)
    )
    loader = next(iter(heads.values()))
    ParentText.objects.create(trust=trust, policy=policy, loaded_at=now, loaded_by=loader)
    for version in answering:
        mark_as_usual(version, parent, rows, heads[version.policy.school])  # type: ignore[index]


def mark_as_usual(version: PolicyVersion, parent: PolicyVersion, rows: list[Clause], head: Person) -> None:
    """One school's text beside the trust's: `rows` are the clauses of the trust's, `head` whoever marks."""
    now, school = clock.now(), version.policy.school
    Lineage.objects.create(
        school=school, policy=version.policy, parent=parent.policy, mode=Mode.PRINCIPLES, reason="x", recorded_at=now, recorded_by=head
    )
    verdicts = {row.ref: "looser" if n % 40 == 0 else "same" for n, row in enumerate(rows)}
    words = [(row.ref, principles.key_of(row.text)) for row in version.clauses.order_by("position")]
    PrincipleMark.objects.bulk_create(
        PrincipleMark(
            school=school, parent_version=parent, version=version, ref=row.ref, key=principles.key_of(row.text),
            passages=[dict(zip(("ref", "key"), words[n % len(words)], strict=True))], kind="departs" if n % 25 == 0 else "same",
            reason="On purpose", marked_at=now, marked_by=head,
        )
        for n, row in enumerate(rows) if n % 10
    )  # fmt: skip
    Alignment.objects.create(
        school=school, version=version, parent_version=parent, fingerprint=principles.texts_print(parent, version), engine="e",
        keys=[key for _, key in words], suggested_at=now, verdicts=verdicts,
    )  # fmt: skip
