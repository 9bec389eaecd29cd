"use strict";

// A button for what cannot be undone: it acts when it was held for 1.5 s and then let go. Letting go early or sliding
// off does nothing. Its form learns by the field `held` that it was held; without scripts that field stays empty.
const HOLD_MS = 1500;

customElements.define("garita-hold", class extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("button");
    this.words = this.querySelector("[data-short]");
    this.on("pointerdown", (event) => {
      event.target.releasePointerCapture(event.pointerId);
      this.press();
    });
    this.on("pointerup", () => this.letGo());
    for (const away of ["pointerleave", "pointercancel", "blur"]) this.on(away, () => this.show(""));
    this.on("keydown", (event) => this.key(event, () => event.repeat || this.press()));
    this.on("keyup", (event) => this.key(event, () => this.letGo()));
    this.on("click", (event) => event.preventDefault());
    this.on("contextmenu", (event) => event.preventDefault());
  }

  on(name, act) {
    this.button.addEventListener(name, act);
  }

  key(event, act) {
    if (event.key !== " " && event.key !== "Enter") return;
    event.preventDefault();
    act();
  }

  press() {
    this.show("pressed");
    this.timer = setTimeout(() => this.show("full"), HOLD_MS);
  }

  letGo() {
    const { state } = this.dataset;
    if (!state) return;
    this.show(state === "full" ? "" : "short");
    if (state !== "full") return;
    this.button.form.elements.held.value = "yes";
    this.button.form.requestSubmit(this.button);
  }

  show(state) {
    clearTimeout(this.timer);
    if (state === "" && this.dataset.state === "short") return;
    this.dataset.state = state;
    this.words.textContent = this.words.dataset[state] ?? this.words.dataset.idle;
  }
});
