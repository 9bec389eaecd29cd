"use strict";

// Asks the browser for a FIDO2 token's answer and sends it with the form around it. What is asked comes from the server.
customElements.define("garita-token", class extends HTMLElement {
  connectedCallback() {
    this.form = document.getElementById(this.getAttribute("form"));
    this.form.addEventListener("submit", (event) => {
      if (this.form.elements.answer.value) return;
      event.preventDefault();
      this.ask();
    });
  }

  async ask() {
    const { publicKey } = JSON.parse(this.dataset.options);
    const fresh = this.hasAttribute("new");
    this.dataset.state = "waiting";
    try {
      const asked = fresh
        ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) })
        : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
      this.form.elements.answer.value = JSON.stringify((await asked).toJSON());
      this.form.submit();
    } catch {
      this.dataset.state = "failed";
    }
  }
});
