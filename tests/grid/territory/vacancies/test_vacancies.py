"""Who is missing, and who is posted where: on the page, and as tables."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from grid.calendar.now import today
from grid.territory.models import Absence, Posting
from tests.cast import GRID_1

PARK = "150302001003"


@pytest.mark.once
def test_areas_nobody_is_posted_to_and_absences_ahead(cast: Any, client: Client) -> None:
    Posting.objects.filter(pk=cast.post.li.pk).update(valid_to=today() - timedelta(1))
    first = today() + timedelta(3)
    Absence.objects.create(posting=cast.post.wang, cover=cast.post.li, first_day=first, last_day=first)
    Absence.objects.create(
        posting=cast.post.zhao, first_day=first - timedelta(9), last_day=first - timedelta(9)
    )
    client.force_login(cast.qian)
    page = "/areas/150302/vacancies/"
    text = client.get(page).content.decode()
    assert page in client.get("/areas/150302/").content.decode()
    for code in (PARK, f"{PARK}001", "150302001002002"):
        assert f"<code>{code}</code>" in text
    assert f"<code>{GRID_1}</code>" not in text and "由" not in text.split("将要缺勤")[1].split("<table")[0]
    assert "王建国" in text and "赵敏" not in text
    assert client.get("/areas/150302/vacancies.csv").getvalue().decode().count("\n") == 4
    assert "李秀英" in client.get("/areas/150302/absences.csv").getvalue().decode()
    client.force_login(cast.han)
    assert client.get(page).status_code == 404
    assert client.get("/areas/150302/vacancies.csv").status_code == 404


@pytest.mark.once
def test_the_table_of_posts_goes_down_and_comes_up_again(cast: Any, client: Client) -> None:
    client.force_login(cast.qian)
    Posting.objects.filter(pk=cast.post.li.pk).update(valid_to=today() - timedelta(1))
    table = client.get("/people/import/postings.csv").getvalue().decode()
    assert "王建国,wang,,网格员," in table and "李秀英,li,,,,,,," in table
    assert "wu," not in table  # the city office is not the district's to post
    more = table.replace("李秀英,li,,,,,,,", f"李秀英,li,,网格员,{PARK}001,,,,")
    file = SimpleUploadedFile("岗位.csv", more.encode())
    answer = client.post("/people/import/", {"file": file}, follow=True)
    client.post(answer.redirect_chain[-1][0])
    assert list(cast.li.postings.filter(area=f"{PARK}001").values_list("role", flat=True)) == ["worker"]
    assert cast.wang.postings.count() == 1
