"""The signatures in force at a school with everything that shows whether they stand up."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from schoolgate.agreements.models import Agreement, Scan, ScanCheck, Signature
from schoolgate.agreements.queries.places import known_by
from schoolgate.agreements.queries.published import Asked, end_of
from schoolgate.agreements.rules import Signed
from schoolgate.people import queries as people
from schoolgate.people.access import Scope


def proofs(scope: Scope, school_id: UUID, asked: Sequence[Asked], on: date) -> list[tuple[Signature, Signed]]:
    """The latest signature of each adult on the register on each of these forms, oldest first: five queries.

    Names on the register are those stored with the signature; the few signatures older than that take today's.
    """
    subject_of = {form_id: one.form.subject for one in asked for form_id in one.stands}
    here = set(people.covered_adults(scope, school_id, on).values_list("person_id", flat=True))
    rows = Signature.objects.filter(known_by(on), school_id=school_id, agreement_id__in=subject_of)
    latest: dict[tuple[UUID, str], Signature] = {}
    for one in rows.select_related("person").order_by("signed_at"):
        if one.person_id in here:
            latest[one.person_id, subject_of[one.agreement_id]] = one
    looked = ScanCheck.objects.filter(school_id=school_id, at__lt=end_of(on)).values_list("scan__signature_id", "holds")
    held, scanned = dict(looked), set(Scan.objects.filter(school_id=school_id).values_list("signature_id", flat=True))
    # A few forms stand behind many signatures: fetched once each, and not along with every row.
    forms = {one.id: one for one in Agreement.objects.filter(id__in=subject_of).select_related("version")}
    return [(one, _signed(one, forms[one.agreement_id], one.id in scanned, held.get(one.id))) for one in latest.values()]


def _signed(one: Signature, form: Agreement, scanned: bool, scan_held: bool | None) -> Signed:
    version = form.version
    return Signed(
        name=one.name_signed, register_name=one.register_name or one.person.name, role=one.role_that_day, means=one.means,
        opened_at=one.opened_at, signed_at=one.signed_at, entered_at=one.entered_at, entered_by_somebody=one.entered_by_id is not None,
        witness=one.witness, check_passed_at=one.check_passed_at, questions=len(form.questions), fingerprint=one.fingerprint,
        wording=version.fingerprint if version else "", statements=one.statements, asked=form.statements,
        one_by_one=form.one_by_one, scanned=scanned, scan_held=scan_held,
    )  # fmt: skip
