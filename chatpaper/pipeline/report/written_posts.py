"""What a report says of the posts that a run wrote."""

from collections.abc import Sequence

from chatpaper.pipeline.report.run_report import PaperReport
from chatpaper.storage.papers.posts import PostKey
from chatpaper.write.edit_protection import WrittenPost

WrittenPosts = dict[PostKey, WrittenPost]


def post_warnings(posts: WrittenPosts) -> tuple[str, ...]:
    """Return one sentence for each post that somebody had edited."""
    return tuple(post.warning for post in posts.values() if post.warning)


def add_post_warnings(
    papers: Sequence[PaperReport], posts: WrittenPosts
) -> tuple[PaperReport, ...]:
    """Add to the reports of papers the warnings about the posts that they stand in."""
    return tuple(report.with_warnings(post_warnings(_posts_of(report, posts))) for report in papers)


def _posts_of(report: PaperReport, posts: WrittenPosts) -> WrittenPosts:
    keys = ("", report.paper.arxiv_id)
    return {
        key: post
        for key, post in posts.items()
        if key.topic in report.topics and key.arxiv_id in keys
    }
