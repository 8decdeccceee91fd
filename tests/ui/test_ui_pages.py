"""The frame, the components page and the pages for when something went wrong."""

from datetime import UTC, datetime

import pytest
from django.contrib.messages import constants
from django.contrib.messages.storage.base import Message
from django.core.paginator import Paginator
from django.http import HttpRequest
from django.template import engines
from django.template.loader import render_to_string
from django.test import RequestFactory
from tests.ui.page_checks import faults, read

from schoolgate.ui import context, samples, views

GET = RequestFactory().get
ERRORS = ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"]
BASE = "{% extends 'ui/base.html' %}{% block title %}Accounts{% endblock %}{% block content %}<h1>Accounts</h1>{% endblock %}"
MADE = datetime(2026, 3, 6, 14, 5, tzinfo=UTC)


def draw(text: str, request: HttpRequest | None = None, **facts: object):
    return read("<body>" + engines["django"].from_string("{% load ui %}" + text).render(facts, request) + "</body>")


def page(request: HttpRequest | None = None, **facts: object) -> str:
    return engines["django"].from_string(BASE).render(facts, request or GET("/"))


def framed(**carried: object) -> HttpRequest:
    request = GET("/")
    for name, value in carried.items():
        setattr(request, name, value)
    return request


def test_the_components_page_has_no_fault():
    assert faults(views.components(GET("/components/")).content) == []


def test_the_components_page_with_every_error_has_no_fault_and_says_so_in_its_title():
    answer = views.components(RequestFactory().post("/components/", {}))
    assert faults(answer.content) == []
    assert read(answer.content).findtext(".//title").startswith("Error: Components")


@pytest.mark.parametrize("name", ERRORS)
def test_an_error_page_has_no_fault_and_needs_nothing_but_itself(name):
    text = render_to_string(name)
    assert faults(text) == []
    assert read(text).xpath("//main//a/@href") == ["/"]


def test_an_empty_frame_has_no_fault_and_no_menu():
    tree = read(page())
    assert faults(page()) == []
    assert not tree.xpath("//nav")
    assert not tree.xpath("//header//form")
    assert tree.findtext(".//title") == "Accounts – Schoolgate"


def test_a_full_frame_names_the_place_and_the_person_and_marks_where_we_are():
    request = framed(
        place="Beechwood Primary",
        person_name="Amina Okafor",
        navigation=[{"text": "To do", "url": "/"}, {"text": "Policy", "url": "/policy/", "active": True}],
        person_menu=[{"text": "Your account", "url": "/me/"}],
        footer_links=[{"text": "Help", "url": "/help/"}],
        page_made_at=MADE,
    )
    text = page(request, breadcrumbs=[{"text": "Home", "url": "/"}, {"text": "Accounts", "url": ""}])
    tree = read(text)
    assert faults(text) == []
    assert tree.findtext(".//title") == "Accounts – Beechwood Primary – Schoolgate"
    assert [link.text_content() for link in tree.xpath("//nav[@aria-label='Main']//a[@aria-current]")] == ["Policy"]
    assert tree.xpath("//header//summary")[0].text_content().split() == ["You", "are", "signed", "in", "as", "Amina", "Okafor"]
    assert tree.xpath("//header//form/@method") == ["post"]
    assert tree.xpath("//footer//time/@datetime") == ["2026-03-06T14:05:00+00:00"]
    assert "made on 6 March 2026, 2:05pm" in tree.xpath("//footer")[0].text_content()


def test_the_first_link_of_every_page_skips_to_its_main_part():
    for text in (page(), render_to_string("ui/plain.html")):
        assert read(text).xpath("//body//a")[0].get("href") == "#main-content"


def test_the_frame_takes_only_what_the_request_carries():
    assert context.page(framed(place="Beechwood"))["place"] == "Beechwood"
    assert context.page(framed())["navigation"] == []
    assert context.page(framed())["page_made_at"] is None


