"""Publish the style sheet, the fonts and the script of KaTeX.

`npm ci` has put them into node_modules.
"""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

_WANTED = ("katex.min.css", "katex.min.js", "fonts/*.woff2")


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add `katex/` to the files of the site. Raises PluginError where KaTeX is not installed."""
    package = Path(config.config_file_path).parent / "node_modules" / "katex" / "dist"
    if not package.is_dir():
        raise PluginError(f"KaTeX is not in {package}: run `npm ci` beside mkdocs.yml.")
    for path in (path for pattern in _WANTED for path in sorted(package.glob(pattern))):
        target = f"katex/{path.relative_to(package).as_posix()}"
        files.append(File.generated(config, target, abs_src_path=str(path)))
    return files
