// A fragment is an element [data-fragment="name"]; the page's own address gives it anew, alone, or where it has one its
// own address, data-src, in which it may be called otherwise, data-part.
import { restoreDrafts } from "./drafts";
import { signedOut } from "./session";

const fetching = new Map<string, AbortController>();

function place(name: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-fragment="${CSS.escape(name)}"]`);
}

function focused(within: HTMLElement): { id: string; from: number | null; to: number | null } | null {
  const at = document.activeElement;
  if (!(at instanceof HTMLElement) || !at.id || !within.contains(at)) return null;
  const text = at instanceof HTMLTextAreaElement || (at instanceof HTMLInputElement && at.type === "text") ? at : null;
  return { id: at.id, from: text?.selectionStart ?? null, to: text?.selectionEnd ?? null };
}

/** Puts the new element into the old one's place; focus, what was typed, what was opened and scrolled stay. */
export function swap(name: string, html: string): void {
  const old = place(name);
  const fresh = new DOMParser().parseFromString(html, "text/html").querySelector<HTMLElement>("[data-fragment]");
  if (!old || !fresh) return;
  const focus = focused(old);
  const opened = [...old.querySelectorAll<HTMLDetailsElement>("details[open][id]")].map((each) => each.id);
  const scrolled = new Map([...old.querySelectorAll<HTMLElement>("[data-scroll][id]")].map((each) => [each.id, each.scrollTop]));
  const top = old.scrollTop;
  // Elements that must not begin anew, such as one that a person is writing in, move over as they are.
  for (const kept of old.querySelectorAll<HTMLElement>("[data-keep][id]")) {
    fresh.querySelector(`#${CSS.escape(kept.id)}[data-keep]`)?.replaceWith(kept);
  }
  restoreDrafts(fresh);
  old.replaceWith(fresh);
  fresh.scrollTop = top;
  for (const id of opened) document.getElementById(id)?.setAttribute("open", "");
  for (const [id, at] of scrolled) {
    const scroller = document.getElementById(id);
    if (scroller) scroller.scrollTop = at;
  }
  if (focus) {
    const field = document.getElementById(focus.id);
    field?.focus({ preventScroll: true });
    if (focus.from !== null && (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)) {
      field.setSelectionRange(focus.from, focus.to);
    }
  }
  fresh.dispatchEvent(new CustomEvent("plugdesk:fragment", { bubbles: true, detail: name }));
}

/** Fetches a fragment anew; a later call for the same one overtakes an earlier one. */
export async function refresh(name: string): Promise<void> {
  fetching.get(name)?.abort();
  const mine = new AbortController();
  fetching.set(name, mine);
  const { src, part } = place(name)?.dataset ?? {};
  try {
    const response = await fetch(src ?? location.href, { headers: { "X-Fragment": part ?? name }, signal: mine.signal });
    if (response.status === 401) return signedOut(() => void refresh(name));
    if (response.ok && fetching.get(name) === mine) swap(name, await response.text());
  } catch {
    // Overtaken, or no connection: the stream tells when there is one again, and everything is fetched anew.
  }
}

const PACE_MS = 1000;
const fetchedAt = new Map<string, number>();
const later = new Set<string>();

/** At once, but not more often than once a second: what comes in between is fetched together. */
function paced(name: string): void {
  if (later.has(name)) return;
  const rest = (fetchedAt.get(name) ?? -PACE_MS) + PACE_MS - performance.now();
  const go = () => {
    later.delete(name);
    fetchedAt.set(name, performance.now());
    void refresh(name);
  };
  if (rest <= 0) return go();
  later.add(name);
  setTimeout(go, rest);
}

/** Fragments [data-every="seconds"] hold times that go on while nothing happens. */
export function watchTimes(): void {
  for (const each of document.querySelectorAll<HTMLElement>("[data-fragment][data-every]")) {
    const name = each.dataset.fragment ?? "";
    setInterval(() => document.hidden || paced(name), Number(each.dataset.every) * 1000);
  }
}

/** Fetches anew whatever stands for one of these, or everything that is live. */
export function refreshFor(names: readonly string[] | null): void {
  for (const each of document.querySelectorAll<HTMLElement>("[data-fragment][data-on]")) {
    const on = (each.dataset.on ?? "").split(" ");
    if (names === null || on.some((name) => names.includes(name))) paced(each.dataset.fragment ?? "");
  }
}

/** Fetches each [data-load] fragment once it comes into sight, so that the page waits for none of them. */
export function watchLazy(): void {
  const seen = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting || !(target instanceof HTMLElement)) continue;
      seen.unobserve(target);
      void refresh(target.dataset.fragment ?? "");
    }
  });
  const look = () => {
    for (const each of document.querySelectorAll("[data-load]")) seen.observe(each);
  };
  look();
  document.addEventListener("plugdesk:fragment", look);
}
