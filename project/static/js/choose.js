/* A grid clicked on the map stands in the field as if it had been typed; what is ticked below stays as it is. Without this
   file the same link opens the page anew with the grid in the field. */
(() => {
  "use strict";

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-choose]");
    const field = document.querySelector("input[name=grid]");
    if (!link || !field) return;
    event.preventDefault();
    for (const path of document.querySelectorAll("[data-choose] .area--own")) path.classList.remove("area--own");
    link.querySelector("path").classList.add("area--own");
    field.value = link.dataset.choose;
    field.focus({ preventScroll: true });
    field.scrollIntoView({ block: "nearest" });
  });
})();
