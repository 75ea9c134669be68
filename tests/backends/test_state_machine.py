"""Each state of Gemini has its own end, in a bounded number of requests.

The requests go over HTTP, through the real library.
"""

import pytest

from tests.benchmarks.state_machine import FALLBACK_MODEL, STATES, Course, State, course_of


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_each_state_ends_as_the_table_says(state: State) -> None:
    course = course_of(state)
    assert (course.ends, course.requests, len(course.wait_seconds)) == (
        state.ends,
        state.requests,
        state.waits,
    )
    assert all(seconds >= state.least_wait_seconds for seconds in course.wait_seconds)


def course(name: str) -> Course:
    return course_of(next(state for state in STATES if state.name == name))


@pytest.mark.parametrize("name", ["MAX_TOKENS with text", "MAX_TOKENS, thinking ate the budget"])
def test_an_answer_that_was_cut_off_gets_more_room(name: str) -> None:
    first, second = course(name).limits
    assert second > first + 16_000


def test_more_room_is_given_once() -> None:
    limits = course("MAX_TOKENS for ever").limits
    assert limits[1] > limits[0]
    assert all(limit <= limits[0] for limit in limits[2:])


def test_the_other_model_is_asked_only_after_a_paraphrase() -> None:
    models = course("RECITATION twice, llm.fallback_model set").models
    assert models[0] == models[1] != FALLBACK_MODEL
    assert models[2] == FALLBACK_MODEL


def test_a_model_that_does_not_exist_leads_to_those_that_do() -> None:
    assert "it offers gemini-3.5-flash-lite" in course("404 model").says
