"use strict";

// Keeps the status strip true without keeping anybody signed in: what it asks for needs no session.
const EVERY_MS = 500;

customElements.define("garita-fresh", class extends HTMLElement {
  connectedCallback() {
    this.timer = setInterval(() => this.look(), EVERY_MS);
  }

  disconnectedCallback() {
    clearInterval(this.timer);
  }

  async look() {
    const answer = await fetch("/strip").catch(() => null);
    if (!answer?.ok) return;
    const strip = new DOMParser().parseFromString(await answer.text(), "text/html");
    const reload = this.getAttribute("reload");
    for (const now of strip.querySelectorAll("[data-fresh]")) {
      const shown = document.querySelector(`.strip [data-fresh="${now.dataset.fresh}"]`);
      if (!shown || shown.textContent === now.textContent) continue;
      shown.replaceWith(now);
      if (now.dataset.fresh === reload) location.reload();
    }
  }
});
