"""Every screen is what its file shows, and none has trailing blanks or a line over the width."""

import pytest
from rich.cells import cell_len

from tests.screens import SCREENS, SHOWN, screens

LONG = ("-q",)  # one line for each claim, which people grep


@pytest.mark.parametrize("name", SCREENS)
def test_a_screen_is_as_its_file_shows(name):
    for path, text, printed, width in screens(name):
        assert text == path.read_text("utf-8"), f"python -m tests.screens {name} writes it anew"
        assert not any(line != line.rstrip() for line in printed.splitlines())
        if not any(option in SCREENS[name].split() for option in LONG):
            assert max(map(cell_len, printed.splitlines()), default=0) <= width


def test_there_is_no_file_of_a_screen_that_is_gone():
    assert {path.name.partition(".")[0] for path in SHOWN.iterdir()} == set(SCREENS)
