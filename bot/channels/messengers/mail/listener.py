"""Takes in what lies in a mailbox, and whatever comes."""

from __future__ import annotations

import logging
from collections import defaultdict, deque
from collections.abc import Callable
from typing import TypeVar

from anyio import CapacityLimiter, current_time, sleep, to_thread
from fastapi import HTTPException, status

from bot.channels.messengers.mail.letters import Broken, Letter, Reader, Skipped
from bot.channels.messengers.mail.mailbox import MAILBOX_ERRORS, Box, Waiting
from bot.channels.messengers.mail.rules import MailRules
from bot.channels.messengers.mail.threads import Open, Threads
from bot.channels.messengers.ports import Intake, MessageIdReused

log = logging.getLogger(__name__)
HOUR_S = 3600.0
Result = TypeVar("Result")


class Listener:
    """Reads one mailbox. A mail stays new until the intake has kept it, so nothing is lost in a crash.

    Several processes may read the same mailbox: the intake tells a mail that another one took in.
    """

    def __init__(
        self, name: str, open_box: Open, reader: Reader, threads: Threads, rules: MailRules, intake: Intake
    ) -> None:
        self._name, self._open, self._reader = name, open_box, reader
        self._threads, self._rules, self._intake = threads, rules, intake
        self._one = CapacityLimiter(1)
        self._held: dict[str, float] = {}
        """Until when a mail is left alone, by its uid."""
        self._busy: dict[str, float] = {}
        """Until when a sender has to wait, who wrote too often."""
        self._tries: dict[str, int] = defaultdict(int)
        self._taken: dict[str, deque[float]] = defaultdict(deque)
        """When mails of a sender were taken in, within the last hour."""
        self._wait = rules.first_wait_s

    async def run(self) -> None:
        """Listen until cancelled. A mailbox that is away is opened again, after longer and longer waits."""
        while True:
            try:
                await self._follow()
            except MAILBOX_ERRORS as error:
                log.warning(
                    "the mailbox of %s cannot be used, and is opened again in %g s: %s: %.200s",
                    self._name, self._wait, type(error).__name__, error,
                )  # fmt: skip
            await sleep(self._wait)
            self._wait = min(2 * self._wait, self._rules.most_wait_s)

    async def _follow(self) -> None:
        box = await self._beside(self._open)
        try:
            while True:
                # What came meanwhile was told while nobody waited for it, and would not be told again.
                while await self.look(box):
                    pass
                self._wait = self._rules.first_wait_s
                await self._pause(box)
        finally:
            box.close()

    async def look(self, box: Box) -> bool:
        """Take in what is new in the folder; whether there was anything."""
        now = current_time()
        self._held = {uid: until for uid, until in self._held.items() if until > now}
        self._busy = {sender: until for sender, until in self._busy.items() if until > now}
        # What is held must not stand in the way of what came after it.
        new = await self._beside(lambda: box.waiting(self._rules.at_once + len(self._held)))
        free = [mail for mail in new if mail.uid not in self._held]
        for mail in free:
            await self._look_at(box, mail)
        return bool(free)

    async def _pause(self, box: Box) -> None:
        soonest = min(self._held.values(), default=float("inf")) - current_time()
        seconds = max(0.1, min(self._rules.look_every_s, soonest))
        if not await self._beside(lambda: box.wait(seconds)):
            await sleep(min(seconds, self._rules.poll_every_s))

    async def _look_at(self, box: Box, mail: Waiting) -> None:
        try:
            if mail.size > self._rules.largest_bytes:
                raise Broken(f"it has {mail.size} bytes")
            raw = await self._beside(lambda: box.read(mail.uid))
            letter = await self._beside(lambda: self._reader.read(raw, mail.arrived))
            settled = await self._take(letter, mail)
        except Skipped as reason:
            log.info("mail %s of %s is not answered: %s", mail.uid, self._name, reason)
            settled = True
        except Broken as reason:
            log.warning("mail %s of %s is flagged for a person: %s", mail.uid, self._name, reason)
            await self._beside(lambda: box.refuse(mail.uid))
            return
        if settled:
            await self._beside(lambda: box.done(mail.uid))

    async def _take(self, letter: Letter, mail: Waiting) -> bool:
        """Whether the mail is settled; if not, it is looked at again.

        Raises:
            Broken: when it cannot be taken in.
        """
        sender, now = letter.message.sender, current_time()
        if sender in self._busy:
            self._held[mail.uid] = self._busy[sender]
            return False
        if self._in_the_last_hour(sender) >= self._rules.most_an_hour:
            raise Broken("its sender writes as often as a program does")
        self._threads.note(letter)
        try:
            if await self._intake.take_in(self._name, letter.message, letter.photos):
                self._taken[sender].append(now)
            return True
        except MessageIdReused:
            raise Broken("another mail had its Message-ID") from None
        except HTTPException as error:
            if error.status_code != status.HTTP_429_TOO_MANY_REQUESTS:
                raise Broken(f"it is refused ({error.status_code})") from None
            self._busy[sender] = self._held[mail.uid] = now + _asked(error, self._rules.retry_s)
        except Exception as error:
            # Whatever it is, the mails behind it must not wait for it.
            self._tries[mail.uid] += 1
            log.exception("mail %s of %s could not be taken in", mail.uid, self._name)
            if self._tries[mail.uid] >= self._rules.tries:
                raise Broken(f"it could not be taken in ({type(error).__name__})") from None
            self._held[mail.uid] = now + self._rules.retry_s
        return False

    def _in_the_last_hour(self, sender: str) -> int:
        since = current_time() - HOUR_S
        for each, times in list(self._taken.items()):
            while times and times[0] < since:
                times.popleft()
            if not times:
                del self._taken[each]
        return len(self._taken.get(sender, ()))

    async def _beside(self, work: Callable[[], Result]) -> Result:
        """In a thread of this mailbox alone, for its connection is for one at a time."""
        # Left behind when this is cancelled: closing the connection ends what it waits for.
        return await to_thread.run_sync(work, abandon_on_cancel=True, limiter=self._one)


def _asked(error: HTTPException, otherwise: float) -> float:
    asked = (error.headers or {}).get("Retry-After", "")
    return float(asked) if asked.isascii() and asked.isdigit() else otherwise
