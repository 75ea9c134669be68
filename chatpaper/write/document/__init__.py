"""A document as Markdown to read: `chatpaper extract --markdown`."""
