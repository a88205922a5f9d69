// One document: what it is, its 3 × 3, indicators, answers, paths, all measures, evidence, quality.
const measureView = { sort: null, direction: 1, page: 0, text: "", level: "" };

const part = (id, key, ...children) =>
  h("section", { id, "aria-labelledby": `${id}-head` }, h("h3", { id: `${id}-head` }, t(key)), children);

function documentPart(doc) {
  return [
    about(doc),
    part("grid", "three_by_three", grid(doc)),
    part("indicators", "indicators", indicators(doc), stances(doc)),
    part("answers", "answers_title", answers(doc)),
    part("paths", "paths_title", paths(doc)),
    part("measures", "all_measures", allMeasures(doc)),
    part("evidence", "evidence", evidencePart(doc)),
    part("quality", "quality", quality(doc)),
  ];
}

const facts = (pairs, kind = "") => h("dl", { class: `facts ${kind}` }, pairs.map(([key, value]) => h("div", {}, h("dt", {}, key), h("dd", {}, value))));

function about(doc) {
  const warnings = doc.warnings.length;
  return h("div", { class: "about" },
    facts([
      [t("place"), placeOf(doc)],
      [t("year"), doc.year ?? t("unknown")],
      [t("kind"), kindOf(doc)],
      [t("sentences"), whole(doc.sentences)],
      [t("scored_han"), whole(doc.scored_han)],
      [t("pages"), whole(doc.pages)],
      [t("balance"), fixed(doc.balance)],
      [t("covered"), percent(doc.prescriptions?.covered)],
    ]),
    warnings > 0 && h("p", { class: "notice" }, h("a", { href: "#quality" }, t("has_warnings", { n: warnings }))));
}

// --- the 3 × 3 ------------------------------------------------------------------------------

function grid(doc) {
  const tops = [...page.chains.flatMap(([d, o, p]) => [d, `${o}.problem`, `${o}.remedy`, p])].map((k) => measure(doc, k).share ?? 0);
  const top = Math.max(0.0001, ...tops);
  const row = (chain, n) => {
    const [dimension, obstruction, path] = chain;
    return h("div", { role: "row", class: `chain chain-${n + 1}` },
      cell(nameOf(dimension), [figure(measure(doc, dimension), top, "own")]),
      obstructionCell(doc, obstruction, top),
      cell(nameOf(path), [figure(measure(doc, path), top, "own"), carriersOf(doc, path)]));
  };
  return [
    h("div", { class: "grid", role: "table", "aria-label": t("three_by_three") },
      h("div", { role: "row", class: "heads" }, ["dimension", "obstruction", "path"].map((k) => h("span", { role: "columnheader" }, t(k)))),
      page.chains.map(row)),
    h("p", { class: "note" }, t("grid_note"), " ", t("balance_note", { value: fixed(doc.balance) })),
  ];
}

const cell = (name, children) => h("div", { role: "cell", class: "cell" }, h("p", { class: "name" }, name), children);

function figure(m, top, kind) {
  const bar = h("span", { class: `bar ${kind}`, "aria-hidden": "true" }, h("i"));
  bar.firstChild.style.width = `${(100 * (m.share ?? 0)) / top}%`;
  return h("p", { class: "figure" },
    h("b", {}, percent(m.share)), " ", h("small", {}, `[${interval(m)}] · ${t("n_sentences", { n: whole(m.sentences) })}`), bar);
}

function obstructionCell(doc, id, top) {
  const [gap, verdict] = doc.obstructions[id];
  const line = (stance) => h("div", { class: "stance" }, h("span", { class: "which" }, nameOf(stance)), figure(measure(doc, `${id}.${stance}`), top, stance));
  return cell(nameOf(id), [
    line("problem"), line("remedy"),
    h("p", { class: "verdict" }, h("span", { class: `chip verdict-${verdict}` }, nameOf(verdict)), ` ${t("gap")} `, h("b", {}, signed(gap))),
  ]);
}

