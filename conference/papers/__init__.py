"""Documents that people download: one small model, and a writer for each format but HTML.

Nothing here knows the conference. What people read is handed in translated, and whatever was
written by people is text in every format, never markup.
"""
