// Puts the parts on the page and keeps language, theme and the chosen document.
const root = document.documentElement;
const darkSystem = matchMedia("(prefers-color-scheme: dark)");

function drawDocument() {
  const doc = page.documents[state.chosen];
  redraw(byId("document-title"), ...(several ? [`${t("chosen")}${t("colon")}`, quoted(titleOf(doc))] : [t("results")]));
  redraw(byId("document-body"), several ? picker() : null, documentPart(doc));
  idle(drawRest);
}

function picker() {
  return h("div", { class: "filters" },
    choice("picker", "chosen", page.documents.map((d, n) => [String(n), fullTitle(d)]), String(state.chosen), (v) => choose(Number(v), false)));
}

function choose(n, go) {
  state.chosen = n;
  evidenceView.page = 0;
  drawDocument();
  byId("documents-table")?.querySelectorAll("tbody tr").forEach((row) => {
    const here = row.querySelector(`#choose-${n}`) !== null;
    row.classList.toggle("chosen", here);
    if (here) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  });
  if (several) redraw(byId("overview-scatter"), scatters(filtered()));
  if (go) {
    byId("document").scrollIntoView();
    byId("document-title").focus({ preventScroll: true });
  }
}

function setLanguage(lang) {
  state.lang = lang;
  root.lang = lang === "zh" ? "zh-CN" : "en";
  document.querySelectorAll("[data-label]").forEach((e) => e.setAttribute("aria-label", t(e.dataset.label)));
  document.querySelectorAll("[data-lang]").forEach((e) => e.setAttribute("aria-pressed", String(e.dataset.lang === lang)));
  waiting.clear();
  if (several) {
    redraw(byId("overview-body"), overview());
    drawOverview();
  }
  drawDocument();
}

// The theme is the system's until it is chosen here.
function setTheme(theme) {
  root.dataset.theme = theme;
  byId("theme").setAttribute("aria-pressed", String(theme === "dark"));
}

document.querySelectorAll("[data-lang]").forEach((button) => button.addEventListener("click", () => setLanguage(button.dataset.lang)));
byId("theme").addEventListener("click", () => setTheme(root.dataset.theme === "dark" ? "light" : "dark"));
darkSystem.addEventListener("change", () => setTheme(darkSystem.matches ? "dark" : "light"));
byId("print").addEventListener("click", () => drawn().then(() => print()));
addEventListener("keydown", (e) => { if (e.key === "Escape") tip.hidden = true; });
setTheme(darkSystem.matches ? "dark" : "light");
setLanguage(state.lang);
root.dataset.ready = "";
