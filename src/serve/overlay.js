// What is wrong with the site, over the last good page: every error with its file, line, column, the line
// itself and the cure. In a shadow tree, so that no theme changes its look and it changes no theme's.

let host = null;
let dismissed = "";

const style = `
  :host { all: initial; }
  section { position: fixed; inset: auto 0 0 0; max-height: 70vh; overflow: auto; box-sizing: border-box; margin: 0;
    padding: .75rem 1rem 1rem; border: 0; border-top: .25rem solid #d33; width: 100%;
    background: #1d1a1a; color: #f4efef; font: 15px/1.5 system-ui, sans-serif; z-index: 2147483646;
    box-shadow: 0 -2px 16px #0008; }
  header { display: flex; gap: 1rem; align-items: baseline; max-width: 70rem; margin: 0 auto; }
  header strong { color: #ff8f8f; }
  header span { color: #c9bfbf; flex: 1; }
  button { font: inherit; color: inherit; background: none; border: 1px solid #887; border-radius: .25rem;
    padding: 0 .6rem; cursor: pointer; }
  button:focus-visible { outline: 2px solid #ffb3b3; outline-offset: 2px; }
  ol { list-style: none; margin: 0 auto; padding: 0; max-width: 70rem; }
  li { margin-top: 1rem; }
  p { margin: 0; overflow-wrap: anywhere; }
  .message { font-weight: 600; }
  .place { color: #9fc7ff; font: 13px/1.6 ui-monospace, monospace; overflow-wrap: anywhere; }
  pre { margin: .25rem 0; padding: .5rem .75rem; background: #000; border-radius: .25rem; overflow-x: auto;
    font: 13px/1.5 ui-monospace, monospace; color: #ddd; tab-size: 4; }
  pre b { color: #998f8f; font-weight: 400; user-select: none; }
  mark { background: #a11; color: #fff; border-radius: 2px; }
  .hint b { color: #8fd18f; font-weight: 400; }
`;

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function item({ severity, message, place, hint, pages }) {
  const count = pages > 1 ? ` (on ${pages} pages)` : "";
  const parts = [element("p", { className: "message" }, `${severity}: ${message}${count}`)];
  if (place) {
    const where = [place.path, place.line, place.column].filter(Boolean).join(":");
    parts.push(element("p", { className: "place" }, where));
  }
  if (place?.text) {
    const letters = [...place.text];
    const begin = place.column ? place.column - 1 : letters.length;
    const end = begin + Math.max(place.length, 1);
    const cut = (from, to) => letters.slice(from, to).join("");
    const meant = place.column ? [element("mark", {}, cut(begin, end) || " "), cut(end)] : [];
    parts.push(element("pre", {}, element("b", {}, `${place.line} | `), cut(0, begin), ...meant));
  }
  if (hint) parts.push(element("p", { className: "hint" }, element("b", {}, "help: "), hint));
  return element("li", {}, ...parts);
}

function close() {
  host?.remove();
  host = null;
}

export function show(problems) {
  const key = JSON.stringify(problems);
  if (!problems.length) dismissed = "";
  close();
  if (!problems.length || key === dismissed) return;
  const dismiss = () => {
    dismissed = key;
    close();
  };
  const errors = problems.filter((one) => one.severity === "error").length;
  const title = errors === 1 ? "1 error" : `${errors} errors`;
  const panel = element("section", { popover: "manual" });
  panel.setAttribute("role", "alert");
  panel.append(
    element("header", {}, element("strong", {}, title), element("span", {}, "This is the last good page."),
      element("button", { type: "button", onclick: dismiss }, "Hide")),
    element("ol", {}, ...problems.map(item)),
  );
  host = element("courant-overlay");
  const shadow = host.attachShadow({ mode: "open" });
  // The site's own policy refuses elements `style`.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  shadow.adoptedStyleSheets = [sheet];
  shadow.append(panel);
  document.documentElement.append(host);
  panel.showPopover?.();
}

addEventListener("keydown", (event) => event.key === "Escape" && host?.shadowRoot.querySelector("button").click());
