"""Whether the receiving server vouches for a mail's sender."""

from __future__ import annotations

from email import message_from_string
from email.policy import default

import pytest

from bot.channels.messengers.mail.authentication import vouched
from bot.channels.messengers.mail.letters import Broken
from tests.bot.channels.mail.mails import ARRIVED, SENDER, mail, reader

SERVER = "mx.example.com"
PASSED = f"{SERVER}; spf=pass smtp.mailfrom=ane@driver.example; dmarc=pass (p=reject) header.from=driver.example"


def believed(*results: str) -> bool:
    lines = "".join(f"Authentication-Results: {each}\n" for each in results)
    return vouched(message_from_string(f"{lines}\n", policy=default), SERVER, SENDER)


@pytest.mark.parametrize(
    "results",
    [
        PASSED,
        f"{SERVER} 1; dmarc=pass",
        f"{SERVER};\n dkim=pass header.d=driver.example;\n DMARC = pass header.from=Driver.example",
    ],
)
def test_what_passed_is_believed(results: str) -> None:
    assert believed(results)


@pytest.mark.parametrize(
    "results",
    [
        f"{SERVER}; none",
        f"{SERVER}; dmarc=fail header.from=driver.example",
        f"{SERVER}; spf=pass; dkim=pass header.d=driver.example",
        f"{SERVER}; dmarc=passed",
        f"{SERVER}; dmarc=pass header.from=evil.example",
        "elsewhere.example; dmarc=pass header.from=driver.example",
        f"{SERVER}.evil.example; dmarc=pass header.from=driver.example",
        f'{SERVER}; spf=fail smtp.mailfrom="; dmarc=pass"@evil.example; dmarc=fail',
        f"{SERVER}; spf=fail (; dmarc=pass header.from=driver.example) smtp.mailfrom=x; dmarc=fail",
        f"{SERVER}; spf=fail smtp.mailfrom=dmarc=pass; dmarc=fail",
        f'{SERVER}; spf=fail reason="a\\"; dmarc=pass; x="; dmarc=fail',
    ],
)
def test_what_did_not_pass_is_not(results: str) -> None:
    assert not believed(results)


def test_only_the_topmost_header_of_the_server_counts() -> None:
    assert not believed(f"{SERVER}; dmarc=fail", PASSED)
    assert believed("another.example; dmarc=fail", PASSED)


def test_without_a_header_nobody_vouches() -> None:
    assert not believed()


def test_where_it_is_asked_for_a_mail_without_it_is_broken() -> None:
    assert reader(SERVER).read(mail(headers={"Authentication-Results": PASSED}), ARRIVED)
    with pytest.raises(Broken, match="whom it says"):
        reader(SERVER).read(mail(), ARRIVED)
