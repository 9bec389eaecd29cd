"use strict";

// Shows what an instrument tells now: its page is asked for again and its [data-look] parts are taken over.
// It ends after two minutes without a touch, so that a screen left alone keeps nobody signed in.
const LOOK_MS = 400;
const LOOKS = 300;

customElements.define("garita-look", class extends HTMLElement {
  connectedCallback() {
    this.left = LOOKS;
    this.touched = () => { this.left = LOOKS; };
    addEventListener("pointerdown", this.touched);
    this.again();
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    removeEventListener("pointerdown", this.touched);
  }

  again() {
    this.timer = setTimeout(() => this.look(), LOOK_MS);
  }

  async look() {
    const answer = this.left-- > 0 ? await fetch(this.getAttribute("src") ?? location.href).catch(() => null) : null;
    if (answer?.ok && !answer.redirected) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      for (const shown of document.querySelectorAll("[data-look]")) {
        const now = page.querySelector(`[data-look="${shown.dataset.look}"]`);
        if (now && now.outerHTML !== shown.outerHTML) shown.replaceWith(now);
      }
    }
    if (this.isConnected) this.again();
  }
});
