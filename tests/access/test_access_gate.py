"""The upload gate in a process that has just started."""

import os
import subprocess
import sys

FIRST = "import django; django.setup(); from schoolgate.people.entrance.gate import takes_files; assert takes_files('/policies/import/')"


def test_the_very_first_request_of_a_process_may_bring_a_file():
    """Rows are written when the addresses load: a gate that looked at them before would refuse the first upload after a restart."""
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "schoolgate.config.settings_test"}
    done = subprocess.run([sys.executable, "-c", FIRST], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
