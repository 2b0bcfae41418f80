"""One of everything inside wang's grid, under a name that no answer to an outsider may hold."""

import json
from io import BytesIO
from types import SimpleNamespace
from typing import Any

from grid.calendar.now import now, today
from grid.law.models import Provision
from grid.ledger.actions.sealer import seal_pending
from grid.ledger.models import Entry
from grid.offices.models import Body
from grid.people.actions import keep_sheet
from grid.personal.models import Forgetting
from grid.placing.batches.models import PlacingBatch
from grid.recut.changes.actions import draft_change
from grid.recut.changes.models import AreaChange
from grid.recut.changes.rules import TRANSFER, Asked
from grid.registers.actions.intake import hashes_of_row
from grid.registers.models import Delivery, RefusedLine, Register, Row
from grid.subjects.actions.moves import Move, subjects_moved
from grid.subjects.models import Premise, Subject
from grid.territory.grids.models import AreaFile
from grid.territory.models import Absence
from grid.watch.actions import raise_alarm
from tasks.comparison.models import Comparison, Lead
from tasks.followups.models import FollowUp
from tasks.rounds.choosing.actions import save_choice, take_list
from tasks.rounds.choosing.reading import CodeLine
from tasks.rounds.choosing.rules import Criteria
from tasks.visits.models import Visit
from tests.cast import GRID_1
from tests.papers import PDF
from tests.workflows.audits.conftest import Auditing
from tests.workflows.conftest import paper
from workflows.announcements.actions import decide_announcement, propose_announcement, publish_batch
from workflows.announcements.models import Announcement
from workflows.assessment.actions import compute_scheme, open_scheme
from workflows.assessment.models import Response
from workflows.cases.models import Case, CaseState
from workflows.counter.actions import hand_in
from workflows.counter.models import Submission
from workflows.disclosures.actions import publish_penalty
from workflows.duties.actions import refer
from workflows.duties.actions.loading import load_shipped_duties
from workflows.duties.models import Department, Referral
from workflows.duties.reading import Given
from workflows.duties.referring import About, Question
from workflows.duties.targets.actions import check_plan, draft_plan, issue_plan
from workflows.duties.targets.models import Plan
from workflows.inspections.models import Inspection
from workflows.inspections.models.certificates import Certificate
from workflows.inspections.records.actions import keep_files
from workflows.inspections.records.models import HearingFile, HearingRecord, RecordFile
from workflows.listing.models import Listing
from workflows.listing.models.proofs import LookFile, Proof, ProofFile
from workflows.notices.models import DoorService, Fate
from workflows.notices.reading import read_materials
from workflows.persons.models import ResponsiblePerson
from workflows.reminders.actions import note_phone, remind_many
from workflows.reminders.models import Lapse
from workflows.reminders.verbs import ReminderVerb
from workflows.sanctions.actions import order_sanctions
from workflows.sanctions.actions.loading import load_shipped_sanctions
from workflows.sanctions.models import Sanction

SECRET = "示例边界内商贸有限公司"


