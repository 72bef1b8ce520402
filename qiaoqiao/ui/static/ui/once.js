// A form is sent once: after it leaves, its button rests and says so. Going back wakes it again.
const resting = new Map();

function rest(button) {
  if (resting.has(button)) return;
  resting.set(button, button.innerHTML);
  button.setAttribute("aria-disabled", "true");
  button.textContent = document.body.dataset.sending;
}

function wake() {
  for (const [button, words] of resting) {
    button.removeAttribute("aria-disabled");
    button.innerHTML = words;
  }
  resting.clear();
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  const form = event.target;
  if (event.defaultPrevented || form.method === "dialog" || form.method === "get") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  if (form.target === "_blank") return;
  form.dataset.sent = "yes";
  if (button) rest(button);
});

addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
  wake();
});
