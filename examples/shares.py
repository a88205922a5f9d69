"""按年求各类的平均句占比：``nqpf scan 规划/ | python shares.py``（mean shares by year）."""

import json
import sys

import pandas as pd

rows = []
for line in sys.stdin:
    report = json.loads(line)
    if "error" in report:
        continue
    shares = {k: m["sentence_share"] for k, m in report["dimensions"].items()}
    for name, both in report["obstructions"].items():
        shares |= {f"{name}.{s}": both[s]["sentence_share"] for s in ("problem", "remedy")}
    rows.append({"year": report["source"]["year"], **shares})
print(pd.DataFrame(rows).groupby("year", dropna=False).mean().round(4).to_string())
