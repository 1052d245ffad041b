// What is typed into [data-draft="key"] is kept for this tab until it was sent, through reloads and fresh fragments.

type Field = HTMLInputElement | HTMLTextAreaElement;
const PREFIX = "plugdesk-panel-draft:";

function fields(root: ParentNode): NodeListOf<Field> {
  return root.querySelectorAll<Field>("[data-draft]");
}

function name(field: Field): string {
  return `${PREFIX}${document.body.dataset.agent ?? ""}:${field.dataset.draft ?? ""}`;
}

export function restoreDrafts(root: ParentNode): void {
  for (const field of fields(root)) {
    const kept = sessionStorage.getItem(name(field));
    if (kept !== null) field.value = kept;
  }
}

export function dropDrafts(root: ParentNode): void {
  for (const field of fields(root)) sessionStorage.removeItem(name(field));
}

export function keepDrafts(): void {
  document.addEventListener("input", ({ target }) => {
    if (!(target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement) || !target.dataset.draft) return;
    if (target.value) sessionStorage.setItem(name(target), target.value);
    else sessionStorage.removeItem(name(target));
  });
}
