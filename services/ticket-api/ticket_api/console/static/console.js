// The little that a page does by itself: step through a ticket, mark points, stay fresh or say so.
"use strict";

const $ = (id) => document.getElementById(id);
const written = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
const parsed = (text) => new DOMParser().parseFromString(text, "text/html");
const SIGNED_OUT = "You are signed out";

// What is live says since when, and says when it is no longer.
function follow(address, since, onMoved) {
  const stale = $("stale"), AGAIN_MS = 10_000;
  let source = null;
  const trouble = (why) => {
    stale.textContent = `${why}: this page is as of ${since()} and does not follow the log.`;
    if (why === SIGNED_OUT) {
      const again = document.createElement("a");
      again.href = window.location.href;
      again.textContent = "Sign in";
      stale.append(" ", again);
    }
    stale.hidden = false;
  };
  async function lost() {
    const closed = source.readyState === EventSource.CLOSED; // else the browser tries again itself
    let answer = null;
    try {
      answer = await fetch("/console/signed-in", { credentials: "same-origin" });
    } catch { /* the server is away */ }
    if (!answer?.ok) trouble(answer?.status === 401 ? SIGNED_OUT : "The server does not answer");
    if (closed) setTimeout(listen, AGAIN_MS);
  }
  function listen() {
    source?.close();
    source = new EventSource(address());
    source.addEventListener("moved", (event) => onMoved(event.data));
    source.addEventListener("error", lost);
    source.addEventListener("open", () => {
      if (stale.hidden) return;
      stale.hidden = true;
      onMoved(null);
    });
  }
  listen();
  window.addEventListener("pagehide", () => source.close());
  window.addEventListener("pageshow", (event) => { if (event.persisted) { listen(); onMoved(null); } });
  return trouble;
}

function ticketPage(form) {
  const base = new URL(form.action).pathname;
  const version = $("version"), instant = $("instant"), opened = new Map();
  let asked = 0;

  // Write back what the page shows, so that form, sliders, address and page name one point.
  function settle() {
    const shown = $("said").dataset;
    version.max = shown.last;
    version.value = shown.version;
    $("version-said").textContent = `${shown.version} of ${shown.last}`;
    instant.min = shown.first;
    instant.max = Math.max(Number(shown.end), Number(shown.first) + 1);
    instant.value = shown.at;
    $("instant-said").textContent = shown.instant;
    $("as_of").value = shown.asOf;
    $("known_at").value = shown.knownAt;
  }
  function keep(part) {
    for (const each of part.querySelectorAll("details[data-key]")) opened.set(each.dataset.key, each.open);
  }
  function put(nodes) {
    const seen = $("seen"), place = [window.scrollX, window.scrollY];
    const focused = document.activeElement.closest?.("#seen details")?.dataset.key;
    const step = document.activeElement.closest?.("#seen .steps a")?.rel;
    const aside = new Map([...seen.querySelectorAll(".wide")].map((e) => [e.ariaLabel, e.scrollLeft]));
    keep(seen);
    seen.replaceChildren(...nodes);
    for (const each of seen.querySelectorAll("details[data-key]")) {
      if (opened.has(each.dataset.key)) each.open = opened.get(each.dataset.key);
      if (each.dataset.key === focused) each.querySelector("summary").focus({ preventScroll: true });
    }
    if (step) seen.querySelector(`.steps a[rel=${step}]`)?.focus({ preventScroll: true });
    for (const each of seen.querySelectorAll(".wide")) each.scrollLeft = aside.get(each.ariaLabel) ?? 0;
    window.scrollTo(...place);
  }
  async function show(asOf, knownAt) {
    const mine = ++asked;
    const query = new URLSearchParams();
    if (asOf) query.set("as_of", asOf);
    if (knownAt) query.set("known_at", knownAt);
    let answer = null, body = "";
    try {
      answer = await fetch(`${base}/seen?${query}`, { credentials: "same-origin" });
      body = await answer.text();
    } catch { /* said below */ }
    if (mine !== asked) return; // a later step has overtaken this one
    const page = parsed(body);
    $("trouble").hidden = Boolean(answer?.ok);
    if (!answer?.ok) {
      $("trouble").textContent = answer === null ? "The server does not answer"
        : answer.status === 401 ? SIGNED_OUT
        : page.querySelector("main [role=alert]")?.textContent ?? "There is no answer";
      return;
    }
    put(page.body.childNodes);
    settle();
    history.replaceState(null, "", $("said").dataset.path);
  }
  const known = () => $("said").dataset.knownAt;
  const step = (by) => {
    const next = Number(version.value) + by;
    if (next >= 1 && next <= Number(version.max)) { version.value = next; version.dispatchEvent(new Event("input")); }
  };

  version.addEventListener("input", () => {
    $("version-said").textContent = `${version.value} of ${version.max}`;
    show(version.value, known());
  });
  instant.addEventListener("input", () => {
    const at = written(Math.round(Number(instant.value)));
    $("instant-said").textContent = at;
    show(at, known());
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show($("as_of").value.trim(), $("known_at").value.trim());
  });
  document.addEventListener("keydown", (event) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    const plain = !(event.altKey || event.ctrlKey || event.metaKey || event.shiftKey);
    if (by && plain && !event.target.closest("input, select, textarea, .wide")) { event.preventDefault(); step(by); }
  });
  $("seen").addEventListener("click", (event) => {
    const link = event.target.closest(".steps a");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    const query = new URL(link.href).searchParams;
    show(query.get("as_of"), query.get("known_at"));
  });
  for (const button of document.querySelectorAll(".mark")) {
    button.addEventListener("click", () => {
      const shown = $("said").dataset, end = button.dataset.mark;
      $(end).value = shown.asOf || shown.instant;
      $(`${end}_known_at`).value = shown.knownAt;
    });
  }
  form.querySelector(".sliders").hidden = false;
  document.querySelector(".marks").hidden = false;
  settle();

  follow(() => `${base}/moved?version=${$("said").dataset.last}`, () => $("said").dataset.now, (newest) => {
    const last = $("said").dataset.last;
    if (newest === null || Number(newest) <= Number(last)) return;
    const link = document.createElement("a");
    link.href = $("said").dataset.path;
    link.textContent = "Show";
    link.addEventListener("click", (event) => {
      event.preventDefault();
      $("moved").replaceChildren();
      show($("said").dataset.asOf, known());
    });
    $("moved").replaceChildren(`Version ${newest} is there; this page was made when there were ${last}. `, link);
  });
}

