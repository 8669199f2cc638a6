"""The counting process: it alone holds the private keys, seals nothing and talks to no browser.

`python -m conference.counter` is started and watched by `serve` and spoken to over an inherited
socket pair (`client.py`). What it can be asked stands in `messages.py`, what it answers in
`counting.py`, where its keys lie in `keys.py`. What that protects and what not: docs/secrecy.md.
"""
