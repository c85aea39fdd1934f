"""Prometheus (HTTP API v1): what its last scrapes say of the devices that it watches."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import urlencode

from pydantic import Field

from collectors.base import Check
from collectors.observation import Observation, Outcome, Sighting
from collectors.sources import fields
from collectors.sources.access import Access
from collectors.sources.api import Api
from collectors.sources.look import Seen, look
from collectors.sources.prometheus_answer import Sample, address_in, by_device, read_samples
from collectors.sources.prometheus_series import INTERFACE_LABELS, SERIES, measurements
from collectors.sources.verdict import verdict
from collectors.target import Target
from collectors.web.authorization import authorization
from collectors.web.failure import WebFailure

_FORM = "application/x-www-form-urlencoded"
_LABEL = r"^[A-Za-z_][A-Za-z0-9_]*$"
_ANSWERS = {0.0: False, 1.0: True}
_OLDEST_S = 365 * 86_400
_DETAILS = {
    Outcome.TIMEOUT: "Prometheus says that it does not answer",
    Outcome.CONTENT: "Prometheus says that it answers in part",
    None: "Prometheus says neither 0 nor 1",
}


class Params(Access):
    """
    What to ask, and which labels name a device.

    `job` is a regular expression (RE2, anchored) on the scrape jobs. `expression` is asked
    instead of `up`: an instant vector of 0 (does not work) and 1 (works). `name_label` is the
    label with the device's name, of which a port at the end is dropped; `mac_label` one with its
    hardware address. `series` also reads uptime and interfaces, where snmp_exporter is scraped.
    """

    scheme: Literal["https", "http"] = "http"
    port: int | None = Field(default=9090, ge=1, le=65535)
    job: str = Field(default=".+", min_length=1, max_length=255)
    expression: str | None = Field(default=None, min_length=1, max_length=4_096)
    name_label: str = Field(default="instance", pattern=_LABEL, max_length=255)
    mac_label: str | None = Field(default=None, pattern=_LABEL, max_length=255)
    series: bool = True


def observe(target: Target, params: Params, deadline_s: float) -> Observation:
    """Ask a Prometheus server; a series that went stale is absent, and says nothing."""

    def ask(at: datetime, until: float) -> Seen:
        api = Api.of(target, params, until, authorization(target.credentials))
        asked = params.expression or f"up{_selector(params)}"
        states = _query(api, params, asked)
        ages_s = _ages_s(api, params, asked)
        series = _series(api, params) if params.series else {}
        return Seen(
            tuple(
                replace(
                    _sighting(name, samples, params.mac_label),
                    at=at - timedelta(seconds=ages_s.get(name, 0)),
                    measurements=measurements(series.get(name, ())),
                )
                for name, samples in states.items()
            )
        )

    return look(CHECK.kind, target, deadline_s, ask)


def _query(api: Api, params: Params, expression: str) -> dict[str, list[Sample]]:
    """Return the samples of an instant query by device."""
    wanted = {"__name__", params.name_label, params.mac_label or "", *INTERFACE_LABELS}
    # In a body: an expression may be longer than an address.
    body = urlencode({"query": expression}).encode()
    samples = read_samples(api.post("/api/v1/query", body, _FORM), wanted)
    return by_device(samples, params.name_label)


def _ages_s(api: Api, params: Params, asked: str) -> dict[str, float]:
    """
    Return how long ago Prometheus last looked at each device, on its own clock.

    An instant query dates every sample at the question; `timestamp` has the sample's own.
    """
    # Lines of their own: an expression may end in a comment.
    found = _query(api, params, f"timestamp(\n{asked}\n)")
    return {
        name: min(_OLDEST_S, max(0.0, min(each.evaluated_at - each.value for each in samples)))
        for name, samples in found.items()
    }


def _series(api: Api, params: Params) -> dict[str, list[Sample]]:
    """Return the series of snmp_exporter; none where they cannot be had: the state was told."""
    try:
        return _query(api, params, _selector(params, "|".join(SERIES)))
    except WebFailure:
        return {}


def _selector(params: Params, names: str | None = None) -> str:
    quoted = params.job.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    series = f'__name__=~"{names}",' if names else ""
    return f'{{{series}job=~"{quoted}"}}'


def _sighting(name: str, samples: Sequence[Sample], mac_label: str | None) -> Sighting:
    outcome = verdict(_ANSWERS[each.value] for each in samples if each.value in _ANSWERS)
    macs = (fields.hardware_address(each.labels.get(mac_label or "")) for each in samples)
    return Sighting(
        name,
        next(filter(None, macs), None),
        address_in(name),
        outcome,
        detail=_DETAILS.get(outcome, ""),
    )


CHECK = Check(kind="prometheus", params=Params, observe=observe)
