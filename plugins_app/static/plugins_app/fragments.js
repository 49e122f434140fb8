// What a person has in hand survives when a fragment is renewed: open menus, what is typed, the focus; and what changed is read out.
(function () {
  "use strict";

  const FOCUSABLE = "a[href], button, summary, input, select, textarea";
  const OWNERS = "[data-plugin], [data-own]";
  const NAMES = ["id", "name", "href", "hx-post", "hx-vals"];
  let openMenus = [];
  let held = null;

  function nameOf(element) {
    const named = NAMES.map((name) => element.getAttribute(name));
    const text = element.matches("summary, button") && !named.some(Boolean) ? element.textContent.trim() : "";
    return JSON.stringify([element.tagName, ...named, text]);
  }

  function ownerOf(element) {
    return element ? element.dataset.plugin || element.dataset.own : "";
  }

  function alike(fragment, name) {
    return [...fragment.querySelectorAll(FOCUSABLE)].filter((element) => nameOf(element) === name);
  }

  function isVisible(element) {
    return element && element.getClientRects().length > 0;
  }

  // The same link or button; else its plugin's first one; else the fragment, so that the next Tab goes on from there.
  function giveBack(fragment) {
    if (!held || fragment.contains(document.activeElement)) return;
    const same = alike(fragment, held.name);
    const home = [...fragment.querySelectorAll(OWNERS)].find((owner) => ownerOf(owner) === held.plugin);
    const candidates = [same[held.place], same[0], home && home.querySelector(FOCUSABLE)];
    const next = candidates.find(isVisible) || fragment;
    if (next === fragment) fragment.tabIndex = -1;
    next.focus({ preventScroll: true });
  }

  document.addEventListener("htmx:beforeSwap", (event) => {
    const fragment = event.detail.target;
    if (!fragment.classList || !fragment.classList.contains("ls-fragment")) return;
    const active = document.activeElement;
    const isInside = active && fragment.contains(active);
    if (isInside && active.matches("input, select, textarea")) event.detail.shouldSwap = false;
    openMenus = [...fragment.querySelectorAll("details[open][id]")].map((item) => item.id);
    held = null;
    if (!isInside) return;
    const place = alike(fragment, nameOf(active)).indexOf(active);
    held = { name: nameOf(active), place: place, plugin: ownerOf(active.closest(OWNERS)) };
  });

  document.addEventListener("htmx:afterSwap", (event) => {
    for (const id of openMenus) {
      const item = document.getElementById(id);
      if (item) item.open = true;
    }
    const fragment = event.detail.target;
    if (!fragment.classList || !fragment.classList.contains("ls-fragment")) return;
    giveBack(fragment);
    held = null;
    readOut(fragment);
  });

  // A fragment's `data-said` is what a screen reader should hear when it is another one than before.
  const said = new WeakMap();
  function wordsOf(fragment) {
    return [...fragment.querySelectorAll("[data-said]")].map((item) => item.dataset.said).join(". ");
  }
  function readOut(fragment) {
    const words = wordsOf(fragment);
    const box = document.getElementById("ls-said");
    if (box && words && words !== said.get(fragment)) box.textContent = words;
    said.set(fragment, words);
  }

  function start() {
    for (const fragment of document.querySelectorAll(".ls-fragment")) said.set(fragment, wordsOf(fragment));
    // The theme's icons are words of a font: a screen reader would read them out.
    for (const icon of document.querySelectorAll(".material-symbols-outlined")) {
      const owner = icon.closest("a, button");
      if (owner && owner.textContent.trim() === icon.textContent.trim()) owner.setAttribute("aria-label", owner.title || "ledsite");
      icon.setAttribute("aria-hidden", "true");
    }
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
