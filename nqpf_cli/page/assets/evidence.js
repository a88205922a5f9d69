// The sentences behind the figures, with the hits in them marked.
const evidenceView = { text: "", page: 0 };
const SENTENCES = 20;

const stanceOf = (column) => column.split(":")[1] ?? "";
const columnName = (column) => {
  const [id, stance] = column.split(":");
  return stance ? `${nameOf(id)} · ${nameOf(stance)}` : nameOf(id);
};

// Which of several hits over the same words gives the colour: one of the chosen category, else one
// with a stance.
function shownColumn(columns) {
  const labelOf = (column) => [column.split(".")[0], stanceOf(column)].filter(Boolean).join(".");
  return columns.find((c) => labelOf(c) === state.label) ?? columns.find(stanceOf) ?? columns[0];
}

function marked(parts, hits) {
  return h("bdi", { lang: "zh-CN" }, parts.map(([text, covering]) => {
    if (!covering.length) return text;
    const column = hits ? shownColumn(covering.map((n) => hits[n][0])) : "";
    const title = hits ? covering.map((n) => `${columnName(hits[n][0])} ← ${hits[n][1]}`).join("\n") : null;
    return h("mark", { class: stanceOf(column) || "plain", title }, text);
  }));
}

const pageName = (number) => (number == null ? null : t("page_n", { n: number }));

function sentence(s) {
  const hits = s.hits.map((n) => page.entries[n]);
  const columns = [...new Set(hits.map(([column]) => column))];
  return h("li", {},
    h("p", { class: "where" },
      [pageName(s.page), s.section === "other" ? null : nameOf(`section.${s.section}`)].filter(Boolean).join(" · ")),
    h("p", { class: "sentence" }, marked(s.parts, hits)),
    h("p", { class: "chips" }, columns.map((c) => h("span", { class: `chip ${stanceOf(c) || "plain"}` }, columnName(c)))));
}

function evidencePart(doc) {
  const body = h("div", {});
  if (!doc.evidence) return [h("p", { class: "notice" }, t("no_evidence"))];
  const { sentences, labels } = doc.evidence;
  if (!sentences.length) {
    const found = Object.values(labels).reduce((sum, [all]) => sum + all, 0);
    return [h("p", { class: "notice" }, found ? t("evidence_off", { n: whole(found) }) : t("no_hits_found"))];
  }
  if (!(state.label in labels)) state.label = "";

  function draw() {
    const wanted = evidenceView.text.trim();
    const found = sentences.filter(
      (s) => (!state.label || s.labels.includes(state.label)) && (!wanted || s.parts.map(([text]) => text).join("").includes(wanted)),
    );
    const { shown, from, pages } = slice(found, evidenceView, SENTENCES);
    redraw(body,
      h("p", { class: "pager" },
        h("span", { role: "status" }, found.length ? t("sentences_shown", { from: from + 1, to: from + shown.length, n: found.length }) : t("no_rows")),
        turners("evidence", evidenceView, pages, draw)),
      h("ol", { class: "sentences", start: from + 1 }, shown.map(sentence)));
  }

  const options = Object.entries(labels).map(([label, [total, kept]]) => [label, `${labelName(label)} (${kept < total ? `${kept} / ${total}` : total})`]);
  const total = Object.values(labels).reduce((sum, [all, kept]) => sum + all - kept, 0);
  draw();
  pageable.set(body, draw);
  return [
    h("p", { class: "note" }, t("evidence_note", { n: page.evidence_limit }), " ", total ? t("evidence_hidden", { n: total }) : t("evidence_all")),
    h("div", { class: "filters" },
      choice("evidence-label", "category", [["", t("all")], ...options], state.label, (v) => { state.label = v; evidenceView.page = 0; draw(); }),
      searchBox("evidence-text", "contains", evidenceView.text, (v) => { evidenceView.text = v; evidenceView.page = 0; draw(); })),
    h("p", { class: "legend" },
      h("mark", { class: "problem" }, nameOf("problem")), h("mark", { class: "remedy" }, nameOf("remedy")), h("mark", { class: "plain" }, t("no_stance"))),
    body,
  ];
}
