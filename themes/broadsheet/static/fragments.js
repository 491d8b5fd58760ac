// Fills every `data-fragment` placeholder with the shared piece of page it names.
// Without this script, or when the fetch fails, the placeholder's own link stays.
for (const place of document.querySelectorAll("[data-fragment]")) {
  fetch(place.dataset.fragment)
    .then((answer) => (answer.ok ? answer.text() : Promise.reject(answer.status)))
    .then((html) => {
      place.innerHTML = html;
      for (const link of place.querySelectorAll(".latest a")) {
        if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
      }
    })
    .catch(() => {});
}
