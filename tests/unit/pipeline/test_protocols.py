"""The protocol's switches and presets."""

from dataclasses import fields
from typing import get_args, get_type_hints

import pytest

from cartography_al.errors import ConfigError
from cartography_al.pipeline.protocols import PRESETS, audit_protocols, protocol_switches, resolve_protocol
from cartography_al.protocol import AS_WRITTEN, RELEASED, Protocol

SWITCHES = [field.name for field in fields(Protocol)]


def other_value(switch: str) -> object:
    """The value of a switch that the default is not."""
    options = get_args(get_type_hints(Protocol)[switch]) or (False, True)
    (other,) = set(options) - {getattr(AS_WRITTEN, switch)}
    return other


def test_the_paper_is_the_default():
    assert Protocol() == AS_WRITTEN == resolve_protocol("as_written") == resolve_protocol({})


@pytest.mark.parametrize("switch", SWITCHES)
def test_every_switch_differs_between_the_presets(switch):
    """Each has two values, the paper's and the released code's (spec: released-code.md, D1 to D13 and D16)."""
    assert getattr(RELEASED, switch) == other_value(switch)


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_switch_is_laid_over_the_paper(switch):
    resolved = protocol_switches(resolve_protocol({switch: other_value(switch)}))
    assert resolved == protocol_switches(AS_WRITTEN) | {switch: other_value(switch)}


def test_all_switches_together_are_the_released_code():
    assert resolve_protocol({switch: other_value(switch) for switch in SWITCHES}) == RELEASED


@pytest.mark.parametrize("preset", PRESETS.values(), ids=list(PRESETS))
def test_switches_round_trip(preset):
    switches = protocol_switches(preset)
    assert list(switches) == SWITCHES
    assert Protocol(**switches) == preset  # type: ignore[arg-type]


def test_an_unknown_preset_is_named_with_the_known_ones():
    with pytest.raises(ConfigError, match=r"unknown preset 'as_writen'; use one of as_written, released"):
        resolve_protocol("as_writen")


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_misspelt_switch_is_named_with_the_known_ones(switch):
    with pytest.raises(ConfigError, match=rf"unknown switch '{switch}s'.*\b{switch}\b"):
        resolve_protocol({f"{switch}s": other_value(switch)})


@pytest.mark.parametrize("switch", SWITCHES)
def test_a_value_that_a_switch_does_not_have_is_refused(switch):
    """A number that equals a truth value is refused too: it would act alike and still change a run's digest."""
    values: list[object] = ["no such value", 7, None, 0, 1, 3.0, []]
    for value in values:
        with pytest.raises(ConfigError, match=rf"protocol: switch '{switch}' cannot be .*; use one of"):
            resolve_protocol({switch: value})


def test_the_audit_turns_one_switch_at_a_time_in_both_presets():
    protocols = audit_protocols(SWITCHES)
    assert len(protocols) == len(set(protocols.values())) == 2 * (1 + len(SWITCHES))
    assert (protocols["as_written"], protocols["released"]) == (AS_WRITTEN, RELEASED)
    for name, other in (("as_written", RELEASED), ("released", AS_WRITTEN)):
        for switch in SWITCHES:
            differences = {
                key: value
                for key, value in protocol_switches(protocols[f"{name}_but_{switch}"]).items()
                if value != getattr(PRESETS[name], key)
            }
            assert differences == {switch: getattr(other, switch)}


def test_the_audit_turns_several_switches_together():
    protocols = audit_protocols(["padding", ["padding", "weight_reset"]])
    assert list(protocols)[:3] == ["as_written", "as_written_but_padding", "as_written_but_padding_and_weight_reset"]
    together = protocols["released_but_padding_and_weight_reset"]
    assert (together.padding, together.weight_reset) == (AS_WRITTEN.padding, AS_WRITTEN.weight_reset)
    assert together.shuffling == RELEASED.shuffling


def test_the_audit_refuses_an_unknown_switch():
    with pytest.raises(ConfigError, match="unknown switch 'pading'; the switches are padding,"):
        audit_protocols(["padding", "pading"])
    with pytest.raises(ConfigError, match="unknown switch 'pading'"):
        audit_protocols([["padding", "pading"]])
