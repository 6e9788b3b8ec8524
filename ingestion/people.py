"""Keyed hashes of people. The only place that sees an e-mail or a number of a customer and the key together.

HMAC-SHA256 over "<kind>:<normal form>": without the key a number is found by trying all of them. The key is a Python
object only; it never stands in SQL, in a file or in a message.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

#: What a person may be known by.
KINDS = ("email", "phone", "customer_id")

#: Values that vendors write where nobody is known.
NOBODY = frozenset({"anonymous", "unknown", "unavailable", "private", "restricted", "withheld", "none", "null"})

#: ISO country -> (calling code, trunk prefix dropped from national numbers).
CALLING_CODES = {
    "AR": ("54", "0"), "AT": ("43", "0"), "AU": ("61", "0"), "BE": ("32", "0"), "BG": ("359", "0"), "BR": ("55", "0"),
    "CA": ("1", "1"), "CH": ("41", "0"), "CL": ("56", ""), "CN": ("86", "0"), "CO": ("57", ""), "CZ": ("420", ""),
    "DE": ("49", "0"), "DK": ("45", ""), "EE": ("372", ""), "EG": ("20", "0"), "ES": ("34", ""), "FI": ("358", "0"),
    "FR": ("33", "0"), "GB": ("44", "0"), "GR": ("30", ""), "HK": ("852", ""), "HR": ("385", "0"), "HU": ("36", "06"),
    "IE": ("353", "0"), "IL": ("972", "0"), "IN": ("91", "0"), "IS": ("354", ""), "IT": ("39", ""), "JP": ("81", "0"),
    "KR": ("82", "0"), "LT": ("370", "0"), "LU": ("352", ""), "LV": ("371", ""), "MX": ("52", ""), "MY": ("60", "0"),
    "NL": ("31", "0"), "NO": ("47", ""), "NZ": ("64", "0"), "PH": ("63", "0"), "PL": ("48", ""), "PT": ("351", ""),
    "RO": ("40", "0"), "RS": ("381", "0"), "SE": ("46", "0"), "SG": ("65", ""), "SI": ("386", "0"), "SK": ("421", "0"),
    "TH": ("66", "0"), "TR": ("90", "0"), "TW": ("886", "0"), "UA": ("380", "0"), "US": ("1", "1"), "ZA": ("27", "0"),
}  # fmt: skip

_PHONE_NOISE = re.compile(r"[\s()\-./\u00a0\u2010-\u2015]+")


def normal_email(text: str) -> str | None:
    """Trimmed and lower case, nothing else; None for nobody."""
    email = text.strip().lower()
    return None if not email or email in NOBODY else email


def normal_customer_id(text: str) -> str | None:
    """Trimmed, its case kept; None for nobody. A shop's id: two marketplaces may give the same one to two people."""
    customer_id = text.strip()
    return None if customer_id.lower() in {"", *NOBODY} else customer_id


def normal_phone(text: str, country: str | None = None) -> str | None:
    """E.164 ('+' and digits); None for nobody and for what is no number.

    "00" becomes "+". A national number needs the source's country; without one its digits stand as they are, so that
    equal numbers of one source still are one customer.
    """
    phone = text.strip().lower().removeprefix("tel:").strip()
    if phone.startswith(("+", "00")):
        phone = phone.replace("(0)", "")
    phone = _PHONE_NOISE.sub("", phone)
    if phone.startswith("00"):
        phone = "+" + phone[2:]
    digits = phone.removeprefix("+")
    if not digits.isdecimal() or not digits.isascii() or not digits.strip("0"):
        return None
    if phone.startswith("+"):
        return phone
    if country and (rule := CALLING_CODES.get(country.upper())):
        code, trunk = rule
        return f"+{code}{digits.removeprefix(trunk) if trunk else digits}"
    return digits


def person_key(kind: str, text: str, key: str, country: str | None = None) -> str | None:
    """64 hex digits, or None for nobody. `kind`: one of KINDS."""
    match kind:
        case "email":
            normal = normal_email(text)
        case "phone":
            normal = normal_phone(text, country)
        case "customer_id":
            normal = normal_customer_id(text)
        case _:
            raise ValueError(f"unknown kind of person {kind}")
    return None if normal is None else hmac.digest(key.encode(), f"{kind}:{normal}".encode(), "sha256").hex()


def key_id(key: str) -> str:
    """What a key is recognised by without being told: a digest of its own."""
    return hmac.digest(key.encode(), b"key id", "sha256").hex()[:32]


@dataclass(frozen=True)
class People:
    """How a run knows customers: the key, and the tombstones (mark -> kind) of those who are forgotten.

    A mark is made of the person's key in the lake, so that a linked number, of which only that key is known, has one
    too, and says neither the person nor the key that an old back-up holds.
    """

    key: str = field(repr=False)
    forgotten: Mapping[str, str] = field(default_factory=dict, repr=False)

    def mark(self, known_by: str) -> str:
        return hmac.digest(self.key.encode(), f"forgotten:{known_by}".encode(), "sha256").hex()

    def is_forgotten(self, known_by: str) -> bool:
        return bool(self.forgotten) and self.mark(known_by) in self.forgotten

    def keys(self, kind: str, texts: Iterable[str], country: str | None = None) -> list[str | None]:
        """`person_key` of many texts; None for the forgotten as for nobody."""
        found = [person_key(kind, text, self.key, country) for text in texts]
        return [None if known_by is None or self.is_forgotten(known_by) else known_by for known_by in found]
