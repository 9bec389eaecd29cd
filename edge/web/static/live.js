"use strict";

// A reading as it happens. The stream only observes: the browser resumes it by event id, and no reconnect measures again.
const SILENCE_MS = 3000;

customElements.define("garita-live", class extends HTMLElement {
  connectedCallback() {
    this.words = JSON.parse(this.dataset.words);
    this.source = new EventSource(this.getAttribute("src"));
    this.source.addEventListener("open", () => this.heard());
    this.source.addEventListener("progress", (event) => this.progress(JSON.parse(event.data)));
    this.source.addEventListener("finished", () => this.querySelector(".seen") ? this.rest() : this.leave());
    this.source.addEventListener("error", () => this.source.readyState === EventSource.CLOSED && this.leave());
    this.addEventListener("submit", () => this.disconnectedCallback()); // an answer on its way is not overtaken by the end
    this.heard();
  }

  disconnectedCallback() {
    clearTimeout(this.silence);
    this.source.close();
  }

  heard() {
    clearTimeout(this.silence);
    delete this.dataset.state;
    this.silence = setTimeout(() => { this.dataset.state = "lost"; }, SILENCE_MS);
  }

  progress({ percent, stage }) {
    this.heard();
    this.querySelector("progress").value = percent;
    this.querySelector("output").textContent = `${Math.round(percent)}\u00a0%`;
    const words = this.querySelector(".stage");
    const said = this.words[stage] ?? this.words[""];
    if (words.textContent !== said) words.textContent = said;
  }

  // What is asked stays under the finger that is about to answer it; the answer leads to the result.
  rest() {
    this.progress({ percent: 100, stage: "ended" });
    this.disconnectedCallback();
    const stop = document.querySelector(".actions button");
    stop.disabled = true;
    stop.querySelector("svg").remove();
    stop.querySelector("span").textContent = this.words.answer;
    this.told();
  }

  // A hazard to life and a fault do not wait for the answer.
  async told() {
    const answer = await fetch(this.getAttribute("src").replace(/\/events$/, ""));
    const { early, hazard_to_life: hazard } = await answer.json();
    if (answer.ok && (hazard || !early)) this.leave();
  }

  leave() {
    this.disconnectedCallback();
    location.replace(this.getAttribute("then"));
  }
});
