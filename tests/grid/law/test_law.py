from datetime import date

import pytest

from grid.law.actions import load_shipped_provisions
from grid.law.models import Provision
from grid.law.queries import the_law

pytestmark = pytest.mark.once


def test_the_law_of_a_day_is_the_one_in_force_then(law):
    assert the_law(date(2022, 6, 1))["base.ceiling"].value == 20253
    assert the_law(date(2026, 6, 1))["base.ceiling"].value == 24537


def test_a_parameter_without_a_provision_that_day_is_a_gap_not_a_guess(law):
    with pytest.raises(KeyError):
        the_law(date(2010, 1, 1))["urging.term"]


def test_loading_again_keeps_what_the_desk_changed(law):
    Provision.objects.filter(key="urging.term").update(value=20, reviewed=True)
    assert load_shipped_provisions() == 0
    assert the_law(date(2026, 6, 1))["urging.term"].value == 20


def test_every_shipped_provision_names_its_basis(law):
    assert not Provision.objects.filter(basis="").exists()


def test_what_belongs_together_is_read_in_one_query(law, django_assert_num_queries):
    read = the_law(date(2026, 6, 1))
    with django_assert_num_queries(1):
        assert read["listing.defence"].unit and read["listing.longest"].basis
        assert read.get("listing.nothing") is None
