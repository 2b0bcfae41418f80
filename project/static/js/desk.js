/* Live hints: the socket carries topics only. A page that watches some ({% live "inbox" %}) fetches its whole content
   again, with its viewer's own rights, so that no part of it speaks of another moment than the rest. What somebody is
   typing, has chosen or opened, and where they are, stays as it was. */
(() => {
  "use strict";

  const SIGNED_OUT = 4401;
  const topicsWaiting = new Set();
  let timer = null;
  let pause = 1000;
  let wasOpen = false;
  let composing = false;

  const page = () => document.getElementById("page");
  const watched = () => (page()?.dataset.watches || "").split(" ").filter(Boolean);

  function tellPage() {
    // Characters being composed belong to the input method: the field must not be touched under it.
    if (composing) return void (timer = setTimeout(tellPage, 500));
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
      if (wasOpen) watched().forEach(hear);
      wasOpen = true;
    };
    socket.onmessage = (message) => hear(message.data);
    socket.onclose = (closed) => {
      // The session has ended: trying again would be refused each time. What is half typed stays where it is.
      if (closed.code === SIGNED_OUT) return sayEnded();
      setTimeout(listen, pause + Math.random() * 1000);
      pause = Math.min(pause * 2, 60000);
    };
  }

  // A group of the menu closes like any menu: by a click elsewhere, by Escape, and when the keyboard has left it.
  const openGroup = () => document.querySelector(".bar nav details[open]");
  document.addEventListener("click", (event) => {
    const group = openGroup();
    if (group && !group.contains(event.target)) group.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const group = event.key === "Escape" && openGroup();
    if (!group) return;
    if (group.contains(document.activeElement)) group.querySelector("summary").focus();
    group.open = false;
  });
  // Not with the focus: a finger that comes down moves it, and what it meant to touch would slip away beneath it.
  document.addEventListener("keyup", (event) => {
    const group = event.key === "Tab" && openGroup();
    if (group && !group.contains(document.activeElement)) group.open = false;
  });

  function sayEnded() {
    const note = document.querySelector("[data-ended]");
    if (note) note.hidden = false;
  }

  // Whether a person asked for a part of the page, or the page itself: only the first keeps a session alive.
  document.addEventListener("htmx:configRequest", (event) => {
    const cause = event.detail.triggeringEvent;
    if (cause && cause.isTrusted) event.detail.headers["X-By-Hand"] = "1";
  });

  // --- what a page keeps when it is fetched anew

  document.addEventListener("compositionstart", () => { composing = true; });
  document.addEventListener("compositionend", () => { composing = false; });
  // What somebody opened or closed themselves; what the page opens is the page's.
  document.addEventListener("click", (event) => {
    const summary = event.target.closest("summary");
    if (summary) summary.parentElement.dataset.touched = "1";
  });

  const nameOf = (form) => `${form.method} ${new URL(form.getAttribute("action") || "", location.href).pathname}`;

  /** A name for an element that it has after the page was fetched anew too, and the place among its namesakes. */
  function placeOf(element) {
    if (element.id) return `#${element.id}`;
    if (element.form && element.name) return `${nameOf(element.form)} ${element.name}=${/checkbox|radio/.test(element.type) ? element.value : ""}`;
    if (element.localName === "a") return `a ${element.getAttribute("href")}`;
    const outer = element.closest("details");
    const summary = outer && outer.querySelector("summary");
    return `${element.localName} ${summary ? summary.textContent.trim() : element.textContent.trim().slice(0, 80)}`;
  }

  function found(place, selector) {
    if (place[0] === "#") return document.getElementById(place.slice(1));
    return [...page().querySelectorAll(selector)].find((element) => placeOf(element) === place) || null;
  }

  function isChanged(field) {
    if (field.type === "file") return field.files.length > 0;
    if (/checkbox|radio/.test(field.type)) return field.checked !== field.defaultChecked;
    if (field.localName !== "select") return field.value !== field.defaultValue;
    const first = [...field.options].some((option) => option.defaultSelected);
    return [...field.options].some((option, at) => option.selected !== (first ? option.defaultSelected : !field.multiple && at === 0));
  }

  function answerOf(field) {
    if (field.type === "file") return field.files;
    if (/checkbox|radio/.test(field.type)) return field.checked;
    return field.localName === "select" ? [...field.selectedOptions].map((option) => option.value) : field.value;
  }

  function answer(field, given) {
    if (field.type === "file") field.files = given;
    else if (/checkbox|radio/.test(field.type)) field.checked = given;
    else if (field.localName === "select") for (const option of field.options) option.selected = given.includes(option.value);
    else field.value = given;
  }

  function labelOf(field) {
    const label = field.labels && field.labels[0];
    return label ? label.textContent.trim() : field.name;
  }

  function remembered() {
    const fields = [...page().querySelectorAll("input, textarea, select")].filter((field) => field.type !== "hidden" && field.name && isChanged(field));
    const here = document.activeElement;
    return {
      fields: fields.map((field) => ({ place: placeOf(field), given: answerOf(field), label: labelOf(field), isText: typeof answerOf(field) === "string" })),
      folds: [...page().querySelectorAll("details[data-touched]")].map((fold) => ({ place: placeOf(fold), open: fold.open })),
      focus: here && page().contains(here) ? { place: placeOf(here), tag: here.localName, from: here.selectionStart, to: here.selectionEnd } : null,
    };
  }

  function restore(memory) {
    for (const { place, open } of memory.folds) {
      const fold = found(place, "details");
      if (fold) Object.assign(fold, { open }).dataset.touched = "1";
    }
    const lost = [];
    for (const one of memory.fields) {
      const field = found(one.place, "input, textarea, select");
      if (field) answer(field, one.given);
      else if (one.isText && one.given.trim()) lost.push(one);
    }
    if (lost.length) hold(lost);
    if (memory.focus) lead(memory.focus);
  }

  /** What was typed into a form that is no longer there stays readable. */
  function hold(lost) {
    const note = document.querySelector("[data-kept]");
    for (const { label, given } of lost) {
      note.querySelector("dl").append(Object.assign(document.createElement("dt"), { textContent: label }), Object.assign(document.createElement("dd"), { textContent: given }));
    }
    note.hidden = false;
  }

  function lead({ place, tag, from, to }) {
    const field = found(place, tag);
    const goal = field || page().querySelector("h1");
    if (!goal || goal === document.activeElement) return;
    if (!field) goal.tabIndex = -1;
    goal.focus({ preventScroll: true });
    if (field && typeof from === "number") field.setSelectionRange(from, to);
  }

  let memory = null;
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target !== page()) return;
    if (composing) {
      event.detail.shouldSwap = false;
      watched().forEach(hear);
      return;
    }
    memory = event.detail.shouldSwap ? remembered() : null;
  });
  document.addEventListener("htmx:afterSettle", () => {
    if (memory === null || !page()) return;
    const kept = memory;
    memory = null;
    restore(kept);
  });

  // Somebody who signed in again in another tab has another token than the form that waited here.
  document.addEventListener("submit", (event) => {
    const token = document.cookie.match(/(?:^|; )csrftoken=([^;]+)/);
    const field = event.target.querySelector("input[name=csrfmiddlewaretoken]");
    if (token && field && new URL(event.target.getAttribute("action") || "", location.href).origin === location.origin) field.value = token[1];
  }, true);

  // A page that was away may have missed any hint: it asks for everything once.
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "visible") watched().forEach(hear);
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
