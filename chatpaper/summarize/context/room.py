"""How much of a paper a model can be shown: what its context leaves beside the questions and the answer."""

from dataclasses import dataclass

from chatpaper.summarize.length import EXPECTED_SHARE_OF_LIMITS, OUTPUT_SLACK

# The part of a model's context that is filled: token counts of text are estimates.
CONTEXT_SHARE = 0.9
# What the paper gets of a small context before the answer gets all that it may take.
LEAST_SHARE_OF_TEXT = 0.25


@dataclass(frozen=True, slots=True)
class Room:
    """Tokens for the text of the paper, negative where there is no room for it, and for the answer."""

    text_tokens: int
    output_tokens: int


def room_in(context_tokens: int, frame_tokens: int, most_output_tokens: int) -> Room:
    """The room beside a prompt without text (`frame_tokens`).

    In a small context the answer is bound to the limits that it was told, at last to what answers usually take of
    them, for the paper to have a share.
    """
    told_tokens = most_output_tokens / OUTPUT_SLACK
    room = Room(0, most_output_tokens)
    for output_tokens in (most_output_tokens, round(told_tokens), round(told_tokens * EXPECTED_SHARE_OF_LIMITS)):
        room = Room(round(context_tokens * CONTEXT_SHARE) - output_tokens - frame_tokens, output_tokens)
        if room.text_tokens >= LEAST_SHARE_OF_TEXT * context_tokens:
            break
    return room
