// Live coverage: asks every half minute whether there are new updates, and says so politely.
//
// Nothing moves by itself: the reader is told how many updates are new and shows them with a button, which
// takes them from the page as it is published now. Looking for them can be paused, and rests while the page
// is hidden. Without this script the page is complete as it is.
const EVERY = 30000;

const bar = document.querySelector("[data-live]");
if (bar) {
  const words = bar.dataset;
  const news = bar.querySelector(".live-news");
  const known = new Set(Array.from(document.querySelectorAll(".live-update"), (update) => update.id));
  let paused = false;
  let timer = 0;
  let waiting = 0;

  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", act);
    return made;
  };
  const show = button(words.show, reveal);
  show.hidden = true;
  const pause = button(words.pause, () => {
    paused = !paused;
    pause.textContent = paused ? words.resume : words.pause;
    if (paused) {
      clearTimeout(timer);
      say(words.paused);
    } else {
      say(count());
      look();
    }
  });
  bar.append(show, pause);

  function say(text) {
    if (news.textContent !== text) news.textContent = text;
  }

  function count() {
    if (!waiting) return "";
    const forms = JSON.parse(words.new);
    const { lang } = document.documentElement;
    const form = forms[new Intl.PluralRules(lang).select(waiting)] ?? forms.other;
    return form.replace("{count}", new Intl.NumberFormat(lang).format(waiting));
  }

  function again() {
    clearTimeout(timer);
    if (!paused && !document.hidden) timer = setTimeout(look, EVERY);
  }

  async function look() {
    try {
      const answer = await fetch(words.live, { cache: "no-cache" });
      if (answer.ok) {
        const data = await answer.json();
        waiting = data.updates.filter((update) => !known.has(update.id)).length;
        show.hidden = waiting === 0;
        if (!paused) say(count());
        if (data.state === "over") return end();
      }
    } catch { /* The next try may do better. */ }
    again();
  }

  function end() {
    clearTimeout(timer);
    pause.remove();
    bar.classList.replace("is-running", "is-over");
    bar.querySelector(".live-state").textContent = words.over;
  }

  async function reveal() {
    try {
      const answer = await fetch(words.page, { cache: "no-cache" });
      if (!answer.ok) throw new Error(answer.status);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const fresh = page.querySelector(".live-updates");
      let place = document.querySelector(".live-updates");
      if (!place) {
        place = document.createElement("div");
        place.className = "live-updates";
        document.querySelector(".article-body").append(place);
      }
      let first = null;
      for (const update of Array.from(fresh.children).reverse()) {
        if (!update.id || known.has(update.id)) continue;
        known.add(update.id);
        first = document.importNode(update, true);
        first.classList.add("is-new");
        place.prepend(first);
      }
      const keys = page.querySelector(".live-key");
      if (keys) {
        document.querySelector(".live-key")?.remove();
        place.before(document.importNode(keys, true));
      }
      const state = page.querySelector(".live-state");
      if (state) bar.querySelector(".live-state").replaceChildren(...state.childNodes);
      waiting = 0;
      show.hidden = true;
      say("");
      if (first) {
        first.tabIndex = -1;
        first.focus();
      }
    } catch {
      // The page itself has the updates.
      location.assign(words.page);
    }
  }

  document.addEventListener("visibilitychange", () => (document.hidden ? clearTimeout(timer) : paused || look()));
  again();
}
