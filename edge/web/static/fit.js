"use strict";

// Cards are written as large as all of them fit, and a conclusion above them smaller only where they would not fit at
// all; what the page came with stands where nothing else does.
const FIT_SIZES = ["roomy", "", "close", "dense"];
const WORN = [...FIT_SIZES, "fitted", "wide", "wide-end"].filter(Boolean);

const letters = (box) => box.textContent.replace(/\s+/g, " ").length;
const isCut = (box) => box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth;

const CAME_CROWDED = document.querySelector(".conclusion.crowded") !== null;

function* ways(first, second) {
  const widths = second ? ["", letters(first) > letters(second) ? "wide" : "wide-end"] : [""];
  const crowds = CAME_CROWDED ? [[false, true]] : [[false], [true]];
  for (const some of crowds) for (const size of FIT_SIZES) for (const crowded of some) for (const width of widths) {
    yield { size, crowded, width };
  }
}

function fit(box) {
  const conclusion = document.querySelector(".conclusion"), came = box.className;
  for (const { size, crowded, width } of ways(...box.children)) {
    conclusion?.classList.toggle("crowded", crowded);
    box.classList.remove(...WORN);
    box.classList.add(...["fitted", size, width].filter(Boolean));
    if (![box, ...box.children, box.parentElement].some(isCut)) return;
  }
  box.className = came;
}

function fitAll() {
  for (const box of document.querySelectorAll("[data-fit]")) fit(box);
}

fitAll();
document.fonts.ready.then(fitAll);
