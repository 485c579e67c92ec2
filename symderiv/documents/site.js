// The search of the index: what does not hold every word typed is hidden.  Without it all is shown.
const field = document.getElementById("search");
const rows = [...document.querySelectorAll("[data-words]")];
const count = document.getElementById("count");
document.querySelector(".search").hidden = false;
field.addEventListener("input", () => {
  const wanted = field.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const row of rows) {
    row.hidden = !wanted.every((word) => row.dataset.words.includes(word));
    shown += row.hidden ? 0 : 1;
  }
  for (const section of document.querySelectorAll("section")) {
    section.hidden = !section.querySelector("[data-words]:not([hidden])");
  }
  count.textContent = wanted.length ? `${shown} / ${rows.length}` : "";
});
