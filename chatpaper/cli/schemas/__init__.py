"""The JSON that commands print, and the published schemas of all JSON that chatpaper writes."""
