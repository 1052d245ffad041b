"""Photos that drivers send."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from bot.desk.photos import PHOTO_TYPE, PhotoRules, Photos, Size
from bot.errors import PhotoRefused, UnknownPhoto
from tests.bot.desk.pictures import BLUE, RED, encoded, picture, png_of, telling_photo

FORMS = ("JPEG", "PNG", "WEBP", "HEIF")
UPRIGHT_TURNED = 6
"""EXIF orientation of a phone held upright: the picture is to be turned by 90 degrees clockwise."""


@pytest.fixture
def photos(tmp_path: Path) -> Photos:
    return Photos(tmp_path / "photos")


def opened(photos: Photos, photo: str, size: Size = "copy") -> Image.Image:
    image = Image.open(BytesIO(photos.read(photo, size)))
    image.load()
    return image


def near(colour: object, wanted: tuple[int, int, int]) -> bool:
    return isinstance(colour, tuple) and all(abs(a - b) < 40 for a, b in zip(colour, wanted, strict=True))


def refusal(photos: Photos, data: bytes, name: str = "photo.jpg") -> str:
    with pytest.raises(PhotoRefused) as refused:
        photos.accept(data, name)
    return refused.value.code


@pytest.mark.parametrize("form", FORMS)
def test_every_form_that_phones_send_is_kept_as_jpeg(photos: Photos, form: str) -> None:
    accepted = photos.accept(encoded(picture(), form), "what its name says does not matter.txt")
    kept = opened(photos, accepted.id)
    assert (accepted.type, kept.format) == (PHOTO_TYPE, "JPEG")
    assert (accepted.width, accepted.height) == kept.size == (64, 48)
    assert accepted.bytes == len(photos.read(accepted.id, "copy"))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("size", ["copy", "thumbnail"])
def test_nothing_is_left_of_who_took_it_where(photos: Photos, form: str, size: Size) -> None:
    sent = telling_photo(form)
    assert b"MakerOfTheCamera" in sent
    accepted = photos.accept(sent, "photo")
    kept = opened(photos, accepted.id, size)
    assert dict(kept.getexif()) == {}
    assert not kept.getexif().get_ifd(0x8825)
    assert b"OfTheCamera" not in photos.read(accepted.id, size)
    assert not {"icc_profile", "comment", "xmp", "exif"} & set(kept.info)


@pytest.mark.parametrize("form", FORMS)
def test_a_photo_of_a_phone_held_upright_stands_upright(photos: Photos, form: str) -> None:
    accepted = photos.accept(telling_photo(form, orientation=UPRIGHT_TURNED), "photo")
    kept = opened(photos, accepted.id)
    assert kept.size == (48, 64)
    assert near(kept.getpixel((24, 4)), BLUE)
    assert near(kept.getpixel((24, 60)), RED)


def test_a_large_photo_is_kept_smaller(photos: Photos) -> None:
    accepted = photos.accept(encoded(picture(4000, 3000)), "photo")
    assert (accepted.width, accepted.height) == (1600, 1200)
    assert opened(photos, accepted.id, "thumbnail").size == (320, 240)


def test_a_small_photo_is_not_blown_up(photos: Photos) -> None:
    accepted = photos.accept(encoded(picture(100, 50)), "photo")
    assert opened(photos, accepted.id, "thumbnail").size == (100, 50)


@pytest.mark.parametrize("form", ["PNG", "WEBP", "MPO", "HEIF"])
def test_of_several_frames_the_first_is_kept(photos: Photos, form: str) -> None:
    frames = [Image.new("RGB", (32, 32), colour) for colour in (BLUE, RED)]
    accepted = photos.accept(encoded(frames[0], form, save_all=True, append_images=frames[1:]), "photo")
    kept = opened(photos, accepted.id)
    assert near(kept.getpixel((16, 16)), BLUE)
    assert getattr(kept, "n_frames", 1) == 1


def test_what_is_see_through_becomes_white(photos: Photos) -> None:
    accepted = photos.accept(encoded(Image.new("RGBA", (32, 32), (*RED, 0)), "PNG"), "photo")
    assert near(opened(photos, accepted.id).getpixel((16, 16)), (255, 255, 255))


@pytest.mark.parametrize("mode", ["L", "P", "CMYK", "1", "LA"])
def test_other_kinds_of_colour_are_taken(photos: Photos, mode: str) -> None:
    form = "JPEG" if mode == "CMYK" else "PNG"
    accepted = photos.accept(encoded(picture().convert(mode), form), "photo")
    assert opened(photos, accepted.id).mode == "RGB"


def test_an_id_says_nothing_of_another(photos: Photos) -> None:
    sent = encoded(picture())
    one, other = photos.accept(sent, "photo"), photos.accept(sent, "photo")
    assert one.id != other.id
    assert len(one.id) == 32


def test_what_was_sent_is_not_kept(photos: Photos, tmp_path: Path) -> None:
    sent = telling_photo("JPEG")
    accepted = photos.accept(sent, "photo")
    files = sorted((tmp_path / "photos").iterdir())
    assert [file.name for file in files] == [f"{accepted.id}.copy.jpg", f"{accepted.id}.thumbnail.jpg"]
    assert all(file.read_bytes() != sent for file in files)


@pytest.mark.parametrize(
    ("code", "data"),
    [
        ("empty", b""),
        ("not_an_image", b"Dear support, this is a text."),
        ("not_an_image", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("not_an_image", encoded(picture(), "GIF")),
        ("not_an_image", encoded(picture(), "BMP")),
        ("not_an_image", png_of(64, 48)),
        ("too_large", b"\xff\xd8" + bytes(10 * 1024**2)),
        ("too_many_pixels", png_of(8000, 7000)),
        ("bomb", png_of(10_000, 10_000)),
        ("bomb", png_of(60_000, 60_000)),
    ],
    ids=["empty", "text", "svg", "gif", "bmp", "no pixels", "10 MB", "56 million", "100 million", "bomb"],
)
def test_what_is_no_photo_is_refused(photos: Photos, tmp_path: Path, code: str, data: bytes) -> None:
    assert refusal(photos, data) == code
    assert not (tmp_path / "photos").exists()


@pytest.mark.parametrize("form", FORMS)
def test_half_a_photo_is_refused(photos: Photos, form: str) -> None:
    whole = encoded(picture(400, 300).effect_spread(40), form)
    assert refusal(photos, whole[: len(whole) // 2]) == "not_an_image"


def test_a_photo_of_exactly_the_largest_size_is_taken(tmp_path: Path) -> None:
    sent = encoded(picture())
    limits = {"largest_bytes": len(sent), "largest_pixels": {"JPEG": 64 * 48}}
    assert Photos(tmp_path, PhotoRules.load().model_copy(update=limits)).accept(sent, "photo").width == 64


def test_broken_exif_is_no_reason_to_refuse_a_photo(photos: Photos) -> None:
    assert photos.accept(encoded(picture(), exif=b"Exif\0\0nonsense"), "photo").width == 64


def test_a_refusal_names_the_file_and_what_to_do(photos: Photos) -> None:
    with pytest.raises(PhotoRefused, match=r"'holiday\.jpg' cannot be read as a photo\. Send a whole JPEG"):
        photos.accept(b"text", "holi\nday.jpg")


@pytest.mark.parametrize("photo", ["", "../../etc/passwd", "a" * 31, "A" * 32, "a" * 32 + "\n", "a" * 33, "/" * 32])
def test_what_is_no_id_reads_no_file(photos: Photos, photo: str) -> None:
    with pytest.raises(UnknownPhoto, match="an id is 32 digits"):
        photos.read(photo, "copy")


def test_an_id_that_nobody_got_reads_nothing(photos: Photos) -> None:
    with pytest.raises(UnknownPhoto, match="There is no photo"):
        photos.read("0" * 32, "copy")
