// Forms [data-live] are sent without leaving the page. Without this script they are ordinary forms.
import { dropDrafts } from "./drafts";
import { refresh, swap } from "./fragments";
import { failed, keep, notify } from "./notices";
import { signedOut, token } from "./session";

interface Done {
  to: string;
  notice: string;
  kind: string;
}

async function send(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
  if (form.ariaBusy === "true") return;
  // A button may send its form to another place than the form's own.
  const action = submitter instanceof HTMLButtonElement && submitter.hasAttribute("formaction") ? submitter.formAction : form.action;
  const fragment = submitter?.dataset.live || form.dataset.live || form.closest<HTMLElement>("[data-fragment]")?.dataset.fragment || "form";
  const given = new FormData(form, submitter);
  given.set("csrf", token());
  const files = [...given.values()].some((value) => typeof value !== "string");
  const body = files ? given : new URLSearchParams([...given].map(([name, value]) => [name, String(value)]));
  form.ariaBusy = "true";
  try {
    const response = await fetch(action, { method: "POST", body, headers: { "X-Fragment": fragment } });
    form.ariaBusy = "false";
    const kind = response.headers.get("content-type") ?? "";
    if (response.status === 401) return signedOut(() => void send(form, submitter));
    if (kind.startsWith("application/problem+json")) {
      notify(((await response.json()) as { detail: string }).detail, "failed");
    } else if (kind.startsWith("text/html")) {
      swap(fragment, await response.text());
    } else if (response.ok) {
      dropDrafts(form);
      go((await response.json()) as Done, form);
    } else failed();
  } catch {
    form.ariaBusy = "false";
    failed();
  }
}

function go(done: Done, form: HTMLFormElement): void {
  const to = new URL(done.to, location.href);
  if (to.pathname !== location.pathname || to.search !== location.search) {
    keep(done.notice, done.kind);
    location.assign(to);
    return;
  }
  notify(done.notice, done.kind);
  form.reset();
  // What is sent next is another thing; until then a second try carries the same id, and is taken once.
  for (const field of form.querySelectorAll<HTMLInputElement>("[data-fresh]")) field.value = `${Date.now()}-${Math.random()}`;
  const fresh = form.dataset.refresh?.split(" ") ?? [form.closest<HTMLElement>("[data-fragment]")?.dataset.fragment ?? ""];
  for (const name of fresh) if (name) void refresh(name);
}

export function watchForms(): void {
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || form.dataset.live === undefined || event.defaultPrevented) return;
    event.preventDefault();
    void send(form, event.submitter);
  });
  // Filters and menus are sent as soon as they change.
  document.addEventListener("change", ({ target }) => {
    if (target instanceof HTMLElement && target.matches("[data-send]")) target.closest("form")?.requestSubmit();
  });
}
