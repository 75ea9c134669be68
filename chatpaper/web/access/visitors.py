"""Visitors: how they are identified, and how often one may guess the password."""

import ipaddress
import logging
from collections import OrderedDict
from dataclasses import dataclass

from chatpaper.domain.clock import SYSTEM_CLOCK, Clock

log = logging.getLogger(__name__)

# People mistype a password a few times; a program that guesses gets ten a minute, and soon ten an
# hour.
FREE_ATTEMPTS = 10
FIRST_LOCK_SECONDS = 60.0
LONGEST_LOCK_SECONDS = 3600.0
# The record of a visitor who made no attempt for so long is dropped.
_FORGOTTEN_AFTER_SECONDS = 24 * 3600.0
# So many visitors are remembered; the one whose attempt is oldest is dropped first.
_MOST_REMEMBERED = 10_000
# One household or server has a whole network of this size (RFC 6177).
_IPV6_PREFIX = 64


def identify_visitor(address: str, named: str = "") -> str:
    """Name a visitor by what the proxy says (`named`) and the address, an IPv6 one by its /64."""
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


class LoginAttempts:
    """Counts wrong passwords by visitor; locks out who enters many, each time twice as long."""

    def __init__(self, clock: Clock = SYSTEM_CLOCK) -> None:
        self._clock = clock
        self._records: OrderedDict[str, _Record] = OrderedDict()

    def lockout_seconds(self, visitor: str) -> float:
        """Return for how many seconds a visitor is refused whatever the password; 0 for none."""
        record = self._records.get(visitor)
        return 0.0 if record is None else max(0.0, record.locked_until - self._clock.monotonic())

    def record_failure(self, visitor: str) -> None:
        """Count a wrong password."""
        now = self._clock.monotonic()
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

    def record_success(self, visitor: str) -> None:
        """Forget the wrong passwords of a visitor who entered the right one."""
        self._records.pop(visitor, None)
