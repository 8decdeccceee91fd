// Makes pages quicker to use. Every page works without it.
import { initAll } from "./govuk.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

// A form or button with data-confirm asks its question before it goes on.
document.addEventListener("submit", (event) => {
  const question = event.submitter?.dataset.confirm || event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});

// An open menu closes on Escape and on a click elsewhere.
const openMenus = () => document.querySelectorAll("details[data-closes][open]");
document.addEventListener("click", (event) => {
  for (const menu of openMenus()) if (!menu.contains(event.target)) menu.open = false;
});

// data-key-next="broken" on any element: n or j goes to the next item with that state in it, p or k to the one before.
const isTyping = (element) => element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName);

function move(holder, step) {
  const items = [...holder.querySelectorAll(`[data-state="${CSS.escape(holder.dataset.keyNext)}"]`)];
  if (!items.length) return;
  const now = items.indexOf(document.activeElement);
  const next = items[now < 0 ? (step > 0 ? 0 : items.length - 1) : (now + step + items.length) % items.length];
  if (!next.matches("a, button, input, summary, [tabindex]")) next.tabIndex = -1;
  next.focus();
  next.scrollIntoView({ block: "center" });
}

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    for (const menu of openMenus()) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  }
  const step = { n: 1, j: 1, p: -1, k: -1 }[event.key];
  if (!step || event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  const holder = document.querySelector("[data-key-next]");
  if (holder) move(holder, step);
});
