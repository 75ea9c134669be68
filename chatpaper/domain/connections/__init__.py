"""What goes wrong with connections, and how long they may take."""
