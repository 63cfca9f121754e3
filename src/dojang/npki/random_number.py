"""R (randomNum, OID 1.2.410.200004.10.1.1.3): the secret half of 본인확인, stored beside the private key.

A certificate's VID is a double hash of the owner's number and R (KCAC.TS.SIVID), so whoever holds the certificate
and R finds a resident number by trying them all in seconds. R is treated as secret as the key itself.
"""

import hmac
from typing import Final, NoReturn

LENGTH: Final = 20


class RandomNumber:
    """The 20 octets of R, never shown by `repr`, compared in constant time, not picklable.

    Raises ValueError when given anything but 20 octets.
    """

    __slots__ = ("__octets",)
    __octets: bytes

    def __init__(self, octets: bytes) -> None:
        if len(octets) != LENGTH:
            raise ValueError("R is exactly 20 octets")
        object.__setattr__(self, "_RandomNumber__octets", bytes(octets))

    def reveal(self) -> bytes:
        """The 20 octets themselves; the caller must not log, print or keep them."""
        return self.__octets

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, RandomNumber):
            return NotImplemented
        return hmac.compare_digest(self.__octets, other.__octets)

    def __hash__(self) -> int:
        return hash(self.__octets)

    def __repr__(self) -> str:
        return "RandomNumber(…)"

    def __setattr__(self, name: str, value: object) -> NoReturn:
        raise AttributeError("a RandomNumber does not change")

    def __delattr__(self, name: str) -> NoReturn:
        raise AttributeError("a RandomNumber does not change")

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("R must not be pickled")
