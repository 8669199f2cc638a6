"""The only SQL of the product: one database file, one writer, rows that are the truth."""

from conference.store.database import Store, load
from conference.store.errors import CommitFailed, ReplayError, StoreError
from conference.store.transaction import Reader, Tx

__all__ = ["CommitFailed", "Reader", "ReplayError", "Store", "StoreError", "Tx", "load"]
