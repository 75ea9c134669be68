"""Parse XML as arXiv's services send it, whole or not at all.

What is broken, or a web page, is a fault and no quiet day.
"""

from lxml import etree

from chatpaper.domain.errors import UpstreamError
from chatpaper.fetch.record_text import clean_record_text


def parse_document(
    content: bytes, content_type: str, url: str, *, root: str, what: str
) -> etree._Element:
    """Parse a document whose root element must be `root`, in Clark notation.

    `what` names the document in messages. Nothing is repaired, no entity is resolved, nothing is
    loaded. Raises UpstreamError for anything else.
    """
    if not content.strip():
        raise UpstreamError("arXiv sent an empty answer", url=url)
    if "html" in content_type or "xml" not in content_type:
        kind = content_type or "something without a type"
        raise UpstreamError(f"arXiv sent {kind} instead of {what}", url=url)
    parser = etree.XMLParser(
        recover=False, resolve_entities=False, no_network=True, huge_tree=False
    )
    try:
        element = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UpstreamError(f"arXiv sent {what} that is broken: {error.msg}", url=url) from error
    if element.tag != root:
        raise UpstreamError(
            f"arXiv sent a <{etree.QName(element).localname}> instead of {what}", url=url
        )
    return element


def read_text(element: etree._Element, path: str) -> str:
    """Return the text of the first element at `path` below, on one line.

    Return an empty text where there is no such element.
    """
    return clean_record_text(element.findtext(path) or "")
