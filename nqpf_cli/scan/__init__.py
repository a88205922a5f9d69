"""Many files: found in a fixed order, scored by workers that may crash, a record each."""

from nqpf_cli.scan.files import find, find_files, recorded
from nqpf_cli.scan.job import Job, Outcome
from nqpf_cli.scan.queue import scan

__all__ = ["Job", "Outcome", "find", "find_files", "recorded", "scan"]
