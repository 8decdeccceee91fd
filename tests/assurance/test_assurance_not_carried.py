"""What of the catalogue this version does not carry yet. The list may only shrink, and says so when it has not."""

from schoolgate.assurance import catalogue
from schoolgate.contracts.controls import carried

AT_MOST = 105  # the length this list had when it was last shortened: never raise it

NOT_CARRIED = {
    "training": ("induction_on_time refreshers_current scenarios_passed role_courses_held briefings_reach_everyone fair_opportunity"),
    "conduct": ("self_check_done guidance_in_date guidance_read advice_answered"),
    "declarations": ("yearly_return contacts_decided exceptions_in_date departures_decided permissions_decided school_linked_profiles"),
    "channels": (
        "register_complete business_case_approved checkups_passed platforms_and_ages announced_and_listed two_keepers "
        "custody_recorded leavers_handed_over planned_life_reviewed pupil_spaces_approved"
    ),
    "publishing": (
        "screened_before_release two_known_people approver_questions_answered names_kept_off_pictures personal_details_kept_out "
        "picture_consent_matched sources_and_links_cleared confidences_kept archive_complete withdrawals_swept pages_kept_up"
    ),
    "consents": ("answers_held do_not_publish_current event_filming_decided"),
    "monitoring": (
        "watch_kept rota_filled replies_on_time complaints_moved harmful_comments_acted_on removals_justified "
        "parent_ladder_followed mentions_routed public_posts_only impostors_pursued journalists_passed_on head_looks"
    ),
    "incidents": (
        "routes_tested acknowledged_and_assessed right_people_told child_cases_same_day conflicts_excluded outside_bodies_told "
        "allegation_rules_kept illegal_image_steps illegal_image_nothing_kept evidence_sound targets_supported "
        "support_contacts_live breaches_decided contractor_breaches data_breaches_assessed takedowns_followed prejudice_acted_on "
        "low_level_log_reviewed private_posts_released"
    ),
    "devices": (
        "register_complete loans_and_pictures_back phones_put_away phone_exceptions_in_date visits_prepared "
        "contact_routes_published messages_reviewable software_approved pupil_phones_stored"
    ),
    "webfilter": ("weekly_report_read rows_decided filter_tested yearly_review staff_use_fairly_read"),
    "education": ("topics_taught activities_planned parent_programme_run pages_and_links_current notices_to_families"),
    "assurance": (
        "reports_delivered governor_visits head_review equality_assessment equality_actions board_statement working_together "
        "surveys_run effectiveness_endorsed recommendations_tracked restore_drill"
    ),
    "data_protection": ("monitoring_register mailbox_access_authorised retention_applied requests_on_time"),
}
LISTED = {f"{package}.{name}" for package, names in NOT_CARRIED.items() for name in names.split()}


def test_the_list_names_controls_of_the_catalogue():
    assert set(catalogue.controls()) >= LISTED


def test_a_control_that_is_carried_now_is_taken_off_the_list():
    assert sorted(LISTED & set(carried())) == [], "these are carried now: take them off the list and lower AT_MOST"


def test_a_control_neither_carried_nor_listed_was_lost():
    assert sorted(set(catalogue.controls()) - set(carried()) - LISTED) == [], "these were carried and are not any more"


def test_the_list_only_shrinks():
    assert len(LISTED) == AT_MOST, "lower AT_MOST with every control taken off the list, and never raise it"
