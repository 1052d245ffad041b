"""The commands around the panel's accounts: ``plugdesk agents …``. The group's object is what changes accounts."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from pydantic import ValidationError

from bot.errors import PanelError
from bot.panel.accounts import Accounts
from bot.panel.values import PANEL_LANGUAGES, ROLES, Agent, PanelLanguage, Role

BY = "command line"


@click.group()
def agents() -> None:
    """Accounts of the agents' panel: who may sign in, and what they may do there."""


@contextmanager
def _told() -> Iterator[None]:
    try:
        yield
    except PanelError as error:
        raise click.ClickException(str(error)) from None
    except ValidationError as error:
        found = "; ".join(f"{each['loc'][0]}: {each['msg'].removeprefix('Value error, ')}" for each in error.errors())
        raise click.ClickException(f"This account cannot be made: {found}.") from None


def _password() -> str:
    """Asked for where somebody sits at the terminal, else the first line of standard input; never an argument, which
    other users of the machine could read."""
    if sys.stdin.isatty():
        given: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
        return given
    return sys.stdin.readline().rstrip("\r\n")


@agents.command()
@click.argument("email")
@click.argument("name")
@click.option("--role", type=click.Choice(ROLES), default="agent", show_default=True)
@click.option("--language", type=click.Choice(PANEL_LANGUAGES), default="en", show_default=True)
@click.pass_obj
def add(accounts: Accounts, email: str, name: str, role: Role, language: PanelLanguage) -> None:
    """Make an account for EMAIL; drivers and colleagues read NAME. Its password is asked for."""
    with _told():
        agent, _ = accounts.add(name, email, role, language, BY, _typed(_password()))
    click.echo(_line(agent))


@agents.command("list")
@click.pass_obj
def list_(accounts: Accounts) -> None:
    """List accounts, one a line."""
    for agent in accounts.sign_in.agents.all():
        click.echo(_line(agent))


@agents.command()
@click.argument("email")
@click.argument("new", metavar="ROLE", type=click.Choice(ROLES))
@click.pass_obj
def role(accounts: Accounts, email: str, new: Role) -> None:
    """Give an account another ROLE: agent, lead or admin."""
    with _told():
        accounts.set_role(accounts.find(email), new, BY)
        click.echo(_line(accounts.find(email)))


@agents.command()
@click.argument("email")
@click.pass_obj
def password(accounts: Accounts, email: str) -> None:
    """Set an account's password, which is asked for, and sign it out everywhere."""
    with _told():
        agent = accounts.find(email)
        accounts.set_password(agent, BY, _typed(_password()))
    click.echo(f"{agent.email} has a new password and is signed out everywhere.")


@agents.command()
@click.argument("email")
@click.pass_obj
def lock(accounts: Accounts, email: str) -> None:
    """Shut an account; whoever uses it is out at once."""
    with _told():
        accounts.lock(accounts.find(email), BY)
        click.echo(_line(accounts.find(email)))


@agents.command()
@click.argument("email")
@click.pass_obj
def unlock(accounts: Accounts, email: str) -> None:
    """Open an account again."""
    with _told():
        accounts.unlock(accounts.find(email), BY)
        click.echo(_line(accounts.find(email)))


@agents.command()
@click.argument("email")
@click.pass_obj
def remove(accounts: Accounts, email: str) -> None:
    """Forget an account."""
    with _told():
        agent = accounts.find(email)
        accounts.remove(agent, BY)
    click.echo(f"{agent.email} is removed.")


@agents.command("sign-out")
@click.argument("email")
@click.pass_obj
def sign_out(accounts: Accounts, email: str) -> None:
    """Sign an account out of every browser."""
    with _told():
        agent = accounts.find(email)
        ended = accounts.sign_in.out_everywhere(agent, None, BY)
    click.echo(f"{agent.email} is signed out of {ended} browser{'' if ended == 1 else 's'}.")


def _typed(given: str) -> str:
    if not given:
        raise click.ClickException("There is no password. Type one, or give it as the first line of standard input.")
    return given


def _line(agent: Agent) -> str:
    facts = [agent.email, agent.name, agent.role, agent.language, f"made {agent.created_at:%Y-%m-%d}"]
    if agent.locked:
        facts.append("locked")
    if agent.demo:
        facts.append("demo")
    return "  ".join(facts)
