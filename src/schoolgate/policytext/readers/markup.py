"""Markdown and reStructuredText into blocks, by way of HTML."""

import re

import docutils.core
import docutils.utils
from markdown_it import MarkdownIt

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.readers import html, plain

_FRONT = re.compile(r"\A---[ \t]*\n(?P<facts>.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FACT = re.compile(r"^(?P<label>[A-Za-z][\w -]{0,40}):[ \t]*(?P<value>\S.*)$", re.MULTILINE)


def read_markdown(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a Markdown file. Facts in a front-matter block become table rows."""
    text = plain.decode(data, name).replace("\r\n", "\n")
    front = _FRONT.match(text)
    rows: list[Block] = []
    if front:
        text = text[front.end() :]
        for fact in _FACT.finditer(front["facts"]):
            cells = (fact["label"].replace("_", " "), fact["value"].strip("\"'"))
            rows.append(Block("row", " ".join(cells), cells=cells))
    rendered = MarkdownIt("commonmark").enable("table").render(text)
    return [*rows, *(html.blocks_of(rendered, name) if rendered.strip() else [])], None


def read_rst(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a reStructuredText file. Directives that fetch other files or raw markup are switched off."""
    text = plain.decode(data, name)
    settings = {
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "_disable_config": True,
        "report_level": 5,
        "halt_level": 5,
        "doctitle_xform": True,
        "initial_header_level": 1,
        "embed_stylesheet": False,
        "stylesheet_path": None,
        "line_length_limit": 100_000,
    }
    try:
        parts = docutils.core.publish_parts(text, writer="html5", settings_overrides=settings)
    except (docutils.utils.SystemMessage, RecursionError, ValueError) as problem:
        raise Unreadable(f"{name} cannot be read as reStructuredText. Check its markup, or save it as plain text.") from problem
    return html.blocks_of(parts["html_body"], name), None
