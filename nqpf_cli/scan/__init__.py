"""Many files: found in a fixed order, scored by workers that may crash, a record each."""

from nqpf_cli.scan.files import find, find_files
from nqpf_cli.scan.queue import scan
from nqpf_cli.scan.worker import Job, Outcome

__all__ = ["Job", "Outcome", "find", "find_files", "scan"]
