"""Mutated documents, lexicons and tables, and what the program owes them: ``python -m fuzz``.

Every input is a function of (seed, number): ``python -m fuzz --seed S --only N`` makes one anew.
"""
