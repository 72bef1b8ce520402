// Passkeys: a form with data-passkey="get" or "create" and data-options asks the browser, then sends its answer.
const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
const toText = (bytes) => btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
const listed = (known) => known?.map((one) => ({ ...one, id: toBytes(one.id) }));

function optionsFor(kind, asked) {
  const options = { ...asked.publicKey, challenge: toBytes(asked.publicKey.challenge) };
  if (kind === "get") return { ...options, allowCredentials: listed(options.allowCredentials) ?? [] };
  return {
    ...options,
    user: { ...options.user, id: toBytes(options.user.id) },
    excludeCredentials: listed(options.excludeCredentials) ?? [],
  };
}

function plain(credential) {
  const response = {};
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return {
    id: credential.id,
    rawId: toText(credential.rawId),
    type: credential.type,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  const failed = form.querySelector("[data-passkey-failed]");
  form.hidden = false;
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    event.stopPropagation();
    failed.hidden = true;
    try {
      const publicKey = optionsFor(form.dataset.passkey, JSON.parse(form.dataset.options));
      form.elements.credential.value = JSON.stringify(plain(await navigator.credentials[form.dataset.passkey]({ publicKey })));
      form.submit();
    } catch {
      failed.hidden = false;
    }
  });
}
