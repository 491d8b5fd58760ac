// Keeps the desk as it is now: after each build, and when a comment comes. What has the focus keeps it.

const events = new EventSource("/_courant/events?page=/_courant/");

async function renew() {
  const answer = await fetch(location.href, { cache: "no-store" });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const focused = document.activeElement?.id;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  if (focused) document.getElementById(focused)?.focus();
}

events.addEventListener("desk", () => renew().catch((error) => console.debug("courant:", error)));
addEventListener("pagehide", () => events.close());
