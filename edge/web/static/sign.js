"use strict";

// A signature drawn with a finger. Its strokes (x, y in pixels, milliseconds since the first touch) and their picture
// go into the field named by `for`: {"size": [width, height], "strokes": [[[x, y, ms], ...], ...], "png": base64}.
const LINE = 3;

customElements.define("garita-sign", class extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.getAttribute("for"));
    this.canvas = this.querySelector("canvas");
    this.strokes = this.field.value ? JSON.parse(this.field.value).strokes : [];
    this.canvas.addEventListener("touchstart", (event) => event.preventDefault()); // a stroke is no fling: the next tap counts
    this.canvas.addEventListener("pointerdown", (event) => this.begin(event));
    this.canvas.addEventListener("pointermove", (event) => this.draw(event));
    for (const end of ["pointerup", "pointercancel"]) this.canvas.addEventListener(end, () => this.end());
    this.querySelector("button").addEventListener("click", () => this.clear());
    this.sizes = new ResizeObserver(() => this.paint());
    this.sizes.observe(this.canvas);
  }

  disconnectedCallback() {
    this.sizes.disconnect();
  }

  begin(event) {
    this.canvas.setPointerCapture(event.pointerId);
    this.start ??= event.timeStamp;
    this.stroke = [this.point(event)];
    this.strokes.push(this.stroke);
  }

  draw(event) {
    if (!this.stroke) return;
    this.stroke.push(...event.getCoalescedEvents().map((each) => this.point(each)));
    this.paint();
  }

  end() {
    if (!this.stroke) return;
    this.stroke = null;
    this.paint();
    this.keep(JSON.stringify({ size: this.size(), strokes: this.strokes, png: this.picture() }));
  }

  clear() {
    this.strokes = [];
    this.paint();
    this.keep("");
  }

  keep(value) {
    this.field.value = value;
    this.field.dispatchEvent(new Event("change", { bubbles: true }));
  }

  point({ clientX, clientY, timeStamp }) {
    const { left, top } = this.canvas.getBoundingClientRect();
    return [Math.round(clientX - left), Math.round(clientY - top), Math.round(timeStamp - this.start)];
  }

  size() {
    return [this.canvas.clientWidth, this.canvas.clientHeight];
  }

  paint() {
    this.lines(this.canvas, getComputedStyle(this).color);
  }

  picture() {
    const paper = document.createElement("canvas");
    this.lines(paper, "black", "white");
    return paper.toDataURL("image/png").split(",")[1];
  }

  lines(canvas, ink, ground) {
    [canvas.width, canvas.height] = this.size();
    const pen = canvas.getContext("2d");
    if (ground) {
      pen.fillStyle = ground;
      pen.fillRect(0, 0, canvas.width, canvas.height);
    }
    Object.assign(pen, { strokeStyle: ink, lineWidth: LINE, lineCap: "round", lineJoin: "round" });
    for (const [first, ...rest] of this.strokes) {
      pen.beginPath();
      pen.moveTo(first[0], first[1]);
      for (const [x, y] of rest.length ? rest : [first]) pen.lineTo(x, y);
      pen.stroke();
    }
  }
});
