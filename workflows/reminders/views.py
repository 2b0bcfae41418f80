"""Contacts of a case, and the list of those who lapsed: read, reach, remind."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.forms import Form
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_POST, require_safe

from grid import problems
from grid.keeping import open_stored
from grid.outside import wholes
from grid.personal.forms import RevealForm
from grid.personal.views import SHOWN_SECONDS
from grid.requests import DeskRequest
from grid.scope import Actor, Right
from workflows.cases.models import UNAPPROVED, Case
from workflows.cases.queries import case_at
from workflows.reminders import actions, forms, queries
from workflows.reminders.actions.contacting import Attempt
from workflows.reminders.models import Phone, Reminder, ReminderWay

PAGE = 50
STATES = (
    ("", _lazy("未恢复缴费")),
    ("never", _lazy("还没有提醒")),
    ("due", _lazy("可以提醒")),
    ("waiting", _lazy("刚提醒过")),
    ("settled", _lazy("已恢复缴费")),
)


# --- contacts of a case ------------------------------------------------------------------------------


@login_required
@require_safe
def contacts(request: DeskRequest, code: str) -> HttpResponse:
    return _contacts(request, case_at(request.actor, code))


def _contacts(request: DeskRequest, case: Case, status: int = 200, **bound: object) -> HttpResponse:
    """`bound`: the form that lacked something, under its own name."""
    phones = queries.phones_of(case.subject_id)
    may = request.actor.can(Right.REMIND, case.area)
    context = {
        "case": case,
        "phones": [(phone, RevealForm(auto_id=f"reveal-{phone.pk}-%s")) for phone in phones],
        "contacts": queries.contacts_of(case),
        "may": may,
        "may_contact": may and case.is_open and case.state not in UNAPPROVED,
        "phone_form": forms.PhoneForm(auto_id="phone-%s"),
        "contact_form": forms.ContactForm(phones=phones, auto_id="contact-%s"),
        "sms_form": forms.SmsForm(phones=phones, auto_id="sms-%s"),
        **bound,
    }
    return render(request, "workflows/reminders/contacts.html", context, status=status)


@login_required
@require_POST
def contact_note(request: DeskRequest, code: str) -> HttpResponse:
    case = case_at(request.actor, code)
    phones = queries.phones_of(case.subject_id)
    form = forms.ContactForm(request.POST, phones=phones, auto_id="contact-%s")
    if not form.is_valid():
        return _contacts(request, case, 422, contact_form=form)
    given = form.cleaned_data
    attempt = Attempt(
        given["way"], given["outcome"], given["remark"], given["on"], given["whom"], form.chosen
    )
    actions.note_contact(case, attempt, by=request.actor)
    messages.success(request, _("已登记联系情况。"))
    return redirect("contacts", code=code)


@login_required
@require_POST
def contact_sms(request: DeskRequest, code: str) -> HttpResponse:
    case = case_at(request.actor, code)
    form = forms.SmsForm(request.POST, phones=queries.phones_of(case.subject_id), auto_id="sms-%s")
    if not form.is_valid() or form.chosen is None:
        return _contacts(request, case, 422, sms_form=form)
    actions.send_sms(case, form.chosen, by=request.actor)
    messages.success(request, _("短信已排队，发出和回执会显示在这里。"))
    return redirect("contacts", code=code)


@login_required
@require_POST
def phone_note(request: DeskRequest, code: str) -> HttpResponse:
    case = case_at(request.actor, code)
    form = forms.PhoneForm(request.POST, auto_id="phone-%s")
    if not form.is_valid():
        return _contacts(request, case, 422, phone_form=form)
    actions.note_phone(case.subject, **form.cleaned_data, by=request.actor)
    messages.success(request, _("已登记联系电话，页面上只显示部分号码。"))
    return redirect("contacts", code=code)


@login_required
@require_POST
def phone_act(request: DeskRequest, code: str, pk: int, name: str) -> HttpResponse:
    """Shows a number in full, or takes it out of use; both with a reason, both recorded."""
    case, phone = case_at(request.actor, code), queries.phone_at(request.actor, pk)
    if phone.subject_id != case.subject_id or name not in ("reveal", "retire"):
        raise problems.NotHere()
    if name == "reveal":
        return _revealed(request, case, phone)
    form = forms.ReasonForm(request.POST)
    if not form.is_valid():
        raise problems.ReasonMissing(act=_("停用联系电话"))
    actions.retire_phone(phone, form.cleaned_data["why"], by=request.actor)
    messages.success(request, _("已停用这个号码。"))
    return redirect("contacts", code=code)


def _revealed(request: DeskRequest, case: Case, phone: Phone) -> HttpResponse:
    """For a minute; then the page comes back without the number."""
    form = RevealForm(request.POST)
    if not form.is_valid():
        raise problems.ReasonMissing(act=_("查看联系电话"))
    number = actions.reveal_phone(phone, form.cleaned_data["reason"], by=request.actor)
    answer = _contacts(request, case, shown=phone.pk, number=number)
    add_never_cache_headers(answer)
    answer["Refresh"] = f"{SHOWN_SECONDS}; url={reverse('contacts', args=[case.code])}"
    return answer


# --- those who lapsed --------------------------------------------------------------------------------


def _for_reminders(request: DeskRequest) -> Actor:
    if not request.actor.has(Right.REMIND):
        raise problems.NotYourPost(right=Right.REMIND.value)
    return request.actor


@login_required
@require_safe
def lapses(request: DeskRequest) -> HttpResponse:
    viewer, asked = _for_reminders(request), request.GET
    sought = queries.Sought(asked.get("area", ""), asked.get("state", ""), asked.get("q", "").strip())
    year = queries.year_of()
    rows = queries.lapses_for(viewer, sought, year)
    context = {
        "page": Paginator(rows, PAGE).get_page(asked.get("page")),
        "sought": sought,
        "year": year,
        "progress": queries.progress_of(viewer, sought.area),
        "states": STATES,
        "form": forms.RemindForm(auto_id="remind-%s"),
    }
    return render(request, "workflows/reminders/list.html", context)


@login_required
@require_POST
def remind(request: DeskRequest) -> HttpResponse:
    """Each chosen row is reminded and entered by itself; what could not be is named with the reason."""
    _for_reminders(request)
    form = forms.RemindForm(request.POST)
    way = form.cleaned_data["way"] if form.is_valid() else ReminderWay.SMS
    chosen = wholes(request.POST.getlist("lapse"))
    done = actions.remind_many(chosen, way, by=request.actor)
    for name, refused in done.refused:
        messages.error(request, f"{name}：{refused.detail}" if name else refused.detail)
    if done.made:
        messages.success(request, _("已提醒 {n} 户，逐户记入台账。").format(n=len(done.made)))
    return redirect("lapses")


@login_required
@require_POST
def refresh(request: DeskRequest) -> HttpResponse:
    """Looks again at registers, leads and visits of the viewer's own areas."""
    viewer = _for_reminders(request)
    changed = sum(actions.find_lapses_in(area, by=viewer) for area in viewer.areas(Right.REMIND))
    messages.success(request, _("已重新核对，变动 {n} 户。").format(n=changed))
    return redirect("lapses")


