// Figures as people read them; what is not known is a dash.
const DASH = "–";
const percent = (x) => (x == null ? DASH : `${(100 * x).toFixed(1)}%`);
const fixed = (x, digits = 2) => (x == null ? DASH : x.toFixed(digits));
const signed = (x) => (x == null ? DASH : `${x > 0 ? "+" : x < 0 ? "−" : ""}${Math.abs(x).toFixed(2)}`);
const whole = (x) => (x == null ? DASH : x.toLocaleString("en-US"));
const interval = (m) => (m && m.low != null ? `${(100 * m.low).toFixed(1)}–${(100 * m.high).toFixed(1)}` : DASH);
const shareInterval = (m) => (m.low == null ? percent(m.share) : `${percent(m.share)} [${interval(m)}]`);

const places = new Map(page.measures.map(([level, id, stance], n) => [stance ? `${id}.${stance}` : id, n]));

// The measure of a document by its key: `factor`, `lockin.problem`, `strategy.jjj`.
function measure(doc, key) {
  const m = doc.measures[places.get(key)];
  if (!m) return { sentences: null, share: null, low: null, high: null, hits: null, density: null, breadth: null, percentile: null, inBlock: null };
  const [sentences, share, low, high, hits, density, breadth, percentile, inBlock] = m;
  return { sentences, share, low, high, hits, density, breadth, percentile, inBlock };
}

const titleOf = (doc) => doc.title ?? doc.path.split(/[\\/]/).pop();
// A title with the place and year that it does not tell itself: many are called alike.
function fullTitle(doc) {
  const title = titleOf(doc);
  const rest = [doc.place?.name, doc.year].filter((x) => x != null && !title.includes(String(x)));
  return rest.length ? `${title} (${rest.join(" ")})` : title;
}
const kindOf = (doc) => (doc.kind ? nameOf(doc.kind) : t("unknown"));
const provinceCode = (doc) => {
  const code = doc.place?.code;
  return code && code !== "100000" ? `${code.slice(0, 2)}0000` : (code ?? "");
};
const tileOf = new Map(page.tiles.map((tile) => [tile.code, tile]));
const provinceName = (code) => {
  if (code === "100000") return t("national");
  return tileOf.get(code)?.names[side()] ?? t("unknown");
};
const placeOf = (doc) => (doc.place ? quoted(doc.place.name) : t("unknown"));

// The measures that maps and trends can show: key, name, value of a document, format.
function shownMeasures() {
  const labels = page.labels.map((label) => ({
    key: label, name: labelName(label), of: (d) => measure(d, label).share, format: percent, kind: "share",
  }));
  const gaps = ["institution", "lockin", "services"].map((o) => ({
    key: `gap.${o}`, name: `${nameOf(o)} · ${t("gap")}`, of: (d) => d.obstructions[o][0], format: signed, kind: "number",
  }));
  return [
    ...labels,
    ...gaps,
    { key: "balance", name: t("balance"), of: (d) => d.balance, format: fixed, kind: "number" },
    { key: "covered", name: t("covered"), of: (d) => d.prescriptions?.covered ?? null, format: percent, kind: "share" },
  ];
}
const shownMeasure = () => shownMeasures().find((m) => m.key === state.measure);

const mean = (values) => (values.length ? values.reduce((a, b) => a + b, 0) / values.length : null);
