"""Who visits: by what visitors are told apart, and how often one may guess the password."""

import ipaddress
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

# People mistype a password a few times; a program that guesses gets ten a minute, and soon ten an
# hour.
FREE_ATTEMPTS = 10
FIRST_LOCK_SECONDS = 60.0
LONGEST_LOCK_SECONDS = 3600.0
# Who made no attempt for so long begins anew.
_FORGOTTEN_AFTER_SECONDS = 24 * 3600.0
# So many are remembered; the one heard of longest ago is forgotten first.
_MOST_REMEMBERED = 10_000
# One household or server has a whole network of this size (RFC 6177).
_IPV6_PREFIX = 64


def visitor_of(address: str, named: str = "") -> str:
    """A name for a visitor: what the proxy calls him (`named`), and the address that he comes from."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return f"{named} {address}".strip()
    if parsed.version == 6:
        parsed = (
            parsed.ipv4_mapped
            or ipaddress.ip_network((parsed, _IPV6_PREFIX), strict=False).network_address
        )
    return f"{named} {parsed}".strip()


@dataclass(slots=True)
class _Record:
    wrong: int = 0
    locks: int = 0
    locked_until: float = 0.0
    last: float = 0.0


class Attempts:
    """Counts wrong passwords by visitor, and locks out who makes many: each time twice as long."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def locked_seconds(self, visitor: str) -> float:
        """For how long a visitor is refused whatever he says; 0 for who may try."""
        record = self._records.get(visitor)
        return 0.0 if record is None else max(0.0, record.locked_until - self._now())

    def failed(self, visitor: str) -> None:
        """One more wrong password."""
        now = self._now()
        record = self._records.pop(visitor, None)
        if record is None or now - max(record.last, record.locked_until) > _FORGOTTEN_AFTER_SECONDS:
            record = _Record()
        self._records[visitor] = record
        if len(self._records) > _MOST_REMEMBERED:
            self._records.popitem(last=False)
        record.wrong += 1
        record.last = now
        if record.wrong >= FREE_ATTEMPTS:
            seconds = min(FIRST_LOCK_SECONDS * 2**record.locks, LONGEST_LOCK_SECONDS)
            record.wrong, record.locks, record.locked_until = 0, record.locks + 1, now + seconds
            log.warning(
                "%d wrong passwords from %s: refused for %d seconds",
                FREE_ATTEMPTS,
                visitor,
                seconds,
            )

    def succeeded(self, visitor: str) -> None:
        """The password was right."""
        self._records.pop(visitor, None)