@login_required
@require_safe
def lapse(request: DeskRequest, pk: int) -> HttpResponse:
    return _lapse(request, pk)


def _lapse(request: DeskRequest, pk: int, status: int = 200, **bound: Form) -> HttpResponse:
    row = queries.lapse_at(request.actor, pk)
    context = {
        "lapse": row,
        "year": queries.year_of(),
        "phones": queries.phones_of(row.subject_id),
        "phone_form": forms.PhoneForm(auto_id="phone-%s"),
        "rows": [(reminder, _delivery(reminder, bound.get("delivery"))) for reminder in row.reminders.all()],
        **bound,
    }
    return render(request, "workflows/reminders/lapse.html", context, status=status)


def _delivery(reminder: Reminder, bound: Form | None) -> Form:
    """The form of one letter; the one that lacked something comes back as it was."""
    if bound is not None and bound.auto_id == f"delivered-{reminder.pk}-%s":
        return bound
    return forms.DeliveryForm(auto_id=f"delivered-{reminder.pk}-%s")


@login_required
@require_POST
def lapse_phone(request: DeskRequest, pk: int) -> HttpResponse:
    row = queries.lapse_at(request.actor, pk)
    form = forms.PhoneForm(request.POST, auto_id="phone-%s")
    if not form.is_valid():
        return _lapse(request, pk, 422, phone_form=form)
    actions.note_phone(row.subject, **form.cleaned_data, by=request.actor)
    messages.success(request, _("已登记联系电话，页面上只显示部分号码。"))
    return redirect("lapse", pk=pk)


@login_required
@require_safe
def letter(request: DeskRequest, pk: int) -> HttpResponseBase:
    path = queries.letter_of(queries.reminder_at(request.actor, pk))
    return FileResponse(open_stored(path), content_type="application/pdf", filename=f"reminder-{pk}.pdf")


@login_required
@require_POST
def delivered(request: DeskRequest, pk: int) -> HttpResponse:
    reminder = queries.reminder_at(request.actor, pk)
    form = forms.DeliveryForm(request.POST, auto_id=f"delivered-{pk}-%s")
    if not form.is_valid():
        return _lapse(request, reminder.lapse_id, 422, delivery=form)
    actions.note_delivery(reminder, form.cleaned_data["on"], form.cleaned_data["how"], by=request.actor)
    messages.success(request, _("已登记送达。"))
    return redirect("lapse", pk=reminder.lapse_id)
