"""What was read and scored before, kept by content: a second run costs what has changed."""
