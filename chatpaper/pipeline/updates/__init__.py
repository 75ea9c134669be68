"""What changes about published papers: licences, later versions, records to be completed."""
