"""The charts show every step and line of their flow, cross no box, and are BPMN that any tool can read."""

from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command

from workflows.charts.queries import graph_of
from workflows.charts.rules import Box, Drawing, Graph, Node, lay_out, wrapped
from workflows.charts.rules.bpmn import ELEMENTS, SPACES, to_bpmn
from workflows.engine.kind import kind_of_flow, kinds

pytestmark = pytest.mark.once

NAMES = sorted(kind.name for kind in kinds())


@pytest.fixture(params=NAMES)
def drawing(request: Any) -> Drawing:
    return lay_out(graph_of(request.param))


def crosses(box: Box, one: tuple[int, int], two: tuple[int, int]) -> bool:
    left, right = sorted((one[0], two[0]))
    top, bottom = sorted((one[1], two[1]))
    return left < box.x + box.width and right > box.x and top < box.y + box.height and bottom > box.y


def test_a_chart_has_every_step_of_its_flow_and_every_line(drawing: Drawing) -> None:
    flow = kind_of_flow(drawing.graph.name).flow
    assert {box.node.name for box in drawing.boxes} == {node.name for node in flow.instance.nodes()}
    lines = {(node.name, edge.dst.name) for node in flow.instance.nodes() for edge in node._outgoing()}
    assert {(wire.src, wire.dst) for wire in drawing.wires} == lines
    assert all(box.node.title for box in drawing.boxes if box.node.kind in ("human", "wait", "end"))


def test_lines_run_straight_and_through_no_box(drawing: Drawing) -> None:
    for wire in drawing.wires:
        stretches = list(pairwise(wire.points))
        assert all(start[0] == end[0] or start[1] == end[1] for start, end in stretches), wire
        for box in drawing.boxes:
            assert not any(crosses(box, *stretch) for stretch in stretches), (wire, box)


def test_boxes_lie_in_their_lane_and_on_none_other(drawing: Drawing) -> None:
    columns = {column.title: column for column in drawing.columns}
    for box in drawing.boxes:
        lane = columns[box.node.lane]
        assert lane.x <= box.x and box.x + box.width <= lane.x + lane.width
        assert box.y + box.height < drawing.height and box.x + box.width < drawing.width
    rows = sorted((box.y, box.y + box.height) for box in drawing.boxes)
    assert all(first[1] < second[0] for first, second in pairwise(rows))


def test_the_document_is_sound(drawing: Drawing) -> None:
    """What the schema asks and can be seen without it: well-formed, ids once, every reference answered."""
    root = ET.fromstring(to_bpmn(drawing))
    bpmn, di = (f"{{{SPACES[space]}}}" for space in ("bpmn", "bpmndi"))
    ids = Counter(element.get("id") for element in root.iter() if element.get("id"))
    assert max(ids.values()) == 1
    process = root.find(f"{bpmn}process")
    assert process is not None
    flows = process.findall(f"{bpmn}sequenceFlow")
    steps = {e.get("id"): e for tag in set(ELEMENTS.values()) for e in process.findall(f"{bpmn}{tag}")}
    assert len(steps) == len(drawing.boxes)
    for flow in flows:
        src, dst = steps[flow.get("sourceRef")], steps[flow.get("targetRef")]
        assert flow.get("id") in [element.text for element in src.findall(f"{bpmn}outgoing")]
        assert flow.get("id") in [element.text for element in dst.findall(f"{bpmn}incoming")]
    lanes = process.findall(f"{bpmn}laneSet/{bpmn}lane")
    placed = [ref.text for lane in lanes for ref in lane.findall(f"{bpmn}flowNodeRef")]
    assert sorted(placed) == sorted(str(name) for name in steps)
    shown = [e.get("bpmnElement") for e in root.iter() if e.tag in (f"{di}BPMNShape", f"{di}BPMNEdge")]
    assert all(shown_id in ids for shown_id in shown)
    assert {flow.get("id") for flow in flows} | set(steps) <= set(shown)


def test_every_step_is_reached_from_the_start_and_leads_to_something(drawing: Drawing) -> None:
    edges = drawing.graph.edges
    reached, waiting = {"start"}, ["start"]
    while waiting:
        one = waiting.pop()
        new = {dst for src, dst in edges if src == one} - reached
        reached |= new
        waiting += new
    assert reached == {node.name for node in drawing.graph.nodes}
    leading = {src for src, _dst in edges}
    assert {node.name for node in drawing.graph.nodes if node.kind != "end"} == leading


def test_one_file_for_each_flow(tmp_path: Path) -> None:
    call_command("export_flows", tmp_path, verbosity=0)
    assert sorted(file.name for file in tmp_path.iterdir()) == [f"{name}.bpmn" for name in NAMES]
    for file in tmp_path.iterdir():
        ET.parse(file)


def test_lines_past_steps_of_their_own_lane_go_around() -> None:
    nodes = tuple(
        Node(name, name, "human", lane) for name, lane in [("a", "x"), ("b", "x"), ("c", "x"), ("d", "y")]
    )
    graph = Graph("Small", "小", nodes, (("a", "b"), ("a", "c"), ("c", "a"), ("d", "b"), ("b", "d")))
    drawing = lay_out(graph)
    test_lines_run_straight_and_through_no_box(drawing)
    assert len(next(wire for wire in drawing.wires if (wire.src, wire.dst) == ("a", "b")).points) == 2


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", []),
        ("听证", ["听证"]),
        ("送达处罚决定书通知", ["送达处罚决定书通知"]),
        ("制发并送达督促告知书", ["制发并送达", "督促告知书"]),
    ],
)
def test_titles_break_evenly(text: str, lines: list[str]) -> None:
    assert wrapped(text, 9) == lines


@pytest.mark.django_db
def test_the_page_is_for_whoever_sees_cases(cast: Any, client: Any) -> None:
    client.force_login(cast.zheng)
    page = client.get("/flows/").content.decode()
    assert page.count('<svg class="chart"') == len(NAMES)
    answer = client.get("/flows/inspection.bpmn")
    assert answer["Content-Type"].startswith("application/xml")
    assert ET.fromstring(answer.content.decode()).tag.endswith("definitions")
    assert client.get("/flows/other.bpmn").status_code == 404
    client.force_login(cast.feng)
    assert client.get("/flows/").status_code == 403
