"use strict";

// Saves each field inside it as it changes: a field is named for the screening's drafts by data-draft. What is typed
// while one save is on its way goes with the next, so the last value always arrives last.
customElements.define("garita-draft", class extends HTMLElement {
  connectedCallback() {
    this.waiting = new Map();
    this.addEventListener("input", ({ target }) => this.changed(target));
    this.addEventListener("change", ({ target }) => this.changed(target));
  }

  changed(field) {
    if (!field.dataset.draft) return;
    this.waiting.set(field.dataset.draft, field.value);
    if (!this.saving) this.save();
  }

  async save() {
    this.saving = true;
    for (const [name, value] of this.waiting) {
      this.waiting.delete(name);
      const body = new URLSearchParams({ name, value });
      await fetch(this.getAttribute("action"), { method: "POST", body, keepalive: true }).catch(() => null);
    }
    this.saving = false;
  }
});
