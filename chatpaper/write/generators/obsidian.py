"""Look at an Obsidian vault."""

from pathlib import Path

from chatpaper.write.generators.configuration import count_markdown, get_text, read_if_there
from chatpaper.write.generators.found_site import FoundSite, NotFoundThereError, SiteSettings

_VAULT = ".obsidian"
_NOTES = "Papers"
_FIGURES = "figures"


def inspect_obsidian(folder: Path) -> FoundSite:
    """Look at the Obsidian vault in a folder.

    Addresses of figures begin at the root of the vault. Raises NotFoundThereError.
    """
    if not (folder / _VAULT).is_dir():
        above = next((each for each in folder.parents if (each / _VAULT).is_dir()), None)
        hint = f" The vault is {above}." if above else " Open the folder as a vault once."
        raise NotFoundThereError(f"{folder} has no folder {_VAULT}.{hint}")
    attachments = get_text(read_if_there(folder / _VAULT / "app.json"), "attachmentFolderPath")
    # Paths that begin with a dot are relative to each note.
    has_folder = bool(attachments.strip("/")) and not attachments.startswith(".")
    figures = f"{attachments.strip('/')}/papers" if has_folder else f"{_NOTES}/{_FIGURES}"
    return FoundSite(
        (
            f"Obsidian vault {folder.name}",
            f"attachments in {attachments if has_folder else 'no folder of their own'}",
            count_markdown(folder),
        ),
        SiteSettings("obsidian", _NOTES, figures, f"/{figures}", has_listings=True),
    )
