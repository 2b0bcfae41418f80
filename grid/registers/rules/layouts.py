"""The registers that can be read, by name."""

from collections.abc import Mapping

from grid.registers.rules import Layout, market, social, tax

LAYOUTS: Mapping[str, Layout] = {
    register.LAYOUT.register: register.LAYOUT for register in (market, social, tax)
}
