"""What visitors may use of the owner's: the models that are offered, and a budget a day."""

from datetime import date

from chatpaper.app.settings import Settings
from chatpaper.app.settings_groups import BudgetSettings
from chatpaper.domain import EXTRACTIVE
from chatpaper.storage.usage import UsageLog
from chatpaper.web.access.middleware import is_private
from chatpaper.web.visitor_errors import VisitorError


def ensure_choice_allowed(backend: str, model: str, settings: Settings) -> None:
    """Raise VisitorError where a visitor without a key chooses what the owner did not offer."""
    if is_private(settings.web) or backend == EXTRACTIVE:
        return
    if backend != settings.llm.backend:
        raise VisitorError("backend_needs_key", backend=backend, own=settings.llm.backend)
    offered = [name for name in (settings.llm.model, *settings.web.models) if name]
    if model and model not in offered:
        if not offered:
            raise VisitorError("no_model_offered", model=model)
        raise VisitorError("model_needs_key", model=model, choices=", ".join(offered))


def compute_remaining_budget(settings: Settings, accounts: UsageLog, day: date) -> BudgetSettings:
    """Return what is left of the budget, which holds a day for all visitors together.

    On a page for its own machine alone it holds for each paper. Raises VisitorError where
    nothing is left.
    """
    budget = settings.budget
    if is_private(settings.web):
        return budget
    used = accounts.used_on(day)
    usd = None if budget.max_usd is None else budget.max_usd - used.cost_usd
    tokens = None if budget.max_tokens is None else budget.max_tokens - used.tokens
    papers = None if budget.max_papers is None else budget.max_papers - used.papers
    if any(rest is not None and rest <= 0 for rest in (usd, tokens, papers)):
        raise VisitorError("budget_spent")
    return budget.model_copy(update={"max_usd": usd, "max_tokens": tokens, "max_papers": papers})
