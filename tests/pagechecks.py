"""What every page must hold to, read from its HTML, and what a browser must find."""

import base64
import hashlib
import re
from collections import Counter
from html.parser import HTMLParser
from itertools import pairwise

HOSTILE = "<script>alert(1)</script>{{ 7*7 }}{% raw %}\"'><img src=x onerror=alert(2)>&\u202eevil\u2066\x07 $x_1$ \\input{a}|b`c` 🕊"
"""A name that tries to be markup, template, formula and terminal sequence at once."""

LINKS = (
    "href",
    "src",
    "srcset",
    "action",
    "formaction",
    "data",
    "poster",
    "background",
    "xlink:href",
    "ping",
)
EMPTY = {"meta", "br", "img", "input", "link", "hr", "rect", "path", "line", "use"}


class Outline(HTMLParser):
    """The tags of a page, with attributes and the text of scripts, styles and headings."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": [], "title": []}
        self.open: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag in self.texts:
            self.texts[tag].append("")
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        if tag not in EMPTY:
            assert self.open, f"</{tag}> closes nothing"
            assert self.open.pop() == tag, f"</{tag}> is out of place"

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] in self.texts:
            self.texts[self.open[-1]][-1] += data

    def attributes(self, name: str) -> list[str]:
        return [attrs[name] or "" for _, attrs in self.tags if name in attrs]


def hash_of(source: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}'"


def check_inert(page: str, *, n_scripts: int) -> Outline:
    """No request, no style or script but those that the policy allows by hash, no handler."""
    outline = Outline(page)
    (policy,) = [
        attrs["content"] or ""
        for tag, attrs in outline.tags
        if attrs.get("http-equiv") == "Content-Security-Policy"
    ]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    assert [hash_of(style) for style in outline.texts["style"]] == [rules["style-src"]]
    assert [hash_of(script) for script in outline.texts["script"]] == [rules.get("script-src")][:n_scripts]
    assert len(outline.texts["script"]) == n_scripts
    assert set(rules) <= {"default-src", "style-src", "script-src", "base-uri", "form-action"}
    assert "unsafe" not in policy
    for tag, attrs in outline.tags:
        assert tag not in {
            "iframe",
            "object",
            "embed",
            "link",
            "base",
            "form",
            "img",
            "image",
            "foreignobject",
        }, tag
        for name, value in attrs.items():
            assert not name.startswith("on"), (tag, name)
            assert name != "style", tag
            assert name not in LINKS or (value or "").startswith("#"), (tag, name, value)
            assert "url(" not in (value or "") or (value or "").startswith("url(#"), (tag, name, value)
    return outline


def check_accessible(page: str) -> Outline:
    """Headings in order, ids once, links that lead somewhere, names for pictures and tables."""
    outline = Outline(page)
    assert not outline.open
    ids = Counter(outline.attributes("id"))
    assert not [name for name, n in ids.items() if n > 1]
    for name in ("href", "aria-labelledby", "aria-describedby"):
        for value in outline.attributes(name):
            assert value.removeprefix("#") in ids, (name, value)
    levels = [int(tag[1]) for tag, _ in outline.tags if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels
    for tag, attrs in outline.tags:
        if tag == "svg" and attrs.get("aria-hidden") != "true":
            assert attrs.get("role") == "img", attrs
            assert attrs.get("aria-label"), attrs
        if tag == "th":
            assert attrs.get("scope") in ("col", "row"), attrs
    assert outline.tags[0][1].get("lang") == "en"
    assert any(tag == "main" for tag, _ in outline.tags)
    return outline


LOW_CONTRAST = """(() => {
  const numbers = (c) => { const n = (c.match(/[\\d.]+/g) || []).map(Number);
    return c.startsWith('color(srgb') ? [n[0] * 255, n[1] * 255, n[2] * 255, n[3] ?? 1] : [n[0], n[1], n[2], n[3] ?? 1]; };
  const over = (top, below) => [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3]));
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; });
    return .2126 * r + .7152 * g + .0722 * b; };
  const backdrop = (e) => { const all = []; for (let x = e; x; x = x.parentElement) all.push(numbers(getComputedStyle(x).backgroundColor));
    return all.reverse().reduce((below, top) => over(top, below), [255, 255, 255]); };
  const bad = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const e = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || ['SCRIPT', 'STYLE', 'title'].includes(e.tagName) || !e.checkVisibility()) continue;
    const style = getComputedStyle(e), below = backdrop(e);
    const ink = over(numbers(e.ownerSVGElement ? style.fill : style.color), below);
    const [a, b] = [light(ink), light(below)].sort((x, y) => y - x);
    const size = parseFloat(style.fontSize), isLarge = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if ((a + .05) / (b + .05) < (isLarge ? 3 : 4.5)) bad.push([walker.currentNode.data.trim().slice(0, 40), ((a + .05) / (b + .05)).toFixed(2), style.color]);
  }
  return bad;
})()"""
"""Texts of a page whose contrast is below that of WCAG 2.2, AA, as a browser draws them."""
