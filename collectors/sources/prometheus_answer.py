"""What Prometheus answers to an instant query: samples, their labels, and the server's clock."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from ipaddress import ip_address

from collectors.sources import fields
from collectors.sources.fields import malformed

MAX_SAMPLES = 200_000
"""Samples of one answer; a source of 20,000 devices has ten interfaces on each."""

_VALUES = 2


@dataclass(frozen=True, slots=True)
class Sample:
    """A value, the labels that were wanted, and when it was asked (s, the server's clock)."""

    labels: dict[str, str]
    evaluated_at: float
    value: float


def read_samples(answer: object, wanted: Collection[str]) -> list[Sample]:
    """
    Read an instant vector with the `wanted` labels, cleaned.

    A sample that is not a finite number is left out.

    Raises `WebFailure` (malformed) where the answer is something else.
    """
    found = fields.record(answer, "answer")
    data = fields.record(found.get("data"), "data")
    if found.get("status") != "success" or data.get("resultType") != "vector":
        kind = fields.word(data.get("resultType")) or "nothing"
        raise malformed(f"expected an instant vector, found {kind}")
    rows = fields.rows(data.get("result"), "result")
    if len(rows) > MAX_SAMPLES:
        raise malformed(f"expected at most {MAX_SAMPLES} samples, found {len(rows)}")
    return [sample for row in rows if (sample := _sample(row, wanted)) is not None]


def _sample(row: fields.Row, wanted: Collection[str]) -> Sample | None:
    pair = row.get("value")
    if not isinstance(pair, list) or len(pair) != _VALUES:
        raise malformed("sample: expected an instant and a value")
    evaluated_at, value = fields.number(pair[0]), fields.number(pair[1])
    if evaluated_at is None or value is None:
        return None
    labels = fields.record(row.get("metric"), "metric")
    clean = {name: fields.word(labels[name]) for name in wanted if name in labels}
    return Sample(clean, evaluated_at, value)


def by_device(samples: Iterable[Sample], label: str) -> dict[str, list[Sample]]:
    """Return the samples of each device, named by a label without its port."""
    found: dict[str, list[Sample]] = {}
    for each in samples:
        name = without_port(each.labels.get(label, ""))
        if name:
            found.setdefault(name, []).append(each)
    return found


def without_port(instance: str) -> str:
    """Return `host` of `host:port` and of `[v6]:port`, and anything else as it stands."""
    if instance.startswith("["):
        return instance[1:].partition("]")[0]
    host, _, port = instance.partition(":")
    return host if port.isascii() and port.isdigit() else instance


def address_in(name: str) -> str | None:
    """Return the name where it is an address, else None."""
    try:
        return str(ip_address(name))
    except ValueError:
        return None
