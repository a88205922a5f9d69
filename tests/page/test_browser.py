"""The page in a real browser: what a reader sees, filters, switches and hears."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from nqpf_cli.corpus.records import Record

pytestmark = pytest.mark.browser
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
WATCH = """
window.violations = [];
document.addEventListener("securitypolicyviolation", (e) => violations.push(e.violatedDirective));
"""


class Opened:
    """A page in the browser, with all that went wrong on it and all that it asked for."""

    def __init__(self, page: Any, path: Path) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda m: self.complaints.append(m.text))
        page.on("pageerror", lambda e: self.complaints.append(str(e)))
        page.on("request", lambda r: self.requests.append(r.url))
        page.add_init_script(WATCH)
        page.goto(path.as_uri())
        self.drawn()

    def drawn(self) -> None:
        """Wait until all charts are drawn."""
        self.page.wait_for_selector("[data-ready]", state="attached")
        self.page.wait_for_selector(".chart:not([data-drawn])", state="detached")

    def cells(self, table: str, column: int) -> list[str]:
        """Return the texts of a column of a table."""
        cells = self.page.locator(f"#{table} tbody tr > :nth-child({column})")
        return [str(text).strip() for text in cells.all_inner_texts()]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A headless Chromium of the system ($NQPF_CHROMIUM, or on the path)."""
    playwright = pytest.importorskip(
        "playwright.sync_api", reason="playwright is not installed: pip install --group browser"
    )
    names = [os.environ.get("NQPF_CHROMIUM", ""), *BROWSERS]
    path = next((found for name in names if name and (found := shutil.which(name))), None)
    if path is None:
        pytest.skip("there is no Chromium on the path; set NQPF_CHROMIUM to its place")
    with playwright.sync_playwright() as p:
        chromium = p.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def files(
    tmp_path_factory: pytest.TempPathFactory,
    make: Callable[..., str],
    one: list[Record],
    many: list[Record],
    scanned: list[Record],
) -> dict[str, Path]:
    """The pages: of one document, of a folder, of a scan."""
    folder = tmp_path_factory.mktemp("pages")
    pages = {
        "one": make(one),
        "many": make(many, evidence=1),
        "scan": make(scanned, evidence=None),
    }
    for name, text in pages.items():
        (folder / f"{name}.html").write_text(text, encoding="utf-8")
    return {name: folder / f"{name}.html" for name in pages}


@pytest.fixture
def visit(browser: Any, files: dict[str, Path]) -> Iterator[Callable[..., Opened]]:
    """Open a page: ``visit("one", width=1280, scheme="light")``; at the end nothing went wrong."""
    opened: list[Opened] = []

    def go(name: str, width: int = 1280, scheme: str = "light") -> Opened:
        page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
        opened.append(Opened(page, files[name]))
        return opened[-1]

    yield go
    for o in opened:
        violations = o.page.evaluate("window.violations")
        hacked = o.page.evaluate("window.hacked")
        o.page.close()
        assert (o.complaints, violations, hacked) == ([], [], None)
        assert [r for r in o.requests if not r.startswith("file:")] == []
        assert len(o.requests) == 1


@pytest.mark.parametrize("name", ["one", "many", "scan"])
def test_all_charts_are_drawn_and_have_their_figures(
    visit: Callable[..., Opened], name: str
) -> None:
    page = visit(name).page
    charts = page.locator(".chart")
    assert charts.count() >= 4
    assert page.locator(".chart svg").count() == charts.count()
    details = page.locator("details.figures")
    assert details.count() == charts.count()
    details.first.locator("summary").click()
    details.first.locator("tbody tr").first.wait_for()  # made when it is opened


def test_a_script_in_a_document_is_shown_as_text(visit: Callable[..., Opened], evil: str) -> None:
    page = visit("one").page
    assert evil in page.locator("h1").inner_text()
    assert "<img src=x" in page.locator("#evidence ol").inner_text()
    assert page.locator("main img").count() == 0
    page.locator(".chart svg path").first.hover()
    assert page.locator("#tip img").count() == 0


def test_filters_narrow_table_and_count(visit: Callable[..., Opened]) -> None:
    o = visit("many")
    assert len(o.cells("documents-table", 1)) == 9
    o.page.select_option("#filter-province", "320000")
    o.page.select_option("#filter-year", "2024")
    assert o.cells("documents-table", 2) == ["江苏省"]
    assert o.page.inner_text("#overview-count") == "1 of 9 documents"
    o.page.click("#filter-clear")
    o.page.fill("#filter-text", "陕西")
    assert o.cells("documents-table", 2) == ["陕西省"] * 3
    o.drawn()


def test_heads_sort_and_tell_it(visit: Callable[..., Opened]) -> None:
    o = visit("many")
    head = o.page.locator(
        "#documents-table thead th", has=o.page.locator("#documents-table-sort-year")
    )
    assert head.get_attribute("aria-sort") == "none"
    o.page.click("#documents-table-sort-year")
    assert head.get_attribute("aria-sort") == "descending"
    years = o.cells("documents-table", 3)
    assert years == sorted(years, reverse=True)
    o.page.keyboard.press("Enter")  # the focus stays on the head
    assert head.get_attribute("aria-sort") == "ascending"
    assert o.cells("documents-table", 3) == years[::-1]


