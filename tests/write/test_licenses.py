"""Which licences let others show a paper's figures."""

import pytest

from chatpaper.write.licenses import FigurePolicy, may_embed, parse_license

CC_BY = "http://creativecommons.org/licenses/by/4.0/"
CC_0 = "http://creativecommons.org/publicdomain/zero/1.0/"
ARXIV = "http://arxiv.org/licenses/nonexclusive-distrib/1.0/"

# (URI, name, whether anybody may republish, whether it asks for attribution): all that arXiv has
# ever offered.
LICENSES = [
    (CC_BY, "CC BY 4.0", True, True),
    ("http://creativecommons.org/licenses/by-sa/4.0/", "CC BY-SA 4.0", True, True),
    (CC_0, "CC0 1.0", True, False),
    ("http://creativecommons.org/licenses/by/3.0/", "CC BY 3.0", True, True),
    ("http://creativecommons.org/licenses/by-nc-sa/3.0/", "CC BY-NC-SA 3.0", False, True),
    ("http://creativecommons.org/licenses/by-nc-sa/4.0/", "CC BY-NC-SA 4.0", False, True),
    ("http://creativecommons.org/licenses/by-nc-nd/4.0/", "CC BY-NC-ND 4.0", False, True),
    ("https://www.creativecommons.org/licenses/by/4.0/deed.zh", "CC BY 4.0", True, True),
    ("https://creativecommons.org/licenses/BY/4.0", "CC BY 4.0", True, True),
]


@pytest.mark.parametrize(("uri", "name", "republishable", "attribution"), LICENSES)
def test_licences_of_creative_commons(
    uri: str, name: str, republishable: bool, attribution: bool
) -> None:
    known = parse_license(uri)
    assert known is not None
    assert (known.name, known.republishable, known.attribution) == (
        name,
        republishable,
        attribution,
    )
    assert may_embed("licensed", uri) == republishable


@pytest.mark.parametrize(
    "uri",
    [
        "",
        ARXIV,
        "http://arxiv.org/licenses/assumed-1991-2003/",
        "http://creativecommons.org/licenses/by-nd-sa/9/",
        "http://creativecommons.org.example.net/licenses/by/4.0/",
        "http://example.net/?http://creativecommons.org/licenses/by/4.0/",
        "CC BY 4.0",
        "http://creativecommons.org/licenses/by-everything/4.0/",
    ],
)
def test_what_is_no_such_licence_allows_nothing(uri: str) -> None:
    assert parse_license(uri) is None
    assert not may_embed("licensed", uri)


@pytest.mark.parametrize(("policy", "embeds"), [("all", True), ("linked", False), ("none", False)])
@pytest.mark.parametrize("uri", [CC_BY, CC_0, ARXIV, ""])
def test_the_other_policies_do_not_look_at_the_licence(
    policy: FigurePolicy, embeds: bool, uri: str
) -> None:
    assert may_embed(policy, uri) == embeds
