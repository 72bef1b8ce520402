// Questions that hang on an answer beside them appear and go at once. Without this script they come after “continue”.
const rows = [...document.querySelectorAll("[data-field]")];
const shown = document.querySelector("input[name=_shown]");

function valuesOf(name) {
  const row = rows.find((one) => one.dataset.field === name);
  if (!row || row.hidden) return [];
  return [...row.querySelectorAll("input, select, textarea")]
    .filter((one) => !["radio", "checkbox"].includes(one.type) || one.checked)
    .map((one) => one.value);
}

function holds(when) {
  return Object.entries(when).every(([name, wanted]) => valuesOf(name).some((value) => wanted.includes(value)));
}

function settle() {
  for (const row of rows) if (row.dataset.when) row.hidden = !holds(JSON.parse(row.dataset.when));
  if (shown) shown.value = rows.filter((one) => !one.hidden).map((one) => one.dataset.field).join(" ");
}

document.addEventListener("change", settle);
settle();
