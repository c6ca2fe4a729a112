"""Boundaries and speed of stance beside sentencex, pysbd and blingfire, on our cases and on data/tone.

Tools that are not installed are left out. Writes results.json beside this file.
"""

import hashlib
import importlib.metadata
import importlib.util
import json
import platform
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from stance.segmentation import segment

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_name("results.json")
CASES = "tests/segmentation/cases_{lang}.jsonl"
TONE = "data/tone/articles.jsonl", "data/tone/statements.jsonl"
LANGUAGES = ("fr", "en")
# Cases about what stands around the sentences of a page; the other tools know nothing of it.
PAGE_TOPICS = (
    "headings",
    "captions",
    "boilerplate",
    "rubric glued to a sentence",
    "wrapped lines",
    "lists",
    "whole articles",
)
N_TIMED = 7

Span = tuple[int, int]
Splitter = Callable[[str, str], Iterable[Span]]


def stance_spans(text: str, lang: str) -> Iterator[Span]:
    return ((s.start, s.end) for s in segment(text, lang))


def boundaries_alone(text: str, lang: str) -> Iterator[Span]:
    """The spans of stance without speakers, to compare like with like."""
    from stance.segmentation import _parts

    marked, paragraphs = _parts(text, lang)
    yield from ((start, end) for start, end, _ in marked)
    yield from (span for paragraph in paragraphs for span in paragraph.statements)


def sentencex_spans(text: str, lang: str) -> Iterator[Span]:
    import sentencex

    return located(text, sentencex.segment(lang, text))


def pysbd_spans(text: str, lang: str) -> Iterator[Span]:
    import pysbd

    if lang not in _PYSBD:
        _PYSBD[lang] = pysbd.Segmenter(language=lang, clean=False)
    return located(text, _PYSBD[lang].segment(text))


_PYSBD: dict[str, object] = {}


def blingfire_spans(text: str, lang: str) -> Iterator[Span]:
    import blingfire

    return located(text, blingfire.text_to_sentences(text).split("\n"))


def located(text: str, sentences: Iterable[str]) -> Iterator[Span]:
    """Trimmed spans of sentences that a tool gives back as strings, in order."""
    end = 0
    for sentence in sentences:
        own = sentence.strip()
        start = text.find(own, end)
        if own and start >= 0:
            end = start + len(own)
            yield start, end


TOOLS: dict[str, Splitter] = {
    "stance": stance_spans,
    "stance, boundaries alone": boundaries_alone,
    "sentencex": sentencex_spans,
    "pysbd": pysbd_spans,
    "blingfire": blingfire_spans,
}


def read_lines(path: str) -> list[dict]:
    return [json.loads(line) for line in (ROOT / path).read_text(encoding="utf-8").splitlines()]


def case_texts(lang: str) -> Iterator[tuple[str, set[Span]]]:
    """Texts of the cases without page furniture, with the spans a reader sees."""
    for case in read_lines(CASES.format(lang=lang)):
        if case["topic"] not in PAGE_TOPICS:
            yield case["text"], set(located(case["text"], case["statements"]))


def tone_texts(lang: str) -> list[tuple[str, set[Span]]]:
    """Articles of data/tone with the spans of their statements; titles are left out."""
    spans: dict[str, set[Span]] = {}
    for statement in read_lines(TONE[1]):
        spans.setdefault(statement["article_id"], set()).add((statement["start"], statement["end"]))
    articles = [article for article in read_lines(TONE[0]) if f"-{lang}-" in article["article_id"]]
    return [without_title(article["text"], spans[article["article_id"]]) for article in articles]


def without_title(text: str, spans: set[Span]) -> tuple[str, set[Span]]:
    first = min(start for start, _ in spans)
    return text[first:], {(start - first, end - first) for start, end in spans}


def boundary_score(split: Splitter, lang: str, texts: Iterable[tuple[str, set[Span]]]) -> dict[str, float]:
    hits = n_found = n_expected = 0
    for text, expected in texts:
        found = set(split(text, lang))
        hits, n_found, n_expected = (
            hits + len(found & expected),
            n_found + len(found),
            n_expected + len(expected),
        )
    precision, recall = hits / n_found, hits / n_expected
    f1 = 2 * precision * recall / (precision + recall)
    return {"precision": round(precision, 4), "recall": round(recall, 4), "f1": round(f1, 4)}


def speed(split: Splitter, lang: str, texts: list[str]) -> float:
    """Megabytes of UTF-8 a second of processor time, the best of several runs."""
    n_bytes = sum(len(text.encode()) for text in texts)
    times = []
    for _ in range(N_TIMED):
        started = time.process_time()
        for text in texts:
            for _span in split(text, lang):
                pass
        times.append(time.process_time() - started)
    return round(n_bytes / min(times) / 1e6, 2)


def version(tool: str) -> str | None:
    if tool.startswith("stance"):
        return "this commit"
    return importlib.metadata.version(tool) if importlib.util.find_spec(tool) else None


def main() -> None:
    tone = {lang: tone_texts(lang) for lang in LANGUAGES}
    results = {
        "python": sys.version.split()[0],
        "machine": platform.machine(),
        "data_sha256": {path: hashlib.sha256((ROOT / path).read_bytes()).hexdigest() for path in TONE},
        "tools": {},
    }
    for tool, split in TOOLS.items():
        if version(tool) is None:
            continue
        results["tools"][tool] = {"version": version(tool)} | {
            lang: {
                "cases": boundary_score(split, lang, case_texts(lang)),
                "tone": boundary_score(split, lang, tone[lang]),
                "mb_per_s": speed(split, lang, [text for text, _ in tone[lang]]),
            }
            for lang in LANGUAGES
        }
        print(tool, json.dumps(results["tools"][tool]))
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
