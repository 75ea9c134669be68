"""The models that the settings name, held to pace, quota and budget."""
