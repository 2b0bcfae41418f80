/* Live hints: the socket carries topics only. A part of a page that watches one says
   hx-trigger="live:inbox from:body" and fetches itself again, with its viewer's own rights. */
(() => {
  "use strict";

  const TOPICS = ["inbox", "coverage", "round", "case", "delivery"];
  const topicsWaiting = new Set();
  let timer = null;
  let pause = 1000;
  let wasOpen = false;

  function tellPage() {
    timer = null;
    for (const topic of topicsWaiting) document.body.dispatchEvent(new CustomEvent(`live:${topic}`));
    topicsWaiting.clear();
  }

  function hear(topic) {
    topicsWaiting.add(topic);
    // A thousand pages hear a hint at once; spreading them keeps the server from being asked in one instant.
    if (timer === null) timer = setTimeout(tellPage, 150 + Math.random() * 600);
  }

  function listen() {
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${scheme}://${location.host}/live/`);
    socket.onopen = () => {
      pause = 1000;
      // Hints of the time without a socket are gone: ask for everything once.
      if (wasOpen) TOPICS.forEach(hear);
      wasOpen = true;
    };
    socket.onmessage = (message) => hear(message.data);
    socket.onclose = () => {
      setTimeout(listen, pause + Math.random() * 1000);
      pause = Math.min(pause * 2, 60000);
    };
  }

  // A page that was away may have missed any hint: it asks for everything once.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") TOPICS.forEach(hear);
  });

  document.addEventListener("submit", (event) => {
    // One click is enough; the server refuses the second anyway, this only saves the surprise.
    const button = event.submitter;
    if (button) setTimeout(() => { button.disabled = true; setTimeout(() => { button.disabled = false; }, 8000); });
  });

  document.addEventListener("click", (event) => {
    // Going back in history keeps what was typed; the address alone would show the form empty.
    if (!event.target.closest("[data-back]")) return;
    // A preview refused stands in a tab of its own: the form is still in the first one.
    if (history.length < 2) return window.close();
    event.preventDefault();
    history.back();
  });

  document.addEventListener("change", (event) => {
    const all = event.target.closest("[data-check-all]");
    if (all) all.closest("form, table").querySelectorAll("tbody input[type=checkbox]").forEach((box) => { box.checked = all.checked; });
  });

  if (document.body.hasAttribute("data-live")) listen();
})();
