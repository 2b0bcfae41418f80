/* Drawing an outline on the picture of a community: each click is a corner, and what is drawn stands as GeoJSON in the
   form's field, where it can also be read, pasted and corrected. Nothing else is sent. */
(() => {
  "use strict";

  const part = document.querySelector("[data-draw][data-west]");
  const field = document.querySelector("[data-outline]");
  if (!part || !field) return;
  const svg = part.querySelector("svg");
  const line = part.querySelector("[data-line]");
  const tools = part.querySelector("[data-tools]");
  const { west, north, xScale, yScale } = Object.fromEntries(
    Object.entries(part.dataset).map(([name, text]) => [name, Number(text)]),
  );
  const corners = [];

  const round = (degrees) => Math.round(degrees * 1e6) / 1e6;
  const degrees = ([x, y]) => [round(west + x / xScale), round(north - y / yScale)];

  function show() {
    tools.hidden = corners.length === 0;
    line.setAttribute("d", corners.length ? `M${corners.map((c) => c.join(",")).join("L")}Z` : "");
    const ring = corners.map(degrees);
    field.value =
      corners.length < 3 ? "" : JSON.stringify({ type: "Polygon", coordinates: [[...ring, ring[0]]], datum: "GCJ02" });
  }

  svg.addEventListener("click", (event) => {
    const at = new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());
    corners.push([at.x, at.y]);
    show();
  });
  part.querySelector("[data-undo]").addEventListener("click", () => (corners.pop(), show()));
  part.querySelector("[data-clear]").addEventListener("click", () => ((corners.length = 0), show()));
})();
