"""A flow's chart as BPMN 2.0 XML (ISO/IEC 19510): process, lanes, shapes and lines, for any modelling tool."""

from xml.etree import ElementTree as ET

from workflows.charts.rules import HEAD, Box, Column, Drawing, Kind, Wire

SPACES = {
    "bpmn": "http://www.omg.org/spec/BPMN/20100524/MODEL",
    "bpmndi": "http://www.omg.org/spec/BPMN/20100524/DI",
    "dc": "http://www.omg.org/spec/DD/20100524/DC",
    "di": "http://www.omg.org/spec/DD/20100524/DI",
}
ELEMENTS: dict[Kind, str] = {
    "start": "startEvent",
    "human": "userTask",
    "wait": "receiveTask",
    "switch": "exclusiveGateway",
    "end": "endEvent",
}


def _name(space: str, tag: str) -> str:
    return f"{{{SPACES[space]}}}{tag}"


def _add(parent: ET.Element, space: str, tag: str, **attributes: str) -> ET.Element:
    return ET.SubElement(parent, _name(space, tag), attributes)


def to_bpmn(drawing: Drawing) -> str:
    """The XML document of a drawing; every id is made of the flow's and its steps' names, so it never changes."""
    for prefix, uri in SPACES.items():
        ET.register_namespace(prefix, uri)
    graph = drawing.graph
    root = ET.Element(
        _name("bpmn", "definitions"), id=f"{graph.name}_definitions", targetNamespace=f"urn:flow:{graph.name}"
    )
    collaboration = _add(root, "bpmn", "collaboration", id=f"{graph.name}_collaboration")
    _add(
        collaboration,
        "bpmn",
        "participant",
        id=f"{graph.name}_pool",
        name=graph.title,
        processRef=graph.name,
    )
    _process(root, drawing)
    _diagram(root, drawing)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _process(root: ET.Element, drawing: Drawing) -> None:
    """Lanes first, then steps, then lines: the order the schema asks for."""
    graph = drawing.graph
    process = _add(root, "bpmn", "process", id=graph.name, name=graph.title, isExecutable="false")
    lanes = _add(process, "bpmn", "laneSet", id=f"{graph.name}_lanes")
    for number, title in enumerate(graph.lanes):
        lane = _add(lanes, "bpmn", "lane", id=f"{graph.name}_lane_{number}", name=title)
        for node in graph.nodes:
            if node.lane == title:
                _add(lane, "bpmn", "flowNodeRef").text = node.name
    for node in graph.nodes:
        named = {"name": node.title} if node.title else {}
        step = _add(process, "bpmn", ELEMENTS[node.kind], id=node.name, **named)
        for src, dst in graph.edges:
            if dst == node.name:
                _add(step, "bpmn", "incoming").text = _line(src, dst)
        for src, dst in graph.edges:
            if src == node.name:
                _add(step, "bpmn", "outgoing").text = _line(src, dst)
    for src, dst in graph.edges:
        _add(process, "bpmn", "sequenceFlow", id=_line(src, dst), sourceRef=src, targetRef=dst)


def _line(src: str, dst: str) -> str:
    return f"{src}__{dst}"


def _diagram(root: ET.Element, drawing: Drawing) -> None:
    graph = drawing.graph
    diagram = _add(root, "bpmndi", "BPMNDiagram", id=f"{graph.name}_diagram")
    plane = _add(
        diagram,
        "bpmndi",
        "BPMNPlane",
        id=f"{graph.name}_plane",
        bpmnElement=f"{graph.name}_collaboration",
    )
    _shape(
        plane, f"{graph.name}_pool", (0, -HEAD, drawing.width, drawing.height + HEAD), isHorizontal="false"
    )
    for number, column in enumerate(drawing.columns):
        _lane_shape(plane, f"{graph.name}_lane_{number}", drawing, column)
    for box in drawing.boxes:
        _box_shape(plane, box)
    for wire in drawing.wires:
        _edge(plane, wire)


def _shape(plane: ET.Element, of: str, bounds: tuple[int, int, int, int], **attributes: str) -> ET.Element:
    shape = _add(plane, "bpmndi", "BPMNShape", id=f"{of}_shape", bpmnElement=of, **attributes)
    x, y, width, height = (str(number) for number in bounds)
    _add(shape, "dc", "Bounds", x=x, y=y, width=width, height=height)
    return shape


def _lane_shape(plane: ET.Element, of: str, drawing: Drawing, column: Column) -> None:
    """Lanes fill the pool: each reaches from its gutter to where the next one's begins."""
    place = drawing.columns.index(column)
    left = 0 if place == 0 else drawing.columns[place - 1].x + drawing.columns[place - 1].width
    right = drawing.width if column is drawing.columns[-1] else column.x + column.width
    _shape(plane, of, (left, 0, right - left, drawing.height), isHorizontal="false")


def _box_shape(plane: ET.Element, box: Box) -> None:
    marked = {"isMarkerVisible": "true"} if box.node.kind == "switch" else {}
    _shape(plane, box.node.name, (box.x, box.y, box.width, box.height), **marked)


def _edge(plane: ET.Element, wire: Wire) -> None:
    line = _line(wire.src, wire.dst)
    edge = _add(plane, "bpmndi", "BPMNEdge", id=f"{line}_edge", bpmnElement=line)
    for x, y in wire.points:
        _add(edge, "di", "waypoint", x=str(x), y=str(y))
