"""Reference sets: figures of many documents, made from a scan and read from a file."""
