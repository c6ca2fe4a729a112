"""Results on held-out statements, as numbers, as files and as a page."""

from stance.report.compared import Comparison, comparison_latex, comparison_markdown, comparison_page
from stance.report.contamination import audit_folds
from stance.report.printing import print_metrics, print_report_table, print_table
from stance.report.tested import Tested, tested_table
from stance.report.writing import EvaluatedRun, write_report

__all__ = [
    "Comparison",
    "EvaluatedRun",
    "Tested",
    "audit_folds",
    "comparison_latex",
    "comparison_markdown",
    "comparison_page",
    "print_metrics",
    "print_report_table",
    "print_table",
    "tested_table",
    "write_report",
]
