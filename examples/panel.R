# 面板与双向固定效应 · a panel with two-way fixed effects: nqpf panel scan.jsonl -o panel.dta
library(haven)
library(fixest)

panel <- read_dta("panel.dta")
panel <- panel[panel$missing == 0, ]
print(attr(panel$factor_share, "label"))
print(feols(factor_share ~ lockin_p_share | code + year, data = panel, cluster = ~code))
