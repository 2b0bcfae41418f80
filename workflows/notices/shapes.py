"""Which shape and which template every kind of document has."""

from workflows.notices import documents as common
from workflows.notices import documents_audit as audit
from workflows.notices import documents_listing as listing
from workflows.notices import documents_penalty as penalty
from workflows.notices.documents import DocumentKind
from workflows.notices.models import NoticeKind

DocumentData = (
    common.Urging
    | common.InspectionOrder
    | common.PenaltyNotice
    | common.ListingNotice
    | common.ListingDecision
    | common.RemovalDecision
    | common.ServiceSlip
    | common.DoorLabels
    | common.Enrolment
    | audit.Reminder
    | audit.AuditNotice
    | audit.AuditFindings
    | audit.AuditOpinion
    | audit.AuditClear
    | audit.PenaltyProposal
    | audit.TaxTransfer
    | penalty.Filing
    | penalty.HearingNotice
    | penalty.PenaltyDecision
    | penalty.NoPenalty
    | penalty.CaseWithdrawn
    | penalty.CaseTransfer
    | penalty.Demand
    | penalty.CourtApplication
    | listing.RepairDecision
    | listing.ObjectionAnswer
)

SHAPES: dict[DocumentKind, type[DocumentData]] = {
    DocumentKind.URGING: common.Urging,
    DocumentKind.INSPECTION_ORDER: common.InspectionOrder,
    DocumentKind.PENALTY_NOTICE: common.PenaltyNotice,
    DocumentKind.LISTING_NOTICE: common.ListingNotice,
    DocumentKind.LISTING_DECISION: common.ListingDecision,
    DocumentKind.REMOVAL_DECISION: common.RemovalDecision,
    DocumentKind.SERVICE_SLIP: common.ServiceSlip,
    DocumentKind.DOOR_LABELS: common.DoorLabels,
    DocumentKind.ENROLMENT: common.Enrolment,
    DocumentKind.REMINDER: audit.Reminder,
    DocumentKind.AUDIT_NOTICE: audit.AuditNotice,
    DocumentKind.AUDIT_FINDINGS: audit.AuditFindings,
    DocumentKind.AUDIT_OPINION: audit.AuditOpinion,
    DocumentKind.AUDIT_CLEAR: audit.AuditClear,
    DocumentKind.PENALTY_PROPOSAL: audit.PenaltyProposal,
    DocumentKind.TAX_TRANSFER: audit.TaxTransfer,
    DocumentKind.FILING: penalty.Filing,
    DocumentKind.HEARING_NOTICE: penalty.HearingNotice,
    DocumentKind.PENALTY_DECISION: penalty.PenaltyDecision,
    DocumentKind.NO_PENALTY: penalty.NoPenalty,
    DocumentKind.CASE_WITHDRAWN: penalty.CaseWithdrawn,
    DocumentKind.CASE_TRANSFER: penalty.CaseTransfer,
    DocumentKind.DEMAND: penalty.Demand,
    DocumentKind.COURT_APPLICATION: penalty.CourtApplication,
    DocumentKind.REPAIR_DECISION: listing.RepairDecision,
    DocumentKind.OBJECTION_ANSWER: listing.ObjectionAnswer,
}

TEMPLATES: dict[str, DocumentKind] = {
    NoticeKind.URGING: DocumentKind.URGING,
    NoticeKind.REMINDER: DocumentKind.REMINDER,
    NoticeKind.AUDIT_NOTICE: DocumentKind.AUDIT_NOTICE,
    NoticeKind.AUDIT_FINDINGS: DocumentKind.AUDIT_FINDINGS,
    NoticeKind.AUDIT_OPINION: DocumentKind.AUDIT_OPINION,
    NoticeKind.AUDIT_CLEAR: DocumentKind.AUDIT_CLEAR,
    NoticeKind.PENALTY_PROPOSAL: DocumentKind.PENALTY_PROPOSAL,
    NoticeKind.TAX_TRANSFER: DocumentKind.TAX_TRANSFER,
    NoticeKind.FILING: DocumentKind.FILING,
    NoticeKind.ORDER: DocumentKind.INSPECTION_ORDER,
    NoticeKind.PENALTY_NOTICE: DocumentKind.PENALTY_NOTICE,
    NoticeKind.HEARING_NOTICE: DocumentKind.HEARING_NOTICE,
    NoticeKind.PENALTY_DECISION: DocumentKind.PENALTY_DECISION,
    NoticeKind.NO_PENALTY: DocumentKind.NO_PENALTY,
    NoticeKind.CASE_WITHDRAWN: DocumentKind.CASE_WITHDRAWN,
    NoticeKind.CASE_TRANSFER: DocumentKind.CASE_TRANSFER,
    NoticeKind.DEMAND: DocumentKind.DEMAND,
    NoticeKind.COURT_APPLICATION: DocumentKind.COURT_APPLICATION,
    NoticeKind.LISTING_NOTICE: DocumentKind.LISTING_NOTICE,
    NoticeKind.LISTING_DECISION: DocumentKind.LISTING_DECISION,
    NoticeKind.REMOVAL: DocumentKind.REMOVAL_DECISION,
    NoticeKind.REPAIR_DECISION: DocumentKind.REPAIR_DECISION,
    NoticeKind.OBJECTION_ANSWER: DocumentKind.OBJECTION_ANSWER,
}
