"""What the project says of itself: in posts, in feeds, and to the services that it asks."""

__version__ = "0.1.0"

PROJECT_URL = "https://github.com/chatpaper/chatpaper"
