"""Photos as phones send them, made on the spot."""

from __future__ import annotations

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo

RED, BLUE = (200, 20, 20), (20, 20, 200)
GPS_LATITUDE = (47.0, 21.0, 36.0)


def picture(width: int = 64, height: int = 48) -> Image.Image:
    """Red, but for its left quarter, which is blue: so one sees how it was turned."""
    made = Image.new("RGB", (width, height), RED)
    made.paste(BLUE, (0, 0, width // 4, height))
    return made


def encoded(image: Image.Image, form: str = "JPEG", **options: Any) -> bytes:
    out = BytesIO()
    image.save(out, form, **options)
    return out.getvalue()


def telling_exif(orientation: int = 1) -> Image.Exif:
    """Who took it, with what, and where."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "MakerOfTheCamera"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2] = "N", GPS_LATITUDE
    return exif


def telling_photo(form: str, image: Image.Image | None = None, orientation: int = 1) -> bytes:
    """A photo of that form with all the metadata that the form can carry."""
    more: dict[str, Any] = {"exif": telling_exif(orientation), "icc_profile": b"ProfileOfTheCamera"}
    if form == "HEIF":
        # Only as bytes does the encoder turn it into the container's own rotation, as phones write it.
        more["exif"] = telling_exif(orientation).tobytes()
    if form == "JPEG":
        more |= {"comment": "CommentOfTheCamera", "xmp": b"<x>XmpOfTheCamera</x>"}
    if form == "PNG":
        words = PngInfo()
        words.add_text("Author", "CommentOfTheCamera")
        more["pnginfo"] = words
    return encoded(image or picture(), form, **more)


def png_of(width: int, height: int) -> bytes:
    """A small PNG that says that it is that large: what it lacks is only missed when it is unfolded."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
