// While a long file is read, the page says so and for how long it has been reading. The form works without it.
const form = document.querySelector("[data-import]");
const waiting = form.querySelector("[data-waiting]");

form.addEventListener("submit", () => {
  const name = form.querySelector("input[type=file]").files[0]?.name;
  if (!name) return;
  const bar = document.createElement("progress");
  const words = document.createElement("span");
  bar.setAttribute("aria-hidden", "true");
  words.textContent = `Reading ${name}. This takes up to 10 seconds.`;
  waiting.replaceChildren(bar, words);
});

// Coming back with the browser's own button shows the page as it was left: it is not reading any more.
window.addEventListener("pageshow", () => waiting.replaceChildren());
