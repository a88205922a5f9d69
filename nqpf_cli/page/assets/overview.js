// Many documents: filters, map, trend, scatter, and the table from which one is chosen.
const documentsView = { sort: null, direction: 1, page: 0 };
const rowsOf = page.documents.map((doc, n) => ({ doc, n, search: `${titleOf(doc)} ${doc.path} ${doc.place?.name ?? ""}`.toLowerCase() }));

function filtered() {
  const { text, province, year, kind, block } = state.filters;
  const wanted = text.trim().toLowerCase();
  return rowsOf.filter(({ doc, search }) =>
    (!wanted || search.includes(wanted)) && (!province || provinceCode(doc) === province) && (!year || String(doc.year ?? "") === year) &&
    (!kind || (doc.kind ?? "unknown") === kind) && (!block || doc.place?.block === block));
}

const distinct = (values) => [...new Set(values)].sort(compare);

function filterBar() {
  const docs = page.documents;
  const set = (key) => (value) => { state.filters[key] = value; documentsView.page = 0; drawOverview(); };
  const options = (values, name) => [["", t("all")], ...values.map((v) => [v, name(v)])];
  const kinds = distinct(docs.map((d) => d.kind ?? "unknown"));
  const provinces = distinct(docs.map(provinceCode).filter(Boolean));
  const blocks = distinct(docs.map((d) => d.place?.block).filter(Boolean));
  const years = distinct(docs.map((d) => d.year).filter((y) => y != null)).map(String);
  return h("div", { class: "filters", role: "search", "aria-label": t("filters") },
    searchBox("filter-text", "contains", state.filters.text, set("text")),
    choice("filter-province", "province", options(provinces, provinceName), state.filters.province, set("province")),
    choice("filter-year", "year", options(years, String), state.filters.year, set("year")),
    choice("filter-kind", "kind", options(kinds, (k) => (k === "unknown" ? t("unknown") : nameOf(k))), state.filters.kind, set("kind")),
    choice("filter-block", "block", options(blocks, (b) => t(`block_${b}`)), state.filters.block, set("block")),
    h("button", { type: "button", id: "filter-clear", onclick: clearFilters }, t("clear")));
}

function clearFilters() {
  Object.keys(state.filters).forEach((key) => { state.filters[key] = ""; });
  redraw(byId("overview-filters"), filterBar());
  drawOverview();
}

function overviewTable(found) {
  const share = (key) => ({ key, name: labelName(key), number: true, value: ({ doc }) => measure(doc, key).share, cell: ({ doc }) => percent(measure(doc, key).share) });
  const gap = (id) => ({ key: `gap.${id}`, name: `${nameOf(id)}${t("colon")}${t("gap_short")}`, number: true, value: ({ doc }) => doc.obstructions[id][0], cell: ({ doc }) => signed(doc.obstructions[id][0]) });
  const [first, second, third] = page.chains;
  const columns = [
    { key: "title", name: t("document"), value: ({ doc }) => titleOf(doc), cell: (row) => h("button", { type: "button", class: "link", id: `choose-${row.n}`, onclick: () => choose(row.n, true) }, quoted(titleOf(row.doc))) },
    { key: "place", name: t("place_short"), value: ({ doc }) => doc.place?.name ?? null, cell: ({ doc }) => placeOf(doc) },
    { key: "year", name: t("year"), number: true, value: ({ doc }) => doc.year, cell: ({ doc }) => doc.year ?? DASH },
    { key: "kind", name: t("kind"), value: ({ doc }) => kindOf(doc) },
    { key: "sentences", name: t("sentences"), number: true, value: ({ doc }) => doc.sentences, cell: ({ doc }) => whole(doc.sentences) },
    ...[first, second, third].map(([d]) => share(d)),
    ...[first, second, third].map(([, o]) => gap(o)),
    ...[first, second, third].map(([, , p]) => share(p)),
    { key: "covered", name: t("covered_short"), number: true, value: ({ doc }) => doc.prescriptions?.covered ?? null, cell: ({ doc }) => percent(doc.prescriptions?.covered) },
    ...(page.documents.some((doc) => doc.warnings.length) ? [{ key: "warnings", name: t("warnings"), number: true, value: ({ doc }) => doc.warnings.length }] : []),
  ];
  return dataTable({ id: "documents-table", caption: t("documents_list"), columns, rows: found, view: documentsView, size: 25, rowAttributes: (row) => ({ class: row.n === state.chosen && "chosen", "aria-current": row.n === state.chosen && "true" }) });
}

function provinceMap(found) {
  const m = shownMeasure();
  const by = new Map();
  for (const { doc } of found) {
    const value = m.of(doc);
    if (value == null) continue;
    const code = provinceCode(doc);
    by.set(code, [...(by.get(code) ?? []), value]);
  }
  const rows = () => page.tiles.map((tile) => {
    const values = by.get(tile.code) ?? [];
    const value = mean(values);
    return { ...tile, name: tile.names[side()], letters: tile.letters[side()], value, shown: value == null ? "" : m.format(value), count: values.length, chosen: tile.code === state.filters.province };
  });
  const rest = found.filter(({ doc }) => !tileOf.has(provinceCode(doc))).length;
  return chart({
    name: `map.${m.kind}`, title: `${t("map_title")}${t("colon")}${m.name}`, note: `${t("map_note")} ${rest ? t("map_rest", { n: rest }) : ""}`, rows, adjust: square(t("documents")),
    picked: ({ code }) => { if (by.has(code)) { state.filters.province = state.filters.province === code ? "" : code; redraw(byId("overview-filters"), filterBar()); drawOverview(); } },
    tableRows: () => rows().filter((r) => r.count),
    columns: [
      { key: "name", name: t("province"), value: (r) => r.name },
      { key: "value", name: t("mean"), number: true, value: (r) => r.value, cell: (r) => m.format(r.value) },
      { key: "count", name: t("documents"), number: true, value: (r) => r.count },
    ],
  });
}

