"""Markdown and reStructuredText into blocks, by way of HTML."""

import re
from dataclasses import replace

import docutils.core
import docutils.nodes
import docutils.utils
from docutils.parsers.rst import Directive, directives
from markdown_it import MarkdownIt

from schoolgate.policytext.blocks import Block
from schoolgate.policytext.errors import Unreadable
from schoolgate.policytext.outline.facts import fact_line
from schoolgate.policytext.readers import html, plain


class _Silent(Directive):
    """A directive that says nothing: a list of contents, which is made of headings we read anyway and can be repeated without end."""

    has_content = True
    optional_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[docutils.nodes.Node]:
        return []


for _name in ("contents", "toctree", "meta"):
    directives.register_directive(_name, _Silent)
_NOTE = re.compile(r"^\[\^[\w-]{1,40}\]:[ \t]*(?P<text>\S.*)$", re.MULTILINE)
_NOTED = re.compile(r"\[\^[\w-]{1,40}\]")
_TEMPLATE = re.compile(r"^[ \t]{0,20}\{[%{:].{0,500}?[%}]?\}[ \t]*$", re.MULTILINE)
_BOX = re.compile(r"^\[[ xX]\]\s+")
_FRONT = re.compile(r"\A---[ \t]*\n(?P<facts>.*?)\n(?:---|\.\.\.)[ \t]*\n", re.DOTALL)
_FACT = re.compile(r"^(?P<label>[A-Za-z][\w -]{0,40}):[ \t]*(?P<value>\S.*)$", re.MULTILINE)


def read_markdown(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a Markdown file. Facts in a front-matter block become table rows; lines for the program that shows it are dropped."""
    text = plain.limited(plain.decode(data, name), name).replace("\r\n", "\n")
    front = _FRONT.match(text)
    rows: list[Block] = []
    if front:
        text = text[front.end() :]
        for fact in _FACT.finditer(front["facts"]):
            rows.append(_front(fact["label"].replace("_", " ").replace("-", " "), fact["value"].strip("\"' ")))
    notes = [Block("note", " ".join(found["text"].split())) for found in _NOTE.finditer(text)]
    text = _NOTED.sub("", _NOTE.sub("", _TEMPLATE.sub("", text)))
    rendered = MarkdownIt("commonmark").enable(["table", "strikethrough"]).render(text)
    blocks = html.blocks_of(rendered, name) if rendered.strip() else []
    return [*rows, *map(_without_box, blocks), *notes], None


def _without_box(block: Block) -> Block:
    """A task to be ticked is an item like any other."""
    return replace(block, text=_BOX.sub("", block.text)) if block.kind == "item" else block


def _front(label: str, value: str) -> Block:
    """One line of front matter: the title, a fact about the policy, or a note for the program that shows the page."""
    if label.lower() == "title":
        return Block("heading", value, level=1, sure=True)
    if fact_line(f"{label.capitalize()}: {value}"):
        return Block("row", f"{label} {value}", cells=(label.capitalize(), value))
    return Block("furniture", f"{label}: {value}")


def read_rst(data: bytes, name: str) -> tuple[list[Block], int | None]:
    """The blocks of a reStructuredText file. Directives that fetch other files or raw markup are switched off."""
    text = plain.limited(plain.decode(data, name), name)
    settings = {
        "file_insertion_enabled": False,
        "raw_enabled": False,
        "_disable_config": True,
        "report_level": 5,
        "halt_level": 5,
        "doctitle_xform": True,
        "docinfo_xform": False,  # it stumbles over an empty field, and a list of fields reads the same
        "initial_header_level": 1,
        "embed_stylesheet": False,
        "stylesheet_path": None,
        "line_length_limit": 100_000,
        "syntax_highlight": "none",
    }
    try:
        parts = docutils.core.publish_parts(text, writer="html5", settings_overrides=settings)
    except (docutils.utils.SystemMessage, RecursionError, ValueError) as problem:
        raise Unreadable(f"{name} cannot be read as reStructuredText. Check its markup, or save it as plain text.") from problem
    return html.blocks_of(parts["html_body"], name), None
