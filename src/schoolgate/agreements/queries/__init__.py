"""Questions about forms, signatures and starts. Each answers with a constant number of queries, however many people there are."""

from schoolgate.agreements.queries.own_sheets import (
    PrivateRules,
    fingerprints_signed,
    open_sheet_form,
    private_rules,
    same_sheet_since,
    sheet_is_stale,
)
from schoolgate.agreements.queries.places import (
    Place,
    Rows,
    Tally,
    ToSign,
    joined,
    known_by,
    owing,
    place_of,
    places,
    places_for,
    roles_held,
    rows,
    tallies,
    to_sign,
)
from schoolgate.agreements.queries.proofs import proofs
from schoolgate.agreements.queries.published import (
    Asked,
    Changed,
    asked_at,
    changes_since,
    end_of,
    form,
    form_now,
    former_form,
    forms_published,
    is_current,
    params,
    sections,
    terms,
    unpublished,
)
from schoolgate.agreements.queries.single import (
    attempts,
    heads,
    is_head,
    last_opening,
    left_unsigned,
    link,
    open_refusal,
    refusal,
    refusals_to_answer,
    role_that_day,
    said_by,
    scan,
    scans_to_check,
    signature,
    signature_sent,
    signatures,
    without_sign_in,
)
from schoolgate.agreements.queries.starting import Starter, expected, firm_spoken_for, numbers, starters, starting, starts_unaccepted

__all__ = [
    "Asked", "Changed", "Place", "PrivateRules", "Rows", "Starter", "Tally", "ToSign", "asked_at", "attempts", "changes_since", "end_of",
    "expected", "fingerprints_signed", "firm_spoken_for", "form", "form_now", "former_form", "forms_published", "heads", "is_current",
    "is_head", "joined", "known_by", "last_opening", "left_unsigned", "link", "numbers", "open_refusal", "open_sheet_form", "owing",
    "params", "place_of", "places", "places_for", "private_rules", "proofs", "refusal", "refusals_to_answer", "role_that_day",
    "roles_held", "rows", "said_by", "same_sheet_since", "scan", "scans_to_check", "sections", "sheet_is_stale", "signature",
    "signature_sent", "signatures", "starters", "starting", "starts_unaccepted", "tallies", "terms", "to_sign", "unpublished",
    "without_sign_in",
]  # fmt: skip