def test_a_click_in_the_table_shows_the_document(visit: Callable[..., Opened]) -> None:
    o = visit("many")
    o.page.click("#choose-5")
    assert o.page.inner_text("#document-title") == "Chosen document: 江苏省2025年政府工作报告"
    assert o.page.locator("#documents-table tr[aria-current]").count() == 1
    o.page.select_option("#picker", "0")
    assert o.page.inner_text("#document-title").endswith("河南省2023年政府工作报告")
    o.drawn()


def test_evidence_is_filtered_by_category_and_marked(visit: Callable[..., Opened]) -> None:
    page = visit("one").page
    before = page.locator("#evidence li").count()
    page.select_option("#evidence-label", "lockin.problem")
    assert 0 < page.locator("#evidence li").count() < before
    assert "产能过剩" in "".join(page.locator("#evidence li mark.problem").all_inner_texts())
    page.fill("#evidence-text", "没有这句话")
    assert page.locator("#evidence li").count() == 0


def test_a_scan_says_that_it_holds_no_evidence(visit: Callable[..., Opened]) -> None:
    page = visit("scan").page
    assert "no evidence here" in page.inner_text("#evidence")
    assert page.locator("#evidence li").count() == 0


def test_failures_are_listed(visit: Callable[..., Opened], evil: str) -> None:
    shown = visit("scan").page.inner_text(".failures")
    assert "1 not read" in shown
    assert f"bad{evil}.pdf" in shown


def test_the_language_switches_everything(visit: Callable[..., Opened]) -> None:
    o = visit("many")
    page = o.page
    page.select_option("#filter-year", "2024")
    page.click("[data-lang=zh]")
    o.drawn()
    assert page.get_attribute("html", "lang") == "zh-CN"
    assert page.inner_text("#overview-title") == "总览"
    assert "均衡度" in page.inner_text("#method")
    assert "Balance" not in page.inner_text("main")
    assert page.inner_text("#overview-count") == "筛选出 3 份，共 9 份"
    page.click("[data-lang=en]")
    o.drawn()
    assert page.inner_text("#overview-title") == "Overview"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_theme_follows_the_system_and_the_switch(
    visit: Callable[..., Opened], scheme: str
) -> None:
    page = visit("one", scheme=scheme).page

    def background() -> str:
        return str(page.evaluate("getComputedStyle(document.body).backgroundColor"))

    first = background()
    assert (first == "rgb(255, 255, 255)") == (scheme == "light")
    page.click("#theme")
    assert background() != first
    page.emulate_media(media="print")
    assert background() == "rgb(255, 255, 255)"


@pytest.mark.parametrize("name", ["one", "many"])
def test_nothing_is_wider_than_a_phone(visit: Callable[..., Opened], name: str) -> None:
    page = visit(name, width=375).page
    for lang in ("en", "zh"):
        page.click(f"[data-lang={lang}]")
        assert page.evaluate("document.documentElement.scrollWidth") == 375


@pytest.mark.parametrize("name", ["one", "many"])
def test_no_table_scrolls_sideways_on_a_desk(visit: Callable[..., Opened], name: str) -> None:
    page = visit(name, width=1280).page
    wide = """() => {
      document.querySelectorAll("details.figures").forEach((d) => { d.open = true; });
      return new Promise((done) => requestAnimationFrame(() => done(
        [...document.querySelectorAll(".scroll")].filter((s) => s.scrollWidth > s.clientWidth)
          .map((s) => s.closest(".table").id))));
    }"""
    for lang in ("en", "zh"):
        page.click(f"[data-lang={lang}]")
        assert page.evaluate(wide) == []


def test_the_button_prints_when_all_is_drawn(visit: Callable[..., Opened]) -> None:
    page = visit("many").page
    page.evaluate("window.print = () => { window.undrawn = "
                  "document.querySelectorAll('.chart:not([data-drawn])').length; }")  # fmt: skip
    page.evaluate("document.querySelector('[data-lang=zh]').click();"
                  "document.getElementById('print').click()")  # fmt: skip
    page.wait_for_function("window.undrawn !== undefined")
    assert page.evaluate("window.undrawn") == 0


def test_the_keyboard_skips_to_the_content(visit: Callable[..., Opened]) -> None:
    page = visit("one").page
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_on_paper_lists_are_whole(visit: Callable[..., Opened]) -> None:
    o = visit("one")
    rows = len(o.cells("measures-table", 1))
    o.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(o.cells("measures-table", 1)) > rows
    o.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert len(o.cells("measures-table", 1)) == rows


@pytest.mark.parametrize(("name", "scheme"), [("one", "light"), ("many", "dark")])
def test_axe_finds_nothing_that_shuts_people_out(
    visit: Callable[..., Opened], name: str, scheme: str
) -> None:
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright",
        reason="axe-playwright-python is not installed: pip install --group browser",
    )
    page = visit(name, scheme=scheme).page
    page.locator("details").evaluate_all("all => all.forEach((d) => { d.open = true; })")
    found = axe.Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found if v["impact"] != "minor"] == []