const carriersIn = (path) => page.measures.filter(([level, id]) => level === "carrier" && id.startsWith(`${path}.`)).map(([, id]) => id);

function carriersOf(doc, path) {
  const found = carriersIn(path).map((id) => [id, measure(doc, id).sentences ?? 0]).filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1]);
  return h("p", { class: "carriers" }, found.length ? found.map(([id, n]) => h("span", { class: "chip plain" }, `${nameOf(id)} ${n}`)) : t("no_carrier"));
}

// --- indicators -----------------------------------------------------------------------------

const indicatorRows = (doc, wanted) => page.measures.filter(([level, id]) => level === "indicator" && wanted(id)).map(([, id, stance]) => {
  const m = measure(doc, stance ? `${id}.${stance}` : id);
  const category = id.split(".")[0];
  return { id, name: nameOf(id), group: nameOf(category), stance: stance && nameOf(stance), ...m, shown: shareInterval(m) };
});
const dimensions = new Set(page.chains.map(([d]) => d));
const measureColumns = () => [
  { key: "sentences", name: t("sentences"), number: true, value: (r) => r.sentences, cell: (r) => whole(r.sentences) },
  { key: "share", name: t("share"), number: true, value: (r) => r.share, cell: (r) => percent(r.share) },
  { key: "interval", name: t("interval"), number: true, value: (r) => r.low, cell: interval },
];

const tall = (step) => (spec) => { spec.height = step * spec.datasets.rows.length; };

function indicators(doc) {
  return chart({
    name: "indicators", title: t("indicators_dimensions"), note: t("interval_note"), adjust: tall(24),
    rows: () => indicatorRows(doc, (id) => dimensions.has(id.split(".")[0])),
    columns: [{ key: "name", name: t("indicator"), value: (r) => r.name }, { key: "group", name: t("dimension"), value: (r) => r.group }, ...measureColumns()],
  });
}

function stances(doc) {
  return chart({
    name: "stances", title: t("indicators_obstructions"), note: t("interval_note"), adjust: tall(16),
    rows: () => indicatorRows(doc, (id) => !dimensions.has(id.split(".")[0])),
    columns: [{ key: "name", name: t("indicator"), value: (r) => r.name }, { key: "group", name: t("obstruction"), value: (r) => r.group }, { key: "stance", name: t("stance"), value: (r) => r.stance }, ...measureColumns()],
  });
}

function answers(doc) {
  const rows = () => Object.entries(doc.obstructions).map(([id, [gap, verdict]]) => {
    const [p, r] = [measure(doc, `${id}.problem`), measure(doc, `${id}.remedy`)];
    return {
      name: nameOf(id), problem: p.share ?? 0, problem_low: p.low ?? 0, problem_high: p.high ?? 0,
      remedy: r.share ?? 0, remedy_low: r.low ?? 0, remedy_high: r.high ?? 0,
      shown_problem: shareInterval(p), shown_remedy: shareInterval(r), gap, verdict: nameOf(verdict),
    };
  });
  return chart({
    name: "answers", title: t("answers_of"), note: t("diagonal_note"), rows, more: { diagonal: diagonal(rows().flatMap((r) => [r.problem_high, r.remedy_high])) },
    columns: [
      { key: "name", name: t("obstruction"), value: (r) => r.name },
      { key: "problem", name: t("diagnosed"), number: true, value: (r) => r.problem, cell: (r) => r.shown_problem },
      { key: "remedy", name: t("answered"), number: true, value: (r) => r.remedy, cell: (r) => r.shown_remedy },
      { key: "gap", name: t("gap"), number: true, value: (r) => r.gap, cell: (r) => signed(r.gap) },
      { key: "verdict", name: t("verdict"), value: (r) => r.verdict },
    ],
  });
}

function diagonal(values) {
  const top = Math.max(0.001, ...values);
  return [{ problem: 0, remedy: 0 }, { problem: top, remedy: top }];
}

// --- paths and prescriptions ----------------------------------------------------------------

