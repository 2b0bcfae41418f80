"""The flows as pictures, for whoever works by them or audits them, and as files for a modelling tool."""

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from grid import problems
from grid.requests import DeskRequest
from grid.scope import Right
from workflows.charts import queries
from workflows.charts.rules import Graph, lay_out
from workflows.charts.rules.bpmn import to_bpmn
from workflows.engine.kind import kinds


@login_required
@require_safe
def flow_list(request: DeskRequest) -> HttpResponse:
    _require_reader(request)
    graphs = [(kind.name, queries.graph_of(kind.name)) for kind in kinds()]
    charts = [(name, lay_out(graph), _rows(graph)) for name, graph in graphs]
    return render(request, "workflows/charts/list.html", {"charts": charts})


@login_required
@require_safe
def flow_file(request: DeskRequest, name: str) -> HttpResponse:
    """The BPMN document of one flow."""
    _require_reader(request)
    if name not in {kind.name for kind in kinds()}:
        raise problems.NotHere()
    answer = HttpResponse(
        to_bpmn(lay_out(queries.graph_of(name))), content_type="application/xml; charset=utf-8"
    )
    answer["Content-Disposition"] = f'attachment; filename="{name}.bpmn"'
    return answer


def _require_reader(request: DeskRequest) -> None:
    if not request.actor.has(Right.SEE_CASES):
        raise problems.NotYourPost(right=Right.SEE_CASES.value)


def _rows(graph: Graph) -> list[dict[str, object]]:
    """The same in words: each step, who takes it, and what may follow."""
    by_name = {node.name: node for node in graph.nodes}

    def after(name: str) -> list[str]:
        following = [by_name[dst] for src, dst in graph.edges if src == name]
        return [title for node in following for title in ([node.title] if node.title else after(node.name))]

    steps = (node for node in graph.nodes if node.kind in ("human", "wait"))
    return [{"title": node.title, "lane": node.lane, "after": after(node.name)} for node in steps]
