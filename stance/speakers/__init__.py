"""Who says each statement of an article, by which verb, and to whom."""

from stance.speakers.resolution import Paragraph, Speech, find_speakers

__all__ = ["Paragraph", "Speech", "find_speakers"]
