"""Speed of all of `stance prepare` on the articles of data/tone, and where the time goes; writes prepare.json.

    PYTHONPATH=. python experiments/segmentation/prepare.py

Articles are read as they stand and, as newspapers print them, in paragraphs of two sentences.
"""

import json
import re
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

from stance.actors import actor_codes
from stance.languages import statement_language
from stance.prepare import prepare
from stance.records import Article
from stance.segmentation import _parts, cut_all
from stance.statements import article_language, statement_table

sys.path.append(str(Path(__file__).resolve().parents[1] / "speed"))
from facts import machine_facts

ROOT = Path(__file__).resolve().parents[2]
RESULTS = Path(__file__).with_suffix(".json")
N_ARTICLES = 300
N_RUNS = 9
SENTENCE_GAP = re.compile(r"(?<=[a-z]\.) (?=[A-Z])")


def articles() -> list[Article]:
    """Articles from all over the corpus, in French and English."""
    lines = (ROOT / "data/tone/articles.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    return [Article(row["article_id"], row["text"]) for row in rows[:: max(1, len(rows) // N_ARTICLES)]]


def in_short_paragraphs(article: Article) -> Article:
    sentences = SENTENCE_GAP.split(article.text)
    pairs = (" ".join(sentences[i : i + 2]) for i in range(0, len(sentences), 2))
    return Article(article.article_id, "\n\n".join(pairs))


def stages(chosen: list[Article]) -> dict[str, Callable[[], object]]:
    """What is timed; each stage has what those before it give."""
    langs = [article_language(article) for article in chosen]
    texts = [article.text for article in chosen]
    statements = [
        (text[start:end], lang)
        for text, lang, parts in zip(texts, langs, cut_all(texts, langs), strict=True)
        for start, end, _ in parts
    ]
    return {
        "languages of articles": lambda: every(article_language(article) for article in chosen),
        "boundaries and kinds": lambda: every(map(_parts, texts, langs)),
        "boundaries, kinds and speakers": lambda: cut_all(texts, langs),
        "languages of statements": lambda: every(statement_language(*pair) for pair in statements),
        "actors": lambda: every(actor_codes(*pair) for pair in statements),
        "table of statements, all of these": lambda: statement_table(chosen),
    }


def every(results: Iterable[object]) -> None:
    for _ in results:
        pass


def timed(run: Callable[[], object]) -> float:
    started = time.process_time()
    run()
    return time.process_time() - started


def prepared(chosen: list[Article], folder: Path) -> None:
    """The command on one core, from a JSONL file to a Parquet file."""
    path = folder / "articles.jsonl"
    rows = ({"article_id": article.article_id, "text": article.text} for article in chosen)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    with redirect_stdout(StringIO()):
        prepare(input=str(path), output=str(folder / "statements.parquet"), workers=1)


def measured(chosen: list[Article]) -> dict[str, object]:
    """Megabytes of UTF-8 a second of processor time: the median and the best of several runs."""
    size = sum(len(article.text.encode()) for article in chosen) / 1e6
    with tempfile.TemporaryDirectory() as folder:
        runs = {**stages(chosen), "stance prepare": lambda: prepared(chosen, Path(folder))}
        every(run() for run in runs.values())
        times: dict[str, list[float]] = {name: [] for name in runs}
        for _ in range(N_RUNS):
            for name, run in runs.items():
                times[name].append(timed(run))
    rates = {
        name: {"median": round(size / statistics.median(own), 2), "best": round(size / min(own), 2)}
        for name, own in times.items()
    }
    return {"mb": round(size, 3), "n_articles": len(chosen), "mb_per_s": rates}


def main() -> None:
    chosen = articles()
    results = {
        "machine": machine_facts(),
        "as they stand": measured(chosen),
        "in paragraphs of two sentences": measured([in_short_paragraphs(article) for article in chosen]),
    }
    RESULTS.write_text(json.dumps(results, indent=2) + "\n", encoding="utf-8")
    print(json.dumps(results, indent=2))


if __name__ == "__main__":
    main()