function trend(found) {
  const m = shownMeasure();
  const dated = found.filter(({ doc }) => doc.year != null && m.of(doc) != null);
  const years = distinct(dated.map(({ doc }) => doc.year));
  if (years.length < 2) return h("p", { class: "notice" }, t("trend_none"));
  const means = years.map((year) => {
    const values = dated.filter(({ doc }) => doc.year === year).map(({ doc }) => m.of(doc));
    const value = mean(values);
    return { year, value, shown: m.format(value), count: values.length, mean: true };
  });
  const dots = dated.map(({ doc, n }) => ({ year: doc.year, value: m.of(doc), shown: m.format(m.of(doc)), name: fullTitle(doc), n, mean: false }));
  return chart({
    name: `trend.${m.kind}`, title: `${t("trend_title")}${t("colon")}${m.name}`, note: t("trend_note"), rows: () => [...dots, ...means], picked: ({ n }) => n != null && choose(n, true),
    tableRows: () => means,
    columns: [
      { key: "year", name: t("year"), number: true, value: (r) => r.year },
      { key: "value", name: t("mean"), number: true, value: (r) => r.value, cell: (r) => r.shown },
      { key: "count", name: t("documents"), number: true, value: (r) => r.count },
    ],
  });
}

function scatters(found) {
  const all = page.documents.flatMap((doc) => page.chains.flatMap(([, o]) => [measure(doc, `${o}.problem`).share ?? 0, measure(doc, `${o}.remedy`).share ?? 0]));
  const problems = page.documents.flatMap((doc) => page.chains.map(([, o]) => measure(doc, `${o}.problem`).share ?? 0));
  const line = diagonal([Math.min(Math.max(...problems), Math.max(...all))]);
  const colours = charts.chain_colours;
  return h("div", { class: "triple" }, page.chains.map(([, o], k) => chart({
    small: true, name: "scatter", title: nameOf(o), more: { diagonal: line },
    rows: () => found.map(({ doc, n }) => {
      const [p, r] = [measure(doc, `${o}.problem`), measure(doc, `${o}.remedy`)];
      const chosen = n === state.chosen;
      return { n, name: fullTitle(doc), problem: p.share ?? 0, remedy: r.share ?? 0, shown_problem: percent(p.share), shown_remedy: percent(r.share), gap: doc.obstructions[o][0], verdict: nameOf(doc.obstructions[o][1]), colour: colours[k], opacity: chosen ? 1 : 0.6, size: chosen ? 150 : 42 };
    }),
    picked: ({ n }) => n != null && choose(n, true),
    columns: [
      { key: "name", name: t("document"), value: (r) => r.name, cell: (r) => quoted(r.name) },
      { key: "problem", name: t("diagnosed"), number: true, value: (r) => r.problem, cell: (r) => r.shown_problem },
      { key: "remedy", name: t("answered"), number: true, value: (r) => r.remedy, cell: (r) => r.shown_remedy },
      { key: "gap", name: t("gap"), number: true, value: (r) => r.gap, cell: (r) => signed(r.gap) },
      { key: "verdict", name: t("verdict"), value: (r) => r.verdict },
    ],
  })));
}

function failures() {
  if (!page.failures.length) return null;
  return h("details", { class: "failures", open: page.failures.length <= 5 },
    h("summary", {}, t("failures", { n: page.failures.length })),
    h("ul", {}, page.failures.map((f) => h("li", {}, h("bdi", {}, f.path), `${t("colon")}${f.message} `, h("code", {}, f.code)))));
}

function overview() {
  const docs = page.documents;
  const count = (values) => whole(new Set(values.filter(Boolean)).size);
  const years = docs.map((d) => d.year).filter((y) => y != null);
  return [
    facts([
      [t("documents"), whole(docs.length)],
      [t("failed"), whole(page.failures.length)],
      [t("provinces"), count(docs.map(provinceCode).filter((c) => c !== "100000"))],
      [t("years"), years.length ? `${Math.min(...years)}–${Math.max(...years)}` : DASH],
      [t("sentences"), whole(docs.reduce((n, d) => n + d.sentences, 0))],
    ]),
    failures(),
    h("div", { id: "overview-filters" }, filterBar()),
    h("p", { class: "note", role: "status", id: "overview-count" }),
    h("section", { id: "documents", "aria-labelledby": "documents-head" }, h("h3", { id: "documents-head" }, t("documents_list")), h("div", { id: "overview-table" })),
    h("section", { id: "map", "aria-labelledby": "map-head" }, h("h3", { id: "map-head" }, t("map_and_trend")),
      h("div", { class: "filters" }, choice("overview-measure", "measure", shownMeasures().map((m) => [m.key, m.name]), state.measure, (v) => { state.measure = v; drawMeasure(filtered()); })),
      h("div", { class: "double", id: "overview-measured" })),
    h("section", { id: "scatter", "aria-labelledby": "scatter-head" }, h("h3", { id: "scatter-head" }, t("scatter_title")), h("p", { class: "note" }, t("diagonal_note")), h("div", { id: "overview-scatter" })),
  ];
}

const drawMeasure = (found) => redraw(byId("overview-measured"), provinceMap(found), trend(found));

function drawOverview() {
  const found = filtered();
  byId("overview-count").textContent = t("filtered", { n: whole(found.length), all: whole(page.documents.length) });
  redraw(byId("overview-table"), overviewTable(found));
  drawMeasure(found);
  redraw(byId("overview-scatter"), scatters(found));
  idle(drawRest);
}