function paths(doc) {
  const known = doc.prescriptions;
  return [
    regionMap(doc),
    h("p", { class: "note" }, known ? t("prescriptions_note", { covered: percent(known.covered), misfit: percent(known.misfit) }) : t("place_unknown"), known && doc.evidence && ` ${t("prescriptions_proof")}`),
    page.chains.map(([, , path]) => [
      h("h4", {}, nameOf(path), h("small", {}, ` ${t("n_sentences", { n: whole(measure(doc, path).sentences) })} · ${percent(measure(doc, path).share)}`)),
      h("ul", { class: "carriers-list" }, carriersIn(path).map((id) => carrier(doc, id))),
    ]),
  ];
}

function carrier(doc, id) {
  const m = measure(doc, id);
  const fit = doc.prescriptions?.carriers[id];
  const applies = doc.prescriptions ? (fit ? "applies" : "applies_not") : "applies_unknown";
  const entries = Object.entries(fit ?? {});
  const done = entries.filter(([, taken]) => taken).length;
  return h("li", { class: fit ? "fits" : null },
    h("p", {}, h("b", {}, nameOf(id)), ` ${t("n_sentences", { n: whole(m.sentences) })} · `, h("span", { class: "note" }, t(applies)),
      entries.length > 0 && ` · ${t("taken_up_of", { done, n: entries.length })}`),
    entries.length > 0 && h("ul", { class: "checks" }, entries.map(([key, taken]) => prescription(doc, `${id}.${key}`, taken))));
}

function prescription(doc, id, taken) {
  const proof = doc.evidence?.prescriptions[id] ?? [];
  const named = [h("span", { class: "sr" }, `${t(taken ? "taken" : "missing")}${t("colon")}`), nameOf(id)];
  return h("li", { class: taken ? "taken" : "missing" },
    h("span", { class: "mark", "aria-hidden": "true" }, taken ? "✓" : "✗"),
    proof.length
      ? h("details", {}, h("summary", {}, named),
          proof.map((p) => h("p", { class: "sentence" }, p.page != null && h("span", { class: "where" }, `${pageName(p.page)} `), marked(p.parts, null))))
      : named);
}

// Which provinces the regional strategies and blocks of the text are for.
function regionMap(doc) {
  const home = provinceCode(doc);
  const rows = () => page.tiles.map((tile) => {
    const carriers = Object.entries(page.regions).filter(([id, codes]) => codes.includes(tile.code) && (measure(doc, id).sentences ?? 0) > 0);
    const value = carriers.reduce((sum, [id]) => sum + measure(doc, id).sentences, 0);
    return { ...tile, name: tile.names[side()], letters: tile.letters[side()], value: value || null, shown: value ? String(value) : "", count: carriers.map(([id]) => nameOf(id)).join(t("comma")) || DASH, chosen: tile.code === home };
  });
  return chart({
    name: "map.count", title: t("regions_title"), note: t("regions_note"), rows, adjust: square(t("carriers")),
    columns: [
      { key: "name", name: t("province"), value: (r) => r.name },
      { key: "value", name: t("sentences"), number: true, value: (r) => r.value, cell: (r) => whole(r.value) },
      { key: "count", name: t("carriers"), value: (r) => r.count },
    ],
  });
}

// Tiles are squares, whatever the width; the third line of a tip is named by `counted`.
const square = (counted) => (spec, width) => {
  const side_ = Math.min(width, 560);
  Object.assign(spec, { width: side_, height: side_ });
  // Without any value there is nothing to tell a scale and a legend from.
  if (spec.datasets.rows.every((r) => r.value == null)) Object.assign(spec.layer[0].encoding.color, { scale: { domain: [0, 1] }, legend: null });
  for (const layer of spec.layer) layer.encoding.tooltip[2].title = counted;
};

// --- all measures ---------------------------------------------------------------------------

