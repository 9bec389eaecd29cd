"use strict";

// Number keys for a gloved finger; they write into the field named by `for`, which a real keyboard can fill too.
customElements.define("garita-keys", class extends HTMLElement {
  connectedCallback() {
    this.field = document.getElementById(this.getAttribute("for"));
    this.addEventListener("click", (event) => {
      const key = event.target.closest("button");
      if (key && !key.disabled) this.press(key.value);
    });
  }

  press(key) {
    const { value, maxLength } = this.field;
    if (key === "clear") this.field.value = "";
    else if (key === "back") this.field.value = value.slice(0, -1);
    else if (value.length < maxLength) this.field.value = value + key;
  }
});
