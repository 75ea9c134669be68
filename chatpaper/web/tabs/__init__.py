"""The tabs of the page: their fields, and what happens when somebody uses them."""
