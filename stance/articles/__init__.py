"""Readers of newspaper articles: saved web pages, text files, and tables with one article a row."""

from stance.articles.exports import read_article_rows
from stance.articles.reader import ArticleReader, FileReader, is_table, read_articles
from stance.articles.rows import Fields, Row, articles_of, articles_of_dataset, source_table

__all__ = [
    "ArticleReader",
    "Fields",
    "FileReader",
    "Row",
    "articles_of",
    "articles_of_dataset",
    "is_table",
    "read_article_rows",
    "read_articles",
    "source_table",
]
