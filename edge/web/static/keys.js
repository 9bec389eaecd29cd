"use strict";

// Keys for a gloved finger. They write into the field that was touched last in the form, at first the one named by
// `for`; a real keyboard can fill it too. A key named "more" shows the next of the sets of keys.
customElements.define("garita-keys", class extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.getAttribute("for"));
    this.field.form.addEventListener("focusin", ({ target }) => {
      if (target.matches(".pin, .text")) this.field = target;
    });
    this.addEventListener("click", (event) => {
      const key = event.target.closest("button");
      if (key && !key.disabled) this.press(key.value);
    });
  }

  press(key) {
    const { value, maxLength } = this.field;
    if (key === "more") this.more();
    else if (key === "clear") this.field.value = "";
    else if (key === "back") this.field.value = value.slice(0, -1);
    else if (value.length < maxLength) this.field.value = value + key;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  more() {
    const sets = [...this.querySelectorAll("[data-set]")];
    const next = (sets.findIndex((set) => !set.hidden) + 1) % sets.length;
    sets.forEach((set, place) => { set.hidden = place !== next; });
  }
});
