"""Policies as schools put them on their websites: menus around them, headings without marks, flat lists, covers in single lines."""

import pytest

from schoolgate.policytext import match
from schoolgate.policytext.matching.audience import audience
from schoolgate.policytext.outline.wording import actors, modality

BODY = "\n\nPupils must hand in their phones at the office before the first lesson of the day.\n"


@pytest.mark.parametrize(
    "line",
    [
        "Skip to content ↓",
        "Google Translate",
        "Close Window",
        "Click here to download our tablet policy as a PDF",
        "Cookie policy  Privacy policy",
        "Posted on",
        "Class blogs uses cookies to make your visit nicer. By closing this message you agree to them all.",
        "Life at Hazel Grove Life at Hazel Grove Life at Hazel Grove",
    ],
)
def test_what_a_website_puts_around_a_policy_is_set_aside(text, line):
    document = text(f"{line}\n\nTablet Policy{BODY}")
    assert [aside.text for aside in document.asides if aside.kind == "furniture"] == [line]
    assert [clause.path for clause in document.clauses] == [("Tablet Policy",)]


@pytest.mark.parametrize(
    "rule",
    [
        "Download apps only from the school's own store.",
        "Close this window before anyone else sits down at the tablet.",
        "Click here to report a worry, at any hour of the day.",
        "Pictures are posted on the school's page by the office.",
        "Print the list of tablets every Friday",
        "No phones. No phones in class.",
        "PHONES ARE NOT ALLOWED IN THE CHANGING ROOMS",
        "01: staff lock the tablets away",
    ],
)
def test_a_rule_that_looks_like_part_of_a_website_is_kept(text, rule):
    document = text(f"Tablet Policy\n\n{rule}{BODY}")
    said = [clause.text for clause in document.clauses] + [line for clause in document.clauses for line in clause.path]
    assert rule in said
    assert not [aside for aside in document.asides if aside.kind not in ("heading",)]


@pytest.mark.parametrize("line", ["June 2016", "12", "1.0", "25/01/2020", "Review period", "Version Number"])
def test_a_line_that_only_holds_a_day_or_a_number_is_no_clause(text, line):
    document = text(f"Tablet Policy\n\n{line}{BODY}")
    assert [(clause.path, clause.text[:6]) for clause in document.clauses] == [(("Tablet Policy",), "Pupils")]


def test_a_lead_in_that_ends_in_a_dash_is_no_heading(text):
    document = text("Tablet Policy\n\nPrivacy\n\nWe will not –\n\n  • film pupils at lunch\n  • sell pictures of pupils\n")
    assert [(clause.path, clause.modality) for clause in document.clauses] == [(("Privacy", "We will not –"), "must_not")] * 2


def test_a_short_line_with_a_colon_over_paragraphs_heads_them_all(text):
    document = text(
        "Tablet Policy\n\nOur expectations:\n\n"
        "Parents are expected to charge the tablet every night, so that it lasts until the end of the day.\n\n"
        "Parents return the tablet when their child leaves the school or moves to another class, with its lead.\n"
    )
    assert {clause.path for clause in document.clauses} == {("Our expectations",)}


def test_a_lead_in_with_a_colon_over_one_paragraph_stays_one(text):
    document = text(
        "Tablet Policy\n\nFor example:\n\n"
        "A pupil who forgets the charger may borrow one from the library for the length of one lesson and no more.\n"
    )
    assert document.clauses[0].path == ("Tablet Policy", "For example:")


def test_a_numbered_rule_with_a_bullet_below_is_a_rule(text):
    document = text(
        "Tablet Policy\n\nOversight\n\n1. Lessons will only be filmed with the school camera\n\n- It was approved by the head.\n"
    )
    assert "Lessons will only be filmed with the school camera" in [clause.text for clause in document.clauses]
    assert {clause.path[0] for clause in document.clauses} == {"Oversight"}


def test_a_ban_in_the_middle_of_a_flat_list_stays_a_ban(text):
    document = text(
        "Tablet Policy\n\nStaff are encouraged to ensure the following:\n\n- Leave the door open.\n"
        "- Staff should not engage in the following:\n- Private chats\n- Lending money\n- Passwords are changed every term.\n"
    )
    told = {clause.text: (clause.path[-1], clause.modality) for clause in document.clauses}
    assert told["Private chats"] == told["Lending money"] == ("Staff should not engage in the following:", "should_not")
    assert told["Passwords are changed every term."] == ("Staff are encouraged to ensure the following:", "should")


