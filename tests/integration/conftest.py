"""Marks of the tests that need a counterpart which this project did not write."""

from __future__ import annotations

import pytest


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "ocpi: needs the OCPI server that .ci/ocpi starts, named by PLUGDESK_TEST_OCPI")
    config.addinivalue_line("markers", "rt: needs the Request Tracker that .ci/rt starts, named by PLUGDESK_TEST_RT")
    config.addinivalue_line("markers", "ocpp_rpc: needs the package that .ci/ocpp-rpc installs into its folder")
    config.addinivalue_line("markers", "redis: needs the Redis that .ci/redis starts, named by PLUGDESK_TEST_REDIS")
    config.addinivalue_line(
        "markers", "matrix: needs the Synapse that .ci/matrix starts, named by PLUGDESK_TEST_MATRIX"
    )
    config.addinivalue_line("markers", "mail: needs the Dovecot that .ci/mail starts, named by PLUGDESK_TEST_MAIL")
