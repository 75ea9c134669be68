"""Without a model: every sentence is the paper's own, found where such an answer stands."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatpaper.app.models.summarizers import check_service
from chatpaper.backends import BackendSettings
from chatpaper.domain import Claim, Document, Paper, Section, collect_texts
from chatpaper.domain.text.prose import split_page_text
from chatpaper.summarize.extractive.summarizer import answer_fields
from chatpaper.summarize.prompting.library import Prompts
from tests.summarize.sample import CONCLUSION, DAILY_FIELDS, DOCUMENT, EXPERIMENTS, METHOD, PAPER

PROMPTS = Prompts.load()


def extract(
    document: Document = DOCUMENT, paper: Paper = PAPER, names: tuple[str, ...] = DAILY_FIELDS
) -> dict[str, Any]:
    """Return the answers to these fields."""
    return dict(answer_fields(PROMPTS.fields(names), paper, document))


def test_doctor_says_that_it_is_no_model() -> None:
    assert "no model" in check_service("extractive", BackendSettings())


def test_every_field_has_an_answer_of_its_kind() -> None:
    answer = extract()
    for field in PROMPTS.fields(DAILY_FIELDS):
        if field.kind == "text":
            assert isinstance(answer[field.name], str)
        else:
            item = Claim if field.kind == "claims" else str
            assert {type(each) for each in answer[field.name]} <= {item}
            assert len(answer[field.name]) <= field.max_items


def sentences_in(answer: dict[str, Any]) -> list[str]:
    """Return the sentences of all answers that quote the paper's prose."""
    texts = [text for value in answer.values() for text in collect_texts(value)]
    return [sentence for text in texts for sentence in split_page_text(text)]


def test_no_sentence_stands_twice_in_an_entry() -> None:
    sentences = sentences_in(extract())
    assert len(sentences) == len(set(sentences)) > len(DAILY_FIELDS)
    assert not set(sentences) & set(split_page_text(PAPER.abstract)), (
        "posts give the abstract in full"
    )


def test_a_field_is_left_out_rather_than_given_a_sentence_about_something_else() -> None:
    aside = "The boat in the harbour was painted green by its owner."
    document = Document(
        sections=(Section("1", "Method", 1, 1, METHOD), Section("2", "Remarks", 1, 2, aside))
    )
    answer = extract(document)
    assert answer["past_methods"] == ""
    said = sentences_in({**answer, "summary": "", "key_takeaways": ()})
    assert aside not in said


def test_a_question_answers_only_what_asks_for_questions() -> None:
    question = "Which problem remains if we leave out steps to achieve first results at less cost?"
    told = replace(PAPER, abstract="")
    sections = (Section("1", "Introduction", 1, 1, f"{question} {CONCLUSION}"),)
    answer = extract(Document(sections=sections), told, (*DAILY_FIELDS, "goal"))
    assert question in answer["goal"]
    assert question not in sentences_in({**answer, "goal": ()})


def test_every_sentence_is_the_papers_own() -> None:
    text = " ".join([DOCUMENT.abstract, *(section.text for section in DOCUMENT.sections)])
    sentences = set(split_page_text(text))
    answer = extract()
    for name in ("summary", "past_methods", "task_performance", "significance", "workload"):
        assert answer[name]
        assert set(split_page_text(answer[name])) <= sentences
    assert set(answer["method_steps"]) <= sentences
    assert {claim.text for claim in answer["key_takeaways"]} <= sentences


def test_takeaways_are_their_own_quotes() -> None:
    takeaways = extract()["key_takeaways"]
    assert 3 <= len(takeaways) <= 7
    assert all(claim.text == claim.quote for claim in takeaways)


def test_answers_come_from_the_sections_where_they_stand() -> None:
    answer = extract()
    method, experiments = split_page_text(METHOD), split_page_text(EXPERIMENTS)
    assert set(answer["method_steps"]) <= set(method)
    assert list(answer["method_steps"]) == sorted(answer["method_steps"], key=method.index), (
        "steps stay in order"
    )
    assert set(split_page_text(answer["workload"])) <= {*experiments, *method}
    assert "Future applications" in answer["significance"]
    assert "Future applications" in CONCLUSION


