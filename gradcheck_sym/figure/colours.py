"""One colour for one quantity, in light and in dark, with enough contrast in both.

A layer has a hue, and A, Z and b of it differ in how strong that is. Colours are made in OKLCH,
where equal lightness looks equally light, so that none stands out and all can be read.
Source: Ottosson (2020), "A perceptual color space for image processing".
"""

from __future__ import annotations

from collections.abc import Sequence
from math import cos, radians, sin

LIGHT, DARK = 0.52, 0.80  # lightness of what is written on white, and on black
STRONG, WEAK = 0.18, 0.07  # chroma
HUES = {"X": 195.0, "Y": 145.0}
BANDS = {  # the hue of the output, and of the layer farthest from it
    "W": (50.0, 105.0),
    "b": (50.0, 105.0),
    "A": (258.0, 312.0),
    "Z": (258.0, 312.0),
    "S": (258.0, 312.0),
    "delta": (25.0, 345.0 - 360),
}


def colours(arrays: Sequence[str], lightness: float) -> dict[str, str]:
    """A colour for each of these arrays, as #rrggbb.

    >>> colours(["A_h", "J"], LIGHT)
    {'A_h': '#8b40b2'}
    """
    layers = [name.partition("_")[2] for name in arrays]
    order = [x for x in dict.fromkeys(layers) if x not in ("", "out")]
    found = {}
    for name, layer in zip(arrays, layers, strict=True):
        kind = name.partition("_")[0]
        if kind in HUES:
            found[name] = _hex(lightness, STRONG, HUES[kind])
        elif kind in BANDS:
            first, last = BANDS[kind]
            before = 1 - order.index(layer) / len(order) if layer in order else 0.0
            chroma = WEAK if kind in ("Z", "b", "S") else STRONG
            found[name] = _hex(lightness, chroma, first + (last - first) * before)
    return found


def contrast(one: str, other: str) -> float:
    """How much two colours differ, from 1 to 21, as WCAG 2 counts it.

    >>> contrast("#000000", "#ffffff")
    21.0
    """
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[k : k + 2], 16) / 255 for k in (1, 3, 5))
    linear = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def _hex(lightness: float, chroma: float, hue: float) -> str:
    """The colour, with as much of its chroma as a screen has."""
    found = _linear(lightness, chroma, hue)
    while not all(-1e-4 <= c <= 1 + 1e-4 for c in found):
        chroma *= 0.96
        found = _linear(lightness, chroma, hue)
    return "#" + "".join(f"{round(255 * _gamma(c)):02x}" for c in found)


def _linear(lightness: float, chroma: float, hue: float) -> tuple[float, float, float]:
    """OKLCH as linear sRGB."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )


def _gamma(channel: float) -> float:
    channel = min(1.0, max(0.0, channel))
    return 12.92 * channel if channel <= 0.0031308 else 1.055 * channel ** (1 / 2.4) - 0.055
