"""Paper + Document -> prompt -> completion -> checked Summary."""
