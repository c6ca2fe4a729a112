"""Web pages to article text, in a process of its own that may be stopped at any time."""

import contextlib
import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

MEMORY_BYTES = 256 << 20
"""What pages may take beyond the libraries; those of newspapers take a tenth of it."""

PUBLISHED = {"original_date": True, "extensive_search": False, "outputformat": "%Y-%m-%d"}
"""How the date is looked for: the first publication, in places made for it."""

STYLE = "concat(';', translate(@style, 'ABDEHILNOPSTVY \t\n\r', 'abdehilnopstvy'))"
HIDDEN = (
    "//*[not(self::html or self::body or .//h1)]"
    "[@hidden[not(. = 'until-found')]"
    f" or contains({STYLE}, ';display:none') or contains({STYLE}, ';visibility:hidden')]"
)
"""Elements hidden by attribute or in their own style; not those that hold the page's heading, which a script shows."""

NOT_SHOWN = ["//template", "//noscript", "//iframe", "//textarea", "//select", "//button", HIDDEN]
"""Elements of which a browser shows no text, or none that is the article's."""


@dataclass(frozen=True)
class Page:
    """The article of a web page.

    Parameters
    ----------
    text : str
        Paragraphs with blank lines between; without menus, scripts, captions, comments and tables.
    published_on : str or None
        ISO date.
    """

    text: str
    title: str | None = None
    published_on: str | None = None
    outlet: str | None = None
    author: str | None = None


@dataclass(frozen=True)
class Extraction:
    """What the process does: see ``stance.execution``."""

    memory_bytes: int = MEMORY_BYTES

    def open(self) -> Callable[[str], Page | str]:
        """The function from a page's source to its article, or to the reason why there is none."""
        import trafilatura  # noqa: F401  (read before memory is limited)

        logging.disable(logging.CRITICAL)
        _limit_memory(self.memory_bytes)
        return extract


def extract(source: str) -> Page | str:
    """The article of a page, or the reason why there is none."""
    from trafilatura import bare_extraction

    try:
        found = bare_extraction(
            source,
            with_metadata=True,
            include_comments=False,
            include_tables=False,
            prune_xpath=NOT_SHOWN,
            date_extraction_params=PUBLISHED,
        )
    except MemoryError:
        return "takes too much memory to read"
    except RecursionError:
        return "is nested too deeply to read"
    except Exception as error:  # the libraries below raise what they like on broken pages
        return f"cannot be read as a web page ({type(error).__name__})"
    return _page(found) if found is not None and (found.text or "").strip() else "holds no article text"


def _page(found: Any) -> Page:
    paragraphs = [line.strip() for line in found.text.split("\n")]
    text = "\n\n".join(paragraph for paragraph in paragraphs if paragraph)
    return Page(text, found.title or None, found.date or None, found.sitename or None, found.author or None)


def _limit_memory(n_bytes: int) -> None:
    """Let the process take this much more memory than it has now; where the system cannot, there is no limit."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        with open("/proc/self/statm", encoding="ascii") as file:  # noqa: PTH123
            taken = int(file.read().split()[0]) * resource.getpagesize()
        resource.setrlimit(resource.RLIMIT_AS, (taken + n_bytes, resource.RLIM_INFINITY))
    sys.setrecursionlimit(2000)
