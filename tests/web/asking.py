"""What tests of the page share."""

from datetime import date

DAY = date(2026, 11, 22)
