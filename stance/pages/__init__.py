"""Pages that people read in a browser: one file each, inert, readable in dark and light, printable."""

from stance.pages.rendering import colour_numbers, render_page, visible

__all__ = ["colour_numbers", "render_page", "visible"]
