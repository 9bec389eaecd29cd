"use strict";

// Keys for a gloved finger. They write into the field that was touched last in the form, at first the one named by
// `for`; a real keyboard can fill it too. A key named "more" shows the next of the sets of keys. What was
// kept from before (data-kept) is begun anew by the first key that adds to it.
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
    const { value, maxLength, dataset } = this.field;
    if (key === "more") this.more();
    else if (key === "clear") this.field.value = "";
    else if (key === "back") this.field.value = value.slice(0, -1);
    else if (dataset.kept) this.field.value = key;
    else if (value.length < maxLength) this.field.value = value + key;
    if (key !== "more") delete dataset.kept;
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }

  more() {
    const sets = [...this.querySelectorAll("[data-set]")];
    const next = (sets.findIndex((set) => !set.hidden) + 1) % sets.length;
    sets.forEach((set, place) => { set.hidden = place !== next; });
  }
});
