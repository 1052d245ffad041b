"""Who the other side is, and who we are to it: one YAML file a connection, its secrets from the environment."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

import httpx
import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError

from bot.errors import SettingsError

PartyId = Annotated[str, StringConstraints(to_upper=True, pattern=r"^[A-Za-z]{2}\*[A-Za-z0-9]{3}$")]
"""Country code and party id (OCPI 7.4.1), joined as in EVSE ids: CH*EPO."""
_TOKEN = re.compile("[!-~]{8,64}")
"""OCPI 7.3.1: printable, no spaces, 64 at most; what is shorter than eight can be guessed."""


def _token(secret: SecretStr) -> SecretStr:
    if not _TOKEN.fullmatch(secret.get_secret_value()):
        raise ValueError("must be 8 to 64 printable ASCII characters without a space")
    return secret


def _address(url: str) -> str:
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL:
        parsed = httpx.URL()
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.userinfo or parsed.fragment:
        raise ValueError("is no address; write one such as https://ocpi.example.com/ocpi/versions")
    return url


Token = Annotated[SecretStr, AfterValidator(_token)]
Address = Annotated[str, AfterValidator(_address)]


class Party(BaseModel):
    """What an operator's stations are to us. Parties that are not listed are roaming partners (CP2)."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    vendor: str | None = None
    network: Literal["own", "partner"] = "own"


class OcpiConnection(BaseModel):
    """A connection to one OCPI party."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    versions: Address
    """Where their versions are listed (OCPI 6.1)."""
    token: Token
    """What we show them: token A until we are registered, the one that they gave us from then on."""
    own_token: Token
    """What they show us."""
    plain_tokens: bool = False
    """They take tokens as they are. OCPI 2.2.1, 4.1.2 wants them in Base64, which older software does not know."""
    us: PartyId
    them: PartyId | None = None
    """Whom messages are for, where one platform or hub stands for several parties (OCPI 4.1.8)."""
    name: str = Field(min_length=1, max_length=100)
    """Our name, as their people read it."""
    public: Address
    """Where they reach this server, without a path of OCPI: https://support.example.com."""
    parties: dict[PartyId, Party] = {}
    accounts_by: Literal["group_id", "contract_id", "uid", "visual_number"] = "group_id"
    """The field of their tokens (OCPI 12.3.2) that holds the account's number."""
    endpoints: dict[str, Address] = {}
    """What their version details leave out, by module: ``commands``."""
    hosts: frozenset[str] = frozenset()
    """Further hosts that they may send us to. Our token goes nowhere else."""

    @property
    def their_authorization(self) -> str:
        """The header that we show them."""
        return authorization(self.token.get_secret_value(), self.plain_tokens)


def authorization(token: str, plain: bool) -> str:
    """The value of an Authorization header (OCPI 4.1.2)."""
    return f"Token {token if plain else b64encode(token.encode()).decode()}"


def read_connection(path: Path, environ: Mapping[str, str]) -> OcpiConnection:
    """Read a connection. ``token`` and ``own_token`` name the variables of the environment that hold them.

    Raises:
        SettingsError: naming the file, the field and what is wrong; never what a secret holds.
    """
    try:
        given = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise SettingsError(f"{path} cannot be read: {error.strerror}.") from None
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no YAML: {error}") from None
    if not isinstance(given, dict):
        raise SettingsError(f"{path} must hold fields such as versions, token and us.")
    for field in ("token", "own_token"):
        variable = given.get(field)
        if not isinstance(variable, str) or variable not in environ:
            # Whoever wrote the token itself there must not read it in a log.
            raise SettingsError(f"{path}: {field} must be the name of a variable of the environment that holds it.")
        given[field] = environ[variable]
    try:
        return OcpiConnection.model_validate(given)
    except ValidationError as error:
        found = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise SettingsError(f"{path}: {found}") from None
