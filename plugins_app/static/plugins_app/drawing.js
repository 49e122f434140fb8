// The preview page: a size out of the list fills in width and height, zoom acts at once.
(function () {
  "use strict";

  const form = document.getElementById("draw-form");
  if (!form) return;
  const size = document.getElementById("draw-size");
  const zoom = document.getElementById("draw-zoom");
  const width = form.querySelector('[name="draw-width"]');
  const height = form.querySelector('[name="draw-height"]');

  size.addEventListener("change", () => {
    [width.value, height.value] = size.value.split("x");
  });

  function apply() {
    for (const picture of document.querySelectorAll("[data-drawn]")) {
      const factor = Number(zoom.value) || 1;
      picture.classList.toggle("ls-fitted", zoom.value === "fit");
      picture.width = picture.dataset.width * factor;
      picture.height = picture.dataset.height * factor;
    }
  }
  zoom.addEventListener("change", apply);
  document.addEventListener("htmx:afterSettle", apply);
})();
