// The search: asks the files of the index for what the reader types. There is no server behind it.
//
// The catalogue names the segments of the archive, newest first. Each segment keeps its words in several
// files; the first letters of a word say in which, so one word costs one file a segment. A file is a list of
// pairs: the forms of a word, and the numbers of the articles that have any of them. The newest segments are
// asked first, and older ones only until there is enough to show: results are ordered within the part of the
// archive that was loaded together. Then the teasers of the best articles are loaded, and of those that are
// looked at the page itself, for the sentence in which the words stand (the page that the reader opens next).
//
// `words` and `fileOf` do what the program did when it wrote the files; the two must agree.
(() => {
  const SHOWN = 10;
  // Results whose words are quoted at once; the others when they are looked at.
  const AT_ONCE = 3;
  const MOST_WORDS = 10;
  // Articles whose words are looked through first: some fifty kilobytes of word files.
  const FIRST_PART = 200;
  const LONGEST = 40;
  const EXCERPT = 230;
  const root = document.querySelector("[data-catalogue]");
  if (!root) return;
  const form = root.querySelector("form");
  const status = root.querySelector("[role=status]");
  const list = root.querySelector("ol.search-results");
  const more = root.querySelector(".search-more");
  const say = root.dataset;
  // Plain `en` is not American; the dates of the pages are not, either.
  const language = document.documentElement.lang.replace(/^en$/, "en-GB") || undefined;
  const folder = say.catalogue.slice(0, say.catalogue.lastIndexOf("/") + 1);

  // Words

  const WORD = /[\p{Alphabetic}\p{N}\p{M}\u00ad]+/gu;
  const UNSPACED = "\\u0E00-\\u0EFF\\u1000-\\u109F\\u1100-\\u11FF\\u1780-\\u17FF\\u2E80-\\u9FFF\\uAC00-\\uD7FF\\uF900-\\uFAFF\\uFF66-\\uFF9F\\u{20000}-\\u{3FFFF}";
  const RUN = new RegExp(`[${UNSPACED}]+|[^${UNSPACED}]+`, "gu");
  const IS_UNSPACED = new RegExp(`^[${UNSPACED}]`, "u");
  const PLAIN = { ß: "ss", æ: "ae", œ: "oe", ø: "o", đ: "d", ð: "d", ł: "l", þ: "th", ı: "i", ς: "σ" };

  // What a reader leaves out: accents, the vowels of Hebrew and Arabic; and the soft hyphen.
  const ACCENTS =
    /[\u00ad\u0300-\u036f\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670 ]/g;

  function fold(word) {
    const plain = word.normalize("NFKD").replace(ACCENTS, "").normalize("NFC");
    return plain.replace(/[ßæœøđðłþıς]/g, (letter) => PLAIN[letter]);
  }

  // The words of a text, each with the place where it stands.
  function words(text) {
    const found = [];
    for (const match of text.matchAll(WORD)) {
      const lower = match[0].toLowerCase();
      for (const part of lower.matchAll(RUN)) {
        const run = part[0];
        const start = match.index + part.index;
        if (IS_UNSPACED.test(run)) {
          const characters = [...fold(run)];
          if (characters.length === 1) found.push({ word: characters[0], start, end: start + run.length });
          for (let at = 0, from = start; at + 1 < characters.length; from += characters[at].length, at += 1) {
            const pair = characters[at] + characters[at + 1];
            found.push({ word: pair, start: from, end: from + pair.length });
          }
        } else if ([...run.replaceAll("\u00ad", "")].length <= LONGEST && !/^[a-z]$/.test(run)) {
          found.push({ word: fold(run), start, end: start + run.length });
        }
      }
    }
    return found;
  }

  function fileOf(word, files) {
    const head = word.startsWith("@") ? word : [...word].slice(0, 4).join("");
    let hash = 0x811c9dc5;
    for (let at = 0; at < head.length; at += 1) hash = Math.imul(hash ^ head.charCodeAt(at), 0x01000193) >>> 0;
    return ((hash ^ (hash >>> 15)) & (files - 1)) >>> 0;
  }

  // Files

  const loaded = new Map();
  let catalogue;

  async function json(address, options) {
    const answer = await fetch(address, options);
    if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
    return answer.json();
  }

  // A file of a segment; its version makes a copy that a browser kept the right one.
  function load(segment, file) {
    const address = `${folder}${segment.name}/${file}.json?v=${segment.version}`;
    if (!loaded.has(address)) {
      const answer = json(address);
      answer.catch(() => loaded.delete(address));
      loaded.set(address, answer);
    }
    return loaded.get(address);
  }

  async function open() {
    catalogue ??= json(say.catalogue, { cache: "no-cache" }).then(({ segments }) => ({
      segments: segments.map(([name, count, files, perFile, version, years]) => ({ name, count, files, perFile, version, years })),
    }));
    try {
      return await catalogue;
    } catch (error) {
      catalogue = undefined;
      throw error;
    }
  }

  // The numbers of articles, each with its level: base 64 digits of five bits, the distance in front of two
  // bits.
  const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  function decode(digits, into) {
    let article = -1;
    let number = 0;
    let shift = 0;
    for (const digit of digits) {
      const bits = DIGITS.indexOf(digit);
      number += (bits & 31) * 2 ** shift;
      shift += 5;
      if (bits < 32) {
        article += 1 + Math.floor(number / 4);
        into.set(article, Math.max(into.get(article) ?? 0, (number & 3) + 1));
        number = shift = 0;
      }
    }
  }

  // Searching

  // The ways in which a word of the index may be what the reader means, the best first.
  const common = (a, b) => {
    let at = 0;
    while (at < a.length && a[at] === b[at]) at += 1;
    return at;
  };
  const WAYS = [
    (form, word) => form === word,
    (form, word) => word.length > 2 && form.startsWith(word),
    (form, word) => form.length > 3 && word.startsWith(form) && word.length <= form.length + 3,
    (form, word) => common(form, word) >= Math.max(4, 0.6 * Math.max(form.length, word.length)),
  ];

  // Meanings that are shown before it is known that the archive has no better ones.
  const CLOSE = WAYS.slice(0, 3);

  // Of each segment of a part the articles with a word, and the forms of the word.
  function find(word, part, ways) {
    for (const [way, is] of ways.entries()) {
      const forms = new Set();
      let count = 0;
      const found = part.map(({ segment, table }) => {
        const articles = new Map();
        const entries = table.get(fileOf(word, segment.files));
        for (let entry = 0; entry < entries.length; entry += 2) {
          if (entries[entry].startsWith("@")) continue;
          const all = entries[entry].split(" ");
          if (!all.some((form) => is(form, word))) continue;
          all.forEach((form) => forms.add(form));
          decode(entries[entry + 1], articles);
        }
        count += articles.size;
        return articles;
      });
      if (count || way === ways.length - 1) return { found, forms, count, isSimilar: way >= CLOSE.length };
    }
  }

  function filtered(name, part) {
    return part.map(({ segment, table }) => {
      const entries = table.get(fileOf(name, segment.files));
      const articles = new Map();
      const entry = entries.indexOf(name);
      if (entry >= 0) decode(entries[entry + 1], articles);
      return articles;
    });
  }

  // Which articles of a segment are of a year.
  function span(segment, year) {
    const at = segment.years.findIndex(([other]) => other === year);
    return at < 0 ? [0, 0] : [segment.years[at][1], segment.years[at + 1]?.[1] ?? segment.count];
  }

  // The best articles of a part of the archive, each with the words that were found.
  function collect(asked, part, ways, needed) {
    const known = asked.terms.map((word) => find(word, part, ways));
    const sets = asked.filters.map((name) => filtered(name, part));
    const forms = known.map(({ forms }) => forms);
    const all = part.reduce((sum, { segment }) => sum + segment.count, 0);
    const hits = [];
    part.forEach(({ segment, at }, place) => {
      const [first, end] = asked.year ? span(segment, asked.year) : [0, segment.count];
      const take = (number, score) => {
        if (number >= first && number < end && sets.every((set) => set[place].has(number))) {
          hits.push({ segment, at, number, score, forms });
        }
      };
      if (!asked.terms.length) {
        for (let number = first; number < end; number += 1) take(number, 0);
        return;
      }
      const scores = new Map();
      for (const { found, count } of known) {
        const rare = Math.log(1 + all / (count || 1));
        for (const [number, level] of found[place]) {
          const sum = scores.get(number) ?? { count: 0, score: 0 };
          sum.count += 1;
          sum.score += rare * (level + 1);
          scores.set(number, sum);
        }
      }
      for (const [number, { count, score }] of scores) if (count >= needed) take(number, score);
    });
    const newest = (a, b) => a.at - b.at || b.number - a.number;
    hits.sort(asked.sort === "newest" || !asked.terms.length ? newest : (a, b) => b.score - a.score || newest(a, b));
    return { hits, isSimilar: known.some(({ isSimilar }) => isSimilar) };
  }

  // The archive in parts, the newest first: each loads at most twice as much for a word as the one before.
  function* parts(segments, names) {
    let part = [];
    let room = FIRST_PART;
    let used = 0;
    for (const [at, segment] of segments.entries()) {
      const cost = (segment.count / segment.files) * names;
      if (part.length && used + cost > room) {
        yield part;
        part = [];
        used = 0;
        room *= 2;
      }
      part.push({ segment, at });
      used += cost;
    }
    if (part.length) yield part;
  }

  // What is found: `hits` grows with each `more`, by older articles, until all `isDone`.
  async function search({ q, section, author, year, sort }) {
    const { segments: all } = await open();
    const terms = [...new Set(words(q).map(({ word }) => word))].slice(0, MOST_WORDS);
    const filters = Object.entries({ section, author }).flatMap(([name, value]) => (value ? [`@${name}:${value}`] : []));
    const asked = { terms, filters, year: Number(year), sort };
    if (!terms.length && !filters.length && !asked.year) return null;
    const segments = asked.year ? all.filter(({ years }) => years.some(([other]) => other === asked.year)) : all;
    const names = [...terms, ...filters];
    const waiting = [...parts(segments, names.length)];
    const read = [];
    const answer = { hits: [], isDone: !waiting.length, isPartial: false, isSimilar: false, more };
    async function more() {
      const part = await Promise.all(
        waiting[0].map(async ({ segment, at }) => {
          const numbers = [...new Set(names.map((word) => fileOf(word, segment.files)))];
          const tables = await Promise.all(numbers.map((number) => load(segment, `words-${number}`)));
          return { segment, at, table: new Map(numbers.map((number, at) => [number, tables[at]])) };
        }),
      );
      waiting.shift();
      read.push(...part);
      answer.hits.push(...collect(asked, part, CLOSE, terms.length).hits);
      answer.isDone = !waiting.length;
      if (!answer.isDone || answer.hits.length) return;
      // Nothing has all the words: then what has similar ones, or some of them.
      Object.assign(answer, collect(asked, read, WAYS, terms.length));
      answer.isPartial = !answer.hits.length && terms.length > 1;
      if (answer.isPartial) Object.assign(answer, collect(asked, read, WAYS, 1));
    }
    return answer;
  }

  // Showing

  function element(name, className, ...children) {
    const made = document.createElement(name);
    if (className) made.className = className;
    made.append(...children);
    return made;
  }

  // Text in which the words of the query are marked.
  function marked(text, forms) {
    const made = document.createDocumentFragment();
    let from = 0;
    let mark = null;
    for (const { word, start, end } of words(text)) {
      if (!forms.some((set) => set.has(word))) continue;
      if (mark && start <= from) {
        mark.textContent += text.slice(from, end);
      } else {
        mark = element("mark", "", text.slice(start, end));
        made.append(text.slice(from, start), mark);
      }
      from = Math.max(from, end);
    }
    made.append(text.slice(from));
    return made;
  }

  const has = (text, forms) => {
    const all = new Set(words(text).map(({ word }) => word));
    return forms.filter((set) => [...set].some((form) => all.has(form))).length;
  };

  // The part of a text in which most of the words stand.
  function excerpt(text, forms) {
    const hits = words(text).flatMap(({ word, start }) => {
      const term = forms.findIndex((set) => set.has(word));
      return term < 0 ? [] : [{ term, start }];
    });
    let best = { count: 0, start: 0 };
    hits.forEach(({ start }, at) => {
      const terms = new Set();
      for (let next = at; next < hits.length && hits[next].start < start + EXCERPT - 60; next += 1) terms.add(hits[next].term);
      if (terms.size > best.count) best = { count: terms.size, start };
    });
    if (!best.count) return null;
    let from = Math.max(0, best.start - 60);
    if (from) from = text.indexOf(" ", from) + 1 > best.start ? from : text.indexOf(" ", from) + 1;
    const part = text.slice(from, from + EXCERPT);
    const end = from + EXCERPT < text.length ? Math.max(part.lastIndexOf(" "), best.start - from + 1) : part.length;
    return (from ? "… " : "") + part.slice(0, end) + (from + end < text.length ? "\u00a0…" : "");
  }

  // A strict policy would complain of them in a page that is only read.
  const STYLE = /\sstyle="[^"]*"/g;

  // Of a result that is looked at and whose words stand in its text alone: the page, for the sentence.
  const looked = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      looked.unobserve(target);
      quote(target);
    }
  });
  const wanted = new WeakMap();

  async function quote(item) {
    const { url, forms } = wanted.get(item);
    try {
      const answer = await fetch(url);
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString((await answer.text()).replace(STYLE, ""), "text/html");
      const body = page.querySelector(".article-body") ?? page.querySelector("article") ?? page.querySelector("main");
      body?.querySelectorAll("script, style, nav, form").forEach((one) => one.remove());
      const text = excerpt((body?.textContent ?? "").replace(/\s+/g, " ").trim(), forms);
      if (text) item.querySelector(".summary").replaceChildren(marked(text, forms));
    } catch {
      // The summary stays.
    }
  }

  async function result({ segment, number, forms }, place) {
    const teasers = await load(segment, `articles-${Math.floor(number / segment.perFile)}`);
    const [url, title, date, section, authors, summary] = teasers[number % segment.perFile];
    const link = element("a", "", marked(title, forms));
    link.href = url;
    const day = new Date(`${date.slice(0, 10)}T00:00:00Z`);
    const time = element("time", "", new Intl.DateTimeFormat(language === "en" ? "en-GB" : language, { dateStyle: "medium", timeZone: "UTC" }).format(day));
    time.dateTime = date;
    const item = element("li", "", element("h2", "", link), element("p", "summary", marked(summary, forms)));
    const meta = element("p", "meta");
    if (section) meta.append(element("span", "", section), " ");
    if (authors.length) meta.append(element("span", "", authors.join(", ")), " ");
    meta.append(time);
    item.append(meta);
    if (has(`${title} ${summary}`, forms) < forms.length && !navigator.connection?.saveData) {
      wanted.set(item, { url, forms });
      if (place < AT_ONCE) quote(item);
      else looked.observe(item);
    }
    return item;
  }

  let shown = null;
  let latest = 0;

  function report({ hits, isDone, isPartial, isSimilar }) {
    const forms = JSON.parse(say.count);
    const form = forms[new Intl.PluralRules(language).select(hits.length)] ?? forms.other;
    const count = new Intl.NumberFormat(language).format(hits.length) + (isDone ? "" : "+");
    const remark = isPartial ? `${say.some} ` : isSimilar ? `${say.similar} ` : "";
    if (hits.length) status.textContent = remark + form.replace("{count}", count);
    else if (isDone) status.textContent = say.none;
  }

  // Shows so many results more, and loads older parts of the archive until there are as many. The first of them.
  async function show(count) {
    const answer = shown;
    const until = list.children.length + count;
    let first;
    more.hidden = true;
    for (;;) {
      const from = list.children.length;
      const items = await Promise.all(answer.hits.slice(from, until).map((hit, at) => result(hit, from + at)));
      if (shown !== answer) return null;
      list.append(...items);
      list.hidden = !list.children.length;
      first ??= items[0];
      report(answer);
      if (answer.isDone || list.children.length >= until) break;
      await answer.more();
      if (shown !== answer) return null;
    }
    more.hidden = answer.isDone && list.children.length >= answer.hits.length;
    return first;
  }

  function asked() {
    const data = new FormData(form);
    const value = (name) => String(data.get(name) ?? "").trim();
    return Object.fromEntries(["q", "section", "year", "author", "sort"].map((name) => [name, value(name)]));
  }

  function clear() {
    looked.disconnect();
    shown = null;
    list.replaceChildren();
    list.hidden = more.hidden = true;
  }

  async function run() {
    const mine = (latest += 1);
    const query = asked();
    const slow = setTimeout(() => mine === latest && (status.textContent = say.searching), 400);
    try {
      const answer = await search(query);
      if (mine !== latest) return;
      // What was found before stays until there is something to show.
      if (answer && !answer.isDone) await answer.more();
      if (mine !== latest) return;
      clear();
      shown = answer;
      if (answer) await show(SHOWN);
      else status.textContent = query.q.trim() ? say.none : "";
    } catch {
      if (mine !== latest) return;
      clear();
      status.textContent = say.failed;
    } finally {
      clearTimeout(slow);
    }
  }

  // The address says what was asked, so that it can be sent and gone back to.
  function address() {
    const used = Object.entries(asked()).filter(([, value]) => value);
    const text = new URLSearchParams(used).toString();
    return location.pathname + (text ? `?${text}` : "");
  }

  function restore() {
    const given = new URLSearchParams(location.search);
    for (const field of form.elements) {
      if (!field.name) continue;
      const value = given.get(field.name) ?? "";
      if (field.type === "checkbox") field.checked = value === field.value;
      else field.value = value;
      if (field instanceof HTMLSelectElement && field.selectedIndex < 0) field.value = "";
    }
    run();
  }

  let typing = 0;
  form.addEventListener("input", () => {
    clearTimeout(typing);
    typing = setTimeout(() => {
      history.replaceState(null, "", address());
      run();
    }, 250);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    clearTimeout(typing);
    if (location.pathname + location.search !== address()) history.pushState(null, "", address());
    run();
  });
  more.querySelector("button").addEventListener("click", async () => {
    const first = await show(SHOWN).catch(() => (status.textContent = say.failed));
    first?.querySelector?.("a").focus();
  });
  addEventListener("popstate", restore);
  restore();
  if (!form.elements.q.value) form.elements.q.focus({ preventScroll: true });
})();