def make_world(cast: Any, make_case: Any, make_finding: Any, make_employer: Any, walk: Any) -> Any:
    """What takes months first: the clock has moved on before the rest is made."""

    def a_case(state: str) -> Case:
        case: Case = walk.to(make_case(make_employer(SECRET)), state)
        return case

    listed = a_listing(a_case(CaseState.PUBLISHED), cast)
    transfer = Auditing(walk).transferred(make_case(make_employer(SECRET)))
    announced = an_announcement(a_case(CaseState.PENALISED), walk, cast)
    fined = listed.case.inspections.get()
    disclosed = publish_penalty(fined, "未办理社会保险登记", by=cast.by.qian)
    premise = Premise.objects.create(code="TESTDOOR", area=GRID_1, label=SECRET)
    subject = make_employer(SECRET, premise=premise)
    subjects_moved([Move(subject.pk, "", subject.area)], by=cast.by.wu)
    case = walk.to(make_case(subject), CaseState.TERM)
    finding = make_finding(make_employer(SECRET))
    scheme = open_scheme(2026, "1503", by=cast.by.wu)
    compute_scheme(scheme, "1503", by=cast.by.wu)
    lead = a_lead(subject)
    lapse = a_lapse(subject, cast)
    made = SimpleNamespace(
        listed=listed,
        person=a_person(listed.case),
        order=listed.orders.get(),
        transfer=transfer,
        announced=announced,
        disclosed=disclosed,
        heard=a_hearing_file(fined, cast),
        proven=a_proof_file(listed.case, cast),
        lapse=lapse,
        letter=lapse.reminders.get(way="letter"),
        case=case,
        finding=finding,
        visit=finding.visit,
        subject=subject,
        result=scheme.indicators.first().results.get(area="150302"),
        response=Response.objects.create(scheme=scheme, showing=1, area="150302"),
        premise=premise,
        lead=lead,
        delivery=lead.left.delivery,
        pooled=make_employer(SECRET, area="150302001002"),
        round=finding.visit.task.round,
        posting=cast.post.wang,
        area_file=AreaFile.objects.create(what="grids", area="150302", name=SECRET, at=now()),
        carried=DoorService.objects.create(
            visit=finding.visit, area=finding.area, fate=Fate.WAITING, taken_at=now()
        ),
        submission=a_submission(case),
        referral=a_referral(cast),
        plan=a_plan(cast),
        alarm=raise_alarm("test", "test", SECRET),
        noted=noted(subject, cast),
        forgetting=Forgetting.objects.create(
            subject=subject, area=subject.area, reason="unlawful", asked_by=cast.ma, asked_at=now()
        ),
        absence=Absence.objects.create(posting=cast.post.wang, first_day=today(), last_day=today()),
        people=keep_sheet("人员.csv", [], cast.by.qian),
        batch=PlacingBatch.objects.create(
            way="ticked", what=SECRET, area="150302001002", by=cast.zhao, at=now(), report=[]
        ),
        choice=save_choice(SECRET, "150302", Criteria(kinds=("enterprise",)), by=cast.by.qian),
        codes=take_list(
            SECRET, "150302", "名单.csv", [CodeLine(2, subject.code, SECRET, False)], by=cast.by.qian
        ),
        follow=a_follow_up(finding.visit),
    )
    made.change = a_change(cast)
    made.batch.lines.create(subject=made.subject, before="150302001002", before_why="", after=GRID_1)
    seal_pending()
    return made


def a_change(cast: Any) -> AreaChange:
    """A grid that is to come under another community, rehearsed on everything that lies in it."""
    asked = Asked(TRANSFER, "150302001003", areas=(GRID_1,))
    return draft_change(asked, on=today(), reason=SECRET, by=cast.by.sun)


def a_follow_up(visit: Visit) -> FollowUp:
    """A merger that a visit proposed."""
    return FollowUp.objects.create(
        visit=visit, subject_id=visit.subject_id, area=visit.area, kind="merge", reason="duplicate", given=SECRET, at=now()
    )  # fmt: skip


def noted(subject: Subject, cast: Any) -> Entry:
    """An entry with personal data of the subject."""
    note_phone(subject, "13804730099", "", "测试", by=cast.by.zhao)
    return Entry.objects.filter(subject=subject.pk, verb=ReminderVerb.PHONE_NOTED).latest("pk")


def a_listing(case: Case, cast: Any) -> Listing:
    """Public, with a measure the tax office is to take."""
    load_shipped_sanctions()
    listing = Listing.objects.get(case=case)
    order_sanctions(listing, [Sanction.objects.get(code="3")], by=cast.by.ma)
    return listing


def a_person(case: Case) -> ResponsiblePerson:
    """Who answered in the unit; named by a row, since its inspection is over."""
    inspection = case.inspections.latest("pk")
    return ResponsiblePerson.objects.create(
        inspection=inspection, area=inspection.area, role="supervisor", name=SECRET, number="150302190001010019",
        post="副总经理", record=inspection.records.first(), duty="分管人事", named_by=inspection.officer_1,
        named_at=now(),
    )  # fmt: skip


def an_announcement(case: Case, walk: Any, cast: Any) -> Announcement:
    given = {"head": "王五", "facts": "未办理社会保险登记", "handling": "罚款"}
    entry = propose_announcement(case, walk.grounds["17-1"], **given, by=cast.by.zhou)
    decide_announcement(entry, by=cast.by.qian)
    publish_batch("150302", "乌海日报", by=cast.by.qian)
    entry.refresh_from_db()
    return entry


def a_hearing_file(inspection: Inspection, cast: Any) -> HearingFile:
    """As its chair files it."""
    record = HearingRecord.objects.create(
        inspection=inspection,
        on=today(),
        place="会议室",
        chair=cast.shi,
        recorder="书记员",
        recorded_at=now(),
    )
    keep_files(HearingFile, (paper(),), record=record)
    return record.files.get()


