"""`[channels.NAME]`: the ways by which people and other systems are told."""

from enum import StrEnum
from typing import Annotated, Self

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from netmon.config.section import File, Section, Variable
from netmon.words.language import Language


class ChannelKind(StrEnum):
    """How a channel speaks."""

    APPRISE = "apprise"
    WEBHOOK = "webhook"


class ChannelSettings(Section):
    """
    One channel: an Apprise address, or a webhook whose body is signed.

    An Apprise address holds passwords and tokens: it is never written here.
    """

    kind: ChannelKind = Field(
        description="`apprise` (mail, Teams, Slack, ntfy, Signal, SMS …) or signed `webhook`."
    )
    url: str | None = Field(None, description="Address of a webhook, where it holds no secret.")
    url_env: Variable | None = Field(
        None, description="Environment variable that holds the channel's address."
    )
    url_file: File | None = Field(
        None, description="File with the channel's address, readable by its owner only."
    )
    secret_env: Variable | None = Field(
        None, description="Environment variable with the secret that signs a webhook."
    )
    secret_file: File | None = Field(
        None, description="File with that signing secret, readable by its owner only."
    )
    language: Language = Field(Language.NL, description="Language of its messages: `nl en fr`.")
    timeout_s: Annotated[float, Field(ge=1, le=120)] = Field(
        30.0, description="Seconds that one delivery may take in all, 1 to 120."
    )

    @model_validator(mode="after")
    def _fitting(self) -> Self:
        is_signed = self.secret_env is not None or self.secret_file is not None
        if self.kind is ChannelKind.APPRISE and self.url is not None:
            raise PydanticCustomError("apprise_url", "url_env or url_file in the place of url")
        if self.url is not None and (self.url_env is not None or self.url_file is not None):
            raise PydanticCustomError("two_urls", "url, or url_env or url_file, not both")
        if self.kind is ChannelKind.APPRISE and is_signed:
            raise PydanticCustomError("apprise_secret", "no secret: kind apprise signs nothing")
        return self