def test_the_rest_of_a_broken_off_bullet_belongs_to_it(text):
    document = text("Tablet Policy\n\nWe find out by:\n\n- Logs of faults\n- Surveys of\n- pupils\n- parents\n- Visits by governors\n")
    assert [clause.path[-1] for clause in document.clauses if clause.text in ("pupils", "parents")] == ["Surveys of"] * 2
    assert document.clauses[-1].path[-1] == "We find out by:"


def test_the_line_that_is_the_title_is_no_clause(text):
    title = "Fernhill School and the Friends of Fernhill School: a policy for pages, groups and feeds"
    document = text(f"{title}\n\n1. Use\n\n1.1 Staff must ask the office before they open a page.\n")
    assert document.title == title
    assert [clause.text for clause in document.clauses] == ["Staff must ask the office before they open a page."]


@pytest.mark.parametrize(
    "cover",
    ["Rowan Ashby (Head Teacher)", "Policies", "Signed, chair of governors:\n\nRowan Ashby", "Development / Review of this policy"],
)
def test_a_person_or_a_page_of_policies_is_no_title(text, cover):
    assert text(f"{cover}{BODY}").title is None


@pytest.mark.parametrize(
    ("words", "fact", "value"),
    [
        ("The following review is due by April 2023", "review_on", "2023-04"),
        ("This tablet policy was approved by the Governing Body / Sub Committee on: 21/10/2015", "approved_on", "2015-10-21"),
        ("Policy on the use of the Internet in Larkrise Primary School", "organisation", "Larkrise Primary School"),
        ("At Larkrise Nursery School, photographs must only be taken with the school's camera.", "organisation", "Larkrise Nursery School"),
    ],
)
def test_facts_stand_in_many_places(text, words, fact, value):
    assert getattr(text(f"Tablet Policy\n\n{words}{BODY}"), fact) == value


@pytest.mark.parametrize(
    ("words", "force"),
    [
        ("Do not take part in anything which might harm the school.", "must_not"),
        ("No pupil may bring a drone.", "must_not"),
        ("No pupil should bring a drone.", "should_not"),
        ("No drones are to be flown.", "must_not"),
        ("No lending of drones", "must_not"),
        ("On no account are drones to be flown.", "must_not"),
        ("It is never appropriate to film a fire drill.", "must_not"),
        ("“Don’t fly it over people”", "must_not"),
        ("We do not publish the names of pilots.", "must_not"),
        ("We never lend the drone.", "must_not"),
        ("We do not believe that drones are toys.", "declares"),
        ("We ask that parents do not fly drones.", "should_not"),
        ("We would ask parents to label the case.", "should"),
        ("If it falls, please tell the office.", "should"),
        ("It is advisable to label the case.", "should"),
        ("Staff will not be expected to lend their own drones.", "declares"),
        ("A drone can take many shapes.", "declares"),
        ("The caretaker has overall responsibility for the drone.", "must"),
        ("It is the role of the caretaker to charge it.", "must"),
        ("I agree not to fly it indoors.", "must_not"),
        ("No one was hurt.", "declares"),
    ],
)
def test_what_schools_ask_and_ban_is_told_from_what_they_say(words, force):
    assert modality(words) == force


def test_people_who_are_only_spoken_of_are_not_bound():
    assert actors("This guidance is about protecting children and must be read by the office.") == ()
    assert actors("Teaching assistants must lock the tablets away.") == ("staff",)
    assert actors("Teaching staff must lock the tablets away.") == ("staff",)
    assert actors("Supporting staff must sign in.") == ("staff",)
    assert actors("It is the responsibility of pupils to charge them.") == ("pupils",)


@pytest.mark.parametrize(
    ("bound", "group"),
    [
        (("pupils",), "pupils"),
        (("headteacher", "governors"), "staff"),
        (("parents", "everyone"), "parents"),
        (("parents", "pupils"), None),
        (("school",), None),
        ((), None),
    ],
)
def test_an_audience_is_one_group_or_none(bound, group):
    assert audience(bound) == group


def test_the_same_ban_leans_towards_those_it_binds(text):
    found = {
        who: [one.control for one in match(text(f"1. {who}\n1.1 {who} must not post about the school.\n"), vectors=False)[0].suggestions]
        for who in ("Parents", "Pupils", "Staff")
    }
    assert found["Parents"][0] in ("agreements.families_agreed", "education.notices_to_families")
    assert "agreements.pupils_agreed" in found["Pupils"]
    assert "agreements.personal_rules_signed" in found["Staff"]
    assert "agreements.families_agreed" not in found["Staff"]


