"""An OCPI party made of the library extrawest-ocpi and the demo world, with routes to change that world."""

from __future__ import annotations

import os
import secrets
from typing import Any

from fastapi import Body, FastAPI
from py_ocpi import get_application
from py_ocpi.core.authentication.authenticator import Authenticator
from py_ocpi.core.enums import Action, ModuleID, RoleEnum
from py_ocpi.modules.versions.enums import VersionNumber
from world import World, moment

TOKEN_A = os.environ["OCPI_TOKEN_A"]
HOST = f"{os.environ['PROTOCOL']}://{os.environ['OCPI_HOST']}"
MODULES = [
    ModuleID.locations,
    ModuleID.sessions,
    ModuleID.tokens,
    ModuleID.commands,
    ModuleID.credentials_and_registration,
]
world = World()
registered: list[str] = [os.environ["OCPI_TOKEN_C"]]


class Tokens(Authenticator):
    """Whose requests are answered."""

    @classmethod
    async def get_valid_token_c(cls) -> list[str]:
        return registered

    @classmethod
    async def get_valid_token_a(cls) -> list[str]:
        return [TOKEN_A]


class Crud:
    """Gives the library its data."""

    @classmethod
    async def list(cls, module: Any, role: Any, filters: dict, *args: Any, **kwargs: Any) -> tuple[list, int, bool]:
        things = {
            ModuleID.locations: world.locations, ModuleID.tokens: world.tokens, ModuleID.sessions: world.sessions,
        }[module]  # fmt: skip
        since = filters.get("date_from")
        if since:
            things = [each for each in things if each["last_updated"] >= since.strftime("%Y-%m-%dT%H:%M:%SZ")]
        first, limit = filters["offset"], filters["limit"]
        return things[first : first + limit], len(things), first + limit >= len(things)

    @classmethod
    async def get(cls, module: Any, role: Any, id: Any, *args: Any, **kwargs: Any) -> Any:
        if module == ModuleID.locations:
            return world.find(world.locations, id)
        if module == ModuleID.tokens:
            return world.find(world.tokens, id, "uid")
        if module == ModuleID.commands:
            result = world.result(kwargs["command"].value, kwargs["command_data"].dict())
            return {"result": result} if result else None
        return None

    @classmethod
    async def do(cls, module: Any, role: Any, action: Any, data: Any = None, **kwargs: Any) -> Any:
        if action == Action.get_client_token:
            return world.client_token
        if action == Action.authorize_token:
            found = world.find(world.tokens, data["token_uid"], "uid")
            return {"allowed": world.allowed[data["token_uid"].lower()], "token": found}
        return {"result": world.respond(kwargs["command"].value, data), "timeout": 30}

    @classmethod
    async def create(cls, module: Any, role: Any, data: dict, *args: Any, **kwargs: Any) -> Any:
        world.client_token = data["credentials"]["token"]
        registered.append(secrets.token_urlsafe(24))
        roles = [{"role": "CPO", "business_details": {"name": "Eponet"}, "party_id": "EPO", "country_code": "CH"}]
        return {"token": registered[-1], "url": f"{HOST}/ocpi/versions", "roles": roles}


app: FastAPI = get_application(
    version_numbers=[VersionNumber.v_2_1_1, VersionNumber.v_2_2_1],
    roles=[RoleEnum.cpo, RoleEnum.emsp],
    crud=Crud,
    modules=MODULES,
    authenticator=Tokens,
)


@app.post("/world/reset")
async def reset(client_token: str = Body(embed=True)) -> None:
    world.reset()
    world.client_token = client_token
    registered[1:] = []


@app.post("/world/status")
async def status(uid: str = Body(), value: str = Body()) -> None:
    world.set_status(uid, value)


@app.post("/world/command")
async def command(name: str = Body(), response: str = Body("ACCEPTED"), result: str = Body("")) -> None:
    world.commands[name] = {"response": response, "result": result or None}


@app.get("/world/received")
async def received() -> list[dict[str, Any]]:
    return world.received


@app.get("/world/now")
async def now() -> str:
    return moment()
