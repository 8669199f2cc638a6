"""The one function through which every string for people goes.

Today there is one language; a catalogue of another is one argument here. Sentences with facts
carry them by name, so that a translator may reorder them.
"""

from __future__ import annotations

import gettext as _gettext

_catalogue = _gettext.NullTranslations()


def gettext(text: str) -> str:
    """Return the text in the reader's language."""
    return _catalogue.gettext(text)


def ngettext(one: str, many: str, n: int) -> str:
    """Return the form for `n` in the reader's language."""
    return _catalogue.ngettext(one, many, n)


def lazy(text: str) -> str:
    """Mark a text for translation where it is defined; `gettext` is called where it is used."""
    return text
