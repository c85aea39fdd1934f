"""How the interface of a source is reached: the parameters that all of them share."""

from typing import Literal

from pydantic import BaseModel, Field

Port = Field(default=None, ge=1, le=65535)


class Access(BaseModel, extra="forbid", frozen=True):
    """
    Where the interface is, and whom to trust there.

    `port` None is the usual one of `scheme`. `path` is what comes before the interface's own
    addresses, where a proxy puts it below a folder. `verify` False trusts whoever answers;
    `ca_file` is a PEM file with the authority that signed the server's certificate.
    """

    scheme: Literal["https", "http"] = "https"
    port: int | None = Port
    path: str = Field(default="", pattern=r"^(/[\w.~-]+)*$", max_length=255)
    verify: bool = True
    ca_file: str | None = None
