"""Protocols by their names: presets, single switches laid over the paper's text, and those of the audit."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields, replace
from typing import get_args, get_type_hints

from cartography_al.errors import ConfigError
from cartography_al.protocol import AS_WRITTEN, OTHER_PRESET_MARK, RELEASED, TOGETHER_MARK, Protocol

PRESETS = {"as_written": AS_WRITTEN, "released": RELEASED}


def audit_protocols(switches: Sequence[str | Sequence[str]]) -> dict[str, Protocol]:
    """Return each preset, and each preset with one of the switches, or several together, set as in the other preset.

    The names are as_written, as_written_but_padding, as_written_but_padding_and_weight_reset, ..., released, ...
    Raises: ConfigError for an unknown switch.
    """
    protocols = {}
    for (name, preset), other in zip(PRESETS.items(), (RELEASED, AS_WRITTEN), strict=True):
        protocols[name] = preset
        for entry in switches:
            together = [entry] if isinstance(entry, str) else list(entry)
            for switch in together:
                _check_switch(switch)
            changed = replace(preset, **{switch: getattr(other, switch) for switch in together})
            protocols[f"{name}{OTHER_PRESET_MARK}{TOGETHER_MARK.join(together)}"] = changed
    return protocols


def protocol_switches(protocol: Protocol) -> dict[str, object]:
    """Return the switches as a plain dictionary, in the order of their numbers."""
    return asdict(protocol)


def resolve_protocol(value: str | Mapping[str, object]) -> Protocol:
    """Return the protocol of a preset's name, or AS_WRITTEN with the given switches changed.

    Raises: ConfigError for an unknown preset or switch, or a value that the switch does not have.
    """
    if isinstance(value, str):
        if value not in PRESETS:
            raise ConfigError(f"protocol: unknown preset '{value}'; use one of {', '.join(PRESETS)}")
        return PRESETS[value]
    types = get_type_hints(Protocol)
    for switch, choice in value.items():
        _check_switch(switch)
        options = get_args(types[switch]) or (False, True)
        if not any(type(choice) is type(option) and choice == option for option in options):
            raise ConfigError(
                f"protocol: switch '{switch}' cannot be {choice!r}; use one of {', '.join(map(repr, options))}"
            )
    return replace(AS_WRITTEN, **value)  # type: ignore[arg-type]


def _check_switch(switch: str) -> None:
    known = [field.name for field in fields(Protocol)]
    if switch not in known:
        raise ConfigError(f"protocol: unknown switch '{switch}'; the switches are {', '.join(known)}")
