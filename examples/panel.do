* 面板与双向固定效应 · a panel with two-way fixed effects: nqpf panel scan.jsonl -o panel.dta
use panel.dta, clear
drop if missing == 1
xtset code year
xtreg factor_share lockin_p_share i.year, fe vce(cluster code)
