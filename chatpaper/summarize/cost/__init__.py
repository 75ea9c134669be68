"""What calls cost: prices, estimates before a call, and a log of what was used."""
