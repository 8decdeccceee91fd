"""A short run of what scripts/fuzz does at length: damaged files of every kind give a document or a sentence."""

import pytest
from tests.policytext.fuzzing import case, fault_in
from tests.policytext.samples import SAMPLES

from schoolgate.policytext.formats import parse

FILES = 30


@pytest.mark.parametrize("kind", SAMPLES)
def test_damaged_files_are_read_or_refused(kind):
    sound = SAMPLES[kind]()
    faults = {seed: fault for seed in range(FILES) if (fault := fault_in(case(kind, seed, sound), kind))}
    assert not faults


@pytest.mark.parametrize("kind", SAMPLES)
def test_the_samples_themselves_are_sound(kind):
    """A sample that is refused would make the damage done to it mean nothing."""
    for data in SAMPLES[kind]():
        blocks, _, _ = parse(data, f"policy.{kind}")
        assert sum(block.kind in ("para", "item", "row", "heading") for block in blocks) >= 2
