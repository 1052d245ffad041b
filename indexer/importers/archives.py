"""Archives and XML from elsewhere, opened only so far as they are harmless."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from indexer.importers.rules import Limits


class Unsafe(ValueError):
    """The archive or the XML is damaged, or made to do harm; the message is for the person who imports."""


_SMALL = 1_000_000
"""Bytes: packing something this small well is no attack."""


def members(content: bytes, limits: Limits) -> Iterator[tuple[str, bytes]]:
    """Name and bytes of every file of a zip archive.

    Raises:
        Unsafe: where it is no zip archive, or would fill memory or disk.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = [each for each in archive.infolist() if not each.is_dir()]
            _check(files, limits)
            for each in files:
                with archive.open(each) as opened:
                    # The size in the directory may be a lie.
                    unpacked = opened.read(each.file_size + 1)
                if len(unpacked) > each.file_size:
                    raise Unsafe("The archive says wrong sizes of its files.")
                yield each.filename, unpacked
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        raise Unsafe(f"It cannot be unpacked ({error}).") from None


def _check(files: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(files) > limits.unpacked_files:
        raise Unsafe(f"The archive holds {len(files)} files; {limits.unpacked_files} are the most.")
    if sum(each.file_size for each in files) > limits.unpacked_bytes:
        raise Unsafe(f"Unpacked, the archive has more than {limits.unpacked_bytes // 1_000_000} MB.")
    for each in files:
        if each.flag_bits & 0x1:
            raise Unsafe("The archive wants a password.")
        if each.file_size > _SMALL and each.file_size > limits.ratio * max(each.compress_size, 1):
            raise Unsafe(f"{each.filename!r} grows more than {limits.ratio} times when unpacked: a zip bomb.")


def xml_root(content: bytes) -> Element:
    """The root element of a document without a DTD.

    Raises:
        Unsafe: where it is no XML, or defines entities of its own.
    """
    try:
        root: Element = fromstring(content, forbid_dtd=True)
    except ParseError as error:
        raise Unsafe(f"It is no valid XML ({error}).") from None
    except (DefusedXmlException, ValueError, LookupError):
        raise Unsafe("The XML defines entities or names an encoding of its own; that is refused.") from None
    return root
