// Keyboard paths of the staff pages: / search, n new intake, j and k rows, ? this list. They can be turned off.
const sheet = document.getElementById("keys");
const opener = document.getElementById("keys-open");
const off = document.getElementById("keys-off");
const KEPT = "keys-off";

const rows = () => [...document.querySelectorAll("[data-row]")].filter((row) => row.offsetParent !== null);
const typing = (place) => place.closest("input:not([type=checkbox]):not([type=radio]),textarea,select,[contenteditable]");

function step(by) {
  const known = rows();
  if (!known.length) return;
  const here = known.findIndex((row) => row.contains(document.activeElement));
  const next = known[Math.min(known.length - 1, Math.max(0, here + by))];
  (next.querySelector("a[href]") ?? next).focus();
  next.scrollIntoView({ block: "nearest" });
}

function search() {
  const box = document.getElementById("search");
  box?.focus();
  box?.select();
}

// A page may give an answer a key of its own: it is chosen, and what is to be said next gets the cursor.
function chosen(key) {
  const answer = document.querySelector(`input[data-key="${CSS.escape(key)}"]`);
  return answer && (() => {
    answer.click();
    document.getElementById(answer.dataset.then)?.focus();
  });
}

const does = {
  "/": search,
  n: () => document.querySelector("[data-key=n]")?.click(),
  j: () => step(1),
  k: () => step(-1),
  "?": () => sheet.showModal(),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
  if (sheet.open || typing(event.target) || localStorage.getItem(KEPT)) return;
  const move = does[event.key] ?? chosen(event.key);
  if (!move) return;
  event.preventDefault();
  move();
});

opener.hidden = false;
opener.addEventListener("click", () => sheet.showModal());
off.checked = Boolean(localStorage.getItem(KEPT));
off.addEventListener("change", () => (off.checked ? localStorage.setItem(KEPT, "1") : localStorage.removeItem(KEPT)));
