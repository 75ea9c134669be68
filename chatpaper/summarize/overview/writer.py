"""Write the overview of a topic's papers: what rules make of them, and one call to a model."""

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import Template

from chatpaper.backends import Backend
from chatpaper.domain import EXTRACTIVE, PostEntry, Prompt, PromptSource, Topic, Usage
from chatpaper.domain.errors import BadCompletionError
from chatpaper.domain.overviews.overview import (
    OVERVIEW,
    DroppedSentence,
    Overview,
    OverviewSentence,
    Period,
    Theme,
)
from chatpaper.domain.text.tokens import TOKENS_PER_CJK_CHARACTER, estimate_tokens
from chatpaper.summarize.context.context_budget import CONTEXT_SHARE
from chatpaper.summarize.cost.answer_length import OUTPUT_SLACK
from chatpaper.summarize.cost.call_log import CallLog, CompletionCache, compute_completion_key
from chatpaper.summarize.cost.prices import Prices, get_context_tokens
from chatpaper.summarize.overview.answer import (
    MAX_SENTENCE_CHARACTERS,
    TOKENS_AROUND_SENTENCE,
    Draft,
    DraftOverview,
    Part,
    build_schema,
    count_sentences,
    read_overview,
    show_paper,
    show_themes,
)
from chatpaper.summarize.overview.checking import OverviewCheck
from chatpaper.summarize.overview.comparison import compare_results
from chatpaper.summarize.overview.material import PaperMaterial, collect_material
from chatpaper.summarize.overview.themes import describe_entry, group_texts
from chatpaper.summarize.prompting.fence import FENCE_LINE, clean_for_fence, make_fence
from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.prompting.library import Prompts, RenderedPrompt
from chatpaper.summarize.quality.characters import repair_surrogates

log = logging.getLogger(__name__)

# A paper is shown by so many of its statements, or fewer where the context is small.
MOST_POINTS = 8


@dataclass(frozen=True, slots=True)
class AskedModel:
    """The model that writes, the cache of its answers, what it takes and what it costs."""

    backend: Backend
    cache: CompletionCache
    prices: Prices
    context_tokens: int | None = None


@dataclass(frozen=True, slots=True)
class OverviewWriter:
    """Writes overviews in one language; without a model they hold what rules can tell."""

    prompts: Prompts
    language: str
    asked: AskedModel | None = None

    def write(self, topic: Topic, period: Period, entries: Sequence[PostEntry]) -> Overview:
        """Return the overview of the entries, which are at least one.

        Raises a BackendError or BudgetReachedError where the model gave no answer.
        """
        papers = collect_material(entries)
        themes = group_papers(papers, topic)
        plain = Overview(
            topic.name,
            period,
            self.language,
            themes,
            limitations=tuple(each for paper in papers.values() for each in paper.limitations),
            comparisons=compare_results(papers),
            backend=EXTRACTIVE,
            model=EXTRACTIVE,
        )
        return plain if self.asked is None else self._ask(self.asked, plain, papers)

    def _ask(
        self, asked: AskedModel, plain: Overview, papers: Mapping[str, PaperMaterial]
    ) -> Overview:
        prompt, unread = self._fit_prompt(asked, plain, papers)
        key = compute_completion_key(prompt, asked.backend)
        completion = asked.cache.find(key)
        if completion is None or not completion.text:
            completion = asked.backend.complete(replace(prompt, key=key))
        calls = CallLog(asked.prices)
        calls.add(completion, asked.backend.model)
        try:
            draft = read_overview(completion.text)
        except ValueError as error:
            # The same answer would come out of the cache again.
            asked.cache.save(key, replace(completion, text=""))
            raise BadCompletionError(
                f"{asked.backend.model} gave no overview that can be read: {error}",
                model=asked.backend.model,
            ) from error
        shown = {each: paper for each, paper in papers.items() if each not in unread}
        check = OverviewCheck(
            shown,
            self.prompts.language(self.language),
            (self.prompts.overview_template, self.prompts.language(self.language).rules),
        )
        usage = Usage(
            1,
            calls.input_tokens,
            calls.output_tokens,
            calls.cost_usd(asked.backend.name, asked.backend.model),
        )
        return replace(
            assemble(plain, draft, check),
            unread=unread,
            backend=asked.backend.name,
            model=completion.model,
            usage=usage,
        )

    def _fit_prompt(
        self, asked: AskedModel, plain: Overview, papers: Mapping[str, PaperMaterial]
    ) -> tuple[Prompt, tuple[str, ...]]:
        """Return the prompt with as much of each paper as fits, and the papers left out of it."""
        backend = asked.backend
        context = asked.context_tokens or get_context_tokens(backend.name, backend.model)
        shown = tuple(papers.values())
        points = MOST_POINTS
        while True:
            prompt = self._build_prompt(plain, shown, points)
            tokens = estimate_tokens(prompt.system) + estimate_tokens(prompt.user)
            if tokens + prompt.max_output_tokens <= context * CONTEXT_SHARE or len(shown) == 1:
                break
            if points > 1:
                points -= 1
            else:
                shown = shown[:-1]
        read = {paper.arxiv_id for paper in shown}
        unread = tuple(arxiv_id for arxiv_id in papers if arxiv_id not in read)
        if unread:
            log.warning(
                "the context of %s has no room for %d of %d papers, which are listed only",
                backend.model,
                len(unread),
                len(papers),
            )
        return prompt, unread

    def _build_prompt(
        self, plain: Overview, papers: Sequence[PaperMaterial], points: int
    ) -> Prompt:
        language = self.prompts.language(self.language)
        system, user = self._render(
            plain, "\n\n".join(show_paper(paper, points) for paper in papers), language
        )
        per_sentence = MAX_SENTENCE_CHARACTERS * TOKENS_PER_CJK_CHARACTER + TOKENS_AROUND_SENTENCE
        most = count_sentences(len(plain.themes)) * per_sentence * OUTPUT_SLACK
        return Prompt(
            repair_surrogates(system),
            repair_surrogates(user),
            build_schema(len(plain.themes)),
            (),
            PromptSource(OVERVIEW, plain.topic),
            round(most),
            language.script,
        )

    def _render(self, plain: Overview, papers: str, language: Language) -> RenderedPrompt:
        """Return the messages that have an overview written from statements about papers."""
        before, fence, after = self.prompts.overview_template.partition(FENCE_LINE)
        system = Template(before).substitute(
            language_name=language.name, language_rules=language.rules
        )
        period, themes = f"{plain.period.since} - {plain.period.until}", show_themes(plain.themes)
        user = Template(f"{fence}{after}").substitute(
            fence=make_fence(plain.topic, period, themes, papers),
            topic=clean_for_fence(plain.topic),
            period=period,
            themes=clean_for_fence(themes),
            papers=clean_for_fence(papers),
            language_name=language.name,
            reminder=language.reminder,
        )
        return RenderedPrompt(system.strip(), user.strip())


