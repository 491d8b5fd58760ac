// Rewind: shows the page as of the chosen moment, and outlines what differs from the moment before.
//
// The first frame is loaded; each further one is patched into it, so the reader's place on the page stays.

import { patch } from "./patch.js";

const { page, stops } = JSON.parse(document.getElementById("stops").textContent);
const [when, told, why, frame] = ["when", "told", "why", "frame"].map((id) => document.getElementById(id));
const known = new Map();
// The address of the page in the frame, the number of its stop, and the document as the server sent it.
let [shown, at, sent] = [page, -1, null];
let wanted = 0;

function read(stop) {
  const address = `/_courant/at/${stop.at}${shown}`;
  if (!known.has(address)) {
    known.set(address, fetch(address).then((answer) => answer.text()));
    if (known.size > 50) known.delete(known.keys().next().value);
  }
  return known.get(address);
}

const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
const blocks = (root) => [...root.querySelectorAll("article, li, h1, h2, h3, h4, p, figure, blockquote, dt, dd, td, time")];
const links = (root) => [...root.querySelectorAll("a[href]")].map((link) => link.getAttribute("href"));

function signature(block) {
  return [block.tagName, block.textContent.replace(/\s+/g, " ").trim(), ...links(block)].join("\n");
}

// The elements that differ: a whole teaser where it is new, else the innermost ones.
function changed(now, before) {
  const old = new Set(blocks(before).map(signature));
  const oldLinks = new Set(links(before));
  const fresh = blocks(now).filter((block) => block.textContent.trim() && !old.has(signature(block)));
  const isNew = (block) => block.matches("article, li") && links(block).length > 0 && !oldLinks.has(links(block)[0]);
  const whole = fresh.filter(isNew);
  const outermost = whole.filter((block) => !whole.some((other) => other !== block && other.contains(block)));
  const rest = fresh.filter((block) => !outermost.some((other) => other.contains(block) || block.contains(other)));
  return [...outermost, ...rest.filter((block) => !rest.some((other) => other !== block && block.contains(other)))];
}

// What happened between two stops, whichever of them is the later.
function between(one, other) {
  const [first, last] = one < other ? [one, other] : [other, one];
  return stops.slice(first + 1, last + 1).flatMap((stop) => stop.what);
}

function reason(element, events) {
  const text = element.textContent.replace(/\s+/g, " ");
  const own = events.find((event) => event.title && text.includes(event.title));
  const words = own ? [own.words] : [...new Set(events.map((event) => event.words))].slice(0, 2);
  return words.join(", ") || "changed";
}

function unmark(document) {
  document.querySelectorAll("[data-courant-mark]").forEach((mark) => mark.remove());
}

function mark(elements, events) {
  const document = frame.contentDocument;
  const view = document.defaultView;
  for (const element of elements) {
    const box = element.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    const outline = document.createElement("div");
    outline.dataset.courantMark = reason(element, events);
    outline.textContent = outline.dataset.courantMark;
    outline.style.cssText = `all: initial; position: absolute; z-index: 2147483000; pointer-events: none;
      left: ${box.left + view.scrollX - 4}px; top: ${box.top + view.scrollY - 4}px;
      width: ${box.width + 8}px; height: ${box.height + 8}px; box-sizing: border-box;
      outline: 3px solid #d33; font: 600 12px/1 system-ui, sans-serif; color: #d33; text-align: end; padding: 2px 4px;`;
    document.body.append(outline);
  }
}

function tell(stop, events, gone) {
  told.textContent = stop.now ? `${stop.told} – now` : stop.told;
  const item = (text) => Object.assign(document.createElement("li"), { textContent: text });
  why.replaceChildren(
    ...events.map((event) => item([event.words, event.title].filter(Boolean).join(": "))),
    ...gone.map((title) => item(`no longer here: ${title}`)),
  );
}

// A headline that was here and is not any more.
function gone(now, before) {
  const here = new Set(links(now));
  const left = [...before.querySelectorAll("a[href]")].filter((link) => !here.has(link.getAttribute("href")));
  return [...new Set(left.map((link) => link.textContent.replace(/\s+/g, " ").trim()))].filter(Boolean).slice(0, 5);
}

function loaded(address) {
  return new Promise((resolve) => {
    frame.addEventListener("load", resolve, { once: true });
    frame.src = address;
  });
}

async function show(number) {
  const stop = stops[number];
  const next = parsed(await read(stop));
  if (number !== wanted) return;
  const [before, from] = [sent, at];
  [sent, at] = [next, number];
  if (before === null) {
    await loaded(`/_courant/at/${stop.at}${shown}`);
    frame.contentDocument.addEventListener("click", follow);
    tell(stop, stop.what, []);
  } else {
    const live = frame.contentDocument;
    unmark(live);
    patch(live.documentElement, before.documentElement, next.documentElement);
    const events = between(from, number);
    mark(changed(live.body, before.body), events);
    tell(stop, events, gone(next.body, before.body));
  }
  document.documentElement.dataset.stop = number;
}

// Another page of the site stays at its moment.
function follow(event) {
  const link = event.target.closest("a[href]");
  const url = link && new URL(link.getAttribute("href"), new URL(shown, location.origin));
  if (!url || url.origin !== location.origin || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  [shown, sent] = [url.pathname, null];
  go(at);
}

let work = Promise.resolve();
function go(number) {
  wanted = Math.min(Math.max(number, 0), stops.length - 1);
  when.value = wanted;
  when.setAttribute("aria-valuetext", stops[wanted].told);
  const mine = wanted;
  work = work.then(() => mine === wanted && show(mine)).catch((error) => console.debug("courant:", error));
}

when.addEventListener("input", () => go(Number(when.value)));
document.getElementById("back").addEventListener("click", () => go(wanted - 1));
document.getElementById("on").addEventListener("click", () => go(wanted + 1));
document.getElementById("now").addEventListener("click", () => go(stops.findIndex((stop) => stop.now)));
go(Number(when.value));
