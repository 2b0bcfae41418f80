from typing import Any

import pytest
from django.test import Client

from grid.subjects.models import Subject
from tests.cast import FAR_GRID, GRID_1

ROAD = "乌海市海勃湾区凤凰岭西街北二街坊"


@pytest.fixture
def waiting(make_employer: Any) -> list[Subject]:
    return [make_employer(area="150302", address=f"{ROAD}{n}号") for n in (1, 2)]


@pytest.mark.parametrize(
    ("who", "path", "status"),
    [
        ("qian", "/pool/", 200),
        ("wu", "/pool/", 200),
        ("zheng", "/pool/", 403),
        ("wang", "/pool/", 403),
        ("qian", "/pool/?area=150302", 200),
        ("qian", "/pool/?area=150304", 404),
        ("qian", "/pool/{pk}/", 200),
        ("han", "/pool/{pk}/", 404),
        ("sun", "/pool/{pk}/", 404),
    ],
)
def test_who_sees_the_pool(
    cast: Any, client: Client, waiting: list[Subject], who: str, path: str, status: int
) -> None:
    client.force_login(getattr(cast, who))
    assert client.get(path.format(pk=waiting[0].pk)).status_code == status


def test_placing_from_the_page_says_what_it_will_teach_and_what_it_did(
    cast: Any, client: Client, waiting: list[Subject]
) -> None:
    client.force_login(cast.qian)
    page = client.get(f"/pool/{waiting[0].pk}/").content.decode()
    assert "凤凰岭西街北2街坊" in page and "还有 1 户" in page and waiting[1].name in page
    done = client.post(f"/pool/{waiting[0].pk}/", {"grid": GRID_1, "why": "现场核实"}, follow=True)
    assert "1 户也随之归格" in done.content.decode()
    assert "没有待归格的对象" in done.content.decode()
    assert set(Subject.objects.values_list("area", flat=True)) == {GRID_1}
    assert "现场核实" in Subject.objects.get(pk=waiting[0].pk).placement_why
    assert client.get(f"/pool/{waiting[0].pk}/").status_code == 404


def test_a_grid_elsewhere_is_no_choice(cast: Any, client: Client, waiting: list[Subject]) -> None:
    client.force_login(cast.qian)
    assert client.post(f"/pool/{waiting[0].pk}/", {"grid": FAR_GRID}).status_code == 422
    assert Subject.objects.filter(area="150302").count() == 2


def test_queries_of_the_pool(
    cast: Any, client: Client, waiting: list[Subject], django_assert_max_num_queries: Any
) -> None:
    client.force_login(cast.qian)
    with django_assert_max_num_queries(9):  # one of them: what is being placed in the background
        client.get("/pool/")


def test_one_area_of_the_pool_is_its_own_pool_alone(client: Any, cast: Any, make_employer: Any) -> None:
    make_employer("示例区公司", area="150302", placement="unplaced")
    make_employer("示例社区公司", area="150302001002", placement="unplaced")
    client.force_login(cast.qian)
    page = client.get("/pool/?area=150302").content.decode()
    assert "示例区公司" in page and "示例社区公司" not in page
