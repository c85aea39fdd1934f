"""What a browser sends of a what-if, made into steps or into sentences of what is wrong."""

from dataclasses import asdict
from typing import Annotated, Any

from flask import Request, Response, jsonify
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from netmon.analysis.plan_rows import Action, Scenario, Step
from netmon.domain.model import Service
from netmon.words import planning as words
from netmon.words.clean import clean

MOST_STEPS = 40
MOST_BYTES = 65_536
LONGEST_NAME = 80
LONGEST_HOURS = 200
MOST_SEATS = 500

PROBLEM = "application/problem+json"


def _cleaned(text: str) -> str:
    return clean(text, 2 * LONGEST_HOURS)  # what is longer still is refused, not cut


Words = Annotated[str, AfterValidator(_cleaned)]


class SentStep(BaseModel):
    """One step as a browser sends it; degrees are EPSG:4326."""

    model_config = ConfigDict(extra="forbid", allow_inf_nan=False)

    action: Action
    id: Annotated[Words, Field(min_length=1, max_length=LONGEST_NAME)]
    lon: float | None = Field(None, ge=-180, le=180)
    lat: float | None = Field(None, ge=-90, le=90)
    service: Service | None = None
    hours: Annotated[Words, Field(max_length=LONGEST_HOURS)] | None = None
    seats: int | None = Field(None, ge=1, le=MOST_SEATS)

    def step(self) -> Step:
        """Return the step."""
        return Step(**dict(self))


class SentScenario(BaseModel):
    """A scenario as a browser sends it; without a name it is only worked out."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[Words, Field(max_length=LONGEST_NAME)] = ""
    steps: list[SentStep] = Field(max_length=MOST_STEPS)

    def scenario(self) -> Scenario:
        """Return the scenario, as yet without a key."""
        return Scenario("", self.name, tuple(each.step() for each in self.steps))


def sendable(scenario: Scenario) -> list[dict[str, object]]:
    """Return the steps as a browser sends them."""
    return [
        {name: value for name, value in asdict(step).items() if value is not None}
        for step in scenario.steps
    ]


class Refused(Exception):  # noqa: N818 - it says what happened
    """A request that is not taken; `code` is the status, the message a Dutch sentence."""

    def __init__(self, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def refused(error: Refused) -> Response:
    """Return the problem document (RFC 9457) of a request that was not taken."""
    response = jsonify(type="about:blank", title=words.FAILED, status=error.code, detail=str(error))
    response.status_code, response.content_type = error.code, PROBLEM
    response.headers["Cache-Control"] = "no-store"
    return response


def sent(request: Request) -> Scenario:
    """
    Return the scenario of a request that changes or asks something.

    Raises
    ------
    Refused
        Where another site sent it, or it is none; the sentences say what to do.
    """
    if not is_ours(request):
        raise Refused(403, words.OF_OTHERS)
    if request.mimetype != "application/json":
        raise Refused(415, words.NO_JSON)
    if (request.content_length or MOST_BYTES + 1) > MOST_BYTES:
        raise Refused(413, words.TOO_MUCH)
    try:
        return SentScenario.model_validate_json(request.get_data()).scenario()
    except ValidationError as error:
        raise Refused(422, " ".join(map(_sentence, error.errors()[:3]))) from error


def is_ours(request: Request) -> bool:
    """
    Tell whether a page of this very server asks.

    Browsers name the page's origin with each POST (Fetch, 3.1.2); a program need not, and no
    other site can send JSON without asking first, which is never allowed.
    """
    origin = request.headers.get("Origin")
    site = request.headers.get("Sec-Fetch-Site", "same-origin")
    return site == "same-origin" and origin in {None, request.host_url.rstrip("/")}


def _sentence(error: Any) -> str:  # noqa: ANN401 - pydantic's own description of one fault
    where = error["loc"]
    step = next((part + 1 for part in where if isinstance(part, int)), None)
    return words.fault(step, str(where[-1]) if where else "", error["type"])
