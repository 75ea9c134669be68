"""The command that answers a question about a paper: ask."""

from chatpaper.app.agents.asking import AnswerJson, QuestionAnswerer, check_question
from chatpaper.app.agents.library import open_library, read_any_paper
from chatpaper.app.settings import Settings
from chatpaper.cli.console import echo, echo_data, echo_error, echo_json
from chatpaper.domain import EXTRACTIVE
from chatpaper.domain.errors import ExitCode


def answer_question(settings: Settings, ref: str, question: str, *, as_json: bool) -> ExitCode:
    """Answer a question about a paper: `chatpaper ask`.

    Returns 0 if the paper says something that answers it, else 3.
    """
    check_question(question)
    with open_library(settings) as library:
        answerer = QuestionAnswerer(library)
        answer = answerer.answer(read_any_paper(library, ref), question)
    if as_json:
        echo_json(answer.to_json())
    else:
        _print_answer(answer)
    return ExitCode.DONE if answer.answered else ExitCode.SOME_FAILED


def _print_answer(answer: AnswerJson) -> None:
    if answer.abstract_only:
        echo_error(f"Only the abstract of {answer.arxiv_id} could be read.")
    if answer.sections_left_out:
        echo_error(f"The model was not shown: {', '.join(answer.sections_left_out)}.")
    for claim in answer.claims:
        place = f"p. {claim.page}, {claim.section}"
        if claim.quote == claim.text:
            echo_data(f"- {claim.text}\n    {place}")
        else:
            echo_data(f"- {claim.text}\n    {place}: {claim.quote}")
    if answer.backend == EXTRACTIVE:
        _explain_quoting(answer)
    elif not answer.answered:
        echo("The paper does not say.")
    if answer.left_out:
        echo_error(f"Left out, because the paper does not support it: {answer.left_out}.")


def _explain_quoting(answer: AnswerJson) -> None:
    """Say what was done without a model, which compares words alone."""
    if answer.answered:
        echo_error("No model was asked: these passages have the words of the question.")
    else:
        echo("No passage has most of the words of the question; a model may find it in others.")
