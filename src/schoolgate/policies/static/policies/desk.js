// The import desk by keyboard: one letter for each button, and the chosen clause shown on the picture. The page works without it.
const desk = document.querySelector("[data-desk]");
const picks = [...desk.querySelectorAll("input[name=item]")];
const says = desk.querySelector("[data-desk-says]");
const chosen = () => picks.findIndex((pick) => pick.checked);

function say(words) {
  says.textContent = "";
  window.setTimeout(() => { says.textContent = words; }, 50);
}

function show() {
  const key = picks[chosen()]?.value.split(":")[0];
  for (const mark of document.querySelectorAll(".pd-mark")) {
    mark.classList.toggle("pd-mark--now", mark.dataset.piece === key);
  }
}

function choose(place) {
  const pick = picks[place];
  const folded = pick.closest("details");
  if (folded) folded.open = true;
  pick.checked = true;
  pick.focus({ preventScroll: true });
  pick.closest(".pd-piece").scrollIntoView({ block: "nearest" });
  show();
}

function step(by) {
  const place = chosen() < 0 ? (by > 0 ? 0 : picks.length - 1) : chosen() + by;
  if (place >= 0 && place < picks.length) { choose(place); return; }
  const onwards = document.querySelector(by > 0 ? ".govuk-pagination a[rel=next]" : ".govuk-pagination a[rel=prev]");
  if (onwards) onwards.click();
  else say(by > 0 ? "This is the last one." : "This is the first one.");
}

const isTyping = (element) => element.matches("textarea, select, [contenteditable], input:not([type=radio])");

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (event.key === "?") {
    const help = document.querySelector("[data-desk-help]");
    help.open = !help.open;
    help.querySelector("summary").focus();
  } else if (event.key === "j" || event.key === "k") {
    step(event.key === "j" ? 1 : -1);
  } else {
    const button = desk.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!button || button.disabled) return;
    if (chosen() < 0 && button.value !== "undo") say("Choose a clause first: press j.");
    else button.click();
  }
  event.preventDefault();
});

// The place on the paper leads to the clause.
document.querySelector(".pd-paper__marks")?.addEventListener("click", (event) => {
  const place = picks.findIndex((pick) => pick.value.startsWith(`${event.target.dataset.piece}:`));
  if (place >= 0) choose(place);
});

desk.addEventListener("change", show);
if (chosen() >= 0) choose(chosen());
const done = document.querySelector(".govuk-notification-banner__heading");
if (done) say(done.textContent);
