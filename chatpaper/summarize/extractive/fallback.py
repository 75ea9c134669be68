"""Quotes the papers that a model cannot be had to summarize."""

from dataclasses import replace

from chatpaper.domain import Completion, Document, Paper, Summary, TokenEstimate
from chatpaper.domain.errors import ContentFilteredError
from chatpaper.summarize.cost.prices import Prices
from chatpaper.summarize.extractive.summarizer import ExtractiveSummarizer
from chatpaper.summarize.summarizer import Summarizer


class ExtractiveFallback:
    """A summarizer whose service or model refuses some papers, which are quoted then.

    What was spent until the refusal is part of what the summary took.
    """

    def __init__(
        self, summarizer: Summarizer, extractive: ExtractiveSummarizer, prices: Prices
    ) -> None:
        self._summarizer, self._extractive, self._prices = summarizer, extractive, prices

    def summarize(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> Summary:
        """Summarize a paper, or quote it where it is refused; errors as for `Summarizer`."""
        try:
            return self._summarizer.summarize(paper, document, fields)
        except ContentFilteredError as error:
            backend, model, *_ = self._summarizer.asked
            spent = Completion("", model, error.input_tokens, error.output_tokens)
            return replace(
                self._extractive.summarize(paper, document, fields),
                llm_calls=error.llm_calls,
                input_tokens=error.input_tokens,
                output_tokens=error.output_tokens,
                cost_usd=self._prices.cost_usd(backend, spent, model),
            )

    def missing(self, summary: Summary, fields: tuple[str, ...]) -> tuple[str, ...]:
        """Name the fields that have to be asked for again."""
        return self._summarizer.missing(summary, fields)

    def estimate(self, paper: Paper, document: Document, fields: tuple[str, ...]) -> TokenEstimate:
        """Estimate what a summary will take, before it is known whether the paper is refused."""
        return self._summarizer.estimate(paper, document, fields)
