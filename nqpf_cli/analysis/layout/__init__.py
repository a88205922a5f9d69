"""Pages → blocks in reading order: what is prose, what is heading, what is neither.

The way a page takes: vertical writing is turned (``upright``), rows of ruled tables are put
together (``grid``), gutters part the columns (``reading``), every line gets a role (``roles``:
furniture, contents, footnote, table, or none), the lines without one are joined to paragraphs
(``paragraphs``), headings and sections are told (``sections``). ``build`` does it in this order.
"""