@pytest.mark.parametrize(
    ("level", "title", "role"),
    [
        (constants.SUCCESS, "Done", "alert"),
        (constants.ERROR, "Not done", "alert"),
        (constants.WARNING, "Check this", "alert"),
        (constants.INFO, "For your information", "region"),
    ],
)
def test_a_message_says_what_kind_it_is(level, title, role):
    text = page(messages=[Message(level, "Sent <b>now</b>"), Message(level, "Again")])
    banner = read(text).xpath("//*[contains(@class,'govuk-notification-banner ') or @class='govuk-notification-banner']")[0]
    assert faults(text) == []
    assert banner.get("role") == role
    assert banner.findtext(".//h2") == title
    assert "Sent <b>now</b>" in banner.text_content()


@pytest.mark.parametrize("state", ["met", "due", "broken", "no_data", "not_applicable", "not_carried"])
def test_a_state_is_told_by_words_and_by_shape(state):
    tag = draw("{% state_tag state %}", state=state).find(".//strong")
    assert tag.text_content() in {"Met", "Due", "Broken", "No data", "Not applicable", "Not carried by this version"}
    assert tag.find("svg/path").get("d")
    assert tag.get("data-state") == state


def test_a_state_may_have_words_of_its_own():
    assert draw("{% state_tag 'due' 'Due by Friday' %}").text_content() == "Due by Friday"


def test_a_table_names_its_columns_and_rows_and_escapes_its_cells():
    tree = draw("{% data_table 'Accounts' head rows %}", head=["Name", {"text": "Posts", "numeric": True}], rows=[["<b>x</b>", 0]])
    assert tree.findtext(".//caption") == "Accounts"
    assert tree.xpath("//tbody//th[@scope='row']")[0].text_content() == "<b>x</b>"
    assert tree.xpath("//td/span[@class='sg-table__value']")[0].text_content() == "0"
    assert "numeric" in tree.xpath("//td")[0].get("class")


def test_a_table_row_with_a_cell_too_few_is_a_mistake():
    with pytest.raises(ValueError, match="zip"):
        draw("{% data_table 'Accounts' head rows %}", head=["Name", "Posts"], rows=[["x"]])


def test_a_table_without_rows_says_so():
    assert "No account yet." in draw("{% data_table 'Accounts' head rows empty='No account yet.' %}", head=["Name"], rows=[]).text_content()


def test_a_summary_shows_a_nought_and_says_when_nothing_was_given():
    tree = draw("{% summary_list rows %}", rows=[{"key": "Posts", "value": 0}, {"key": "Keeper", "value": ""}])
    assert [value.text_content() for value in tree.xpath("//dd")] == ["0", "Not given"]


def test_links_that_look_alike_are_told_apart_for_a_listener():
    links = draw("{% summary_list rows %}", rows=samples.FACTS["rows"]).xpath("//a")
    assert len({link.text_content() for link in links}) == len(links) == 3


def test_a_button_that_posts_carries_the_token_and_its_value():
    tree = draw("{% button_form '/close/' 'Close' kind='warning' name='sure' value='yes' confirm='Close it?' %}", GET("/"))
    assert tree.xpath("//form/@method") == ["post"]
    assert tree.xpath("//form/@action") == ["/close/"]
    assert tree.xpath("//form/@data-confirm") == ["Close it?"]
    assert tree.xpath("//input[@name='csrfmiddlewaretoken']/@value")[0]
    assert tree.xpath("//button/@value") == ["yes"]


def test_a_denied_button_posts_nothing_and_gives_the_reason():
    tree = draw("{% button_form '/publish/' 'Publish' denied=why %}", GET("/"), why="You wrote it, so someone else must approve it.")
    button = tree.find(".//button")
    assert not tree.xpath("//form")
    assert button.get("type") == "button"
    assert button.get("aria-disabled") == "true"
    assert tree.get_element_by_id(button.get("aria-describedby")).text_content() == "You wrote it, so someone else must approve it."


