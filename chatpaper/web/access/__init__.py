"""Who may use the page, and how much: passwords, origins, attempts, connections and allowances."""
