"use strict";

// Rows and cards that hold what was typed.
for (const field of document.querySelectorAll("[data-filter]")) {
  const within = document.getElementById(field.dataset.filter);
  const items = [...within.querySelectorAll("tbody > tr, :scope > li, :scope > .field")];
  const texts = items.map((item) => item.textContent.toLowerCase());
  field.addEventListener("input", () => {
    const wanted = field.value.trim().toLowerCase();
    items.forEach((item, place) => { item.hidden = !texts[place].includes(wanted); });
  });
}

// What takes longer than the page comes after it.
for (const part of document.querySelectorAll("[data-part]")) {
  fetch(part.dataset.part, { cache: "no-store" })
    .then(async (answer) => { if (answer.ok) part.innerHTML = await answer.text(); })
    .catch(() => {}); // The link to its own page stays.
}

// What is at work, asked again while the page is looked at.
for (const live of document.querySelectorAll("[data-live]")) {
  let pause = 2000;
  const again = async () => {
    if (!document.hidden) {
      try {
        const answer = await fetch(live.dataset.live, { cache: "no-store" });
        if (answer.ok) {
          const text = await answer.text();
          const stamp = answer.headers.get("x-stamp");
          if (stamp !== null && stamp !== live.dataset.stamp) {
            location.reload();
            return;
          }
          live.innerHTML = text;
          pause = text.trim() ? 2000 : 5000;
        }
      } catch (gone) {
        pause = 10000;
      }
    }
    setTimeout(again, pause);
  };
  setTimeout(again, pause);
}
