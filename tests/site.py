"""Builds the documentation site as ``make docs`` does."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def build_site(checkout: Path, into: Path) -> subprocess.CompletedProcess[str]:
    """Build the site of ``checkout`` strictly; what went wrong is in its output."""
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(into)]
    quiet = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        command, cwd=checkout, env=quiet, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
