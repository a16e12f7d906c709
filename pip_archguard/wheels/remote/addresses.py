"""The address of a file without what is signed anew each time that it is asked for."""

from __future__ import annotations

import re
from urllib.parse import urlsplit, urlunsplit

# What signs an address of Amazon S3 and CloudFront, Google Cloud Storage, and Azure. None of
# it says which file is meant.
_SIGNED = re.compile(
    r"(?:x-amz-(?:algorithm|credential|date|expires|security-token|signature|signedheaders)"
    r"|x-goog-(?:algorithm|credential|date|expires|signature|signedheaders)"
    r"|awsaccesskeyid|googleaccessid|key-pair-id|policy|signature|expires"
    r"|sig|se|st|sp|sv|sr|spr|sip|skoid|sktid|skt|ske|sks|skv)",
    re.ASCII | re.IGNORECASE,
)
_PROOF = re.compile(r"x-amz-signature|x-goog-signature|signature|sig", re.ASCII | re.IGNORECASE)


def lasting(url: str) -> str:
    """Return an address without its signature; what else its query says may choose the file."""
    parts = urlsplit(url)
    fields = parts.query.split("&")
    names = [field.partition("=")[0] for field in fields]
    if not any(map(_PROOF.fullmatch, names)):
        return url
    kept = [f for f, name in zip(fields, names, strict=True) if not _SIGNED.fullmatch(name)]
    return urlunsplit(parts._replace(query="&".join(kept)))