def a_proof_file(case: Case, cast: Any) -> ProofFile:
    """As it is put on file while the list is not decided."""
    proof = Proof.objects.create(
        case=case,
        kind="record",
        issued_on=today(),
        issuer="经办机构",
        recorded_by=cast.zhou,
        recorded_at=now(),
    )
    keep_files(ProofFile, (paper(),), proof=proof)
    return proof.files.get()


def a_lapse(subject: Subject, cast: Any) -> Lapse:
    """The unit stopped paying, and was reminded by a letter."""
    note_phone(subject, "13804730012", "李某", "负责人当面提供", by=cast.by.zhao)
    lapse = Lapse.objects.create(
        subject=subject, area=subject.area, year=2026, sources=["register"], paid_to="2026-05",
        why="社保名册：养老保险缴至2026-05", found_on=today(),
    )  # fmt: skip
    remind_many([lapse.pk], "letter", by=cast.by.zhao)
    return lapse


def a_submission(case: Case) -> Submission:
    """A correction, with a paper that shows it."""
    (proof,) = read_materials([("凭证.pdf", len(PDF), BytesIO(PDF))])
    return hand_in(case.notices.first(), "correction", SECRET, SECRET, [proof])[0]


def a_referral(cast: Any) -> Referral:
    """To the tax office, by the district, with a file."""
    load_shipped_duties()
    tax = Department.objects.get(code="tax")
    asked = Question(SECRET, SECRET)
    return refer(tax, tax.duties.first(), About("150302"), asked, [Given("材料.pdf", PDF)], by=cast.by.qian)


def a_plan(cast: Any) -> Plan:
    plan = draft_plan(2026, "1503", {"new_units": 10}, by=cast.by.wu)
    return issue_plan(check_plan(plan, by=cast.by.wu), by=cast.by.wu)


def a_lead(subject: Subject) -> Lead:
    delivery = Delivery.objects.create(
        register=Register.MARKET,
        area="1503",
        file_name="名册.csv",
        sha256="1" * 64,
        as_of=today(),
        delivered_at=now(),
    )
    row = Row(
        register=Register.MARKET,
        subject=subject,
        area=subject.area,
        delivery=delivery,
        line=1,
        data={"name": SECRET},
        personal=json.dumps({"telephone": "13800138000"}),
        since=today(),
    )
    # Under the key of this city: readiness looks at the newest.
    row.hash = hashes_of_row(row)[0]
    row.save()
    RefusedLine.objects.create(
        delivery=delivery, line=2, code="missing-name", reason="没有单位名称", raw=SECRET
    )
    run = Comparison.objects.create(area="1503", as_of=today(), run_at=now())
    return Lead.objects.create(
        comparison=run,
        subject=subject,
        area=subject.area,
        rule="R1",
        why=SECRET,
        clause="",
        left=row,
        found_on=today(),
    )


