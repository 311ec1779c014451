// The little that a page does by itself: follow the slider, mark versions, keep the queue fresh.
"use strict";

const $ = (id) => document.getElementById(id);
const written = (seconds) => new Date(seconds * 1000).toISOString().replace(".000Z", "Z");

function ticketPage(form) {
  const version = $("version"), instant = $("instant"), at = $("at"), known = $("known_at");
  let asked = 0;

  async function show(asOf) {
    const mine = ++asked;
    const query = new URLSearchParams();
    if (asOf) query.set("as_of", asOf);
    if (known.value.trim()) query.set("known_at", known.value.trim());
    const answer = await fetch(`${form.dataset.ticket}/seen?${query}`, { credentials: "same-origin" });
    const body = await answer.text();
    if (mine !== asked) return; // a later step has overtaken this one
    const page = new DOMParser().parseFromString(body, "text/html");
    $("trouble").hidden = answer.ok;
    if (!answer.ok) {
      $("trouble").textContent = page.querySelector("main [role=alert]")?.textContent ?? "sign in again";
      return;
    }
    $("seen").replaceChildren(...page.body.childNodes);
    history.replaceState(null, "", `${form.dataset.ticket}?${query}`);
  }

  version.addEventListener("input", () => {
    $("version-said").textContent = version.value;
    at.value = "";
    show(version.value);
  });
  instant.addEventListener("input", () => {
    at.value = written(Number(instant.value));
    show(at.value);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    show(at.value.trim() || version.value);
  });
  for (const button of document.querySelectorAll(".mark")) {
    button.addEventListener("click", () => { $(button.dataset.mark).value = version.value; });
  }
}

function queuePage(queue) {
  let due = null;
  async function refresh() {
    due = null;
    const answer = await fetch(queue.dataset.live, { credentials: "same-origin" });
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!queue.contains(document.activeElement)) queue.replaceChildren(...page.body.childNodes);
  }
  const moved = new EventSource("/console/moved");
  moved.addEventListener("moved", () => { due ??= setTimeout(refresh, 500); });
  window.addEventListener("pagehide", () => moved.close());
}

if ($("point")) ticketPage($("point"));
if ($("queue") && $("queue").dataset.live) queuePage($("queue"));
