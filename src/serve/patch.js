// Makes in the document what changed between two versions of its HTML.
//
// Three trees: what the server sent before (`before`), what it sends now (`after`), and the document
// (`live`), which scripts, readers and the browser have changed since. Where `before` and `after` are
// equal, `live` is left alone, whatever it looks like.

export function patch(live, before, after) {
  attributes(live, before, after);
  // With scripts on, a document holds these as text.
  if (live.localName === "noscript") return;
  if (live.localName === "template") live.innerHTML = after.innerHTML;
  else children(live, before, after);
}

function attributes(live, before, after) {
  for (const { name, value, namespaceURI } of after.attributes) {
    if (before.getAttribute(name) === value) continue;
    if (name === "href" && live.matches("link[rel~=stylesheet]")) swap(live, value);
    else live.setAttributeNS(namespaceURI, name, value);
  }
  for (const { name } of before.attributes) {
    if (!after.hasAttribute(name)) live.removeAttribute(name);
  }
}

// The old stylesheet stays until the new one is there: the page is never naked.
function swap(sheet, address) {
  const fresh = sheet.cloneNode();
  fresh.href = address;
  fresh.onload = fresh.onerror = () => sheet.remove();
  sheet.after(fresh);
}

function children(live, before, after) {
  const from = [...before.childNodes];
  const to = [...after.childNodes];
  let start = 0;
  while (start < from.length && start < to.length && from[start].isEqualNode(to[start])) start += 1;
  let end = 0;
  const most = Math.min(from.length, to.length) - start;
  while (end < most && from[from.length - 1 - end].isEqualNode(to[to.length - 1 - end])) end += 1;
  if (start === from.length && start === to.length) return;

  const here = align([...live.childNodes], from);
  const last = from.length - end;
  const isKnown = (node, at) => at < start || at > last || node;
  if (!here.every(isKnown)) {
    // A script has made something else of it.
    live.replaceChildren(...to.map((node) => document.importNode(node, true)));
    return;
  }
  const pairs = match(from.slice(start, last), to.slice(start, to.length - end));
  const kept = new Set(pairs.values());
  for (let at = start; at < last; at += 1) {
    if (!kept.has(at - start)) here[at].remove();
  }
  let next = last < from.length ? here[last] : behind(live, here);
  for (let at = to.length - end - 1; at >= start; at -= 1) {
    const pair = pairs.get(at - start);
    if (pair === undefined) {
      next = live.insertBefore(document.importNode(to[at], true), next);
      continue;
    }
    const node = here[start + pair];
    const old = from[start + pair];
    if (!old.isEqualNode(to[at])) {
      if (node.nodeType === Node.ELEMENT_NODE) patch(node, old, to[at]);
      else node.data = to[at].data;
    }
    next = node;
  }
}

// What scripts put behind everything else stays there.
function behind(live, here) {
  const last = here.findLast((node) => node?.parentNode === live);
  return last ? last.nextSibling : null;
}

const isKin = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && (a.id ?? "") === (b.id ?? "");

// Which node of the document each node that was sent has become; null where there is none.
function align(live, from) {
  let at = 0;
  return from.map((node) => {
    const rest = live.slice(at, at + 24);
    let found = rest.findIndex((one) => one.isEqualNode(node));
    const kin = rest.findIndex((one) => isKin(one, node));
    // An equal node far away may be another one that only looks the same.
    if (found < 0 || (found > 2 && kin >= 0)) found = kin;
    if (found < 0) return null;
    at += found + 1;
    return live[at - 1];
  });
}

// Pairs nodes in order: equal ones first (the longest common sequence), and those of a kind in between.
function match(from, to) {
  const pairs = new Map();
  const key = (node) => node.outerHTML ?? `${node.nodeType} ${node.data}`;
  const [a, b] = [from.map(key), to.map(key)];
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  // Sixteen megabytes are enough: beyond that the nodes are paired by kind.
  const isSmall = a.length * b.length < 4e6;
  for (let i = a.length - 1; isSmall && i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) {
      lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  const between = (i, j, iEnd, jEnd) => {
    for (; j < jEnd; j += 1) {
      let same = i;
      while (same < iEnd && !isKin(from[same], to[j])) same += 1;
      if (same === iEnd) continue;
      pairs.set(j, same);
      i = same + 1;
    }
  };
  let [i, j, iGap, jGap] = [0, 0, 0, 0];
  while (isSmall && i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      between(iGap, jGap, i, j);
      pairs.set(j, i);
      i += 1;
      j += 1;
      iGap = i;
      jGap = j;
    } else if (lengths[i + 1][j] >= lengths[i][j + 1]) i += 1;
    else j += 1;
  }
  between(iGap, jGap, a.length, b.length);
  return pairs;
}
