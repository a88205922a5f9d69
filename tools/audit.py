"""Look the locked packages up among known vulnerabilities: ``python -m tools.audit``.

Runs pip-audit on ``requirements/dev.txt``. Exit 0: every package was looked up, and none is known
to be vulnerable; 1: some are; 2: there was no answer for some, which pip-audit itself calls clean.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

LOCK = Path(__file__).resolve().parent.parent / "requirements" / "dev.txt"


def main() -> int:
    """Run pip-audit and tell what it found, or that it could not look."""
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(LOCK), "--disable-pip"]
    command += ["--format", "json", "--progress-spinner", "off"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    try:
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        reason = (done.stderr.strip() or "no answer").splitlines()[-1]
        print(f"not audited: the audit needs the network and pip-audit: {reason}", file=sys.stderr)
        return 2
    found = [
        f"{p['name']} {p['version']}: {v['id']}, mended in {', '.join(v['fix_versions']) or '–'}"
        for p in packages
        for v in p.get("vulns", ())
    ]
    skipped = [p["name"] for p in packages if "skip_reason" in p]
    print(
        "\n".join([*found, f"{len(packages) - len(skipped)} of {len(packages)} packages audited"])
    )
    if found:
        return 1
    if skipped or not packages:
        names = ", ".join(skipped[:5]) + (" …" if len(skipped) > 5 else "")
        print(
            f"not audited: {len(skipped)} packages unknown to the index in use: {names}",
            file=sys.stderr,
        )
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
