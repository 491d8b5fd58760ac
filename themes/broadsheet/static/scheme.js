// The button that chooses between light and dark. The choice is kept in `localStorage.scheme`; who chooses
// what their system has follows the system again. `inline/scheme.js` puts it into force before anything is
// painted. Without storage there is no button. Below it, what is the same on every page learns which page this is.
(() => {
  const root = document.documentElement;
  const system = matchMedia("(prefers-color-scheme: dark)");
  const other = () => ((root.dataset.scheme || (system.matches ? "dark" : "light")) === "dark" ? "light" : "dark");
  const show = () => {
    for (const button of document.querySelectorAll(".scheme")) button.setAttribute("aria-pressed", other() === "light");
  };
  system.addEventListener("change", show);
  document.addEventListener("click", (event) => {
    if (!event.target.closest(".scheme")) return;
    const chosen = other();
    root.dataset.scheme = (chosen === "dark") === system.matches ? "" : chosen;
    try { localStorage.scheme = root.dataset.scheme } catch {}
    show();
  });
  show();
  for (const link of document.querySelectorAll(".latest a")) {
    if (link.pathname === location.pathname) link.setAttribute("aria-current", "page");
  }
})();
