"""Lets schemathesis sign what it posts to a channel, as a messenger does."""

from __future__ import annotations

import os
import time

import schemathesis
from requests import PreparedRequest
from requests.auth import AuthBase

from bot.channels.messengers.webhook.signatures import HEADER, signed


class Signing(AuthBase):
    """Signs the bytes that are sent."""

    def __call__(self, request: PreparedRequest) -> PreparedRequest:
        body = request.body if isinstance(request.body, bytes) else (request.body or "").encode()
        request.headers[HEADER] = signed(os.environ["BRIDGE_SECRET"].encode(), body, int(time.time()))
        return request


schemathesis.auth.set_from_requests(Signing()).apply_to(path_regex="^/v1/channels/")
