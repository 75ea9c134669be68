"""Measure how much of a paper a model can be shown.

That is what its context leaves beside the questions and the answer.
"""

import math
from dataclasses import dataclass

from chatpaper.summarize.cost.answer_length import EXPECTED_SHARE_OF_LIMITS, OUTPUT_SLACK

# The part of a model's context that is filled: token counts of text are estimates.
CONTEXT_SHARE = 0.9
# What the paper gets of a small context before the answer gets all that it may take.
LEAST_SHARE_OF_TEXT = 0.25
# What a short answer takes of its limits; one that is longer is cut off, and asked for again,
# shorter.
LEAST_SHARE_OF_LIMITS = 0.3


@dataclass(frozen=True, slots=True)
class Room:
    """The tokens that there are for the text of the paper and for the answer.

    Those for the text are negative where there is no room for it.
    """

    text_tokens: int
    output_tokens: int


def measure_room(context_tokens: int, frame_tokens: int, most_output_tokens: int) -> Room:
    """Return the room beside a prompt without text (`frame_tokens`).

    In a small context the answer is bound to the limits that it was given, then to what answers
    usually take of them, at last to what short ones take, for the paper to have a share.
    """
    room = Room(0, most_output_tokens)
    for share in (OUTPUT_SLACK, 1.0, EXPECTED_SHARE_OF_LIMITS, LEAST_SHARE_OF_LIMITS):
        output_tokens = min(
            most_output_tokens, math.ceil(most_output_tokens / OUTPUT_SLACK * share)
        )
        room = Room(
            round(context_tokens * CONTEXT_SHARE) - output_tokens - frame_tokens, output_tokens
        )
        if room.text_tokens >= LEAST_SHARE_OF_TEXT * context_tokens:
            break
    return room
