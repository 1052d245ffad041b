"""What lies in a mailbox is taken in once each, whatever happens meanwhile."""

from __future__ import annotations

from collections.abc import Callable

import anyio
from fastapi import HTTPException

from bot.channels.messengers.mail.letters import Reader
from bot.channels.messengers.mail.listener import Listener
from bot.channels.messengers.mail.threads import Threads
from bot.channels.messengers.ports import MessageIdReused
from tests.bot.channels.mail.mails import RULES, Folder, KeptIntake, file, mail, reader

QUICK = {"first_wait_s": 0.01, "most_wait_s": 0.05, "retry_s": 0.05, "look_every_s": 0.05}


def numbered(count: int, sender: str = "ane@driver.example") -> list[bytes]:
    return [
        mail(f"text {at}", {"Message-ID": f"<{at}@x>", "From": sender, "In-Reply-To": "<z@x>"}) for at in range(count)
    ]


def listener(folder: Folder, intake: KeptIntake, read: Reader | None = None, **changed: float) -> Listener:
    rules = RULES.model_copy(update={**QUICK, **changed})
    return Listener("mail", folder.open, read or reader(), Threads(folder.open, 10, 1), rules, intake)


def look(folder: Folder, intake: KeptIntake, times: int = 1, **changed: float) -> None:
    """Look at the folder so often."""

    async def looked() -> None:
        made = listener(folder, intake, **changed)
        for _ in range(times):
            await made.look(folder)
            await anyio.sleep(0.06)

    anyio.run(looked)


def run(folder: Folder, intake: KeptIntake, until: Callable[[], bool]) -> None:
    """Listen until something has happened."""

    async def listening() -> None:
        with anyio.fail_after(20):
            async with anyio.create_task_group() as beside:
                beside.start_soon(listener(folder, intake).run)
                while not until():
                    await anyio.sleep(0.01)
                beside.cancel_scope.cancel()

    anyio.run(listening)


def test_mails_are_taken_in_and_marked_as_seen() -> None:
    folder, intake = Folder(*numbered(3)), KeptIntake()
    look(folder, intake)
    assert [each.text for each in intake.kept] == ["text 0", "text 1", "text 2"]
    assert (folder.seen, folder.flagged) == (["1", "2", "3"], [])


def test_a_mail_that_came_twice_is_seen_and_taken_in_once() -> None:
    folder, intake = Folder(mail(), mail()), KeptIntake()
    look(folder, intake)
    assert len(intake.kept) == 1
    assert folder.seen == ["1", "2"]


def test_a_mail_stays_new_until_it_is_kept() -> None:
    folder, intake = Folder(mail()), KeptIntake(OSError("disk full"))
    look(folder, intake)
    assert (folder.seen, intake.kept) == ([], [])
    look(folder, intake)
    assert folder.seen == ["1"]
    assert len(intake.kept) == 1


def test_a_mail_that_cannot_be_taken_in_holds_up_no_other_and_is_flagged_in_the_end() -> None:
    folder = Folder(*numbered(2))
    intake = KeptIntake(RuntimeError("never"))
    look(folder, intake)
    assert [each.text for each in intake.kept] == ["text 1"]
    always = KeptIntake(*[RuntimeError("never")] * 9)
    look(folder, always, times=3, tries=3)
    assert folder.flagged == ["1"]


def test_programs_are_seen_and_broken_mails_flagged() -> None:
    folder, intake = Folder(file("bounce"), b"no mail", mail()), KeptIntake()
    look(folder, intake)
    assert (folder.seen, folder.flagged) == (["1", "2", "3"], ["2"])
    assert len(intake.kept) == 1


def test_a_huge_mail_is_refused_before_it_is_fetched() -> None:
    folder, intake = Folder(mail("x" * 2_000), mail()), KeptIntake()
    look(folder, intake, largest_bytes=1_500)
    assert folder.flagged == ["1"]
    assert folder.fetched == ["2"]


def test_an_id_that_was_another_mails_is_flagged() -> None:
    folder, intake = Folder(mail()), KeptIntake(MessageIdReused())
    look(folder, intake)
    assert folder.flagged == ["1"]


def test_who_writes_too_often_waits_and_loses_nothing() -> None:
    others = numbered(1, "luc@driver.example")
    folder = Folder(*numbered(2), *[each.replace(b"<0@x>", b"<9@x>") for each in others])
    intake = KeptIntake(HTTPException(429, headers={"Retry-After": "0"}))
    look(folder, intake, times=2)
    assert [each.sender[:3] for each in intake.kept] == ["ane", "luc", "ane"] or len(intake.kept) == 3
    assert sorted(folder.seen) == ["1", "2", "3"]
    assert folder.flagged == []


def test_the_mails_of_who_has_to_wait_stay_in_order() -> None:
    folder, intake = Folder(*numbered(3)), KeptIntake(HTTPException(429, headers={"Retry-After": "7"}))
    look(folder, intake)
    assert (intake.kept, folder.seen) == ([], [])


def test_what_the_intake_refuses_for_good_is_flagged() -> None:
    folder, intake = Folder(mail()), KeptIntake(HTTPException(422))
    look(folder, intake)
    assert folder.flagged == ["1"]


def test_a_program_that_does_not_say_so_is_not_answered_for_ever() -> None:
    folder, intake = Folder(*numbered(5)), KeptIntake()
    look(folder, intake, most_an_hour=3)
    assert len(intake.kept) == 3
    assert folder.flagged == ["4", "5"]


def test_many_mails_are_taken_in_by_and_by() -> None:
    folder, intake = Folder(*numbered(7)), KeptIntake()
    look(folder, intake, at_once=3)
    assert len(intake.kept) == 3
    run(folder, intake, lambda: len(folder.seen) == 7)


def test_a_mailbox_that_is_away_is_opened_again() -> None:
    folder, intake = Folder(mail()), KeptIntake()
    folder.hangs_up = 3
    run(folder, intake, lambda: folder.seen == ["1"])
    assert folder.opened >= 4


def test_mails_that_come_later_are_taken_in() -> None:
    folder, intake = Folder(), KeptIntake()

    def came() -> bool:
        folder.mails.setdefault("8", mail())
        return bool(intake.kept)

    run(folder, intake, came)
