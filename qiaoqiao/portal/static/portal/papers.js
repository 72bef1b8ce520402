// A chosen file is sent at once, so that what does not fit is known while it is still at hand.
const form = document.querySelector("form[data-papers]");
const upload = form?.querySelector("button[name=upload]");

form?.addEventListener("change", (event) => {
  if (event.target.type === "file" && event.target.files.length) form.requestSubmit(upload);
});
if (upload) upload.hidden = true;
