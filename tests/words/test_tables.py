"""What one language can say, each can."""

import pytest

from netmon.domain.model import DeviceKind
from netmon.words.language import Language
from netmon.words.nouns import KINDS
from netmon.words.reasons import REASONS, said_reason


@pytest.mark.parametrize("language", Language)
def test_every_reason_and_kind_is_said_in_every_language(language: Language) -> None:
    assert set(REASONS[language]) == set(REASONS[Language.NL])
    assert set(KINDS[language]) == set(DeviceKind)


def test_a_citys_own_reason_stays_as_it_is_and_hostile_signs_leave() -> None:
    assert said_reason("too\u202e hot\n", Language.FR) == "too hot"


def test_what_a_device_is_behind_is_named() -> None:
    assert said_reason("behind sw-1", Language.EN) == "behind sw-1"
    assert said_reason("behind sw-1", Language.NL) == "achter sw-1"
