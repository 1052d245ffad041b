// Shortcuts: [data-key="j"], [data-key="g i"], [data-key="Mod+Enter"] press or focus their element; so does what
// [data-key-also] names. A button that cannot be pressed now says why in [data-why-not].

import { notify } from "./notices";

const OFF = "plugdesk-panel-single-keys";
const SEQUENCE_MS = 1200;
let before = "";
let at = 0;

function single(): boolean {
  return localStorage.getItem(OFF) !== "off";
}

function typing(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input:not([type=checkbox],[type=radio]), textarea, select, [contenteditable]");
}

function pressed(event: KeyboardEvent): string {
  // With Alt a digit key writes something else on some keyboards.
  const digit = event.altKey ? /^Digit(\d)$/.exec(event.code)?.[1] : undefined;
  const name = digit ?? (event.key.length === 1 ? event.key.toLowerCase() : event.key);
  return event.ctrlKey || event.metaKey ? `Mod+${name}` : event.altKey ? `Alt+${name}` : name;
}

function find(keys: string): HTMLElement | null {
  for (const each of document.querySelectorAll<HTMLElement>("[data-key]")) {
    if (each.dataset.key !== keys && each.dataset.keyAlso !== keys) continue;
    // What stands in a menu that is closed can be used all the same.
    if (each.checkVisibility() || (!each.hidden && each.closest("details.menu:not([open])"))) return each;
  }
  return null;
}

function use(element: HTMLElement): void {
  if (element.matches(":disabled")) notify(element.dataset.whyNot ?? "", "failed");
  else if (element.matches("input, textarea, select")) element.focus();
  else element.click();
}

function onKey(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  const key = pressed(event);
  const plain = !key.startsWith("Mod+") && !key.startsWith("Alt+");
  const open = document.querySelector<HTMLDialogElement>("dialog[open]");
  // Single letters are for those who want them (WCAG 2.2, 2.1.4), and never for what is being written.
  if (plain && (typing(event.target) || !single() || open)) return;
  const sequence = event.timeStamp - at < SEQUENCE_MS ? `${before} ${key}` : key;
  const found = find(sequence) ?? find(key);
  before = key;
  at = event.timeStamp;
  if (!found || (open && !open.contains(found))) return;
  event.preventDefault();
  before = "";
  use(found);
}

function label(element: HTMLElement): string {
  const own = element.dataset.keyLabel ?? element.getAttribute("aria-label");
  const field = element instanceof HTMLInputElement || element instanceof HTMLTextAreaElement ? element.labels?.[0]?.textContent : "";
  return (own || field || element.textContent || "").replace(/\s+/g, " ").trim();
}

function sheet(): void {
  const list = document.querySelector("#shortcut-list");
  const dialog = document.querySelector<HTMLDialogElement>("#shortcuts");
  if (!list || !dialog || dialog.open) return;
  const shown = new Map<string, string>();
  for (const each of document.querySelectorAll<HTMLElement>("[data-key]")) {
    const key = each.dataset.key ?? "";
    if (!shown.has(key)) shown.set(key, label(each));
  }
  list.replaceChildren(
    ...[...shown].flatMap(([key, text]) => {
      const term = document.createElement("dt");
      term.append(
        ...key.split(" ").map((each) => {
          const cap = document.createElement("kbd");
          cap.textContent = each.replace("Mod", navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl");
          return cap;
        }),
      );
      const meaning = document.createElement("dd");
      meaning.textContent = text;
      return [term, meaning];
    }),
  );
  dialog.showModal();
}

export function watchKeys(): void {
  document.addEventListener("keydown", onKey);
  const box = document.querySelector<HTMLInputElement>("#single-keys");
  if (box) {
    box.checked = single();
    box.addEventListener("change", () => localStorage.setItem(OFF, box.checked ? "on" : "off"));
  }
  for (const button of document.querySelectorAll<HTMLElement>("[data-shortcuts]")) {
    button.hidden = false;
    button.addEventListener("click", sheet);
  }
}
