"""Django looks for an app's tables here; each lives in the folder of its subject."""

from workflows.announcements.models import Announcement, Batch
from workflows.assessment.models import Indicator, MemberList, Response, Result, Scheme
from workflows.audits.models import Audit, AuditFinding, AuditProcess, AuditRecord, TaxAnswer, TaxTransfer
from workflows.cases.models import Case, CaseProcess, Contractor
from workflows.clocks.models import Clock, Escalation, Extension, Pause, Snag
from workflows.counter.models import EntryCode, Material, Submission
from workflows.disclosures.models import Disclosure
from workflows.duties.models import Answer, Attachment, Department, Duty, Referral
from workflows.duties.targets.models import Goal, Plan, Target
from workflows.engine.signing.models import Move
from workflows.inspections.models import Inspection, InspectionProcess, Opinion, Payment, Recusal
from workflows.inspections.models.certificates import Certificate
from workflows.inspections.records.models import HearingFile, HearingRecord, InspectionRecord, RecordFile
from workflows.legal.models import LawAnswer
from workflows.listing.models import Ground, Listing
from workflows.listing.models.appeals import Objection, Repair
from workflows.listing.models.proofs import Look, LookFile, Proof, ProofFile
from workflows.notices.models import Approval, DoorService, Notice, Number, SealUse, Service
from workflows.persons.models import PersonPayment, ResponsiblePerson
from workflows.remedies.models import Remedy
from workflows.reminders.models import Contact, Lapse, Message, Phone, Reminder
from workflows.rounds.models import RoundAgenda, RoundProcess
from workflows.sanctions.models import Sanction, SanctionOrder

__all__ = [
    "Announcement",
    "Answer",
    "Approval",
    "Attachment",
    "Audit",
    "AuditFinding",
    "AuditProcess",
    "AuditRecord",
    "Batch",
    "Case",
    "CaseProcess",
    "Certificate",
    "Clock",
    "Contact",
    "Contractor",
    "Department",
    "Disclosure",
    "DoorService",
    "Duty",
    "EntryCode",
    "Escalation",
    "Extension",
    "Goal",
    "Ground",
    "HearingFile",
    "HearingRecord",
    "Indicator",
    "Inspection",
    "InspectionProcess",
    "InspectionRecord",
    "Lapse",
    "LawAnswer",
    "Listing",
    "Look",
    "LookFile",
    "Material",
    "MemberList",
    "Message",
    "Move",
    "Notice",
    "Number",
    "Objection",
    "Opinion",
    "Pause",
    "Payment",
    "PersonPayment",
    "Phone",
    "Plan",
    "Proof",
    "ProofFile",
    "RecordFile",
    "Recusal",
    "Referral",
    "Remedy",
    "Reminder",
    "Repair",
    "Response",
    "ResponsiblePerson",
    "Result",
    "RoundAgenda",
    "RoundProcess",
    "Sanction",
    "SanctionOrder",
    "Scheme",
    "SealUse",
    "Service",
    "Snag",
    "Submission",
    "Target",
    "TaxAnswer",
    "TaxTransfer",
]
