// The rules that hold on every screen, once its letters are there and its cards are fitted to them; returns each one
// that is broken. `least` is the smallest text in mm.
async (least) => {
  await document.fonts.ready;
  await new Promise(requestAnimationFrame);
  const mm = parseFloat(getComputedStyle(document.documentElement).getPropertyValue("--mm"));
  const faults = [];
  const seen = (element) => element.checkVisibility() && !element.closest(".unseen");
  const all = (selector) => [...document.querySelectorAll(selector)].filter(seen);
  const name = (element) => {
    const kind = element.className.baseVal ?? element.className;
    return `${element.tagName}.${kind} "${element.textContent.trim().slice(0, 30)}"`;
  };

  const range = document.createRange();
  const lines = (node, start, end) => {
    range.setStart(node, start);
    range.setEnd(node, end);
    return [...range.getClientRects()];
  };
  const broken = (node) => [...node.textContent.matchAll(/[^\s-]+/g)]
    .filter(({ 0: word, index }) => !word.includes("\u00ad") && new Set(lines(node, index, index + word.length).map(({ top }) => top)).size > 1)
    .map(([word]) => word);
  const isCut = (node) => {
    const rects = lines(node, 0, node.length);
    for (let box = node.parentElement; box !== document.body; box = box.parentElement) {
      const { overflow, textOverflow, webkitLineClamp } = getComputedStyle(box);
      if (overflow === "visible") continue;
      if (textOverflow === "ellipsis" || webkitLineClamp !== "none") return false;
      const { top, bottom, left, right } = box.getBoundingClientRect();
      if (rects.some((rect) => rect.bottom > bottom + 3 || rect.top < top - 3 || rect.right > right + 1 || rect.left < left - 1)) return true;
    }
    return false;
  };

  const { scrollHeight, scrollWidth } = document.documentElement;
  if (scrollHeight > innerHeight || scrollWidth > innerWidth) faults.push("the page scrolls");

  const boxes = "main, .card, .conclusion, .actions, .rail, .strip, .strip strong, .button, .columns, garita-keys, .what, .what > span, .subject, .head.low h1";
  for (const box of all(boxes)) {
    const tall = box.scrollHeight - box.clientHeight, wide = box.scrollWidth - box.clientWidth;
    if (tall > 4 || wide > 1) faults.push(`clipped by ${wide} x ${tall}: ${name(box)}`);
  }
  for (const box of all("main, .actions")) {
    const { bottom, right } = box.getBoundingClientRect();
    const out = [...box.querySelectorAll("*")].filter(seen).find((inner) => {
      const rect = inner.getBoundingClientRect();
      return rect.bottom > bottom + 1 || rect.right > right + 1;
    });
    if (out) faults.push(`outside: ${name(out)}`);
  }

  for (const drawing of all(".card > .scene")) {
    const { top, bottom } = drawing.getBoundingClientRect(), card = drawing.parentElement.getBoundingClientRect();
    const below = drawing.nextElementSibling?.getBoundingClientRect().top ?? card.bottom;
    if (top < card.top - 1 || bottom > below + 1) faults.push(`drawn over: ${name(drawing.parentElement)}`);
  }

  for (const pair of all("[data-fit]:not(.roomy)")) {
    const full = [...pair.children].some((card) => {
      const { top, height } = card.getBoundingClientRect();
      return (card.lastElementChild.getBoundingClientRect().bottom - top) / height > 0.5;
    });
    if (!full) faults.push(`half empty: ${name(pair)}`);
  }

  const primary = all(".primary");
  if (primary.length !== 1) faults.push(`${primary.length} primary buttons`);
  if (all(".picks").length && all("a.primary").length) faults.push("the primary leads away from what is asked");
  for (const button of primary) {
    if (button.getBoundingClientRect().height < 20 * mm - 0.5) faults.push("primary under 20 mm");
  }

  const targets = all("a, button, [role=link]").map((element) => [element, element.getBoundingClientRect()]);
  for (const [element, box] of targets) {
    if (Math.min(box.width, box.height) < 15 * mm - 0.5) faults.push(`target under 15 mm: ${name(element)}`);
  }
  targets.forEach(([one, a], index) => targets.slice(index + 1).forEach(([other, b]) => {
    const gap = Math.max(a.left - b.right, b.left - a.right, a.top - b.bottom, b.top - a.bottom) / mm;
    if (gap < 2.9) faults.push(`${gap.toFixed(1)} mm between ${name(one)} and ${name(other)}`);
  }));

  for (const text of all("svg text")) {
    const size = parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a / mm;
    if (size < 0.9 * least - 0.02) faults.push(`drawn text of ${size.toFixed(2)} mm: ${text.textContent}`);
  }

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const parent = texts.currentNode.parentElement;
    if (!texts.currentNode.textContent.trim() || !seen(parent) || parent.closest("svg, script")) continue;
    const size = parseFloat(getComputedStyle(parent).fontSize) / mm;
    if (size < least - 0.02) faults.push(`text of ${size.toFixed(2)} mm: ${name(parent)}`);
    if (isCut(texts.currentNode)) faults.push(`cut off: ${name(parent)}`);
    if (parent.closest(".actions")) faults.push(...broken(texts.currentNode).map((word) => `broken: ${word}`));
  }
  return faults;
}
