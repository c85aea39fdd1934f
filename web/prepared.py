"""An answer made once and sent often: compressed, with an entity tag."""

import gzip
import hashlib
from dataclasses import dataclass

from flask import Response, request

NO_CACHE = "no-cache"
"""Keep it, and ask each time whether it still holds (RFC 9111, 5.2.2.4)."""

FOREVER = "public, max-age=31536000, immutable"
"""For addresses that carry the hash of what they name."""


@dataclass(frozen=True, slots=True)
class Prepared:
    """Bytes ready to send: as they are, and gzip-compressed where that is shorter."""

    body: bytes
    compressed: bytes | None
    tag: str
    media_type: str

    @classmethod
    def of(cls, body: bytes, media_type: str) -> "Prepared":
        """Return `body` compressed and tagged; equal bytes give an equal tag."""
        packed = gzip.compress(body, compresslevel=6, mtime=0)
        tag = hashlib.sha256(body).hexdigest()[:20]
        return cls(body, packed if len(packed) < len(body) else None, tag, media_type)

    def answer(self, cache_control: str = NO_CACHE) -> Response:
        """Return the response to the present request: 304 where its tag still holds."""
        zipped = self.compressed is not None and request.accept_encodings["gzip"] > 0
        body = self.compressed if zipped and self.compressed is not None else self.body
        response = Response(body, content_type=self.media_type)
        if zipped:
            response.content_encoding = "gzip"
        # One tag per encoding (RFC 9110, 8.8.3.3), or a cache could mix the two.
        response.set_etag(f"{self.tag}-gz" if zipped else self.tag)
        response.headers["Vary"] = "Accept-Encoding"
        response.headers["Cache-Control"] = cache_control
        response.make_conditional(request)
        return response
