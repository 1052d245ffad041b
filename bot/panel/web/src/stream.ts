// Server-sent events name what changed; whatever is on the page of it is fetched anew.
import { refreshFor } from "./fragments";
import { check, signedOut } from "./session";

const PATIENCE_MS = 3000;

/** The names that something on the page stands for: nothing else is worth being told of. */
function wanted(): string {
  const names = [...document.querySelectorAll<HTMLElement>("[data-on]")].flatMap((each) => (each.dataset.on ?? "").split(" "));
  return [...new Set(names)].filter(Boolean).sort().join(" ");
}

export function follow(): void {
  if (!document.body.dataset.agent || !document.querySelector("[data-on]")) return;
  const lamp = document.querySelector<HTMLElement>("#connection");
  let stream: EventSource | null = null;
  let missed = false;

  const open = () => {
    stream?.close();
    // What happened between the making of this page and now is told first.
    const since = document.body.dataset.since ?? "";
    stream = new EventSource(`/agent/stream?on=${encodeURIComponent(wanted())}&since=${encodeURIComponent(since)}`);
    stream.addEventListener("open", () => {
      if (lamp) lamp.textContent = "";
      // What happened while nobody listened is not told again.
      if (missed) {
        refreshFor(null);
        document.dispatchEvent(new CustomEvent("plugdesk:changed", { detail: null }));
      }
      missed = false;
    });
    stream.addEventListener("changed", ({ data }) => {
      const names = JSON.parse(data as string) as string[];
      refreshFor(names);
      document.dispatchEvent(new CustomEvent("plugdesk:changed", { detail: names }));
    });
    stream.addEventListener("signed-out", () => {
      stream?.close();
      missed = true;
      signedOut();
    });
    stream.addEventListener("error", () => {
      missed = true;
      if (lamp) lamp.textContent = lamp.dataset.lost ?? "";
      void check();
      // A refusal closes the stream for good; a lost connection is tried again by the browser itself.
      if (stream?.readyState === EventSource.CLOSED) setTimeout(open, PATIENCE_MS);
    });
  };

  document.addEventListener("plugdesk:signed-in", open);
  window.addEventListener("pagehide", () => stream?.close());
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) {
      missed = true;
      open();
    }
  });
  open();
}
