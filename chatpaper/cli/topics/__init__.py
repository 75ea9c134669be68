"""The commands on topics: `chatpaper topics` lists, shows and adds them."""
