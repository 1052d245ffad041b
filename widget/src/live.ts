/** What is said arrives here: by server-sent events, or by asking again and again where they do not get through. */

import type { Said } from "./types";

export interface Listener {
  /** Where the stream is, from the last line that is known. */
  address(): string;
  said(said: Said): void;
  /** `name`: of the person who writes; without one it is the assistant. */
  typing(name?: string): void;
  /** The server has answered. */
  reached(): void;
  /** Reads what is new; false where the server could not be reached. */
  poll(): Promise<boolean>;
}

const FAILURES = 2;
const POLL = 3_000;
const POLL_HIDDEN = 20_000;
const SLOWEST = 30_000;
/** How fast a stream that fails is tried again: after 0.2, 30 and 5,000 seconds. */
const STREAM_AGAIN = 30_000;

export class Live {
  private stream?: EventSource;
  private failures = 0;
  private polling?: number;
  private again?: number;
  private misses = 0;
  private running?: AbortController;

  constructor(private readonly listener: Listener) {}

  start(): void {
    this.stop();
    const { signal } = (this.running = new AbortController());
    // Of the document's events this one reaches the window too.
    for (const name of ["online", "pageshow", "visibilitychange"]) addEventListener(name, this.renew, { signal });
    this.renew();
  }

  stop(): void {
    this.running?.abort();
    this.running = undefined;
    this.pause();
  }

  /** Whether there is a stream, and nothing speaks against its bringing what is said. */
  get streams(): boolean {
    return this.stream?.readyState === EventSource.OPEN;
  }

  /** Connects anew: a connection may be dead without anybody having been told. */
  readonly renew = (): void => {
    this.pause();
    if (!this.running) return;
    this.failures = this.misses = 0;
    // A browser allows few connections to one server, so tabs that nobody sees hold none.
    if (document.hidden || typeof EventSource !== "function") this.ask();
    else this.connect();
  };

  private pause(): void {
    this.stream?.close();
    this.stream = undefined;
    clearTimeout(this.polling);
    clearTimeout(this.again);
    this.polling = undefined;
  }

  private connect(): void {
    const stream = (this.stream = new EventSource(this.listener.address()));
    stream.onopen = () => {
      this.listener.reached();
      this.failures = 0;
      clearTimeout(this.polling);
      this.polling = undefined;
    };
    stream.addEventListener("said", (event) => this.listener.said(JSON.parse(event.data) as Said));
    stream.addEventListener("typing", (event) => this.listener.typing((JSON.parse(event.data) as { name?: string }).name));
    stream.onerror = () => {
      this.failures++;
      if (this.failures >= FAILURES && this.polling === undefined) this.ask();
      // The browser connects again by itself, unless the server has refused.
      if (stream.readyState !== EventSource.CLOSED && this.failures < FAILURES) return;
      stream.close();
      this.again = window.setTimeout(() => this.connect(), STREAM_AGAIN ** (this.failures / FAILURES));
    };
  }

  private ask(): void {
    const round = (this.polling = window.setTimeout(async () => {
      const reached = await this.listener.poll();
      if (this.polling !== round) return;
      this.misses = reached ? 0 : this.misses + 1;
      this.ask();
    }, this.pace()));
  }

  private pace(): number {
    return Math.min((document.hidden ? POLL_HIDDEN : POLL) * 2 ** this.misses, SLOWEST);
  }
}
