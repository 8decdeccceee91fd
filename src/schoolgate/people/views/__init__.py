"""The pages about people. Each turns one request into one question or one change."""

from schoolgate.people.views.calendar import calendar, day_close, day_open, term_add, term_drop
from schoolgate.people.views.leavers import leaver, leaver_answer, leaver_list, leaver_send
from schoolgate.people.views.movements import movements, movements_csv, movements_trust
from schoolgate.people.views.persons import add, away, end_place, mark_absent, me, mend, person, sign_in
from schoolgate.people.views.pupils import guardian_limit, protect, pupil, pupil_end, pupil_list
from schoolgate.people.views.roles import accept, appoint, delegate, end_role, minute, required, role_list, write_duties
from schoolgate.people.views.rosters import roster_drop, roster_import, roster_preview, roster_take
from schoolgate.people.views.schools import confirm_category, explain, identity, register, school, school_list, trail

__all__ = [
    "accept",
    "add",
    "appoint",
    "away",
    "calendar",
    "confirm_category",
    "day_close",
    "day_open",
    "delegate",
    "end_place",
    "end_role",
    "explain",
    "guardian_limit",
    "identity",
    "leaver",
    "leaver_answer",
    "leaver_list",
    "leaver_send",
    "mark_absent",
    "me",
    "mend",
    "minute",
    "movements",
    "movements_csv",
    "movements_trust",
    "person",
    "protect",
    "pupil",
    "pupil_end",
    "pupil_list",
    "register",
    "required",
    "role_list",
    "roster_drop",
    "roster_import",
    "roster_preview",
    "roster_take",
    "school",
    "school_list",
    "sign_in",
    "term_add",
    "term_drop",
    "trail",
    "write_duties",
]
