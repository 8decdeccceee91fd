"""Run a command with TEST_DATABASE_URL naming a real PostgreSQL: the one given, or one started here and stopped afterwards."""

import os
import subprocess
import sys
import tempfile

import pgserver


def main(command: list[str]) -> int:
    """The exit code of the command."""
    if "TEST_DATABASE_URL" in os.environ:
        return subprocess.run(command, check=False).returncode  # noqa: S603
    with tempfile.TemporaryDirectory(prefix="schoolgate-postgres-") as folder:
        server = pgserver.get_server(folder, cleanup_mode="delete")
        try:
            environment = {**os.environ, "TEST_DATABASE_URL": server.get_uri()}
            return subprocess.run(command, env=environment, check=False).returncode  # noqa: S603
        finally:
            server.cleanup()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
