"""Command: articles -> statements."""

from stance.prepare.account import Account
from stance.prepare.command import prepare

__all__ = ["Account", "prepare"]
