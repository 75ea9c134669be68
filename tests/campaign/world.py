"""A simulated year of arXiv: when each paper was submitted, held by moderation and announced."""

import random
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pymupdf

from chatpaper.fetch.arxiv.calendar import NEW_YORK
from tests.fakes.arxiv import FakeArxiv
from tests.fakes.arxiv_feed import FakePaper

SHANGHAI = ZoneInfo("Asia/Shanghai")
# The days of 2026 for which arXiv lists no announcement (info.arxiv.org/help/availability).
_HOLIDAYS = frozenset(
    date(2026, month, day)
    for month, day in (
        (1, 1),
        (1, 19),
        (6, 19),
        (7, 3),
        (9, 7),
        (11, 26),
        (12, 25),
        (12, 29),
        (12, 31),
    )
)
_FRIDAY, _SATURDAY, _SUNDAY = 4, 5, 6
_CLOSING = time(14)
# Announced at 20:00; the services show it from midnight on, with some delay.
_SHOWN = timedelta(hours=24, minutes=30)
# The search goes back seven days from a night; what moderation holds for longer is beyond its
# promise.
_LONGEST_HELD = timedelta(days=6)

SEA_ICE, GLACIERS = "Sea ice", "Glaciers"
TOPICS = (SEA_ICE, GLACIERS)
PHRASES = {SEA_ICE: "sea ice", GLACIERS: "glacier"}
SETTINGS = """
[topics."Sea ice"]
phrases = ["sea ice"]
none_of = ["sea ice cream"]
categories = ["physics.ao-ph", "cs.CV"]

[topics."Glaciers"]
phrases = ["glacier"]
categories = ["physics.ao-ph", "physics.geo-ph"]
"""

_SUBJECTS = (
    "drifting floes",
    "meltwater ponds",
    "snow cover",
    "winter storms",
    "ocean heat",
    "albedo",
    "ridges",
)
_METHODS = (
    "radar images",
    "buoy tracks",
    "drill cores",
    "satellite altimetry",
    "field cameras",
    "tide gauges",
)
_AUTHORS = (
    "Ada Lovelace",
    "Alan Turing",
    "José Núñez",
    "Oğuzhan Yıldız",
    "Maren Köhler",
    "Wang Xiaoming",
)


@dataclass(frozen=True)
class Announced:
    """A paper, the evening on which it was announced, and the topics that it is about."""

    paper: FakePaper
    evening: date
    topics: tuple[str, ...]
    revised: date | None = None

    @property
    def visible(self) -> datetime:
        return visible_from(self.evening)

    def at(self, now: datetime) -> FakePaper:
        """Return the paper in the version that arXiv has at a time."""
        if self.revised is None or visible_from(self.revised) > now:
            return self.paper
        updated = datetime.combine(self.revised, time(9), UTC)
        return replace(self.paper, version=2, updated=updated, announce_type="replace")


def visible_from(evening: date) -> datetime:
    """Return when the services begin to show what was announced on an evening."""
    return datetime.combine(evening, time.min, NEW_YORK).astimezone(UTC) + _SHOWN


def is_evening(day: date, eves: frozenset[date]) -> bool:
    """Tell whether arXiv announces on this evening.

    `eves` are holidays whose eve is free in place of their own evening.
    """
    if day.weekday() in (_FRIDAY, _SATURDAY) or day + timedelta(1) in eves:
        return False
    return day not in _HOLIDAYS or day in eves


@dataclass
class World:
    """arXiv through a number of days. What it shows at a time depends on the seed alone."""

    seed: int
    first: date
    days: int
    announced: list[Announced] = field(default_factory=list)

    def __post_init__(self) -> None:
        rng = random.Random(f"world {self.seed}")
        eves = frozenset(day for day in sorted(_HOLIDAYS) if rng.random() < 0.5)
        calendar = [self.first + timedelta(number) for number in range(-10, self.days)]
        self.evenings = [day for day in calendar if is_evening(day, eves)]
        for number, evening in enumerate(self.evenings):
            self._announce(rng, evening, number)

    def _announce(self, rng: random.Random, evening: date, number: int) -> None:
        opened = _closing(self.evenings[number - 1]) if number else _closing(evening) - timedelta(1)
        closed = _closing(evening)
        kinds = (*rng.choice(_OF_TOPICS), (), (), ())
        for serial, topics in enumerate(kinds):
            submitted = opened + (closed - opened) * rng.uniform(0.05, 0.95)
            if topics and rng.random() < 0.15:
                held = submitted - timedelta(days=rng.uniform(0.5, 4))
                submitted = held if visible_from(evening) - held < _LONGEST_HELD else submitted
            paper = _paper(rng, evening, serial, topics, submitted.astimezone(UTC))
            revised = None
            if rng.random() < 0.1 and number + 6 < len(self.evenings):
                revised = self.evenings[number + rng.randint(2, 5)]
            self.announced.append(Announced(paper, evening, topics, revised))

    def shown(self, now: datetime) -> list[Announced]:
        """Return everything that arXiv shows at a time, from the beginning of the simulation on."""
        return [each for each in self.announced if each.visible <= now]

    def show(self, arxiv: FakeArxiv, now: datetime, api_now: datetime | None = None) -> None:
        """Let a server show what there is at a time.

        The index of its API may lag behind, at `api_now`.
        """
        arxiv.papers[:] = [each.at(now) for each in self.shown(now)]
        arxiv.indexed = [each.at(api_now) for each in self.shown(api_now)] if api_now else None
        local = now.astimezone(NEW_YORK)
        today = local.date() if local.time() >= time(0, 30) else local.date() - timedelta(1)
        evening = today - timedelta(1)
        arxiv.announcement_day = today
        arxiv.announced = [
            *(each.paper for each in self.announced if each.evening == evening),
            *(each.at(now) for each in self.announced if each.revised == evening),
        ]