# What stands in the place of each <name> of an address: by how the address begins, the longest beginning first.
PLACES: dict[str, dict[str, Any]] = {
    "pk": {
        "audit/entries/": lambda w: Entry.objects.filter(case=w.case.code).first().pk,
        "audit/subjects/": lambda w: w.subject.pk,
        "watch/": lambda w: w.alarm.pk,
        "personal/subjects/": lambda w: w.subject.pk,
        "personal/entries/": lambda w: w.noted.pk,
        "personal/forgettings/": lambda w: w.forgetting.pk,
        "assessment/results/": lambda w: w.result.pk,
        "assessment/responses/": lambda w: w.response.pk,
        "findings/": lambda w: w.finding.pk,
        "visits/facts/": lambda w: w.subject.pk,
        "notices/": lambda w: w.case.notices.first().pk,
        "cases/<str:code>/inspection/files/": lambda w: (
            RecordFile.objects.filter(record__inspection__case=w.listed.case)[0].pk
        ),
        "cases/<str:code>/inspection/files/hearing/": lambda w: w.heard.pk,
        "listings/looks/": lambda w: LookFile.objects.filter(look__case=w.listed.case)[0].pk,
        "listings/proofs/": lambda w: w.proven.pk,
        "cases/<str:code>/persons/": lambda w: w.person.pk,
        "pool/": lambda w: w.pooled.pk,
        "pool/batches/": lambda w: w.batch.pk,
        "leads/": lambda w: w.lead.pk,
        "rounds/lists/": lambda w: w.codes.pk,
        "registers/": lambda w: w.delivery.pk,
        "registers/rows/": lambda w: w.lead.left_id,
        "areas/postings/": lambda w: w.posting.pk,
        "areas/absences/": lambda w: w.absence.pk,
        "people/": lambda w: w.posting.person_id,
        "people/import/": lambda w: w.people.pk,
        "areas/files/": lambda w: w.area_file.pk,
        "areas/changes/": lambda w: w.change.pk,
        "referrals/files/": lambda w: w.referral.files.get().pk,
        "targets/plans/": lambda w: w.plan.pk,
        "clocks/": lambda w: w.case.clocks.order_by("pk").first().pk,
        "follow-ups/": lambda w: w.follow.pk,
        "law/versions/": lambda w: Provision.objects.get(key="urging.term").pk,
        "legal/rows/": lambda w: Provision.objects.get(key="urging.term").pk,
        "certificates/": lambda w: Certificate.objects.filter(kind="enforcement").order_by("pk")[0].pk,
        "offices/": lambda w: Body.objects.get(area="150302", part="court").pk,
        "sanctions/": lambda w: w.order.pk,
        "transfers/": lambda w: w.transfer.pk,
        "reminders/": lambda w: w.lapse.pk,
        "reminders/letters/": lambda w: w.letter.pk,
        "counter/": lambda w: w.submission.materials.get().pk,
        "public/announcements/batches/": lambda w: w.announced.batch_id,
    },
    "code": {
        "": lambda w: w.case.code,
        "cases/<str:code>/audit": lambda w: w.transfer.case.code,
        "cases/<str:code>/inspection": lambda w: w.listed.case.code,
        "cases/<str:code>/persons": lambda w: w.person.inspection.case.code,
        "coverage/": lambda w: GRID_1,
        "areas/": lambda w: GRID_1,
        "areas/changes/of/": lambda w: GRID_1[:12],
        "areas/<str:code>/grids": lambda w: GRID_1[:12],
        "areas/<str:code>/outlines": lambda w: GRID_1[:12],
        "areas/<str:code>/divisions": lambda w: "1503",
        "rounds/": lambda w: w.round.code,
        "referrals/": lambda w: w.referral.code,
        "targets/": lambda w: "150302",
        "visits/": lambda w: w.visit.code,
        "notices/door/": lambda w: w.carried.visit.code,
        "listings/": lambda w: w.listed.code,
        "announcements/": lambda w: w.announced.code,
        "announcements/propose/": lambda w: w.listed.case.code,
        "sanctions/measures/": lambda w: "3",
        "v/": lambda w: w.case.notices.first().code,
        "public/listings/": lambda w: w.listed.code,
        "public/announcements/": lambda w: w.announced.code,
        "listings/looks/": lambda w: w.listed.code,
        "listings/proofs/": lambda w: w.listed.code,
        "disclosures/": lambda w: w.disclosed.inspection.code,
        "public/penalties/": lambda w: w.disclosed.code,
    },
    "area": {"offices/": lambda w: "150302"},
    "part": {"offices/": lambda w: "court"},
    "name": {"": lambda w: "approve", "flows/": lambda w: "case"},
    "case": {"": lambda w: w.case.code},
    "key": {"": lambda w: "urging.term", "rounds/choices/": lambda w: w.choice.pk},
    "year": {"": lambda w: 2026},
    "number": {"": lambda w: 9},
    "posting_id": {"": lambda w: w.posting.pk},
    "state": {"": lambda w: "not_sent"},
    "premise_code": {"": lambda w: w.premise.code},
    "sha256": {"": lambda w: "0" * 64},
    "receipt": {"": lambda w: w.submission.receipt},
    "kind": {
        "": lambda w: "urging",
        "registers/": lambda w: "noted",
        "people/": lambda w: "csv",
        "pool/": lambda w: "csv",
        "certificates/": lambda w: "csv",
        "areas/": lambda w: "csv",
        "areas/changes/of/": lambda w: "transfer",
    },
    "line": {"": lambda w: w.delivery.refusals.order_by("pk")[0].pk},
}


def placed(name: str, path: str, world: Any) -> str:
    """The value of `<name>` in the address `path`; 1 where the world has nothing of the kind."""
    starts = [start for start in PLACES.get(name, {}) if path.startswith(start)]
    return str(PLACES[name][max(starts, key=len)](world)) if starts else "1"
