// The live update of `courant serve`: hears what a build did to this page and follows, in place.
//
// Only the preview sends this; it is never part of a published site. The server tells the version of the
// page after each build. When it is another one than ours, the page is fetched and the difference between
// what was fetched last and what is fetched now is made in the document (patch.js). So whatever scripts,
// readers and browsers did to the document stays: scroll position, open details, typed text.

import { patch } from "./patch.js";
import { show } from "./overlay.js";

const ours = "script[data-courant]";
let version = document.querySelector(ours).dataset.version;
// What the server sent, before scripts and readers changed it; from the browser's cache, as a rule.
let sent = read(location.href, "force-cache").catch(() => null);
let source = null;
let work = Promise.resolve();

async function read(address, cache) {
  const answer = await fetch(address, { cache });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  page.version = page.querySelector(ours)?.dataset.version;
  page.address = answer.url;
  return page;
}

// One after the other, and a failure (the server is gone) only ends itself: the next stream repeats it.
function soon(task) {
  work = work.then(task).catch((error) => console.debug("courant:", error));
}

// Scripts cannot be run again in place.
function programs(page) {
  const isProgram = (script) => !script.matches(ours) && !/json|speculation/.test(script.type);
  return [...page.querySelectorAll("script")].filter(isProgram).map((script) => script.outerHTML).join("\n");
}

async function follow(address) {
  const next = await read(address, "no-store");
  if (next.version === undefined) return location.assign(address);
  if (next.version !== version) {
    let before = await sent;
    // It changed between the page and its copy: then the document itself is what was sent.
    if (before?.version !== version) before = document.cloneNode(true);
    else if (programs(before) !== programs(next)) return location.replace(address);
    patch(document.documentElement, before.documentElement, next.documentElement);
    version = next.version;
    sent = Promise.resolve(next);
    document.dispatchEvent(new CustomEvent("courant:update"));
  }
}

// The address of a file of this server with something at its end that makes it another one.
function renewed(address) {
  const url = new URL(address, location.href);
  url.searchParams.set("courant", Date.now().toString(36));
  return url.href;
}

function names(address, changed) {
  const url = new URL(address, location.href);
  return url.origin === location.origin && changed(url.pathname);
}

function renew({ paths, more }) {
  const changed = (path) => more || paths.includes(path);
  const some = (ending) => more || paths.some((path) => ending.test(path));
  for (const script of document.querySelectorAll(`script[src]:not([data-courant])`)) {
    if (!more && names(script.src, changed)) return location.reload();
  }
  const sheets = [...document.querySelectorAll("link[rel~=stylesheet][href]")];
  const direct = sheets.filter((sheet) => names(sheet.href, changed));
  // A stylesheet that no link names is imported by one.
  for (const sheet of direct.length || !some(/\.css$/) ? direct : sheets) {
    const fresh = sheet.cloneNode();
    fresh.href = renewed(sheet.href);
    fresh.onload = () => sheet.remove();
    fresh.onerror = () => fresh.remove();
    sheet.after(fresh);
  }
  for (const one of document.querySelectorAll("[src], [poster]")) {
    for (const name of ["src", "poster"]) {
      const address = one.getAttribute(name);
      if (address && !one.matches("script, iframe") && names(address, changed)) one.setAttribute(name, renewed(address));
    }
  }
  for (const one of document.querySelectorAll("[srcset]")) {
    const parts = one.getAttribute("srcset").split(/,\s+/).map((part) => part.trim().split(/\s+/));
    if (parts.some(([address]) => names(address, changed))) {
      one.setAttribute("srcset", parts.map(([address, ...size]) => [renewed(address), ...size].join(" ")).join(", "));
    }
  }
  for (const place of document.querySelectorAll("[data-fragment]")) {
    if (names(place.dataset.fragment, changed)) {
      soon(async () => {
        const answer = await fetch(place.dataset.fragment, { cache: "no-store" });
        if (answer.ok) place.innerHTML = await answer.text();
      });
    }
  }
}

function open() {
  if (source || document.hidden) return;
  const asked = new URLSearchParams({ page: location.pathname, version });
  source = new EventSource(`/_courant/events?${asked}`);
  const hear = (name, then) => source.addEventListener(name, (event) => then(JSON.parse(event.data)));
  hear("problems", ({ problems }) => show(problems));
  hear("page", (told) => {
    if (told.version !== version) soon(() => follow(location.href));
  });
  hear("files", (told) => soon(() => renew(told)));
  hear("moved", ({ to }) => soon(async () => {
    await follow(to);
    history.replaceState(history.state, "", to + location.hash);
    close();
    open();
  }));
  // A browser tries again by itself, but for an answer that is none.
  source.onerror = () => {
    if (source?.readyState !== EventSource.CLOSED) return;
    close();
    setTimeout(open, 1000);
  };
}

function close() {
  source?.close();
  source = null;
}

// A browser has six connections to a server. A page that nobody sees needs none: it catches up when it is
// seen again.
let leaving = 0;
document.addEventListener("visibilitychange", () => {
  clearTimeout(leaving);
  if (document.hidden) leaving = setTimeout(close, 5000);
  else open();
});
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => event.persisted && open());
open();