function allMeasures(doc) {
  const rows = page.measures.map(([level, id, stance]) => ({
    level, levelName: t(`level_${level}`), id, name: nameOf(id), stance: stance ? nameOf(stance) : "", ...measure(doc, stance ? `${id}.${stance}` : id),
  }));
  const body = h("div", {});
  const columns = [
    { key: "name", name: t("name"), value: (r) => r.name },
    { key: "stance", name: t("stance"), value: (r) => r.stance },
    { key: "level", name: t("level"), value: (r) => r.levelName },
    ...measureColumns(),
    { key: "hits", name: t("hits"), number: true, value: (r) => r.hits, cell: (r) => whole(r.hits) },
    { key: "density", name: t("density"), number: true, value: (r) => r.density, cell: (r) => fixed(r.density, 1) },
    { key: "breadth", name: t("breadth"), number: true, value: (r) => r.breadth, cell: (r) => percent(r.breadth) },
    { key: "percentile", name: t("percentile"), number: true, value: (r) => r.percentile, cell: (r) => fixed(r.percentile, 0) },
    doc.ranked_in && { key: "inBlock", name: t("percentile_block", { block: t(`block_${doc.ranked_in}`) }), number: true, value: (r) => r.inBlock, cell: (r) => fixed(r.inBlock, 0) },
  ].filter(Boolean);
  function draw() {
    const wanted = measureView.text.trim().toLowerCase();
    const found = rows.filter((r) => (!measureView.level || r.level === measureView.level) && (!wanted || `${r.name} ${r.id}`.toLowerCase().includes(wanted)));
    redraw(body, dataTable({ id: "measures-table", caption: t("all_measures"), columns, rows: found, view: measureView, size: 25 }));
  }
  draw();
  const levels = [...new Set(page.measures.map(([level]) => level))];
  return [
    doc.compared != null && h("p", { class: "note" }, page.comparisons[doc.compared][side()]),
    h("div", { class: "filters" },
      choice("measure-level", "level", [["", t("all")], ...levels.map((l) => [l, t(`level_${l}`)])], measureView.level, (v) => { measureView.level = v; draw(); }),
      searchBox("measure-text", "contains", measureView.text, (v) => { measureView.text = v; draw(); })),
    body,
  ];
}

// --- quality --------------------------------------------------------------------------------

function warningText([code, english, number, chinese]) {
  if (state.lang === "en") return english;
  const text = chinese ?? (page.texts[`warning_${code}`] ? t(`warning_${code}`) : english);
  return number != null && !chinese ? `${pageName(number)}${t("colon")}${text}` : text;
}

function quality(doc) {
  const excluded = Object.entries(doc.excluded).filter(([, n]) => n > 0).map(([key, n]) => `${page.texts[`excluded_${key}`] ? t(`excluded_${key}`) : key} ${whole(n)}`);
  const engines = Object.entries(doc.engines).map(([name, n]) => `${name} (${whole(n)})`);
  const numbers = (list) => (list.length ? list.join(", ") : DASH);
  return [
    doc.warnings.length
      ? h("ul", { class: "warnings" }, doc.warnings.map((w) => h("li", {}, warningText(w))))
      : h("p", {}, t("no_warnings")),
    facts([
      [t("title"), quoted(titleOf(doc))],
      [t("file"), quoted(doc.path)],
      ["SHA-256", h("code", {}, doc.sha256)],
      [t("han"), `${whole(doc.han)} / ${whole(doc.scored_han)}`],
      [t("excluded"), excluded.join(" · ") || DASH],
      [t("engines"), engines.join(" · ") || DASH],
      [t("empty_pages"), numbers(doc.empty_pages)],
      [t("ocr_pages"), numbers(doc.ocr_pages)],
      [t("found_in"), doc.found_in ? (page.texts[`found_${doc.found_in}`] ? t(`found_${doc.found_in}`) : doc.found_in) : DASH],
      [t("labels_without_hit"), whole(doc.labels_without_hit)],
      [t("hits_without_label"), whole(doc.hits_without_label)],
    ], "long"),
  ];
}
