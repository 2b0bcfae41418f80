"""What a listing is proven by lies on file itself: the record of the look again, the document, each by its hash."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from grid.calendar.now import today
from tests.forward import go_to
from tests.papers import PDF
from tests.workflows.conftest import paper
from workflows.cases.models import Case, CaseState
from workflows.inspections import problems as inspections_problems
from workflows.listing.actions.proving import Document, Seen, file_proof, record_look
from workflows.listing.models.proofs import Look, LookFile, Proof, ProofFile


@pytest.fixture
def penalised(case_at: Callable[..., Case]) -> Case:
    case = case_at(CaseState.PENALISED)
    go_to(case.inspections.get().correction_due_on + timedelta(days=1))
    return case


def looked(cast: Any) -> Seen:
    return Seen(today(), "登记住所", (cast.zhou.pk, cast.he.pk), "在岗12人", False, (paper("复查记录.pdf"),))


DOCUMENT = Document("judgment", "（2026）内0302刑初1号", today(), "海勃湾区人民法院", (paper("判决书.pdf"),))


def test_law_7_nothing_is_proven_without_its_file(penalised: Case, cast: Any) -> None:
    with pytest.raises(inspections_problems.RecordFileMissing):
        record_look(penalised, replace(looked(cast), files=()), by=cast.by.zhou)
    with pytest.raises(inspections_problems.RecordFileMissing):
        file_proof(penalised, replace(DOCUMENT, files=()), by=cast.by.zhou)
    assert not Look.objects.exists() and not Proof.objects.exists()
    look = record_look(penalised, looked(cast), by=cast.by.zhou)
    proof = file_proof(penalised, DOCUMENT, by=cast.by.zhou)
    for kept in (look.files.get(), proof.files.get()):
        assert (Path(settings.FILES) / kept.path).read_bytes() == PDF
    for act in (
        lambda: LookFile.objects.update(sha256="0" * 64),
        lambda: ProofFile.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            act()


@pytest.mark.once
def test_law_7_files_are_given_and_read_on_the_page_within_the_territory(
    penalised: Case, cast: Any, client: Any
) -> None:
    client.force_login(cast.zhou)
    page, code = reverse("case", args=[penalised.code]), penalised.code
    look = {
        "at": penalised.state, "on": today().isoformat(), "place": "登记住所", "officer_1": cast.zhou.pk,
        "officer_2": cast.he.pk, "why": "在岗12人", "papers": SimpleUploadedFile("复查记录.pdf", PDF),
    }  # fmt: skip
    assert client.post(reverse("case-act", args=[code, "look"]), look).status_code == 302
    proof = {"at": penalised.state, "kind": "record", "issued_on": today().isoformat(), "issuer": "经办机构"}
    bad = SimpleUploadedFile("笔录.pdf", b"MZ" + PDF)
    address = reverse("case-act", args=[code, "prove"])
    assert client.post(address, proof | {"papers": bad}).status_code == 422
    assert client.post(address, proof | {"papers": SimpleUploadedFile("笔录.pdf", PDF)}).status_code == 302
    shown = client.get(page).content.decode()
    assert 'enctype="multipart/form-data"' in shown
    files = [
        reverse("look-file", args=[code, LookFile.objects.get().pk]),
        reverse("proof-file", args=[code, ProofFile.objects.get().pk]),
    ]
    for address in files:
        assert address in shown
        assert b"".join(client.get(address).streaming_content) == PDF
    client.force_login(cast.han)
    assert [client.get(address).status_code for address in files] == [404, 404]
