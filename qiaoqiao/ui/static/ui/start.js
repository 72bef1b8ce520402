// Starts the components of GOV.UK Frontend and tells the server the person's time zone.
const self = document.querySelector("script[data-govuk]");

document.body.classList.add("js-enabled");
if ("noModule" in HTMLScriptElement.prototype) document.body.classList.add("govuk-frontend-supported");

import(self.dataset.govuk).then((kit) => {
  kit.initAll();
  document.addEventListener("htmx:afterSwap", (event) => kit.initAll({ scope: event.detail.elt }));
});

function keepZone() {
  if (/(^|; )tz=/.test(document.cookie)) return;
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (!zone) return;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  document.cookie = `tz=${zone}; path=/; max-age=31536000; SameSite=Lax${secure}`;
}
keepZone();

// One open menu at a time; Escape closes it and gives the focus back.
const menus = [...document.querySelectorAll("details.qq-menu")];
document.addEventListener("click", (event) => {
  for (const menu of menus) if (menu.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of menus) {
    if (!menu.open) continue;
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});

// The clock in the top bar follows Beijing while the page stays open.
const clock = document.querySelector("[data-beijing]");
if (clock) {
  const words = new Intl.DateTimeFormat("en-GB", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit" });
  setInterval(() => { clock.textContent = words.format(new Date()); }, 10_000);
}
