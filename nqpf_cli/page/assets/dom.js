// The page's data and state, and how elements are made. Text only ever enters as text nodes.
const read = (id) => JSON.parse(document.getElementById(id).textContent);
const page = read("data");
const charts = read("charts");
const several = page.documents.length > 1;
const state = {
  lang: page.lang,
  chosen: 0,
  filters: { text: "", province: "", year: "", kind: "", block: "" },
  measure: "factor",
  label: "",
};

const side = () => (state.lang === "zh" ? 0 : 1);

// The text of a key in the language in force; {n} and the like are replaced by `values`.
const t = (key, values = {}) =>
  page.texts[key][side()].replace(/\{(\w+)\}/g, (all, name) => values[name] ?? all);

const nameOf = (id) => (Object.hasOwn(page.names, id) ? page.names[id][side()] : id);

const labelName = (label) => {
  const [category, stance] = label.split(".");
  return stance ? `${nameOf(category)} · ${nameOf(stance)}` : nameOf(category);
};

function h(tag, attributes, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value != null) element.setAttribute(key, value);
  }
  element.append(...children.flat(Infinity).filter((c) => c != null && c !== false));
  return element;
}

// Text of a document: always Chinese, whatever the page speaks, and kept apart from its direction.
const quoted = (text) => h("bdi", { lang: "zh-CN" }, text ?? "");

const byId = (id) => document.getElementById(id);

function choice(id, key, options, value, changed) {
  return h(
    "label",
    { class: "field", for: id },
    h("span", {}, t(key)),
    h(
      "select",
      { id, onchange: (e) => changed(e.target.value) },
      options.map(([v, text]) => h("option", { value: v, selected: v === value }, text)),
    ),
  );
}

function searchBox(id, key, value, changed) {
  return h(
    "label",
    { class: "field", for: id },
    h("span", {}, t(key)),
    h("input", { id, type: "search", value, autocomplete: "off", oninput: (e) => changed(e.target.value) }),
  );
}

// Draws a part anew and leaves the focus where it was.
function redraw(parent, ...children) {
  const focused = parent.contains(document.activeElement) ? document.activeElement.id : "";
  parent.replaceChildren(...children.flat(Infinity).filter((c) => c != null && c !== false));
  if (focused) byId(focused)?.focus();
}
