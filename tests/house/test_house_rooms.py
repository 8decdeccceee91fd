"""The rules of the house, read out of the source itself: small rooms, one place for each kind of work, arrows that point down."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from schoolgate.audit import guards

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "schoolgate"
FILES = sorted(path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
TREES = {path: ast.parse(path.read_text(encoding="utf-8")) for path in FILES}
FLOORS = [
    {"data"},
    {"policytext"},
    {"common", "contracts", "ui"},
    {"audit", "notify"},
    {"people"},
    {"policies"},
    {"agreements"},
    {"home", "assurance", "cli"},
    {"config"},
]
FLOOR_OF = {package: number for number, packages in enumerate(FLOORS) for package in packages}
DIVERS = {"utils", "util", "helpers", "services", "managers", "core", "misc"}
WRITES = {"save", "bulk_create", "bulk_update", "get_or_create", "update_or_create", "create_user"}
WRITES_ON_A_QUERY = {"create", "update", "delete"}


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions() -> Iterator[tuple[Path, ast.FunctionDef | ast.AsyncFunctionDef]]:
    for path, tree in TREES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield path, node


def own_imports(path: Path) -> Iterator[str]:
    """Every module of ours a file imports, those inside functions and under TYPE_CHECKING included."""
    for node in ast.walk(TREES[path]):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno} imports by a relative path: write it from schoolgate down"
            if node.module and node.module.startswith("schoolgate"):
                yield node.module
                yield from (f"{node.module}.{alias.name}" for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name.startswith("schoolgate"))


def module_of(path: Path) -> str:
    parts = path.relative_to(SOURCE.parent).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_file_is_longer_than_four_hundred_lines():
    long = {name_of(path): count for path in FILES if (count := path.read_text(encoding="utf-8").count("\n")) > 400}
    assert not long


def test_at_most_one_function_in_a_hundred_is_longer_than_thirty_five_lines():
    every = list(functions())
    long = [f"{name_of(path)}:{node.lineno} {node.name}" for path, node in every if node.end_lineno - node.lineno + 1 > 35]
    assert len(long) <= len(every) / 100, long


def test_no_room_has_a_name_that_says_nothing():
    assert not [name_of(path) for path in FILES if path.stem in DIVERS or path.parent.name in DIVERS]


def test_every_import_points_down_and_never_to_a_neighbour():
    wrong = []
    for path in FILES:
        parts = path.relative_to(SOURCE).parts
        here = parts[0]
        if len(parts) == 1:
            continue
        for module in own_imports(path):
            there = module.split(".")[1] if "." in module else here
            if there not in FLOOR_OF or there == here:
                continue
            if FLOOR_OF[there] >= FLOOR_OF[here]:
                wrong.append(f"{name_of(path)} imports {module}")
    assert not wrong


def test_no_circle_of_imports_anywhere():
    known = {module_of(path): path for path in FILES}
    graph = {module: {found for found in own_imports(path) if found in known and found != module} for module, path in known.items()}
    while leaves := [module for module, needs in graph.items() if not needs]:
        for leaf in leaves:
            del graph[leaf]
        for needs in graph.values():
            needs.difference_update(leaves)
    # What is left either stands in a circle or needs something that does; the circle itself is the short answer.
    assert not graph, sorted(graph)


def test_the_floors_hold_for_the_import_linter_too():
    found = subprocess.run([Path(sys.executable).with_name("lint-imports")], cwd=ROOT, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout


def test_no_import_hides_inside_a_function():
    hidden = []
    for path, function in functions():
        hidden += [f"{name_of(path)}:{node.lineno}" for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)]
    assert not hidden


def dotted(node: ast.expr) -> str:
    """`Model.objects.filter(...).update` as text, calls written as ()."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call):
        return f"{dotted(node.func)}()"
    return node.id if isinstance(node, ast.Name) else ""


def test_only_actions_write():
    """`.save()` and bulk writes anywhere, `.create/.update/.delete` on a query, outside actions and the user manager Django needs."""
    wrong = []
    for path, tree in TREES.items():
        if "actions" in path.stem or path.parent.name == "actions":
            continue
        for node in ast.walk(tree):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            chain = dotted(node.func)
            if node.func.attr in WRITES or (node.func.attr in WRITES_ON_A_QUERY and ".objects" in chain):
                wrong.append(f"{name_of(path)}:{node.lineno} {chain}")
    allowed = {
        "src/schoolgate/people/models/users.py",  # UserManager.create_user: the contract of Django's own user model
        "src/schoolgate/policytext/readers/pdf/pictures.py",  # Pillow's way to pack a picture into memory
    }
    assert not [line for line in wrong if line.split(":")[0] not in allowed]


