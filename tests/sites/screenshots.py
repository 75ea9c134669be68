"""Screenshots of the example posts in every format and on every site.

They have the width of a desktop screen and of a phone: `python -m tests.sites.screenshots FOLDER`.
"""

import argparse
import tempfile
from pathlib import Path

from tests.sites.browser import browsing, serving
from tests.sites.building import SITE_KINDS
from tests.sites.sample import write_sample

_WIDTHS = {"desk": 1280, "phone": 390}
_HEIGHT = 900
# A day's post is long; its first papers show what there is to see.
_MAX_HEIGHT = 4200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    target = parser.parse_args().folder
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, browsing() as browser:
        posts = write_sample(Path(folder))
        for number, kind in enumerate(SITE_KINDS):
            site = kind.build(posts, Path(folder) / str(number))
            pages = {
                path.name.removesuffix(".md"): kind.page_of(path, posts)
                for path in sorted(posts.rglob("*.md"))
            }
            with serving(site) as address:
                for device, width in _WIDTHS.items():
                    page = browser.new_page(viewport={"width": width, "height": _HEIGHT})
                    for name, path in {"home": "index.html", **pages}.items():
                        response = page.goto(f"{address}/{path}")
                        if response is None or response.status != 200:
                            continue
                        page.wait_for_load_state("networkidle")
                        page.eval_on_selector_all(
                            "details", "all => all.forEach(each => each.open = true)"
                        )
                        page.eval_on_selector_all(
                            "img", "all => all.forEach(each => each.loading = 'eager')"
                        )
                        page.wait_for_timeout(300)
                        tall = page.evaluate("document.documentElement.scrollHeight")
                        page.screenshot(
                            path=target / f"{kind.name.replace(' ', '-')}.{name}.{device}.png",
                            full_page=True,
                            clip={"x": 0, "y": 0, "width": width, "height": min(tall, _MAX_HEIGHT)},
                        )
                    page.close()


if __name__ == "__main__":
    main()
