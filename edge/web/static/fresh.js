"use strict";

// Keeps status strip, notices and automatic light true without keeping anybody signed in: what it asks for needs no session.
const EVERY_MS = 500;

customElements.define("garita-fresh", class extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async look() {
    const root = document.documentElement;
    const asked = new URLSearchParams({ place: location.pathname, practice: "practising" in root.dataset });
    const answer = await fetch(`/strip?${asked}`).catch(() => null);
    if (!answer?.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    root.dataset.theme = fresh.documentElement.dataset.theme;
    const reload = this.getAttribute("reload");
    for (const now of fresh.querySelectorAll("[data-fresh]")) {
      const shown = document.querySelector(`[data-fresh="${now.dataset.fresh}"]`);
      if (!shown || shown.textContent === now.textContent) continue;
      shown.replaceWith(now);
      if (now.dataset.fresh === reload) location.reload();
    }
  }
});
