"""Whether a reader has excluded a paper: by a word, an author or its main category."""

from chatpaper.domain import Exclusions, Paper
from chatpaper.domain.text.folding import fold_width, fold_words
from chatpaper.fetch.topics.phrase_matching import find_phrase
from chatpaper.fetch.topics.relevance import matches_any_category


def explain_exclusion(exclude: Exclusions, paper: Paper) -> str:
    """Return why a reader does not want to see a paper; empty where nothing speaks against it.

    Words are found as phrases of topics are. An author is meant where all words of the name are
    among those of a name of the paper, in any order; of the categories the main one counts.
    """
    for word in exclude.words:
        for text in (paper.title, paper.abstract):
            for start, end in find_phrase(word, fold_width(text)):
                return f"excluded by the word “{fold_width(text)[start:end]}”"
    signed = [(author, set(fold_words(author).split())) for author in paper.authors]
    for name in exclude.authors:
        wanted = set(fold_words(name).split())
        for author, words in signed:
            if wanted and wanted <= words:
                return f"excluded by its author {author}"
    main = paper.primary_category or next(iter(paper.categories), "")
    if main and matches_any_category(exclude.categories, (main,)):
        return f"excluded by its main category {main}"
    return ""
