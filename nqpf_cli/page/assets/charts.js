// Charts: Vega-Lite with the expression interpreter, so that the page needs no `eval`.
const tip = byId("tip");

function showTip(handler, event, item, value) {
  if (value == null || typeof value !== "object") {
    tip.hidden = true;
    return;
  }
  tip.replaceChildren(
    ...Object.entries(value).map(([key, text]) => h("p", {}, h("span", {}, key), h("b", {}, String(text)))),
  );
  tip.hidden = false;
  const room = document.documentElement.clientWidth - tip.offsetWidth - 8;
  tip.style.left = `${Math.max(8, Math.min(event.clientX + 14, room))}px`;
  tip.style.top = `${event.clientY + 14 + tip.offsetHeight > innerHeight ? event.clientY - tip.offsetHeight - 10 : event.clientY + 14}px`;
}

// Charts are drawn when they come near the window, and the rest when there is nothing else to do.
const waiting = new Map();
const near = new IntersectionObserver(
  (entries) => entries.filter((e) => e.isIntersecting).forEach((e) => embed(e.target)),
  { rootMargin: "300px" },
);
const idle = (work) => (window.requestIdleCallback ? requestIdleCallback(work, { timeout: 500 }) : setTimeout(work, 200));
const PAPER_WIDTH = 660;

async function embed(place) {
  const make = waiting.get(place);
  waiting.delete(place);
  near.unobserve(place);
  if (!make || !place.isConnected) return;
  const { spec, picked } = make(place.clientWidth);
  const { view } = await vegaEmbed(place, spec, {
    mode: "vega-lite", ast: true, renderer: "svg", actions: false, defaultStyle: false,
    tooltip: showTip, config: charts.config,
  });
  place.querySelector("svg").setAttribute("aria-hidden", "true");
  place.dataset.drawn = "";
  if (spec.width === "container") views.set(place, view);
  if (picked) view.addEventListener("click", (event, item) => item?.datum && picked(item.datum));
}

// On paper charts are as wide as the paper, and tables and lists are whole.
const views = new Map();
const pageable = new Map();
let printing = false;

function onPaper(now) {
  printing = now;
  for (const [place, view] of views) {
    if (place.isConnected) view.width(now ? PAPER_WIDTH : place.clientWidth).run();
    else views.delete(place);
  }
  for (const [place, draw] of pageable) {
    if (place.isConnected) draw();
    else pageable.delete(place);
  }
}
addEventListener("beforeprint", () => onPaper(true));
addEventListener("afterprint", () => onPaper(false));

function drawRest() {
  const [place] = waiting.keys();
  if (place) embed(place).then(() => idle(drawRest));
}

// Draws all that is not drawn yet.
const drawn = () => Promise.all([...waiting.keys()].map(embed));

// A figure: its chart (described for those who do not see it), then its figures as a table.
function chart({ name, title, note, rows, more = {}, adjust = () => {}, picked, columns, tableRows = rows, small = false }) {
  const place = h("div", { class: "chart", role: "img", "aria-label": `${title}${t("colon")}${t("see_figures")}` });
  waiting.set(place, (width) => {
    const spec = structuredClone(charts[state.lang][name]);
    spec.datasets = { rows: rows(), ...more };
    adjust(spec, width);
    if (width < 480) spec.config = { axisY: { labelLimit: Math.max(90, width * 0.34) }, legend: { columns: 2 } };
    return { spec, picked };
  });
  near.observe(place);
  return h("figure", { class: small ? "small" : null },
    h("figcaption", {}, h("b", {}, title), note && h("span", { class: "note" }, note)),
    place,
    columns && chartTable(title, columns, tableRows));
}
