"""The check digit of a contract id (EMAID): eMI3 standard, part 2; ISO 15118-1, annex H.

The character of number n (digits, then letters) stands for four elements: two modulo 2 and two modulo 3, the mixed
radix digits of n. Over all 15 characters, each pair times a growing power of a matrix has to add up to nothing.
"""

from __future__ import annotations

_CHARACTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LENGTH = 14
_Matrix = tuple[tuple[int, int], tuple[int, int]]
_TWO: _Matrix = ((0, 1), (1, 1))
_THREE: _Matrix = ((0, 1), (1, 2))
_ONE: _Matrix = ((1, 0), (0, 1))


def check_digit(contract: str) -> str:
    """The check character for 14 letters and digits without separators, such as ``NLTNMC00122045``.

    Raises:
        ValueError: where there are not 14 of them.
    """
    if len(contract) != _LENGTH:
        raise ValueError(f"A contract id has {_LENGTH} characters before its check digit, not {len(contract)}.")
    return next(each for each in _CHARACTERS if _vanishes(contract + each))


def _vanishes(characters: str) -> bool:
    numbers = [_CHARACTERS.index(char) for char in characters]
    return not any(
        (
            *_sum([(n // 18, n // 9 % 2) for n in numbers], _TWO, 2),
            *_sum([(n // 3 % 3, n % 3) for n in numbers], _THREE, 3),
        )
    )


def _sum(pairs: list[tuple[int, int]], matrix: _Matrix, modulo: int) -> tuple[int, int]:
    first, second, power = 0, 0, _ONE
    for one, two in pairs:
        power = _times(power, matrix, modulo)
        first += one * power[0][0] + two * power[1][0]
        second += one * power[0][1] + two * power[1][1]
    return first % modulo, second % modulo


def _times(left: _Matrix, right: _Matrix, modulo: int) -> _Matrix:
    (a, b), (c, d) = left
    (e, f), (g, h) = right
    return (
        ((a * e + b * g) % modulo, (a * f + b * h) % modulo),
        ((c * e + d * g) % modulo, (c * f + d * h) % modulo),
    )
