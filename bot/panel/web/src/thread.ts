// A conversation's page: it stays at its end, and says that its agent is there and writes.
import { token } from "./session";

const NEAR = 60;
const TYPING_EVERY_MS = 4000;
let typedAt = 0;
let following = true;

function lines(): HTMLElement | null {
  return document.querySelector<HTMLElement>("#lines");
}

function end(): void {
  const log = lines();
  if (log) log.scrollTop = log.scrollHeight;
}

// What is suggested or written below takes place from the lines: their end stays in sight.
const resized = new ResizeObserver(() => following && end());

function watchSize(): void {
  resized.disconnect();
  const log = lines();
  if (log) resized.observe(log);
}

/**
 * Says that the agent is there; on a conversation's page that is seen also where, and whether they write. An agent whose
 * pages are all behind others is at work elsewhere, and keeps what they have taken over.
 */
async function beat(typing: boolean): Promise<void> {
  const conversation = document.hidden ? "" : (document.querySelector<HTMLElement>("[data-thread]")?.dataset.thread ?? "");
  const body = new URLSearchParams({ csrf: token(), conversation, typing: typing ? "yes" : "" });
  // Only what an agent does keeps them signed in: by itself the page is called "here".
  const headers = { "X-Fragment": typing ? "typing" : "here" };
  await fetch("/agent/here", { method: "POST", body, headers }).catch(() => null);
}

export function watchThread(): void {
  if (!document.body.dataset.agent) return;
  const every = Number(document.body.dataset.beat ?? 15) * 1000;
  void beat(false);
  setInterval(() => void beat(false), every);
  document.addEventListener("visibilitychange", () => void beat(false));
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLElement && target.matches("[data-typing]"))) return;
    if (Date.now() - typedAt < TYPING_EVERY_MS) return;
    typedAt = Date.now();
    void beat(true);
  });
  if (!lines()) return;
  end();
  watchSize();
  document.addEventListener(
    "scroll",
    ({ target }) => {
      const log = lines();
      if (log && target === log) following = log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
    },
    true,
  );
  document.addEventListener("plugdesk:fragment", (event) => {
    if ((event as CustomEvent<string>).detail !== "lines") return;
    watchSize();
    if (following) end();
  });
}