def group_papers(papers: Mapping[str, PaperMaterial], topic: Topic) -> tuple[Theme, ...]:
    """Return the themes of papers, the largest first."""
    ids = tuple(papers)
    texts = [describe_entry(paper.entry) for paper in papers.values()]
    groups = group_texts(texts, (topic.name, *topic.phrases))
    return tuple(
        Theme(group.terms, tuple(ids[place] for place in group.places)) for group in groups
    )


def assemble(plain: Overview, draft: DraftOverview, check: OverviewCheck) -> Overview:
    """Return the overview with the sentences and names of a draft that pass the check."""
    dropped: list[DroppedSentence] = []
    kept: dict[tuple[Part, int], dict[str, OverviewSentence]] = {}
    for each in draft.drafts:
        checked = _find_misplaced(each, plain.themes) or check.check(each)
        if isinstance(checked, DroppedSentence):
            dropped.append(checked)
        else:
            place = (each.part, each.theme if each.part == "theme" else 0)
            kept.setdefault(place, {}).setdefault(checked.text, checked)
    names = [*draft.names, *[""] * len(plain.themes)]
    themes = tuple(
        replace(
            theme,
            name=_take_name(check, name, theme, dropped) if name else "",
            sentences=tuple(kept.get(("theme", number), {}).values()),
        )
        for number, (theme, name) in enumerate(zip(plain.themes, names, strict=False), start=1)
    )
    problems = tuple(kept.get(("open", 0), {}).values())
    return replace(
        plain,
        themes=themes,
        news=tuple(kept.get(("new", 0), {}).values()),
        problems=problems,
        limitations=() if problems else plain.limitations,
        dropped=tuple(dropped),
    )


def _find_misplaced(draft: Draft, themes: Sequence[Theme]) -> DroppedSentence | None:
    """Return why a sentence of a theme belongs to none; None for any other."""
    if draft.part != "theme":
        return None
    if not 1 <= draft.theme <= len(themes):
        return DroppedSentence(draft.text, "unusable", f"there is no theme {draft.theme}")
    own = themes[draft.theme - 1].arxiv_ids
    if draft.sources and not any(source.arxiv_id in own for source in draft.sources):
        return DroppedSentence(draft.text, "unusable", f"no source is of theme {draft.theme}")
    return None


def _take_name(
    check: OverviewCheck, name: str, theme: Theme, dropped: list[DroppedSentence]
) -> str:
    known: Iterable[str] = [each for each in theme.arxiv_ids if each in check.papers]
    checked = check.check_name(name, known) if known else ""
    if isinstance(checked, str):
        return checked
    dropped.append(checked)
    return ""
