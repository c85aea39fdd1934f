"""How a Prometheus exporter on a computer is asked, whichever it is."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, Field

from collectors.observation import Measurement, Observation, Outcome
from collectors.target import Target
from collectors.web.address import bracketed, web_address
from collectors.web.authorization import authorization
from collectors.web.computer import Computer, measurements
from collectors.web.failure import WebFailure
from collectors.web.fetch import Tls, fetch
from collectors.web.processors import ProcessorMemory
from collectors.web.samples import Samples, read_samples

MAX_PAGE_BYTES = 8 << 20
_OK = 200
_NOT_ALLOWED = {401, 403}


def _path(written: str) -> str:
    if not written.startswith("/"):
        raise ValueError("expected a path that begins with /")
    return web_address(f"http://192.0.2.1{written}").path


class ExporterParams(BaseModel, extra="forbid", frozen=True):
    """Where the exporter is, how to trust it, and which services must run."""

    port: int = Field(ge=1, le=65_535)
    path: Annotated[str, AfterValidator(_path)] = "/metrics"
    tls: bool = False
    verify: bool = True
    ca_file: str | None = None
    services: tuple[Annotated[str, Field(min_length=1, max_length=255)], ...] = Field(
        default=(), max_length=100
    )


@dataclass(frozen=True, slots=True)
class Exporter:
    """
    One kind of exporter.

    `proof` are the series of which its page has at least one; `service_series` is read only
    where services are asked for, as it is most of a page. `read` gets the samples and the
    names of the services. `memory` are the counters of every computer that this process asks.
    """

    name: str
    proof: tuple[str, ...]
    series: frozenset[str]
    service_series: str
    read: Callable[[Samples, tuple[str, ...]], Computer]
    memory: ProcessorMemory = field(default_factory=ProcessorMemory)


def look(
    exporter: Exporter, target: Target, params: ExporterParams, deadline_s: float
) -> Observation:
    """Ask once; whatever the network and the page do is an outcome."""
    at = datetime.now(UTC)
    try:
        found = _measured(exporter, target, params, deadline_s, at)
    except WebFailure as failure:
        return Observation(target.id, exporter.name, at, failure.outcome, (), failure.detail)
    return Observation(target.id, exporter.name, at, Outcome.OK, found)


def _measured(
    exporter: Exporter, target: Target, params: ExporterParams, deadline_s: float, at: datetime
) -> tuple[Measurement, ...]:
    began = time.monotonic()
    page = _page(target, params, began + deadline_s)
    # The page was made while we waited: in the middle of that time, give or take half of it.
    made_s = at.timestamp() + (time.monotonic() - began) / 2
    states = frozenset({exporter.service_series} if params.services else ())
    samples = read_samples(page, exporter.series, states)
    if not samples.of(*exporter.proof):
        raise WebFailure(Outcome.CONTENT, f"another page answered: it is not of {exporter.name}")
    computer = exporter.read(samples, params.services)
    spent = computer.processors
    cpu_ratio = exporter.memory.used_ratio(target.id, spent) if spent else None
    return measurements(computer, made_s, cpu_ratio)


def _page(target: Target, params: ExporterParams, until: float) -> bytes:
    scheme = "https" if params.tls else "http"
    answer = fetch(
        f"{scheme}://{bracketed(target.host)}:{params.port}{params.path}",
        deadline=until,
        headers={"Accept": "text/plain;version=0.0.4", **authorization(target.credentials)},
        tls=Tls(params.verify, params.ca_file),
        max_bytes=MAX_PAGE_BYTES,
    )
    if answer.status in _NOT_ALLOWED:
        raise WebFailure(Outcome.AUTH, f"the credentials were refused (HTTP {answer.status})")
    if answer.status != _OK:
        raise WebFailure(Outcome.CONTENT, f"HTTP status {answer.status} instead of 200")
    return answer.body
