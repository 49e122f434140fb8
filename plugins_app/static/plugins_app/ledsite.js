// Messages after actions, the notice when the server does not answer, menus and sliders.
(function () {
  "use strict";

  const SHOWN_FOR = 6000;
  const KEPT = "ledsite-message";
  let lastToast = null;

  function toast(detail) {
    const box = document.getElementById("ls-toasts");
    if (!box || !detail.text) return;
    lastToast = { text: detail.text, level: detail.level, hint: detail.hint };
    const item = document.createElement("div");
    item.className = "ls-toast ls-" + (detail.level === "error" ? "bad" : "good");
    const text = document.createElement("strong");
    text.textContent = detail.text;
    item.append(text);
    if (detail.hint) {
      const hint = document.createElement("p");
      hint.textContent = detail.hint;
      item.append(hint);
    }
    box.append(item);
    setTimeout(() => item.remove(), detail.level === "error" ? 2 * SHOWN_FOR : SHOWN_FOR);
  }

  function reachable(isReachable) {
    const notice = document.getElementById("ls-offline");
    if (notice) notice.hidden = isReachable;
    document.body.classList.toggle("ls-unreachable", !isReachable);
  }

  // The theme listens to every file input and expects its own markup around it.
  document.querySelectorAll("input[type=file]").forEach((input) => { input.hasChangeListener = true; });

  document.addEventListener("toast", (event) => toast(event.detail));
  document.addEventListener("htmx:sendError", () => reachable(false));
  document.addEventListener("htmx:timeout", () => reachable(false));
  document.addEventListener("htmx:responseError", (event) => {
    if (event.detail.xhr.status >= 500) reachable(false);
    else if (event.detail.requestConfig.verb !== "get") toast({ level: "error", text: "That did not work. Reload the page and try again." });
  });
  document.addEventListener("htmx:afterOnLoad", () => reachable(true));

  // A button marked `data-reload` changes what the whole page shows; the message that came with it is shown by the new page.
  document.addEventListener("htmx:afterRequest", (event) => {
    if (!event.detail.successful || !event.detail.elt.matches("[data-reload]")) return;
    if (lastToast) sessionStorage.setItem(KEPT, JSON.stringify(lastToast));
    window.location.reload();
  });
  function showKept() {
    const kept = sessionStorage.getItem(KEPT);
    sessionStorage.removeItem(KEPT);
    if (kept) toast(JSON.parse(kept));
  }

  // A fragment says what it shows, so that the server need not send the same again.
  document.addEventListener("htmx:configRequest", (event) => {
    const mark = event.target.matches(".ls-fragment") && event.target.querySelector("[data-seen]");
    if (mark) event.detail.parameters.seen = mark.dataset.seen;
  });

  document.addEventListener("htmx:afterSwap", syncSliders);
  document.addEventListener("click", (event) => {
    for (const menu of document.querySelectorAll("details.ls-menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // Sliders follow what the panel says, unless a hand is on them; their number follows the hand.
  function syncSliders() {
    for (const source of document.querySelectorAll("[data-sync]")) {
      const slider = document.getElementById(source.dataset.sync);
      if (!slider || slider.matches(":active") || slider.dataset.held) continue;
      slider.value = source.dataset.value;
      label(slider);
    }
  }
  function label(slider) {
    const output = document.querySelector('output[for="' + slider.id + '"]');
    if (output) output.textContent = slider.value + " %";
  }
  document.addEventListener("input", (event) => {
    const slider = event.target;
    if (!slider.matches("input[type=range]")) return;
    label(slider);
    slider.dataset.held = "1";
    clearTimeout(slider.lsTimer);
    slider.lsTimer = setTimeout(() => delete slider.dataset.held, 2500);
  });

  // What is wrong in a settings form must not lie in a closed group.
  function openWrongGroups() {
    for (const wrong of document.querySelectorAll(".ls-error")) {
      for (let group = wrong.closest("details"); group; group = group.parentElement.closest("details")) group.open = true;
    }
  }

  function start() {
    syncSliders();
    openWrongGroups();
    showKept();
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
