"""Measurements as the desk writes them: `verbonden 12 · processor 8 % · antwoordtijd 3 ms`."""

from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

from netmon.words.clean import clean

FIRST = ("stations", "users", "cpu", "memory", "storage", "temperature", "rtt", "loss")
"""What an operator wants to see before everything else, by the beginning of its name."""

NAMES = {
    "uptime": "staat aan",
    "stations": "verbonden",
    "access_points_up": "zenders werken",
    "access_points_total": "zenders",
    "cpu": "processor",
    "memory": "geheugen",
    "temperature": "temperatuur",
    "radio_stations": "verbonden via",
    "radio_channel": "kanaal",
    "radio_utilization": "kanaal bezet",
    "radio_noise": "ruis",
    "radio_tx_power": "zendvermogen",
    "ssid_stations": "verbonden met",
    "storage_used": "schijf",
    "processes": "processen",
    "users": "gebruikers",
    "interfaces_up": "poorten werken",
    "interfaces_total": "poorten",
    "rx": "ontvangen",
    "tx": "verzonden",
    "rtt": "antwoordtijd",
    "loss": "verlies",
    "host_uptime": "computer staat aan",
    "engine_boots": "starts",
    "radio_ccq": "verbindingskwaliteit",
    "printer_errors": "storingen",
    "supply": "voorraad",
    "dns": "naam opgezocht in",
    "connect": "verbonden in",
    "page": "pagina in",
    "status": "antwoordcode",
    "certificate_expires": "certificaat nog geldig",
    "load1": "wachtrij",
    "clock_offset": "klok loopt voor",
    "os_age": "systeem is oud",
    "os_support_ends": "systeem nog bijgewerkt",
    "service_up": "dienst draait",
    "printer_ready": "printer klaar",
    "in_use": "in gebruik",
    "frozen": "bevroren",
    "association": "op het netwerk in",
    "address": "adres gekregen in",
    "service_ok": "raakt op internet",
    "poll_lag": "achterstand",
    "unwritten": "nog te bewaren",
    "alerts_waiting": "alarmen nog niet bezorgd",
    "alerts_failed": "alarmen nooit bezorgd",
    "points_lost": "meetpunten verloren",
    "looks_malformed": "onleesbare antwoorden",
    "notifications_heard": "meldingen gehoord",
    "notifications_unknown_sender": "van onbekenden",
    "notifications_refused": "geweigerd",
    "notifications_malformed": "onleesbaar",
    "notifications_dropped": "overgeslagen",
}
"""Name of a measurement without its unit → Dutch; one that is not here keeps its own name."""

SWITCHES = frozenset({"service_up", "printer_ready", "in_use", "frozen", "service_ok"})
"""Measurements that are 1 for yes and 0 for no."""

KILO = 1000
NO_BREAK_SPACE = "\N{NO-BREAK SPACE}"
"""Keeps a number and its unit on one line."""


class Figure(Protocol):
    """One number of a device, as rows carry it; the name ends in its unit."""

    @property
    def name(self) -> str:
        """What it is, with its unit: `cpu_ratio`."""

    @property
    def value(self) -> float:
        """The number, in that unit."""

    @property
    def label(self) -> str:
        """Which of several; empty where there is one only."""


def figures(values: Iterable[Figure]) -> list[str]:
    """Return every measurement as words, the telling ones first."""
    ranked = sorted(values, key=lambda each: rank(each.name, each.label))
    return [written(value.name, value.value, value.label) for value in ranked]


def figures_of(vitals: Mapping[str, float]) -> list[str]:
    """Return how collecting goes as words; looks that ended well, or in no way, are no news."""
    told = {name: value for name, value in vitals.items() if not name.startswith("looks_")}
    told |= {"looks_malformed": vitals.get("looks_malformed", 0)} if vitals else {}
    return [
        written(name, value)
        for name, value in sorted(told.items())
        if value or name == "poll_lag_s"
    ]


def written(name: str, value: float, label: str = "") -> str:
    """Return one measurement as words, its unit read from the end of its name."""
    return f"{named(name, label)} {amount(name, value)}"


def named(name: str, label: str = "") -> str:
    """Return what was measured, as words without the unit."""
    ending = next((each for each in UNITS if name.endswith(each)), "")
    name = name.removesuffix(ending)
    return clean(" ".join((NAMES.get(name, name.replace("_", " ")), label)), limit=60)


def amount(name: str, value: float) -> str:
    """Return a number with the unit that the end of its name tells."""
    if name in SWITCHES:
        return "ja" if value else "nee"
    show = next((show for ending, show in UNITS.items() if name.endswith(ending)), _number)
    return show(value).replace(" ", NO_BREAK_SPACE)


def rank(name: str, label: str = "") -> tuple[int, str, str]:
    """Return what puts measurements in order, the telling ones first."""
    place = next((i for i, start in enumerate(FIRST) if name.startswith(start)), len(FIRST))
    return place, name, label


def _number(value: float) -> str:
    text = f"{value:.0f}" if abs(value) >= KILO or value == int(value) else f"{value:.3g}"
    return text.replace(".", ",")


def _time(seconds: float) -> str:
    if seconds < 0:
        return f"−{_time(-seconds)}"
    if 0 < seconds < 1:
        return f"{_number(round(seconds * KILO, 1))} ms"
    hours, minutes = divmod(int(seconds // 60), 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h"
    return f"{hours} h {minutes} min" if hours or minutes else f"{_number(round(seconds, 1))} s"


def _bytes(count: float) -> str:
    for unit in ("B", "kB", "MB", "GB"):
        if abs(count) < KILO:
            return f"{_number(count)} {unit}"
        count /= KILO
    return f"{_number(count)} TB"


def _per_cent(ratio: float) -> str:
    cents = 100 * ratio
    return _number(round(cents) if abs(cents) >= 1 or not cents else float(f"{cents:.2g}"))


UNITS: dict[str, Callable[[float], str]] = {
    "_bytes_per_s": lambda value: f"{_bytes(value)}/s",
    "_bps": lambda value: f"{_bytes(value / 8)}/s",
    "_bytes": _bytes,
    "_ratio": lambda value: f"{_per_cent(value)} %",
    "_dbm": lambda value: f"{_number(value)} dBm",
    "_ghz": lambda value: f"{_number(value)} GHz",
    "_mhz": lambda value: f"{_number(value)} MHz",
    "_c": lambda value: f"{_number(value)} °C",
    "_s": _time,
}
"""Ending of a name → how its value is written; the longer ending stands first."""
