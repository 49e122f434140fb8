// Fields of pictures: files can be dropped on them, chosen ones are named, and buttons move a picture. All of it works without, too.
(function () {
  "use strict";

  for (const zone of document.querySelectorAll("[data-drop]")) {
    const input = zone.querySelector("input[type=file]");
    const names = document.createElement("small");
    names.setAttribute("aria-live", "polite");
    zone.append(names);
    input.addEventListener("change", () => {
      names.textContent = [...input.files].map((file) => file.name).join(", ");
    });
    zone.addEventListener("dragover", (event) => {
      event.preventDefault();
      zone.classList.add("ls-over");
    });
    zone.addEventListener("dragleave", () => zone.classList.remove("ls-over"));
    zone.addEventListener("drop", (event) => {
      event.preventDefault();
      zone.classList.remove("ls-over");
      const chosen = new DataTransfer();
      for (const file of event.dataTransfer.files) {
        if (input.multiple || !chosen.items.length) chosen.items.add(file);
      }
      input.files = chosen.files;
      input.dispatchEvent(new Event("change"));
    });
  }

  function number(list) {
    list.querySelectorAll("[data-file] .ls-place input").forEach((input, index) => { input.value = index + 1; });
  }

  function button(text, label, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "ls-icon";
    made.textContent = text;
    made.setAttribute("aria-label", label);
    made.addEventListener("click", act);
    return made;
  }

  for (const file of document.querySelectorAll("[data-file]")) {
    const place = file.querySelector(".ls-place");
    if (!place) continue;
    const list = file.parentElement;
    const move = (isUp) => {
      const other = isUp ? file.previousElementSibling : file.nextElementSibling;
      if (!other) return;
      list.insertBefore(isUp ? file : other, isUp ? other : file);
      number(list);
    };
    place.hidden = true;
    const buttons = document.createElement("span");
    buttons.append(button("\u2191", "Earlier", () => move(true)), button("\u2193", "Later", () => move(false)));
    place.after(buttons);
  }
})();
