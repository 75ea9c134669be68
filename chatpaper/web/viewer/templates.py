"""The HTML templates of the page; text from outside is escaped by them."""

from jinja2 import Environment, PackageLoader, StrictUndefined

_TEMPLATES = Environment(
    loader=PackageLoader(__package__, "pages"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_template(name: str, **values: object) -> str:
    """Render a template by the name of its file without suffixes."""
    return _TEMPLATES.get_template(f"{name}.html.j2").render(values)
