"use strict";

// The device's camera in place of a file field: the first press of the form's button takes the picture, the second sends
// it. Where no camera answers, the field stays as it is.
const WANTED = { audio: false, video: { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } } };
const QUALITY = 0.9;

customElements.define("garita-photo", class extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("input[type=file]");
    this.video = this.querySelector("video");
    this.picture = this.querySelector("canvas");
    this.field.form.addEventListener("submit", (event) => {
      if (this.field.files.length) return;
      event.preventDefault();
      if (this.dataset.state === "live") this.take();
    });
    this.retake = document.querySelector("[data-retake]");
    this.retake?.addEventListener("click", () => this.again());
    this.begin();
  }

  disconnectedCallback() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
  }

  async begin() {
    this.dataset.state = "starting";
    try {
      this.stream = await navigator.mediaDevices.getUserMedia(WANTED);
      this.video.srcObject = this.stream;
      await this.video.play();
      this.style.setProperty("--view", this.video.videoWidth / this.video.videoHeight);
      this.dataset.state = "live";
    } catch {
      this.dataset.state = "none";
    }
  }

  async take() {
    const { videoWidth, videoHeight } = this.video;
    [this.picture.width, this.picture.height] = [videoWidth, videoHeight];
    this.picture.getContext("2d").drawImage(this.video, 0, 0);
    const data = await new Promise((done) => { this.picture.toBlob(done, "image/jpeg", QUALITY); });
    const files = new DataTransfer();
    files.items.add(new File([data], "photo.jpg", { type: "image/jpeg" }));
    this.field.files = files.files;
    this.show("taken");
  }

  again() {
    this.field.value = "";
    this.show("live");
  }

  show(state) {
    this.dataset.state = state;
    if (this.retake) this.retake.disabled = state !== "taken";
  }
});
