// Makes the desk quick: a key or a button decides, and nothing loads. It sends the very forms that
// the page has, and takes from the answer the part of the page that they change.

const paper = window.trustedTypes
  ? trustedTypes.createPolicy("desk", { createHTML: (page) => page })
  : { createHTML: (page) => page };
const queue = () => document.getElementById("queue");
const rows = () => [...document.querySelectorAll(".row")];
const current = () => document.activeElement?.closest(".row") ?? null;
const said = document.getElementById("said");
const trouble = document.getElementById("trouble");
let sending = Promise.resolve();
let pending = 0;
// What the answer to the last form that was taken shows; not yet seen while others are on their way.
let unseen = null;

function focusOn(row) {
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

function step(by) {
  const all = rows();
  const at = all.indexOf(current());
  focusOn(all[at < 0 ? 0 : Math.min(Math.max(at + by, 0), all.length - 1)]);
}

// What the row of a box is known by: another thing as soon as it says something else.
function shownAt(box) {
  return [...box.closest(".row").querySelectorAll('[name^="shown-"]')].map((one) => one.value).join();
}

// What somebody has typed in the rows that stay, and which are chosen, if they are what they were.
function kept() {
  const typed = [...document.querySelectorAll(".row textarea")].filter((one) => one.value);
  const chosen = [...document.querySelectorAll('.row:not(.leaving) [name="chosen"]:checked')]
    .map((one) => ({ value: one.value, shown: shownAt(one) }));
  return () => {
    for (const { id, value } of typed) {
      const again = document.getElementById(id);
      if (again) {
        again.value = value;
        again.closest("details").open = true;
      }
    }
    for (const { value, shown } of chosen) {
      const again = document.querySelector(`[name="chosen"][value="${CSS.escape(value)}"]`);
      if (again && shownAt(again) === shown) again.checked = true;
    }
  };
}

function show(fresh, address, next) {
  const restore = kept();
  queue().replaceWith(document.adoptNode(fresh));
  restore();
  // What went wrong with one of several that were sent stays to be read.
  if (!trouble.hidden) queue().prepend(trouble);
  const here = new URL(address);
  here.searchParams.delete("done");
  here.searchParams.delete("left");
  history.replaceState(null, "", here.pathname + here.search);
  said.textContent = document.getElementById("notice")?.textContent.replace(/\s+/g, " ").trim() ?? "";
  focusOn(document.getElementById(next) ?? rows()[0]);
  if (!rows().length) document.getElementById("main").focus();
}

// Why nothing was done, beside the button that was pressed; all that was typed stays.
function tell(page, button) {
  const place = page?.getElementById("why") ?? page?.getElementById("main");
  const why = place?.textContent.replace(/\s+/g, " ").trim();
  trouble.textContent = why || trouble.dataset.unheard;
  trouble.hidden = false;
  (button.isConnected ? (button.closest(".row, fieldset, form") ?? queue()) : queue()).append(trouble);
  trouble.scrollIntoView({ block: "nearest" });
}

// The page that answers a form, null if none comes: no line, no service.
async function answerTo(form, button, data) {
  try {
    const address = button.getAttribute("formaction") ?? form.getAttribute("action");
    const answer = await fetch(address, { method: "POST", body: new URLSearchParams(data) });
    const page = new DOMParser().parseFromString(paper.createHTML(await answer.text()), "text/html");
    return { page, address: answer.url };
  } catch {
    return null;
  }
}

async function send(form, button) {
  const data = new FormData(form);
  data.append(button.name, button.value);
  // The boxes of other rows stay where they are; without a script the answer brings them back.
  for (const name of [...data.keys()]) {
    if (name.startsWith("reply-") && name.replace("-", ":") !== button.value) data.delete(name);
  }
  const row = button.closest(".row");
  const leaving = row ? [row] : rows().filter((one) => one.querySelector("[name=chosen]:checked"));
  const all = rows();
  const after = all.slice(Math.max(all.indexOf(leaving.at(-1)), 0) + 1);
  const next = after.find((one) => !one.classList.contains("leaving")) ?? all.at(-2);
  const isGoing = /^(approve|hold|spam|trash|restore)/.test(button.value);
  if (isGoing) leaving.forEach((one) => one.classList.add("leaving"));
  if (isGoing && row) focusOn(next);
  if (!pending) trouble.hidden = true;
  pending += 1;
  sending = sending.then(async () => {
    const answer = await answerTo(form, button, data);
    pending -= 1;
    const fresh = answer?.page.getElementById("queue");
    if (fresh) {
      const replied = button.value.startsWith("reply:") && document.getElementById(button.value.replace(":", "-"));
      if (replied) replied.value = "";
      unseen = () => show(fresh, answer.address, isGoing && row ? (current()?.id ?? next?.id) : row?.id);
    } else {
      leaving.forEach((one) => one.classList.remove("leaving"));
      tell(answer?.page, button);
    }
    // Who presses keys faster than the line is has but the last answer shown.
    if (!pending) {
      unseen?.();
      unseen = null;
    }
  });
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  const button = event.submitter;
  if (!form.closest("#queue") || form.method !== "post" || !button) return;
  if (button.value.startsWith("delete")) return;
  event.preventDefault();
  if (button.value !== "nothing") send(form, button);
});

function press(row, verb) {
  row?.querySelector(`button[value^="${verb}:"]`)?.click();
}

function unfold(row, part, within) {
  const details = row?.querySelector(part);
  if (!details) return;
  details.open = true;
  details.querySelector(within)?.focus();
}

function toggle(box) {
  if (box) box.checked = !box.checked;
}

function help() {
  const keys = document.getElementById("keys");
  keys.open = !keys.open;
  if (keys.open) keys.querySelector("summary").focus();
}

const keys = {
  j: () => step(1),
  k: () => step(-1),
  x: () => toggle(current()?.querySelector('[name="chosen"]')),
  a: () => press(current(), current()?.querySelector('[value^="restore:"].first') ? "restore" : "approve"),
  s: () => press(current(), "spam"),
  d: () => press(current(), "trash"),
  r: () => unfold(current(), ".answer", "textarea"),
  e: () => current()?.querySelector(".correct")?.click(),
  u: () => document.getElementById("undo")?.click(),
  o: () => current()?.querySelector(".open, .where")?.click(),
  t: () => unfold(current(), ".more", ".trust"),
  b: () => unfold(current(), ".more", ".block"),
  A: () => document.querySelector('.bulk [value="approve"]')?.click(),
  S: () => document.querySelector('.bulk [value="spam"]')?.click(),
  D: () => document.querySelector('.bulk [value="trash"]')?.click(),
  "*": () => toggle(document.querySelector('.bulk [name="all"]')),
  "/": () => document.getElementById("q").focus(),
  "?": help,
};

const switchOfKeys = document.getElementById("keys-on");
if (switchOfKeys) {
  document.getElementById("keys").hidden = false;
  switchOfKeys.checked = localStorage.getItem("desk-keys") !== "off";
  switchOfKeys.addEventListener("change", () => {
    localStorage.setItem("desk-keys", switchOfKeys.checked ? "on" : "off");
  });
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=checkbox]), textarea, select");
  if (typing && event.key === "Escape") {
    const row = typing.closest(".row");
    row ? focusOn(row) : typing.blur();
    return;
  }
  const act = keys[event.key];
  if (!act || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  if (!switchOfKeys?.checked && event.key !== "?") return;
  event.preventDefault();
  act();
});
