"""Broken PDFs, made from whole ones by a seed: the same seed always breaks them in the same way."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

_OBJECT = re.compile(rb"\d+ \d+ obj\b.*?endobj", re.DOTALL)
_NUMBER = re.compile(rb"(?<=[\s\[/])-?\d+(?:\.\d+)?(?=[\s\]/>])")
_NAME = re.compile(rb"/[A-Za-z]\w+")
# Numbers that have broken readers of PDFs: none, the limits of integers, and what is negative where
# none may be.
_NUMBERS = (
    b"0",
    b"-1",
    b"1",
    b"65536",
    b"2147483647",
    b"-2147483648",
    b"4294967296",
    b"99999999999999",
    b"1e38",
)


def flip_bytes(pdf: bytes, chance: random.Random) -> bytes:
    """Give some bytes other values."""
    broken = bytearray(pdf)
    for _ in range(chance.choice((1, 4, 16, 64))):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    return bytes(broken)


def truncate(pdf: bytes, chance: random.Random) -> bytes:
    """Cut off the end."""
    return pdf[: chance.randrange(len(pdf))]


def cut_out(pdf: bytes, chance: random.Random) -> bytes:
    """Cut out a piece of the middle."""
    start = chance.randrange(len(pdf))
    return pdf[:start] + pdf[start + chance.randrange(1, 2000) :]


def repeat_piece(pdf: bytes, chance: random.Random) -> bytes:
    """Repeat a piece many times."""
    start = chance.randrange(len(pdf))
    end = start + chance.randrange(1, 500)
    return pdf[:end] + pdf[start:end] * chance.randrange(1, 50) + pdf[end:]


def swap_objects(pdf: bytes, chance: random.Random) -> bytes:
    """Swap the bodies of two objects, under their old numbers."""
    objects = list(_OBJECT.finditer(pdf))
    if len(objects) < 2:
        return flip_bytes(pdf, chance)
    first, second = sorted(chance.sample(objects, 2), key=lambda found: found.start())
    return b"".join(
        (
            pdf[: first.start()],
            _renumbered(second[0], first[0]),
            pdf[first.end() : second.start()],
            _renumbered(first[0], second[0]),
            pdf[second.end() :],
        )
    )


def _renumbered(body: bytes, like: bytes) -> bytes:
    return like.partition(b"obj")[0] + b"obj" + body.partition(b"obj")[2]


def change_number(pdf: bytes, chance: random.Random) -> bytes:
    """Replace some numbers by ones that should not be there."""
    return _with_other_tokens(pdf, _NUMBER, lambda _: chance.choice(_NUMBERS), chance)


def change_name(pdf: bytes, chance: random.Random) -> bytes:
    """Replace some names by other names of the file."""
    names = _NAME.findall(pdf)
    return _with_other_tokens(pdf, _NAME, lambda _: chance.choice(names), chance) if names else pdf


def _with_other_tokens(
    pdf: bytes, token: re.Pattern[bytes], other: Callable[[bytes], bytes], chance: random.Random
) -> bytes:
    found = list(token.finditer(pdf))
    if not found:
        return flip_bytes(pdf, chance)
    for match in sorted(
        chance.sample(found, min(len(found), chance.choice((1, 3, 10)))), key=lambda m: -m.start()
    ):
        pdf = pdf[: match.start()] + other(match[0]) + pdf[match.end() :]
    return pdf


MUTATIONS = (flip_bytes, truncate, cut_out, repeat_piece, swap_objects, change_number, change_name)


def mutated(originals: Sequence[bytes], count: int, seed: int) -> Iterator[tuple[str, bytes]]:
    """Yield `count` broken files, each with a name that says how it was made."""
    for number in range(count):
        chance = random.Random(f"{seed}-{number}")
        original = chance.randrange(len(originals))
        mutation = MUTATIONS[number % len(MUTATIONS)]
        yield f"{number:05}-{mutation.__name__}-{original}", mutation(originals[original], chance)
