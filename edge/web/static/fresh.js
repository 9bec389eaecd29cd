"use strict";

// Keeps status strip, notices and automatic light true without keeping anybody signed in: what it asks for needs no session.
// It asks again only after an answer: a slow station is not asked by several at once.
const PAUSE_MS = 500;
const PATIENCE_MS = 5000;

customElements.define("garita-fresh", class extends HTMLElement {
  connectedCallback() {
    this.again();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }

  again() {
    this.timer = setTimeout(() => this.look(), PAUSE_MS);
  }

  async look() {
    await this.take().catch(() => null);
    if (this.isConnected) this.again();
  }

  async take() {
    const root = document.documentElement;
    const asked = new URLSearchParams({ place: location.pathname + location.search, practice: "practising" in root.dataset });
    const answer = await fetch(`/strip?${asked}`, { signal: AbortSignal.timeout(PATIENCE_MS) }).catch(() => null);
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
