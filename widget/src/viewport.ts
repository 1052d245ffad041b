/** Phones: the chat covers what the keyboard leaves of the screen. */

const SMALL = "(max-width: 480px), (max-height: 480px)";

/** Follows screen and keyboard; `changed` is told whether the screen is small. Returns what ends it. */
export function followScreen(root: HTMLElement, changed: (small: boolean) => void): () => void {
  const small = matchMedia(SMALL);
  const view = window.visualViewport;
  const sized = () => {
    root.style.setProperty("--view-height", view ? `${view.height}px` : "100%");
    root.style.setProperty("--view-top", view ? `${view.offsetTop}px` : "0px");
  };
  const told = () => changed(small.matches);
  small.addEventListener("change", told);
  view?.addEventListener("resize", sized);
  view?.addEventListener("scroll", sized);
  sized();
  told();
  return () => {
    small.removeEventListener("change", told);
    view?.removeEventListener("resize", sized);
    view?.removeEventListener("scroll", sized);
  };
}
