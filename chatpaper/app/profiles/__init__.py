"""The profile of a reader: their libraries, marks and wishes, with records of the papers."""
