"""One's own account, a new password by one-time code, and the help of whoever manages the post."""

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from grid import problems
from grid.accounts import actions, queries, rules
from grid.accounts import problems as accounts_problems
from grid.accounts.actions import tries
from grid.accounts.forms import CodeForm, ReasonForm
from grid.accounts.rules.browsers import browser_of
from grid.calendar.now import today
from grid.limits import address_of
from grid.requests import DeskRequest
from grid.scope import Actor
from grid.territory.followers import phones_of
from grid.territory.models import Person
from grid.territory.queries import absences_of, may_manage, own_posts, person_of_area

read_or_write = require_http_methods(["GET", "HEAD", "POST"])


class OwnRequest(DeskRequest):
    """Of somebody who looks after their own account."""

    user: Person


@login_required
@require_safe
@never_cache
def account(request: OwnRequest) -> HttpResponse:
    person = request.user
    own = request.session.session_key
    obstacle = queries.obstacle(person)
    facts: dict[str, object] = {
        "factors": queries.second_factors_of(person),
        "obstacle": obstacle,
        "has_factor": queries.has_second_factor(person),
        "sessions": [
            {"row": row, "browser": browser_of(row.user_agent), "here": row.session_key == own}
            for row in queries.sessions_of(person)
        ],
        "resets": queries.resets_of(person)[:10],
        "managers": queries.managers_of(person)[:5],
    }
    if obstacle is None:
        facts |= _work_of(request.actor, person)
    return render(request, "grid/accounts/account.html", facts)


def _work_of(viewer: Actor, person: Person) -> dict[str, object]:
    """What somebody who proved to be themselves reads of their own work."""
    posts = own_posts(person)
    return {
        "posts": posts,
        "absences": absences_of(posts),
        "phones": phones_of([person.pk]).get(person.pk, []),
        "acts": queries.acts_of(viewer),
        "told": queries.account_history(viewer, person, 20),
        "today": today(),
    }


@login_required
@require_POST
def end_session(request: OwnRequest, pk: int) -> HttpResponse:
    actions.end_session(request.user, pk, by=request.actor)
    messages.success(request, _("已退出此会话。"))
    return redirect("account")


@login_required
@require_POST
def end_others(request: OwnRequest) -> HttpResponse:
    actions.end_other_sessions(request.user, request.session, by=request.actor)
    messages.success(request, _("已退出其他会话，只有这里还登录着。"))
    return redirect("account")


@read_or_write
@never_cache
@sensitive_post_parameters()
def set_password(request: HttpRequest) -> HttpResponse:
    """A forgotten password: who helps, and where the one-time code is typed in."""
    form = CodeForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _by_code(request, form):
        messages.success(request, _("新密码已设置，请用它登录。"))
        return redirect("account_login")
    return render(
        request, "grid/accounts/set_password.html", {"form": form}, status=422 if form.errors else 200
    )


def _by_code(request: HttpRequest, form: CodeForm) -> bool:
    given = form.cleaned_data
    address = tries.key_of("reset", address_of(request))
    if seconds := tries.take(address, rules.RESET):
        form.add_error(None, _("尝试的次数较多，请过 {seconds} 秒再试。").format(seconds=seconds))
        return False
    try:
        person = actions.set_password_by_code(given["username"], given["code"], given["password"])
    except ValidationError as refused:
        form.add_error("password", refused)
        return False
    if person is None:
        form.add_error(None, _("用户名或重置码不正确，或者重置码已经用过、已经过期。"))
        return False
    tries.give_back(address, rules.RESET)
    return True


@login_required
@require_safe
def help_person(request: DeskRequest, pk: int) -> HttpResponse:
    return _help_page(request, pk)


@login_required
@require_POST
def give_code(request: DeskRequest, pk: int) -> HttpResponse:
    def give(person: Person, reason: str) -> dict[str, object]:
        is_first = not person.has_usable_password()
        code = actions.give_code(person, reason=reason, by=request.actor)
        lasts = _("%d 天") % rules.FIRST_CODE_DAYS if is_first else _("%d 分钟") % rules.CODE_MINUTES
        return {"code": rules.code_shown(code), "lasts": lasts}

    return _done(request, pk, "code", give)


@login_required
@require_POST
def take_factor_away(request: DeskRequest, pk: int) -> HttpResponse:
    def take(person: Person, reason: str) -> dict[str, object]:
        actions.take_factor_away(person, reason=reason, by=request.actor)
        return {"taken": True}

    return _done(request, pk, "factor", take)


@login_required
@require_POST
def free_sign_in(request: DeskRequest, pk: int) -> HttpResponse:
    """Wrong passwords, typed by whomever, no longer make the person wait."""

    def free(person: Person, reason: str) -> dict[str, object]:
        actions.free_sign_in(person, reason=reason, by=request.actor)
        return {"freed": True}

    return _done(request, pk, "free", free)


def _done(
    request: DeskRequest, pk: int, name: str, act: Callable[[Person, str], dict[str, object]]
) -> HttpResponse:
    """Does it and shows the page; the code stands on this one answer and nowhere else."""
    person = person_of_area(request.actor, pk)
    form = ReasonForm(request.POST, prefix=name)
    if not form.is_valid():
        return _help_page(request, pk, form, status=422)
    try:
        done = act(person, form.cleaned_data["reason"])
    except problems.Problem as problem:
        if problem.status in (403, 404):
            raise
        form.add_error(None, problem.detail)
        return _help_page(request, pk, form, status=problem.status)
    return _help_page(request, pk, done=done)


def _help_page(
    request: DeskRequest,
    pk: int,
    refused: ReasonForm | None = None,
    done: dict[str, object] | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = request.actor
    person = person_of_area(viewer, pk)
    if not may_manage(viewer, person):
        raise (
            accounts_problems.OwnReset()
            if viewer.person_id == person.pk
            else problems.NotYourPost(right="管理岗位")
        )
    facts = {f"{name}_form": ReasonForm(prefix=name) for name in ("code", "factor", "free")}
    if refused is not None:
        facts[f"{refused.prefix}_form"] = refused
    shown = {
        "person": person,
        "is_new": not person.has_usable_password(),
        "wait": tries.wait_of(tries.keys_of(person)),
        "has_factor": queries.has_second_factor(person),
        "resets": queries.resets_of(person)[:10],
        **facts,
        **(done or {}),
    }
    answer = render(request, "grid/accounts/help.html", shown, status=status)
    answer["Cache-Control"] = "private, no-store"
    return answer
