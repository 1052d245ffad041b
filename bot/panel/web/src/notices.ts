// What is said about what was just done.

const KEPT = "plugdesk-panel-notice";

export function notify(text: string, kind: string): void {
  const place = document.querySelector("#notices");
  if (!place || !text) return;
  const line = document.createElement("p");
  line.className = kind === "failed" ? "notice failed" : "notice done";
  line.textContent = text;
  place.replaceChildren(line);
}

export function failed(): void {
  notify(document.querySelector<HTMLElement>("#failure")?.dataset.text ?? "", "failed");
}

/** Said on the next page. */
export function keep(text: string, kind: string): void {
  if (text) sessionStorage.setItem(KEPT, JSON.stringify({ text, kind }));
}

export function showKept(): void {
  const kept = sessionStorage.getItem(KEPT);
  if (!kept) return;
  sessionStorage.removeItem(KEPT);
  const { text, kind } = JSON.parse(kept) as { text: string; kind: string };
  notify(text, kind);
}
