from datetime import date

import pytest

from grid.law.actions.loading import load_shipped_provisions
from grid.law.models import Provision
from grid.law.queries import the_law

pytestmark = pytest.mark.once


def test_the_law_of_a_day_is_the_one_in_force_then(law):
    assert the_law(date(2022, 6, 1))["base.ceiling"].value == 20253
    assert the_law(date(2026, 6, 1))["base.ceiling"].value == 24537


def test_a_parameter_without_a_provision_that_day_is_a_gap_not_a_guess(law):
    with pytest.raises(KeyError):
        the_law(date(2010, 1, 1))["urging.term"]


def test_loading_again_changes_nothing(law):
    before = list(Provision.objects.order_by("pk").values())
    assert load_shipped_provisions() == 0
    assert list(Provision.objects.order_by("pk").values()) == before


def test_every_shipped_provision_names_its_basis(law):
    assert not Provision.objects.filter(basis="").exists()


def test_what_belongs_together_is_read_in_one_query(law, django_assert_num_queries):
    read = the_law(date(2026, 6, 1))
    with django_assert_num_queries(1):
        assert read["listing.defence"].unit and read["listing.longest"].basis
        assert read.get("listing.nothing") is None


def test_law_38_no_term_of_complaints_binds_what_is_filed_ex_officio(law):
    row = the_law(date(2026, 6, 1))["inspection.filing"]
    assert not row.reviewed and "参照" in row.basis and "投诉" in row.basis
