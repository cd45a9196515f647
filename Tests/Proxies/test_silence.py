"""What README promises: nobody is disconnected for being silent, whichever proxy is in front."""

from __future__ import annotations

from concurrent.futures import Future

import pytest
from silence import SILENCE


@pytest.mark.timeout(200)
def test_a_silent_socket_lives_for_90_seconds_behind_each_proxy(silence: dict[str, Future[float]]):
    lasted = {name: held.result() for name, held in silence.items()}
    assert lasted and all(time >= SILENCE for time in lasted.values()), lasted
