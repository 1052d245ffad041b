// Who is signed in: the token of forms, and what happens when the session ends under somebody's hands.

const channel = "BroadcastChannel" in window ? new BroadcastChannel("plugdesk-panel") : null;
let waiting: (() => void)[] = [];

export function token(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csrf"]')?.content ?? "";
}

function renew(csrf: string): void {
  const meta = document.querySelector<HTMLMetaElement>('meta[name="csrf"]');
  if (meta) meta.content = csrf;
  for (const field of document.querySelectorAll<HTMLInputElement>('input[name="csrf"]')) field.value = csrf;
}

/** Whether the same agent is still, or again, signed in. Somebody else must not go on with this page. */
async function recovered(): Promise<boolean> {
  const response = await fetch("/agent/session", { headers: { "X-Fragment": "session" } }).catch(() => null);
  if (!response?.ok) return false;
  const { agent, csrf } = (await response.json()) as { agent: string; csrf: string };
  if (agent !== document.body.dataset.agent) {
    location.assign("/agent");
    return false;
  }
  renew(csrf);
  return true;
}

function dialog(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("#signed-out");
}

async function look(): Promise<void> {
  if (!dialog()?.open || !(await recovered())) return;
  dialog()?.close();
  const going = waiting;
  waiting = [];
  for (const go of going) go();
  document.dispatchEvent(new CustomEvent("plugdesk:signed-in"));
}

/** Ask to sign in again; `then` runs once that is done. What was typed stays where it is. */
export function signedOut(then?: () => void): void {
  if (then) waiting.push(then);
  const asking = dialog();
  if (asking && !asking.open) asking.showModal();
}

/** A stream that broke says not why: find out whether the session is what ended. */
export async function check(): Promise<void> {
  const response = await fetch("/agent/session", { headers: { "X-Fragment": "session" } }).catch(() => null);
  if (response?.status === 401) signedOut();
}

export function watchSession(): void {
  dialog()?.addEventListener("cancel", (event) => event.preventDefault());
  document.querySelector("[data-signed-in]")?.addEventListener("click", () => void look());
  window.addEventListener("focus", () => void look());
  document.addEventListener("visibilitychange", () => void look());
  channel?.addEventListener("message", () => void look());
  if (document.querySelector("[data-announce-sign-in]")) channel?.postMessage("signed-in");
}
