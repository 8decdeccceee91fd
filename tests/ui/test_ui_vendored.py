"""The vendored design system carries nothing that is reserved for government sites, and everything can be served."""

import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.core.management import call_command

STATIC = Path(__file__).resolve().parents[2] / "src/schoolgate/ui/static/ui"
RESERVED = (
    "gds transport",
    "gds-transport",
    "crest",
    "crown",
    "@font-face",
    "govuk-header",
    "govuk-logo",
    "url(",
    "sourcemappingurl",
    "/assets/",
)


@pytest.mark.parametrize("name", ["govuk.css", "govuk.js"])
@pytest.mark.parametrize("word", RESERVED)
def test_the_vendored_file_holds_no_trace_of_what_is_reserved(name, word):
    assert word not in (STATIC / name).read_text().lower()


def test_the_vendored_styles_are_whole():
    css = (STATIC / "govuk.css").read_text()
    assert css.count("{") == css.count("}")
    for part in (".govuk-button", ".govuk-error-summary", ".govuk-task-list", ".govuk-service-navigation", "var(--sg-font"):
        assert part in css


def test_no_file_of_the_reserved_typeface_or_emblem_is_there():
    names = [path.name.lower() for path in STATIC.rglob("*")]
    assert [name for name in names if re.search(r"crest|crown|light-94a|bold-b54|\.woff$|govuk-icon", name)] == []
    assert sorted(path.name for path in STATIC.rglob("*.woff2")) == [
        "atkinson-hyperlegible-latin-400-normal.woff2",
        "atkinson-hyperlegible-latin-700-normal.woff2",
    ]


def test_both_licences_lie_beside_what_they_cover():
    assert "Permission is hereby granted" in (STATIC / "GOVUK-FRONTEND-LICENCE.txt").read_text()
    assert "SIL OPEN FONT LICENSE" in (STATIC / "fonts/OFL.txt").read_text()


def test_our_styles_ask_for_nothing_from_elsewhere():
    css = (STATIC / "schoolgate.css").read_text()
    assert css.count("{") == css.count("}")
    assert not re.search(r"https?:|//[a-z]", css)
    for address in re.findall(r'url\("([^"]+)"\)', css):
        assert finders.find(f"ui/{address}"), address


def test_every_colour_name_that_is_used_is_set():
    css = (STATIC / "schoolgate.css").read_text()
    used = set(re.findall(r"var\((--sg-[a-z-]+)", css))
    assert used - set(re.findall(r"(--sg-[a-z-]+):", css)) == set()


def luminance(colour: str) -> float:
    parts = [int(colour[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(
    ("text", "ground"),
    [
        ("ink", "paper"), ("ink", "sand"), ("ink", "honey"), ("quiet", "paper"), ("quiet", "sand"), ("pine", "paper"), ("met", "met-pale"),
        ("due", "due-pale"), ("broken", "broken-pale"), ("broken", "paper"), ("no-data", "paper"), ("none", "none-pale"), ("none", "paper"),
    ],
)  # fmt: skip
def test_words_stand_out_from_their_ground(text, ground):
    colours = dict(re.findall(r"--sg-([a-z-]+): (#[0-9a-f]{6});", (STATIC / "schoolgate.css").read_text()))
    assert contrast(colours[text], colours[ground]) >= 4.5


def test_the_files_can_be_collected_with_names_that_carry_their_content(settings, tmp_path):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"}}
    settings.INSTALLED_APPS = ["schoolgate.ui", "django.contrib.staticfiles"]
    call_command("collectstatic", interactive=False, verbosity=0)
    styles = next(tmp_path.glob("ui/schoolgate.????????????.css")).read_text()
    assert re.search(r"atkinson-hyperlegible-latin-400-normal\.[0-9a-f]{12}\.woff2", styles)
    assert (tmp_path / "ui/govuk.js").exists(), "schoolgate.js imports it by its plain name"
