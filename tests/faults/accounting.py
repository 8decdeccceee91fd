"""After the kills: what the records hold, printed as JSON. Run as its own process."""

import json
import os
import sys

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "schoolgate.config.settings")

import django

django.setup()

from schoolgate.agreements.models import Signature  # noqa: E402
from schoolgate.assurance.models import Assessment, Reading  # noqa: E402
from schoolgate.audit.models import Entry  # noqa: E402
from schoolgate.policies.models import PolicyVersion  # noqa: E402


def main() -> None:
    """Signatures with the entry each must have; clauses of each version; rounds of readings that are not whole."""
    signed = {str(pk) for pk in Signature.objects.values_list("id", flat=True)}
    recorded = set(Entry.objects.filter(subject_kind="agreements.signature").values_list("subject_id", flat=True))
    versions = {str(v.id): v.clauses.count() for v in PolicyVersion.objects.all()}
    imports = set(Entry.objects.filter(verb="policy.imported").values_list("subject_id", flat=True))
    rounds = {Reading.objects.filter(assessment=one).count() for one in Assessment.objects.all()}
    told = {
        "signatures": sorted(signed), "without_entry": sorted(signed - recorded), "entry_without_signature": sorted(recorded - signed),
        "versions": versions, "imports_recorded": sorted(imports), "rounds": sorted(rounds),
    }  # fmt: skip
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
