"""The live connection: two closed vocabularies and the socket that speaks them."""
