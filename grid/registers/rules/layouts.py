"""The registers that can be read, by name."""

from collections.abc import Mapping

from grid.registers.rules import Layout, market, social, tax

LAYOUTS: Mapping[str, Layout] = {one.LAYOUT.register: one.LAYOUT for one in (market, social, tax)}