def crowd(now: datetime, count: int = 230) -> list[FakePaper]:
    """Return papers that the search finds but that belong to none of the topics.

    They are more than fit on a page of results.
    """
    return [
        FakePaper(
            f"{now:%y%m}.{90000 + number}",
            f"Sea ice cream, portion {number}",
            "We eat it.",
            published=now - timedelta(days=5, minutes=number),
            categories=("physics.ao-ph",),
        )
        for number in range(count)
    ]


_OF_TOPICS: Sequence[tuple[tuple[str, ...], ...]] = (
    (),
    ((SEA_ICE,),),
    ((SEA_ICE,), (GLACIERS,)),
    ((SEA_ICE,), (SEA_ICE, GLACIERS)),
    ((SEA_ICE,), (SEA_ICE,), (GLACIERS,)),
)


def _closing(evening: date) -> datetime:
    return datetime.combine(
        evening - timedelta(2 if evening.weekday() == _SUNDAY else 0), _CLOSING, NEW_YORK
    )


def _paper(
    rng: random.Random, evening: date, serial: int, topics: tuple[str, ...], submitted: datetime
) -> FakePaper:
    subject, method = rng.choice(_SUBJECTS), rng.choice(_METHODS)
    theme = (
        " and ".join(
            f"{PHRASES[topic]}s" if topic == GLACIERS else PHRASES[topic] for topic in topics
        )
        or "clouds"
    )
    title = f"{theme.capitalize()} under {subject} seen in {method}, {_word(rng)} {_word(rng)}"
    abstract = (
        f"We study {theme} and {subject} with {method} and tell how far the {_word(rng)} "
        "record can be trusted."
    )
    sentences = (
        f"The {_word(rng)} record of {theme} is compared with {method} from the {_word(rng)} coast "
        f"in every season. Our model of {subject} keeps the {_word(rng)} balance closed while the "
        f"observed {_word(rng)} flux is rising. "
    )
    categories = ("cs.CV", "physics.ao-ph") if rng.random() < 0.2 else ("physics.ao-ph",)
    return FakePaper(
        arxiv_id=f"{evening:%y%m}.{int(f'{evening:%d}') * 100 + serial + 1:05d}",
        title=title,
        abstract=abstract,
        authors=tuple(rng.sample(_AUTHORS, 2)),
        published=submitted.replace(microsecond=0),
        categories=categories,
        announce_type="cross" if categories[0] == "cs.CV" else "new",
        pdf=sectioned_pdf(title, abstract, sentences * 3),
    )


def sectioned_pdf(title: str, abstract: str, text: str) -> bytes:
    """Write a page with a title, an abstract and one section, typeset as papers are."""
    parts = [
        *((line, "hebo", 17, 20) for line in textwrap.wrap(title, 50)),
        ("Abstract", "hebo", 12, 28),
        *((line, "helv", 10, 13) for line in textwrap.wrap(abstract, 90)),
        ("1 Introduction", "hebo", 12, 28),
        *((line, "helv", 10, 13) for line in textwrap.wrap(text, 90)),
    ]
    with pymupdf.open() as document:
        page = document.new_page()
        y = 72.0
        for words, font, size, distance in parts:
            y += distance
            page.insert_text((72, y), words, fontname=font, fontsize=size)
        return bytes(document.tobytes(no_new_id=True))


def _word(rng: random.Random) -> str:
    """Make up a word that no other paper is likely to contain."""
    return "".join(rng.choice("bdfgklmnprst") + rng.choice("aeiou") for _ in range(4))
