((root, system, own) => {
  try { own = localStorage.scheme } catch {}
  const other = () => (own || (system.matches ? "dark" : "light")) == "dark" ? "light" : "dark";
  const show = () => {
    root.dataset.scheme = own || "";
    for (const button of document.querySelectorAll(".scheme")) {
      button.hidden = false;
      button.setAttribute("aria-pressed", other() == "light");
    }
  };
  show();
  addEventListener("DOMContentLoaded", show);
  system.addEventListener("change", show);
  addEventListener("click", (event) => {
    if (!event.target.closest(".scheme")) return;
    own = other();
    if ((own == "dark") == system.matches) own = "";
    try { localStorage.scheme = own } catch {}
    show();
  });
})(document.documentElement, matchMedia("(prefers-color-scheme: dark)"));
