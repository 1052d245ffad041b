"""Photos that drivers send: checked by content, stripped of everything but the picture, kept as JPEG."""

from __future__ import annotations

import logging
import os
import re
import secrets
import tempfile
import threading
import warnings
from io import BytesIO
from pathlib import Path
from typing import Literal

import yaml
from PIL import Image, ImageOps
from pillow_heif import register_heif_opener
from pydantic import BaseModel, ConfigDict, Field

from bot.errors import PhotoRefused, UnknownPhoto

RULES_FILE = Path(__file__).with_name("photos.yaml")
PHOTO_TYPE = "image/jpeg"
"""The type of everything that is kept, whatever was sent: serve it as this and as nothing else."""
Size = Literal["copy", "thumbnail"]
log = logging.getLogger(__name__)
_ID = re.compile(r"[0-9a-f]{32}")
_LONGEST_NAME = 80

register_heif_opener()
# Pillow only warns of a picture that unfolds to more than Image.MAX_IMAGE_PIXELS, and would go on to unfold it.
warnings.filterwarnings("error", category=Image.DecompressionBombWarning)


class PhotoRules(BaseModel):
    """photos.yaml: what a photo may be, and what is kept of it. Units stand in the names; sizes are in pixels."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    largest_bytes: int = Field(gt=0)
    largest_pixels: dict[Literal["JPEG", "HEIF", "PNG", "WEBP"], int]
    """By format; no other one is read."""
    sizes: dict[Size, int]
    quality: int = Field(ge=1, le=95)

    @classmethod
    def load(cls) -> PhotoRules:
        """Read the shipped file."""
        return cls.model_validate(yaml.safe_load(RULES_FILE.read_text(encoding="utf-8")))


class Photo(BaseModel):
    """A photo that was accepted, as it is kept: ``width`` and ``height`` in pixels, ``bytes`` of the copy.

    Whoever knows ``id`` may see the photo; it cannot be guessed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    type: str
    width: int
    height: int
    bytes: int


class Photos:
    """Keeps photos in a folder. Several processes may share it. What was sent is never kept, only what was made of it.

    Args:
        folder: made at the first photo.
        rules: limits; the shipped ones where none are given.
    """

    def __init__(self, folder: Path, rules: PhotoRules | None = None) -> None:
        self._folder = folder
        self._rules = rules or PhotoRules.load()
        self._unfolding = threading.Lock()

    def accept(self, data: bytes, name: str) -> Photo:
        """Keep a photo.

        Args:
            data: the file as it came.
            name: what the sender calls it; only told back, never trusted.

        Raises:
            PhotoRefused: when it is no photo or too large a one; nothing is kept.
        """
        self._check_bytes(data, name)
        # One at a time: a photo of a few megabytes takes hundreds while it is unfolded.
        with self._unfolding:
            picture = self._unfolded(data, name)
        made = {size: self._jpeg(picture, side) for size, side in self._rules.sizes.items()}
        identity = secrets.token_hex(16)
        self._folder.mkdir(parents=True, exist_ok=True)
        # The copy comes last: where it is, the thumbnail is too.
        for size in sorted(made, reverse=True):
            _write(self._file(identity, size), made[size])
        return Photo(id=identity, type=PHOTO_TYPE, width=picture.width, height=picture.height, bytes=len(made["copy"]))

    def read(self, photo: str, size: Size) -> bytes:
        """The copy or the thumbnail, a JPEG.

        Raises:
            UnknownPhoto: when there is no such photo.
        """
        if not _ID.fullmatch(photo):
            raise UnknownPhoto("There is no such photo: an id is 32 digits from 0 to f.")
        try:
            return self._file(photo, size).read_bytes()
        except FileNotFoundError:
            raise UnknownPhoto(f"There is no photo {photo}.") from None

    def _file(self, photo: str, size: Size) -> Path:
        return self._folder / f"{photo}.{size}.jpg"

    def _check_bytes(self, data: bytes, name: str) -> None:
        if not data:
            raise PhotoRefused("empty", f"{_told(name)} is empty. Send it again.")
        if len(data) > self._rules.largest_bytes:
            limit = self._rules.largest_bytes // 1024**2
            raise PhotoRefused("too_large", f"{_told(name)} is larger than {limit} MB. Send a smaller copy.")

    def _unfolded(self, data: bytes, name: str) -> Image.Image:
        """The first frame, upright, no larger than the copy, with nothing but its pixels."""
        side = self._rules.sizes["copy"]
        try:
            with Image.open(BytesIO(data), formats=list(self._rules.largest_pixels)) as image:
                self._check_pixels(image, name)
                # A JPEG can be unfolded to a fraction of its size at once.
                image.draft("RGB", (side, side))
                mode = "RGBA" if image.has_transparency_data else "RGB"
                picture = image if image.mode == mode else image.convert(mode)
                picture.thumbnail((side, side))
                return _bare(_upright(picture))
        except PhotoRefused:
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            raise PhotoRefused("bomb", f"{_told(name)} would unfold to too many pixels. Send another photo.") from None
        except Exception as error:
            # Decoders raise whatever a broken file makes them stumble over; all of it means the same to the sender.
            log.info("a photo cannot be unfolded: %r", error)
            remedy = "Send a whole JPEG, PNG, WebP or HEIC."
            raise PhotoRefused("not_an_image", f"{_told(name)} cannot be read as a photo. {remedy}") from None

    def _check_pixels(self, image: Image.Image, name: str) -> None:
        # A JPEG with further frames calls itself MPO.
        form = "JPEG" if image.format == "MPO" else image.format
        limit = next(most for known, most in self._rules.largest_pixels.items() if known == form)
        if image.width * image.height > limit:
            size = f"{image.width} x {image.height} pixels, over {limit // 1_000_000} million"
            raise PhotoRefused("too_many_pixels", f"{_told(name)} has {size}. Send a smaller copy.")

    def _jpeg(self, picture: Image.Image, side: int) -> bytes:
        smaller = picture.copy()
        smaller.thumbnail((side, side))
        out = BytesIO()
        smaller.save(out, "JPEG", quality=self._rules.quality)
        return out.getvalue()


def _upright(image: Image.Image) -> Image.Image:
    try:
        return ImageOps.exif_transpose(image)
    except Exception:
        # A photo with broken EXIF data is still a photo; it may lie on its side.
        return image


def _bare(image: Image.Image) -> Image.Image:
    """The pixels alone, on white: EXIF, GPS, XMP, colour profile and comments stay behind with the old object."""
    bare = Image.new("RGB", image.size, "white")
    bare.paste(image, mask=image.getchannel("A") if image.mode == "RGBA" else None)
    return bare


def _write(file: Path, data: bytes) -> None:
    """All of it or nothing, for this process's user alone."""
    with tempfile.NamedTemporaryFile(dir=file.parent, delete=False) as out:
        try:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
            Path(out.name).replace(file)
        except BaseException:
            Path(out.name).unlink(missing_ok=True)
            raise


def _told(name: str) -> str:
    shown = "".join(letter for letter in name if letter.isprintable())[:_LONGEST_NAME]
    return f"The photo {shown!r}"
