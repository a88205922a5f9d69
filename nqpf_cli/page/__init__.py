"""One self-contained HTML page from report objects: figures, charts, evidence, method.

``evidence`` gathers what a report object does not hold, ``content`` lays out all data of a page,
``charts`` states the charts for Vega-Lite, ``html`` puts everything into one file.
"""
