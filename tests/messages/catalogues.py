"""Bring the catalogues up to date with the source, and compile them.

`python -m tests.messages.catalogues` adds the messages that are new to each catalogue, removes
those that are gone, and says which lack a translation: write these into the `.po` file, and run it
again.
"""

import io
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from chatpaper.domain.messages import LOCALE_FOLDER, TEXT_DOMAIN, list_catalogue_languages
from tests.messages.extraction import extract_messages

# A date of the last change would change with every run; the history of the repository has it.
_UNDATED = datetime(2026, 1, 1, tzinfo=UTC)
_HEADER = "# What chatpaper says to people. See CONTRIBUTING.md on how it is translated."
_WIDTH = 100


def locate_po(language: str) -> Path:
    """Return the catalogue that translators edit."""
    return LOCALE_FOLDER / language / "LC_MESSAGES" / f"{TEXT_DOMAIN}.po"


def read_catalogue(language: str) -> Catalog:
    """Read what was translated."""
    with locate_po(language).open("rb") as file:
        return read_po(file, locale=language, domain=TEXT_DOMAIN)


def update_catalogue(language: str) -> Catalog:
    """Return the catalogue with the messages of the source, and the translations that there are."""
    path = locate_po(language)
    known = read_catalogue(language) if path.exists() else Catalog(locale=language)
    updated = Catalog(
        locale=language,
        domain=TEXT_DOMAIN,
        header_comment=_HEADER,
        project=TEXT_DOMAIN,
        version="1",
        creation_date=_UNDATED,
        revision_date=_UNDATED,
        fuzzy=False,
    )
    for message, places in sorted(extract_messages().items(), key=lambda each: (each[1], each[0])):
        found = known.get(message)
        text = found.string if found is not None and not found.fuzzy else ""
        updated.add(message, text, locations=[(place, 0) for place in places])
    return updated


def write_po_text(catalogue: Catalog) -> bytes:
    """Return a catalogue as translators edit it."""
    written = io.BytesIO()
    write_po(written, catalogue, width=_WIDTH, ignore_obsolete=True, include_lineno=False)
    return written.getvalue()


def compile_catalogue(catalogue: Catalog) -> bytes:
    """Return a catalogue as gettext reads it."""
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    return compiled.getvalue()


def list_untranslated(catalogue: Catalog) -> list[str]:
    """List the messages without a translation."""
    return [str(message.id) for message in catalogue if message.id and not message.string]


def main() -> None:
    for language in list_catalogue_languages():
        path, catalogue = locate_po(language), update_catalogue(language)
        path.write_bytes(write_po_text(catalogue))
        path.with_suffix(".mo").write_bytes(compile_catalogue(catalogue))
        for message in list_untranslated(catalogue):
            print(f"{language}: not translated: {message}")


if __name__ == "__main__":
    main()