@pytest.mark.parametrize(
    ("words", "above", "force"),
    [
        ("Some pupils may be familiar with drones already.", (), "declares"),
        ("They may not always understand what a drone can see.", (), "declares"),
        ("There may be good reasons to fly.", (), "declares"),
        ("This page sets out how drones will be stored.", (), "declares"),
        ("The school cannot be held responsible for lost drones.", (), "declares"),
        ("Staff are not required to own a drone.", (), "declares"),
        ("We need to remember that drones are loud.", (), "declares"),
        ("Not only do drones make noise, they fall.", (), "declares"),
        ("Drones are to be locked away at night.", (), "must"),
        ("Pilots are instructed not to fly over the road.", (), "must_not"),
        ("It is important not to panic.", (), "should_not"),
        ("The use of drones requires written permission.", (), "must"),
        ("Name calling", ("Bullying can include:",), "declares"),
        ("send what they know should be private", ("No pupil is permitted to:",), "must_not"),
        ("Keep the same rules. Pupils are expected to be fair.", ("Staff must:",), "must"),
        ("ask before they use a drone, unless a rule permits it", ("Staff should:",), "should"),
        ("Pupils should hand it in.", ("Pupils must not:",), "should"),
        ("ensuring that tablets are charged", ("The responsibilities of the technician include:",), "must"),
        ("Shouting", ("Inappropriate behaviour includes:",), "must_not"),
        ("We encourage everyone to be calm and not to panic.", (), "declares"),
        ("Remove what could be harmful", ("The aims of this policy are to:",), "declares"),
    ],
)
def test_what_may_happen_is_told_from_what_people_may_do(words, above, force):
    assert modality(words, above) == force


def test_a_list_keeps_who_its_lead_in_names(text):
    document = text("Tablet Policy\n\nStaff set an example to pupils. They will:\n\n- arrive on time\n- lock the tablets\n")
    assert [clause.text for clause in document.clauses] == [
        "Staff set an example to pupils. They will:",
        "arrive on time",
        "lock the tablets",
    ]
    assert {clause.path[-1] for clause in document.clauses[1:]} == {"Staff set an example to pupils. They will:"}
    assert {clause.actors for clause in document.clauses[1:]} == {("staff",)}


def test_a_letter_printed_without_a_space_is_no_part_of_the_rule(text):
    document = text("Tablet Policy\n\na)Pupils must ask first.\nb)Staff must lock the tablets.\n")
    assert [clause.text for clause in document.clauses] == ["Pupils must ask first.", "Staff must lock the tablets."]


@pytest.mark.parametrize(
    ("words", "fact", "value"),
    [
        ("Due to be revised September 2018", "review_on", "2018-09"),
        ("Due for renewal: December 2010", "review_on", "2010-12"),
        ("Our tablet policy has been written by the school and approved by governors.", "approved_by", "Governors"),
        ("Larkrise Primary School and Nursery Unit", "organisation", "Larkrise Primary School and Nursery Unit"),
    ],
)
def test_more_facts_stand_in_many_places(text, words, fact, value):
    assert getattr(text(f"Tablet Policy\n\n{words}{BODY}"), fact) == value


def test_an_item_about_relationships_is_no_field_of_a_form(text):
    document = text("Tablet Policy\n\nWe teach:\n\n- Respect\n- Relationships within school\n- Safety\n")
    assert [clause.text for clause in document.clauses] == ["Respect", "Relationships within school", "Safety"]


def test_what_is_still_to_be_approved_names_no_approver(text):
    assert text(f"Tablet Policy\n\nAny change to this policy must be agreed and approved by governors.{BODY}").approved_by is None


def test_a_telephone_number_under_an_address_is_furniture_and_any_other_is_kept(text):
    document = text(f"Larkrise School\n\nLark Lane, Borset, BO12 3AB\n\n01632 960123\n\nTablet Policy{BODY}\nThe helpline\n\n0800 1111\n")
    said = [clause.text for clause in document.clauses] + [line for clause in document.clauses for line in clause.path]
    assert "01632 960123" not in said
    assert "0800 1111" in said


def test_rules_before_a_lead_in_that_says_they_are_still_cut_apart(text):
    rules = "Staff must sign in at the office every morning before they meet any class or parent. Staff must lock the tablets at night."
    document = text(f"Tablet Policy\n\n{rules} They will also:\n\n- charge them\n- count them\n")
    assert [clause.text[:18] for clause in document.clauses] == ["Staff must sign in", "Staff must lock th", "charge them", "count them"]
    assert document.clauses[-1].path[-1] == "Staff must lock the tablets at night. They will also:"
