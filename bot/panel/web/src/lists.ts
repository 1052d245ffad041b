// Buttons [data-step] go from one [data-item] of the list to the next; Enter then opens it, being a link.

function go(step: number): void {
  const items = [...document.querySelectorAll<HTMLElement>("[data-list] [data-item]")];
  const at = items.findIndex((item) => item === document.activeElement);
  const next = at < 0 ? items[step > 0 ? 0 : items.length - 1] : items[Math.min(Math.max(at + step, 0), items.length - 1)];
  next?.focus();
  next?.scrollIntoView({ block: "nearest" });
}

export function watchLists(): void {
  document.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>("[data-step]") : null;
    if (button) go(Number(button.dataset.step));
  });
}
