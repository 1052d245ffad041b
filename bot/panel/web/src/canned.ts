// The list of canned replies: opened by a key or by / at the field's beginning, searched, and gone through with arrows.
import { refresh } from "./fragments";

function dialog(): HTMLDialogElement | null {
  return document.querySelector<HTMLDialogElement>("#canned");
}

function search(): HTMLInputElement | null {
  return document.querySelector<HTMLInputElement>("#canned-search");
}

function plain(text: string): string {
  return text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
}

function shown(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("#canned li:not([hidden]) [data-insert]")];
}

function filter(): void {
  const words = plain(search()?.value ?? "").split(/\s+/);
  for (const each of document.querySelectorAll<HTMLElement>("#canned li")) {
    const text = plain(each.textContent ?? "");
    each.hidden = !words.every((word) => text.includes(word));
  }
  const none = document.querySelector<HTMLElement>("#canned-none");
  if (none) none.textContent = shown().length ? "" : (none.dataset.text ?? "");
}

async function open(): Promise<void> {
  const list = dialog();
  const asked = search();
  if (!list || !asked || list.open) return;
  asked.value = "";
  list.showModal();
  asked.focus();
  // What fits changes with what is known of the driver.
  await refresh("canned");
  filter();
}

function move(event: KeyboardEvent): void {
  const all = shown();
  const at = all.findIndex((each) => each === document.activeElement);
  if (event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)]?.focus();
  else if (event.key === "ArrowUp") (at > 0 ? all[at - 1] : search())?.focus();
  else if (event.key === "Enter" && at < 0 && event.target === search()) all[0]?.click();
  else if (event.key === "/" && event.target === search() && !search()?.value) {
    dialog()?.close();
    document.querySelector<HTMLTextAreaElement>("#say")?.focus();
    document.execCommand("insertText", false, "/");
  } else return;
  event.preventDefault();
}

export function watchCanned(): void {
  dialog()?.addEventListener("keydown", move);
  search()?.addEventListener("input", filter);
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest("[data-canned]") || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    void open();
  });
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.key !== "/" || event.isComposing || !(at instanceof HTMLTextAreaElement) || at.id !== "say") return;
    if (at.selectionStart !== 0 || at.selectionEnd !== 0) return;
    event.preventDefault();
    void open();
  });
}
