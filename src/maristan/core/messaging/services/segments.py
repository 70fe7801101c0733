"""How many SMS segments a text takes (3GPP TS 23.038: 160 or 153 characters of GSM 7-bit, 70 or 67 of UCS-2)."""

from smpplib import gsm


def count_segments(text: str) -> int:
    """Segments of `text`; one Arabic letter makes the whole text UCS-2."""
    parts, _encoding, _class = gsm.make_parts(text)
    return len(parts)
