"use strict";

// Cards are written as large as all of them fit; what the page came with stands where nothing larger does.
const FIT_SIZES = ["roomy", "", "close", "dense"];
const WORN = [...FIT_SIZES, "fitted", "wide", "wide-end"].filter(Boolean);

const letters = (box) => box.textContent.replace(/\s+/g, " ").length;
const isCut = (box) => box.scrollHeight > box.clientHeight || box.scrollWidth > box.clientWidth;

function* ways(crowds, first, second) {
  const widths = second ? ["", letters(first) > letters(second) ? "wide" : "wide-end"] : [""];
  for (const size of FIT_SIZES) for (const crowded of crowds) for (const width of widths) yield { size, crowded, width };
}

function fit(box) {
  const conclusion = document.querySelector(".conclusion"), came = box.className;
  const crowds = conclusion?.classList.contains("crowded") ? [false, true] : [false];
  for (const { size, crowded, width } of ways(crowds, ...box.children)) {
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
