"""What becomes of each payload: where it shows as text, and whether a model may say it.

`python -m tests.benchmarks.payload_table` counts the places of each format, and reads the posts as
GitHub does; what real sites make of them is tested by `pytest -m sites`. Ends with 1 where a
payload gets through.
"""

import sys
import tempfile
from collections import defaultdict
from pathlib import Path

from chatpaper.summarize.prompting.languages import Language
from chatpaper.summarize.prompting.library import Prompts
from chatpaper.summarize.quality.form import find_unusable, normalize_answer
from chatpaper.write.formats import list_formats
from tests.write.pages import count_of
from tests.write.payload_entries import (
    HARMLESS,
    faults_among,
    name_of,
    read_as_gfm,
    write_payload_posts,
)
from tests.write.payloads import PAYLOADS

_SHOWN_CHARACTERS = 60
_SENTENCE = "作者把问题分解为互相独立的子任务，再逐一求解：{}"


def main() -> int:
    faults: dict[str, dict[str, list[str]]] = defaultdict(dict)
    places = {}
    with tempfile.TemporaryDirectory() as folder:
        for name in list_formats():
            posts = write_payload_posts(Path(folder) / "posts", name, "Payloads", Path(folder))
            read = [(post, read_as_gfm(post.file, name)) for post in posts]
            places[name] = count_of(read[0][1][0].text, [HARMLESS.text])
            for payload_name, found in faults_among(read).items():
                faults[payload_name][name] = found
    prompts = Prompts.load()
    language = prompts.language("zh")
    shown = ", ".join(f"{count} in {name}" for name, count in places.items())
    print(
        f"{len(PAYLOADS)} payloads, each in every place that shows words of papers "
        f"and models: {shown}.\n"
    )
    print(
        "| kind | payload | in titles, authors, abstracts, comments, captions, sections, "
        "answers | said by a model |"
    )
    print("|---|---|---|---|")
    for payload in PAYLOADS:
        text = payload.text[:_SHOWN_CHARACTERS].replace("|", "\\|")
        outcome = "; ".join(
            f"{name}: {', '.join(found)}" for name, found in faults[name_of(payload)].items()
        )
        print(
            f"| {payload.kind} | `{text}` | {outcome or 'shows as text'} | "
            f"{_said(payload.text, prompts, language)} |"
        )
    return 1 if any(faults.values()) else 0


def _said(text: str, prompts: Prompts, language: Language) -> str:
    """Return what the checks of answers say to a sentence that contains the payload."""
    (field,) = prompts.fields(["summary"])
    said = _SENTENCE.format(text)
    faults = find_unusable(field, normalize_answer(field, said, language, said), language, ())
    return (
        f"refused: {faults[0].partition(': ')[2][:60]}".replace("|", "\\|")
        if faults
        else "shows as text"
    )


if __name__ == "__main__":
    sys.exit(main())
