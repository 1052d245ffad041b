// The field that answers are written in: what is inserted into it, and what is sent along.

function field(id: string): HTMLInputElement | HTMLTextAreaElement | null {
  const found = document.getElementById(id);
  return found instanceof HTMLInputElement || found instanceof HTMLTextAreaElement ? found : null;
}

function set(id: string, value: string): void {
  const target = field(id);
  if (!target || target.value === value) return;
  target.value = value;
  target.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Writes at the cursor, as typing would: what was there stays, and undoing it works. */
function write(target: HTMLTextAreaElement, text: string): void {
  target.focus();
  // The only way that keeps what can be undone; where a browser has given it up, the text comes in without that.
  if (!document.execCommand("insertText", false, text)) {
    target.setRangeText(text, target.selectionStart, target.selectionEnd, "end");
    target.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

/** What is done once the answer is sent stands below it, in words. */
function showMacro(): void {
  const chosen = field("say-macro")?.value ?? "";
  const strip = document.getElementById("macro");
  if (strip) strip.hidden = !chosen;
  for (const each of document.querySelectorAll<HTMLElement>("[data-macro-words]")) each.hidden = each.dataset.macroWords !== chosen;
}

function insert(from: HTMLElement): void {
  const target = field("say");
  const text = document.getElementById(from.dataset.insert ?? "")?.textContent ?? "";
  if (!(target instanceof HTMLTextAreaElement) || !text) return;
  const empty = !target.value.trim();
  if (empty || from.dataset.replace !== undefined) target.select();
  // An answer counts as begun from the first suggestion that was taken into the empty field.
  if (empty) set("say-used", from.dataset.used ?? "");
  if (from.dataset.macro) set("say-macro", from.dataset.macro);
  document.querySelector<HTMLDialogElement>("#canned[open]")?.close();
  write(target, text);
  showMacro();
}

export function watchAnswers(): void {
  if (!field("say")) return;
  showMacro();
  document.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || event.ctrlKey || event.metaKey) return;
    const from = event.target.closest<HTMLElement>("[data-insert]");
    if (from && field("say")) {
      event.preventDefault();
      insert(from);
    }
    if (event.target.closest("[data-no-macro]")) {
      set("say-macro", "");
      showMacro();
      field("say")?.focus();
    }
  });
  document.addEventListener("input", ({ target }) => {
    if (target instanceof HTMLTextAreaElement && target.id === "say" && !target.value.trim()) {
      set("say-used", "");
      set("say-macro", "");
      showMacro();
    }
  });
  document.addEventListener("reset", ({ target }) => {
    if (!(target instanceof HTMLFormElement) || target.id !== "say-form") return;
    document.getElementById("translated")?.replaceChildren();
    // The event comes before the fields are empty.
    setTimeout(showMacro);
  });
  document.addEventListener("plugdesk:fragment", showMacro);
}