function queuePage(queue) {
  const SOON_MS = 500, EVERY_MS = 60_000; // time alone makes a ticket late
  const rows = () => new Map([...queue.querySelectorAll("tbody tr")].map((row) => [row.querySelector("a")?.href, row.textContent]));
  let soon = null;
  async function refresh() {
    soon = null;
    let answer = null, body = "";
    try {
      answer = await fetch(queue.dataset.live, { credentials: "same-origin" });
      body = await answer.text();
    } catch { /* said below */ }
    if (!answer?.ok) {
      trouble(answer?.status === 401 ? SIGNED_OUT : "The server does not answer");
      return;
    }
    const focused = queue.contains(document.activeElement) ? document.activeElement : null;
    const href = focused?.getAttribute("href"), label = focused?.ariaLabel, before = rows();
    queue.replaceChildren(...parsed(body).body.childNodes);
    const changed = [...rows()].filter(([name, text]) => before.get(name) !== text).length;
    if (changed) $("changed").textContent = `${changed} changed at ${$("fresh").dataset.at}`;
    if (focused) {
      const again = [...queue.querySelectorAll("a, .wide")]
        .find((each) => href ? each.getAttribute("href") === href : each.ariaLabel === label);
      (again ?? queue.querySelector(".wide")).focus({ preventScroll: true });
    }
    $("stale").hidden = true;
  }
  const refreshSoon = () => { soon ??= setTimeout(refresh, SOON_MS); };
  const trouble = follow(() => "/console/moved", () => $("fresh").dataset.at, refreshSoon);
  setInterval(refreshSoon, EVERY_MS);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) refreshSoon(); });
}

// On paper everything is open that the answer rests on.
window.addEventListener("beforeprint", () => {
  for (const each of document.querySelectorAll("details:not([open])")) { each.dataset.shut = ""; each.open = true; }
});
window.addEventListener("afterprint", () => {
  for (const each of document.querySelectorAll("details[data-shut]")) { each.open = false; delete each.dataset.shut; }
});

if ($("point") && $("said")) ticketPage($("point"));
if ($("queue")) queuePage($("queue"));