@pytest.mark.parametrize("room", ["views", "forms", "rules", "urls", "controls", "todo"])
def test_only_queries_and_actions_read_with_the_orm(room):
    pattern = re.compile(r"\.objects\b")
    inside = [path for path in FILES if room in path.relative_to(SOURCE).with_suffix("").parts]
    assert inside
    assert not [name_of(path) for path in inside if pattern.search(path.read_text(encoding="utf-8"))]


def test_no_signals_and_no_save_overrides():
    text = {name_of(path): path.read_text(encoding="utf-8") for path in FILES}
    found = re.compile(r"django\.(db\.models|dispatch|core)\.?signals?|@receiver|def save\(")
    assert not [name for name, body in text.items() if found.search(body)]


def test_foreign_keys_point_down():
    wrong = []
    for model in apps.get_models():
        if not model.__module__.startswith("schoolgate."):
            continue
        here = FLOOR_OF[model._meta.app_label]
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or target is None or not target.__module__.startswith("schoolgate."):
                continue
            if target._meta.app_label != model._meta.app_label and FLOOR_OF[target._meta.app_label] >= here:
                wrong.append(f"{model.__name__}.{field.name} -> {target.__name__}")
    assert not wrong


# Models that belong to no school, and why.
OF_NO_SCHOOL = {
    "Trust": "the tenant itself",
    "School": "the tenant itself",
    "Person": "of a trust",
    "Guardian": "of a trust: one guardian may have children at several schools",
    "Guardianship": "reached through its pupil",
    "User": "reached through its person",
    "Absence": "reached through its person",
    "JobRun": "the installation's own",
    "JobSlot": "the installation's own",
    "Heartbeat": "the installation's own",
    "Entry": "of a trust's chain",
    "ChainHead": "of a trust's chain",
    "ChainCheck": "of a trust's chain",
    "ChainExplanation": "of a trust's chain",
    "ParentText": "of a trust",
    "PolicyVersion": "reached through its policy",
    "Aside": "reached through its version",
    "Clause": "reached through its version",
    "PolicyCorrection": "reached through its version",
    "PolicyPage": "reached through its version",
    "ClauseControl": "reached through its clause",
    "Citation": "reached through its version",
    "TextFinding": "reached through its version",
    "Opening": "reached through its agreement",
    "Understanding": "reached through its agreement",
    "DutiesAcceptance": "reached through its appointment",
    "EvidenceSet": "the same records may stand behind readings of several schools",
    "ReaderChoice": "reached through its policy",
    "AdoptedFrom": "reached through its version",
    "VersionTally": "reached through its assessment",
}


def test_every_model_belongs_to_a_school_or_says_why_not():
    loose = []
    for model in apps.get_models():
        names = {field.name for field in model._meta.get_fields()}
        if model.__module__.startswith("schoolgate.") and not names & {"school", "school_id"} and model.__name__ not in OF_NO_SCHOOL:
            loose.append(model.__name__)
    assert not loose


def test_only_the_clock_asks_for_the_time():
    """One source of now: a page, a rule and the demo year can then stand on any date."""
    pattern = re.compile(r"datetime\.now\(|date\.today\(|timezone\.now\(|time\.time\(")
    asking = [name_of(path) for path in FILES if pattern.search(path.read_text(encoding="utf-8"))]
    assert asking == ["src/schoolgate/common/clock.py"]


def test_every_model_is_a_word_of_the_glossary():
    words = set(re.findall(r"^\| (\w+) \|", (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8"), re.MULTILINE))
    models = {model.__name__ for model in apps.get_models() if model.__module__.startswith("schoolgate.")}
    assert models <= words, models - words


def test_every_dependency_says_what_it_is_for():
    told = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    asked = re.findall(r"^([A-Za-z][\w-]*)", (ROOT / "requirements.in").read_text(encoding="utf-8"), re.MULTILINE)
    for more in ("requirements-dev.in", "requirements-semantic.in"):
        asked += re.findall(r"^([A-Za-z][\w-]*)", (ROOT / more).read_text(encoding="utf-8"), re.MULTILINE)
    assert not [name for name in asked if name not in told]


def test_pins_carry_hashes_and_no_addresses():
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-semantic.txt"):
        text = (ROOT / name).read_text(encoding="utf-8")
        pins = re.findall(r"^[\w.\[\]-]+==", text, re.MULTILINE)
        assert pins
        assert "://" not in text
        assert text.count("--hash=sha256:") >= len(pins)


@pytest.mark.django_db
def test_every_table_that_keeps_history_is_guarded_by_the_database():
    """A later migration that rebuilds a table on SQLite drops its triggers without a word: this finds it."""
    migrations = "\n".join(path.read_text(encoding="utf-8") for path in SOURCE.rglob("migrations/*.py"))
    promised = set(re.findall(r"(?:append_only|forward_only)\(\s*\"(\w+)\"", migrations))
    assert {"audit_entry", "agreements_signature", "assurance_reading"} <= promised
    assert guards.unguarded(connection, sorted(promised)) == []
