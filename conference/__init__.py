"""Conference: a live conference with motions, speakers, votes and results, from one process."""

__version__ = "0.1.0"
