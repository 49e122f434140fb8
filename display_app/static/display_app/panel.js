// Draws the panel as LEDs on every <canvas data-led-panel data-stream="...">, fed by server-sent events.
//
// The rule it keeps: nothing is drawn as live unless the server said so within the last seconds. `data-state` on the canvas is
// `connecting`, `live`, `lost` (the server says that the panel does not run) or `stale` (no word from the server).
(() => {
  "use strict";

  const SILENT_AFTER = 2500; // ms without a word; the server speaks every second
  const QUIET_START = 500; // ms before "Connecting" is worth a word
  const RETRY_AFTER = 3000; // ms, when the server refused the stream
  const BOARD = "#0b0b0d";
  const UNLIT = "#1b1b1f";
  const LAMP = 0.4; // radius of a lamp in parts of the distance between two
  const WORDS = {
    connecting: ["Connecting", "Waiting for the first picture"],
    lost: ["The panel is not running", "It comes back by itself, or see the log"],
    stale: ["The panel is not running", "No word from the server, trying again"],
  };

  class LedPanel {
    constructor(canvas) {
      this.canvas = canvas;
      this.context = canvas.getContext("2d");
      this.columns = Number(canvas.getAttribute("width")) || 128;
      this.rows = Number(canvas.getAttribute("height")) || 32;
      this.pixels = document.createElement("canvas"); // one pixel a lamp
      this.lit = document.createElement("canvas"); // the lamps that shine, cut to discs
      this.mask = document.createElement("canvas"); // discs
      this.pitch = 0;
      this.newest = 0;
      this.brightness = 100;
      this.state = "";
      this.resize = new ResizeObserver(() => this.fit());
      this.resize.observe(canvas.parentElement);
      window.addEventListener("resize", () => this.fit());
      document.addEventListener("visibilitychange", () => (document.hidden ? this.disconnect() : this.connect()));
      window.setInterval(() => this.watch(), 250);
      this.show("connecting");
      this.fit();
      this.connect();
    }

    // ---- the stream

    connect() {
      if (this.source || document.hidden) return;
      window.clearTimeout(this.retry);
      this.heardAt = performance.now();
      this.show("connecting");
      this.source = new EventSource(this.canvas.dataset.stream);
      this.source.addEventListener("beat", (event) => this.onBeat(JSON.parse(event.data)));
      this.source.addEventListener("frame", (event) => this.onFrame(JSON.parse(event.data)));
      this.source.addEventListener("error", () => this.onError());
    }

    disconnect() {
      window.clearTimeout(this.retry);
      if (this.source) this.source.close();
      this.source = null;
      this.show("connecting");
    }

    onError() {
      if (!this.source || this.source.readyState !== EventSource.CLOSED) return; // the browser connects again by itself
      this.source = null;
      this.retry = window.setTimeout(() => this.reconnect(), RETRY_AFTER);
    }

    reconnect() {
      const silent = this.state === "stale";
      this.connect();
      if (silent) this.show("stale"); // until there is word
    }

    onBeat(beat) {
      this.heardAt = performance.now();
      if (!beat.alive) this.show("lost");
      else if (this.hasPicture) this.show("live");
      else if (this.state !== "connecting") this.show("connecting"); // the picture follows
    }

    async onFrame(frame) {
      this.heardAt = performance.now();
      const turn = ++this.newest;
      const bytes = await inflate(frame.rgb);
      if (turn !== this.newest) return; // a newer one, or the end, overtook it
      if (bytes.length !== frame.width * frame.height * 3) return;
      this.take(frame, bytes);
      this.show("live");
    }

    watch() {
      if (document.hidden) return;
      const now = performance.now();
      if (now - this.heardAt > SILENT_AFTER) {
        if (this.state !== "stale") this.show("stale");
      } else if (this.state === "connecting" && now - this.connectedAt > QUIET_START) {
        this.draw();
      }
    }

    // ---- the picture

    take(frame, bytes) {
      if (frame.width !== this.columns || frame.height !== this.rows || !this.hasPicture) {
        this.columns = this.pixels.width = frame.width;
        this.rows = this.pixels.height = frame.height;
        this.pitch = 0;
        this.fit();
      }
      this.brightness = frame.brightness;
      const image = new ImageData(frame.width, frame.height);
      for (let from = 0, to = 0; from < bytes.length; from += 3, to += 4) {
        image.data[to] = bytes[from];
        image.data[to + 1] = bytes[from + 1];
        image.data[to + 2] = bytes[from + 2];
        image.data[to + 3] = 255;
      }
      this.pixels.getContext("2d").putImageData(image, 0, 0);
      this.hasPicture = true;
    }

    show(state) {
      if (state !== "live") {
        this.newest += 1; // what is still being unpacked is old
        this.hasPicture = false;
      }
      if (state !== this.state) {
        if (state === "connecting") this.connectedAt = performance.now();
        this.state = this.canvas.dataset.state = state;
        this.canvas.setAttribute("aria-label", state === "live" ? "Live picture of the panel" : WORDS[state][0]);
        this.canvas.dispatchEvent(new CustomEvent("led-panel-state", { bubbles: true, detail: { state } }));
      }
      this.draw();
    }

    // Whole device pixels a lamp, so that every lamp looks alike whatever the zoom.
    fit() {
      const ratio = window.devicePixelRatio || 1;
      const style = getComputedStyle(this.canvas.parentElement);
      const room = this.canvas.parentElement.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight);
      if (room <= 0) return;
      const pitch = Math.max(1, Math.floor((room * ratio) / this.columns));
      if (pitch === this.pitch && ratio === this.ratio) return;
      this.pitch = pitch;
      this.ratio = ratio;
      for (const canvas of [this.canvas, this.lit, this.mask]) {
        canvas.width = this.columns * pitch;
        canvas.height = this.rows * pitch;
      }
      this.canvas.style.width = `${this.canvas.width / ratio}px`;
      this.canvas.style.height = `${this.canvas.height / ratio}px`;
      this.drawMask();
      this.draw();
    }

    drawMask() {
      const context = this.mask.getContext("2d");
      if (this.pitch < 3) {
        context.fillRect(0, 0, this.mask.width, this.mask.height); // too small for round
        return;
      }
      const lamp = document.createElement("canvas");
      lamp.width = lamp.height = this.pitch;
      const disc = lamp.getContext("2d");
      disc.arc(this.pitch / 2, this.pitch / 2, this.pitch * LAMP, 0, 2 * Math.PI);
      disc.fill();
      context.fillStyle = context.createPattern(lamp, "repeat");
      context.fillRect(0, 0, this.mask.width, this.mask.height);
    }

    draw() {
      if (!this.pitch) return;
      const { context, canvas } = this;
      context.globalAlpha = 1;
      context.globalCompositeOperation = "source-over";
      this.fillLamps(UNLIT);
      context.fillStyle = BOARD;
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.drawImage(this.lit, 0, 0);
      if (this.state === "live" && this.hasPicture) this.drawPicture();
      else if (this.state !== "connecting" || performance.now() - this.connectedAt > QUIET_START) this.drawWords();
    }

    drawPicture() {
      const { context, canvas } = this;
      const level = this.brightness === 0 ? 0 : 0.35 + (0.65 * this.brightness) / 100;
      this.fillLamps(null);
      context.globalAlpha = level;
      context.globalCompositeOperation = "lighten";
      context.drawImage(this.lit, 0, 0);
      context.globalAlpha = 0.22 * level;
      context.globalCompositeOperation = "lighter";
      context.imageSmoothingEnabled = true;
      context.drawImage(this.pixels, 0, 0, canvas.width, canvas.height); // smoothed: a glow that reaches the neighbours
      context.globalAlpha = 1;
      context.globalCompositeOperation = "source-over";
    }

    // Fill the lamps with one colour, or with the picture.
    fillLamps(colour) {
      const context = this.lit.getContext("2d");
      context.globalCompositeOperation = "copy";
      context.imageSmoothingEnabled = false;
      if (colour) {
        context.fillStyle = colour;
        context.fillRect(0, 0, this.lit.width, this.lit.height);
      } else {
        context.drawImage(this.pixels, 0, 0, this.lit.width, this.lit.height);
      }
      context.globalCompositeOperation = "destination-in";
      context.drawImage(this.mask, 0, 0);
    }

    drawWords() {
      const { context, canvas } = this;
      const [title, note] = WORDS[this.state];
      const size = Math.min(canvas.height * 0.2, canvas.width / 16, 28 * this.ratio);
      context.fillStyle = "rgba(11, 11, 13, 0.72)";
      context.fillRect(0, 0, canvas.width, canvas.height);
      context.textAlign = "center";
      context.textBaseline = "middle";
      context.fillStyle = this.state === "connecting" ? "#b8b8c0" : "#ffb454";
      context.font = `600 ${size}px system-ui, sans-serif`;
      context.fillText(title, canvas.width / 2, canvas.height / 2 - size * 0.6);
      context.fillStyle = "#9a9aa4";
      context.font = `${size * 0.7}px system-ui, sans-serif`;
      context.fillText(note, canvas.width / 2, canvas.height / 2 + size * 0.7);
    }
  }

  async function inflate(text) {
    const packed = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  }

  const mounted = new WeakSet();
  function mount(root) {
    for (const canvas of root.querySelectorAll("canvas[data-led-panel]")) {
      if (mounted.has(canvas)) continue;
      mounted.add(canvas);
      canvas.ledPanel = new LedPanel(canvas);
    }
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => mount(document));
  else mount(document);
  document.addEventListener("htmx:load", (event) => mount(event.target.parentNode || document));
})();
