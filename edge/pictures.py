"""What a picture is, by its first bytes."""

from edge.errors import BadCasework

PNG = b"\x89PNG\r\n\x1a\n"
STARTS = {b"\xff\xd8\xff": "image/jpeg", PNG: "image/png"}
WEBP = "image/webp"


def media_of(picture: bytes) -> str:
    """Return the media type of a picture as a camera makes it; raises BadCasework for bytes that begin as none."""
    if picture.startswith(b"RIFF") and picture[8:12] == b"WEBP":
        return WEBP
    for start, media in STARTS.items():
        if picture.startswith(start):
            return media
    begins = picture[:8].hex() or "nothing"
    raise BadCasework(f"a photograph begins as JPEG, PNG or WebP; this one begins with {begins}: take it again")