def test_pages_of_a_list_keep_the_rest_of_the_query():
    pages = Paginator(range(95), 10).get_page(4)
    tree = draw("{% pagination pages %}", GET("/?kind=open&page=4"), pages=pages)
    assert tree.xpath("//a[@rel='next']/@href") == ["?kind=open&page=5"]
    assert tree.xpath("//a[@rel='prev']/@href") == ["?kind=open&page=3"]
    assert tree.xpath("//a[@aria-current='page']/@aria-label") == ["Page 4"]
    assert [link.text_content() for link in tree.xpath("//li/a")] == ["1", "2", "3", "4", "5", "10"]


def test_a_list_of_one_page_has_no_page_links():
    assert not draw("{% pagination pages %}", GET("/"), pages=Paginator(range(3), 10).get_page(1)).xpath("//nav")


def test_an_age_has_the_exact_time_behind_it():
    tag = draw("{% age at now %}", at=samples.FACTS["earlier"], now=samples.NOW).find(".//time")
    assert (tag.text_content(), tag.get("title")) == ("2 minutes ago", "6 March 2026, 2:03pm")


def test_an_age_is_counted_from_when_the_page_was_made_or_told_exactly():
    assert draw("{% age at %}", at=samples.FACTS["earlier"], page_made_at=samples.NOW).text_content() == "2 minutes ago"
    assert draw("{% age at %}", at=samples.FACTS["earlier"]).text_content() == "6 March 2026, 2:03pm"
    assert draw("{% age at %}", at=None).text_content() == "never"


def test_a_bar_says_in_its_table_what_it_draws():
    tree = draw("{% bar counts 'Clauses' %}", counts={"met": 3, "broken": 1})
    assert [[cell.text_content() for cell in row] for row in tree.xpath("//tbody/tr")] == [["Met", "3", "75%"], ["Broken", "1", "25%"]]
    assert [rect.get("width") for rect in tree.xpath("//rect[contains(@class,'sg-fill')]")] == ["75.0%", "25.0%"]
    assert tree.findtext(".//title") == "3 met and 1 broken"


def test_an_empty_bar_says_so():
    assert "nothing to count" in draw("{% bar counts 'Clauses' %}", counts={}).text_content()
    assert "nothing to count" in draw("{% bar counts 'Clauses' %}", counts={"met": 0}).text_content()


def test_a_history_says_in_its_table_what_it_draws():
    tree = draw("{% history_line readings until 'Keepers' %}", readings=samples.FACTS["readings"], until=samples.FACTS["until"])
    rows = [[cell.text_content() for cell in row] for row in tree.xpath("//tbody/tr")]
    assert rows[0] == ["1 September 2025 to 21 September 2025", "No data"]
    assert rows[-1] == ["12 January 2026 to 6 March 2026", "Met"]
    assert len(rows) == len(tree.xpath("//rect[contains(@class,'sg-fill')]")) == 5
    assert "met since 12 January 2026" in tree.text_content()


def test_a_history_without_readings_says_so():
    assert "No reading" in draw("{% history_line readings until 'Keepers' %}", readings=[], until=samples.FACTS["until"]).text_content()


def test_a_task_that_cannot_start_is_no_link():
    tree = draw("{% task_list tasks %}", tasks=samples.FACTS["tasks"])
    assert len(tree.xpath("//li")) == 4
    assert len(tree.xpath("//li//a")) == 3
    assert tree.xpath("//li[4]/div[2]")[0].text_content() == "Cannot start yet"


def test_a_timeline_tells_when_what_and_who():
    items = draw("{% timeline events %}", events=samples.FACTS["events"]).xpath("//li")
    assert "5 March 2026, 9am by Mr Hale" in " ".join(items[0].text_content().split())
    assert items[0].find(".//a").get("href") == "#approved"
    assert len(items) == 3


def test_an_empty_place_says_what_is_missing_and_offers_the_next_step():
    tree = draw("{% empty_state 'No account yet.' url='/new/' button='Ask for one' %}")
    assert tree.find(".//p").text_content() == "No account yet."
    assert (tree.find(".//a").text_content(), tree.find(".//a").get("href")) == ("Ask for one", "/new/")
