// Tables that sort by their heads and come in pages. Columns: {key, name, value, cell, number}.
const collators = { zh: new Intl.Collator("zh-CN-u-co-pinyin", { numeric: true }), en: new Intl.Collator("en", { numeric: true }) };

function compare(a, b) {
  if (a == null || b == null) return (a == null) - (b == null);
  if (typeof a === "number" && typeof b === "number") return a - b;
  return collators[state.lang].compare(String(a), String(b));
}

// Rows in the order of a column; what is unknown comes last in either direction.
function sorted(rows, column, direction) {
  if (!column) return rows;
  const keyed = rows.map((row) => [column.value(row), row]);
  keyed.sort(([a], [b]) => (a == null || b == null ? compare(a, b) : direction * compare(a, b)));
  return keyed.map(([, row]) => row);
}

// The rows of one page, all of them on paper. `view.page` is put right.
function slice(rows, view, size) {
  const length = printing ? Math.max(1, rows.length) : size;
  const pages = Math.max(1, Math.ceil(rows.length / length));
  if (!printing) view.page = Math.min(view.page ?? 0, pages - 1);
  const from = printing ? 0 : view.page * length;
  return { shown: rows.slice(from, from + length), from, pages };
}

// The buttons that turn pages; none where there is one page.
function turners(id, view, pages, draw) {
  const turn = (name, step, end) =>
    h("button", { type: "button", id: `${id}-${name}`, disabled: view.page === end, onclick: () => { view.page += step; draw(); } }, t(name));
  return pages > 1 && [turn("previous", -1, 0), turn("next", 1, pages - 1)];
}

// `view` keeps sorting and page between drawings: {sort, direction, page}.
function dataTable({ id, caption, columns, rows, view, size = 50, rowAttributes = () => ({}) }) {
  const holder = h("div", { class: "table", id });

  function draw() {
    const column = columns.find((c) => c.key === view.sort);
    const ordered = sorted(rows, column, view.direction);
    const { shown, from, pages } = slice(ordered, view, size);
    redraw(
      holder,
      h("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": t("table_of", { name: caption }) },
        h("table", {},
          h("caption", {}, caption),
          h("thead", {}, h("tr", {}, columns.map((c) => head(c, column)))),
          h("tbody", {}, shown.map((row) => h("tr", rowAttributes(row), columns.map((c, n) => cell(c, row, n))))))),
      h("p", { class: "pager" },
        h("span", { role: "status" }, rows.length ? t("rows", { from: from + 1, to: from + shown.length, n: rows.length }) : t("no_rows")),
        turners(id, view, pages, draw)),
    );
  }

  function head(c, column) {
    const here = c === column;
    const order = here ? (view.direction > 0 ? "ascending" : "descending") : "none";
    return h("th", { scope: "col", class: c.number && "number", "aria-sort": order },
      h("button", { type: "button", id: `${id}-sort-${c.key}`, onclick: () => sortBy(c, here) },
        c.name, h("span", { class: "arrow", "aria-hidden": "true" }, here ? (view.direction > 0 ? "▲" : "▼") : "")));
  }

  function sortBy(c, here) {
    view.direction = here ? -view.direction : c.number ? -1 : 1;
    view.sort = c.key;
    view.page = 0;
    draw();
  }

  function cell(c, row, n) {
    const content = c.cell ? c.cell(row) : (c.value(row) ?? DASH);
    return h(n === 0 ? "th" : "td", { scope: n === 0 && "row", class: c.number && "number" }, content);
  }

  pageable.set(holder, draw);
  draw();
  return holder;
}

let tables = 0;

// The figures of a chart as a table, made when it is opened.
function chartTable(caption, columns, rows) {
  const id = `figures-${++tables}`;
  const details = h("details", { class: "figures" }, h("summary", {}, t("figures_of", { name: caption })));
  details.addEventListener("toggle", () => {
    if (details.open && details.children.length === 1) {
      details.append(dataTable({ id, caption, columns, rows: rows(), view: {}, size: 40 }));
    }
  });
  return details;
}
