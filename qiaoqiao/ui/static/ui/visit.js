// What is written at somebody's door stays on this phone until the server has said that it is kept: it survives a
// reload, a crash and a dead line. It goes when it is acknowledged, at signing out, and after seven days.
const words = document.getElementById("visit-words")?.dataset;
const form = document.querySelector("form[data-visit]");
const PREFIX = "visit:";
const DAYS = Number(words?.days ?? 7);
const AGAIN_MS = 20_000;
const PATIENCE_MS = 30_000;
const NOT_KEPT = new Set(["csrfmiddlewaretoken"]);

const mine = () => `${PREFIX}${words.account}:`;
const place = () => mine() + location.pathname;

function copies() {
  return Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));
}

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

function sweep() {
  const oldest = Date.now() - DAYS * 24 * 3600 * 1000;
  for (const name of copies()) if (!((read(name)?.at ?? 0) > oldest)) localStorage.removeItem(name);
}

function unsent() {
  return copies().filter((name) => name.startsWith(mine()) && name !== (form ? place() : ""));
}

// A line on every staff page while something written at a door has not reached the server.
function remind() {
  const [first, ...more] = unsent();
  if (!first) return;
  const line = document.createElement("p");
  const link = document.createElement("a");
  line.className = "qq-unsent";
  link.href = first.slice(mine().length);
  link.textContent = words.open;
  line.append(words.unsent.replace("{n}", String(more.length + 1)), " ", link);
  document.getElementById("main")?.prepend(line);
}

function guardSignOut() {
  const out = document.querySelector("form[action$='/sign-out/']");
  out?.addEventListener("submit", (event) => {
    const waiting = copies().some((name) => name.startsWith(mine()));
    if (waiting && !confirm(words.leaving)) {
      event.preventDefault();
      return;
    }
    for (const name of copies()) localStorage.removeItem(name);
  });
}

function guardForm() {
  const status = form.querySelector("[data-visit-status]");
  const button = form.querySelector("button[type=submit], button:not([type])");
  const forget = form.querySelector("[data-visit-forget]");
  let waiting = false;
  let sending = false;

  function say(kind) {
    status.textContent = words[kind] ?? "";
    status.dataset.kind = kind;
    status.hidden = !status.textContent;
  }

  function keep() {
    const fields = [...new FormData(form)].filter(([name]) => !NOT_KEPT.has(name));
    const copy = JSON.stringify({ at: Date.now(), waiting, fields });
    forget.hidden = false;
    try {
      localStorage.setItem(place(), copy);
    } catch {
      say("full");
    }
  }

  function restore(copy) {
    const typed = new Map();
    for (const [name, value] of copy.fields) typed.set(name, [...(typed.get(name) ?? []), value]);
    for (const box of form.elements) {
      if (!box.name || NOT_KEPT.has(box.name) || box.name === "person") continue;
      if (["checkbox", "radio"].includes(box.type)) box.checked = (typed.get(box.name) ?? []).includes(box.value);
      else if (typed.has(box.name)) box.value = typed.get(box.name)[0];
    }
    for (const part of form.querySelectorAll("details")) {
      part.open = [...part.querySelectorAll("textarea, input[type=text], input:checked")].some((box) => box.value);
    }
  }

  function lost() {
    waiting = true;
    keep();
    say("lost");
  }

  async function send() {
    if (sending) return;
    sending = true;
    waiting = true;
    keep();
    say("sending");
    button.setAttribute("aria-disabled", "true");
    try {
      await deliver();
    } catch {
      lost();
    } finally {
      sending = false;
      button.removeAttribute("aria-disabled");
    }
  }

  async function deliver() {
    const answer = await fetch(location.pathname, {
      method: "POST",
      body: new FormData(form),
      headers: { Accept: "application/json" },
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    if (answer.redirected || answer.status === 403) {
      waiting = false;
      keep();
      say("reopen");
      return;
    }
    if (answer.status >= 500 || answer.status === 429) {
      lost();
      return;
    }
    const said = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
    if (answer.ok && said.kept === form.elements.once.value) {
      waiting = false;
      localStorage.removeItem(place());
      location.assign(said.href);
      return;
    }
    waiting = false;
    keep();
    form.submit();
  }

  const copy = read(place());
  if (form.dataset.bound) {
    keep();
  } else if (copy) {
    restore(copy);
    forget.hidden = false;
    waiting = Boolean(copy.waiting);
    say(waiting ? "lost" : "restored");
  }
  for (const kind of ["input", "change"]) form.addEventListener(kind, () => { keep(); if (!waiting) say("typing"); });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send();
  });
  forget.addEventListener("click", () => {
    if (!confirm(words.forget)) return;
    localStorage.removeItem(place());
    location.replace(location.pathname);
  });
  addEventListener("online", () => { if (waiting) send(); });
  setInterval(() => { if (waiting && navigator.onLine) send(); }, AGAIN_MS);
  if (waiting && navigator.onLine) send();
}

if (words) {
  sweep();
  remind();
  guardSignOut();
  if (form) guardForm();
}
