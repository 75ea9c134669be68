"""Look at a site or vault that is there, and find the settings with which posts fit into it."""

from collections.abc import Callable, Mapping
from pathlib import Path

from chatpaper.write.generators.found_site import FoundSite, NotFoundThereError
from chatpaper.write.generators.hexo import inspect_hexo
from chatpaper.write.generators.hugo import inspect_hugo
from chatpaper.write.generators.jekyll import inspect_jekyll
from chatpaper.write.generators.mkdocs import inspect_mkdocs
from chatpaper.write.generators.obsidian import inspect_obsidian

# How each kind of site is looked at; raises NotFoundThereError where it is something else.
INSPECTORS: Mapping[str, Callable[[Path], FoundSite]] = {
    "hexo": inspect_hexo,
    "mkdocs": inspect_mkdocs,
    "hugo": inspect_hugo,
    "jekyll": inspect_jekyll,
    "obsidian": inspect_obsidian,
}

__all__ = ["INSPECTORS", "FoundSite", "NotFoundThereError"]
