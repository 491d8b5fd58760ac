// Players of other hosts: loaded when the reader asks for one, and not before. Without this script the card
// is a link. It listens for the page as a whole, so players in updates that come later work too.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-player]");
  // The script stands beside each player; the first copy does the work.
  if (!button || event.defaultPrevented) return;
  event.preventDefault();
  const { player, element, title } = button.dataset;
  const made = document.createElement(element);
  made.className = "player";
  if (element === "iframe") {
    made.title = title;
    made.allow = "autoplay; encrypted-media; fullscreen; picture-in-picture";
    made.allowFullscreen = true;
    made.referrerPolicy = "strict-origin-when-cross-origin";
    made.sandbox = "allow-forms allow-popups allow-popups-to-escape-sandbox allow-presentation allow-same-origin allow-scripts";
  } else {
    made.controls = made.autoplay = true;
    made.ariaLabel = title;
  }
  made.src = player;
  button.replaceWith(made);
  made.focus();
});
