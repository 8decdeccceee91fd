"""What changes about people: trusts and schools open, persons join, take roles, are set aside and leave."""

from schoolgate.people.actions.calendar import add_term, close_day, drop_term, open_day
from schoolgate.people.actions.families import end_pupil, hold_guardianships, import_trust_roster, limit_guardian, mark_looked_after
from schoolgate.people.actions.letters import answer_leaver_letter, send_leaver_letter
from schoolgate.people.actions.opening import Head, NewSchool, set_up_school
from schoolgate.people.actions.places import (
    add_person,
    confirm_register,
    end_engagement,
    engage,
    found_trust,
    join,
    mark_absent,
    mend_place,
    open_school,
    set_aside,
)
from schoolgate.people.actions.roles import (
    accept_duties,
    appoint,
    confirm_roles,
    end_appointment,
    record_delegation,
    record_minute,
    write_duties,
)
from schoolgate.people.actions.roster import drop_upload, forget_uploads, import_roster, keep_upload
from schoolgate.people.actions.sign_ins import give_sign_in, record_identity_second_step

__all__ = [
    "Head",
    "NewSchool",
    "accept_duties",
    "add_person",
    "add_term",
    "answer_leaver_letter",
    "appoint",
    "close_day",
    "confirm_register",
    "confirm_roles",
    "drop_term",
    "drop_upload",
    "end_appointment",
    "end_engagement",
    "end_pupil",
    "engage",
    "forget_uploads",
    "found_trust",
    "give_sign_in",
    "hold_guardianships",
    "import_roster",
    "import_trust_roster",
    "join",
    "keep_upload",
    "limit_guardian",
    "mark_absent",
    "mark_looked_after",
    "mend_place",
    "open_day",
    "open_school",
    "record_delegation",
    "record_identity_second_step",
    "record_minute",
    "send_leaver_letter",
    "set_aside",
    "set_up_school",
    "write_duties",
]
