// Server-sent events name what changed; whatever is on the page of it is fetched anew.
import { refreshFor } from "./fragments";
import { check, signedOut } from "./session";

const PATIENCE_MS = 3000;

export function follow(): void {
  if (!document.body.dataset.agent || !document.querySelector("[data-on]")) return;
  const lamp = document.querySelector<HTMLElement>("#connection");
  let stream: EventSource | null = null;
  let missed = false;

  const open = () => {
    stream?.close();
    stream = new EventSource("/agent/stream");
    stream.addEventListener("open", () => {
      if (lamp) lamp.textContent = "";
      // What happened while nobody listened is not told again.
      if (missed) refreshFor(null);
      missed = false;
    });
    stream.addEventListener("changed", ({ data }) => refreshFor(JSON.parse(data as string) as string[]));
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