def test_metadata_is_taken_from_the_paper_as_it_is() -> None:
    answer = extract()
    assert answer["title"] == PAPER.title
    assert answer["affiliations"] == "Institute of Sorting, University of the Coast"


@pytest.mark.parametrize(
    "line",
    [
        "Keywords: sorting networks, comparators; zero-one principle",
        "Index Terms—sorting networks, comparators, zero-one principle.",
        "Keywords: sorting networks (497), comparators (1332), zero-one principle (12).",
        "Key words: sorting networks · comparators · zero-one principle",
    ],
)
def test_the_papers_own_keywords_are_used(line: str) -> None:
    document = replace(DOCUMENT, front_matter=f"{DOCUMENT.front_matter}\n{line}\n")
    assert extract(document)["keywords"] == (
        "sorting networks",
        "comparators",
        "zero-one principle",
    )


def test_without_keywords_the_terms_that_come_back_are_taken() -> None:
    body = (
        "Sorting networks are small. A depth bound limits sorting networks. "
        "Every depth bound holds. "
    )
    document = Document(
        abstract="We study sorting networks under a depth bound.",
        sections=(Section("1", "X", 1, 1, body),),
    )
    assert extract(document)["keywords"][:2] == ("sorting networks", "depth bound")


def test_what_the_paper_does_not_offer_stays_empty() -> None:
    answer = extract(Document(), replace(PAPER, abstract=""))
    assert answer["title"] == PAPER.title
    assert answer["affiliations"] == answer["summary"] == answer["background"] == ""
    assert answer["key_takeaways"] == answer["method_steps"] == ()


def test_of_an_abstract_alone_each_sentence_goes_to_one_field() -> None:
    answer = extract(Document())
    assert answer["summary"]
    assert answer["key_takeaways"]
    sentences = sentences_in(answer | {"title": "", "affiliations": "", "keywords": ()})
    assert len(sentences) == len(set(sentences)) <= len(split_page_text(PAPER.abstract))


def test_tables_and_formulas_are_no_sentences() -> None:
    table = (
        "0.91 0.92 0.93 | 12 13 14 | +0.1 -0.2 (3) 99.9 98.1 97.3 47 61 11 4096 "
        "128 256 512 1024.\n\n"
    )
    document = replace(DOCUMENT, sections=(Section("4", "Experiments", 1, 3, table + EXPERIMENTS),))
    assert not any("0.91" in sentence for sentence in sentences_in(extract(document)))


def test_the_same_paper_gives_the_same_answer() -> None:
    assert extract() == extract()


@given(st.lists(st.text(max_size=80), max_size=4), st.text(max_size=80))
def test_any_document_gives_an_answer(texts: list[str], abstract: str) -> None:
    sections = tuple(Section(str(n), "Method", 1, n, text) for n, text in enumerate(texts, 1))
    answer = extract(Document(abstract=abstract, sections=sections))
    assert set(answer) == set(DAILY_FIELDS)


def test_what_no_sentence_of_the_paper_says_is_left_empty_and_figures_have_their_own_captions() -> (
    None
):
    names = (
        "paper_class",
        "class_reason",
        "tags",
        "abstract_translation",
        "goal",
        "experiments",
        "key_figures",
    )
    answer = extract(names=names)
    assert (answer["paper_class"], answer["class_reason"], answer["tags"]) == ("其他", "", ())
    assert answer["abstract_translation"] == ""
    assert answer["key_figures"] == (Claim(DOCUMENT.figures[0].caption, section="Figure 1"),)
    text = " ".join([DOCUMENT.abstract, *(section.text for section in DOCUMENT.sections)])
    assert answer["goal"]
    assert answer["experiments"]
    assert {*answer["goal"], *answer["experiments"]} <= set(split_page_text(text))
