"use strict";

// What was touched shows it at once, until the next screen comes; what leads nowhere after all lets go of it.
const SHOWN_MS = 1500;

addEventListener("click", ({ target, defaultPrevented }) => {
  const touched = defaultPrevented ? null : target.closest("a.button, .button:not([type=button])");
  if (!touched) return;
  touched.dataset.touched = "";
  setTimeout(() => { delete touched.dataset.touched; }, SHOWN_MS);
});
