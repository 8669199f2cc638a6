"""A rehearsal: pretend delegates with browsers of their own, on a copy that is wiped afterwards."""
