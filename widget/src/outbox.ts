/** Sends what waits: one at a time, in order, each under the same id until the server has answered. */

import { Refused } from "./api";
import type { Store } from "./store";
import type { Outgoing } from "./types";

const FIRST_WAIT = 600;
const LONGEST_WAIT = 30_000;

export class Outbox {
  private draining = false;
  private stopped = false;
  private resume = (): void => {};

  /** `deliver` throws where the message did not get through; `changed` is told when something left or failed. */
  constructor(
    private readonly store: Store,
    private readonly deliver: (item: Outgoing) => Promise<void>,
    private readonly changed: () => void,
  ) {}

  /**
   * Sends what there is, without waiting any longer. Two tabs may do so at once: each keeps the order, and the server
   * takes a message of the same id only once.
   */
  async drain(): Promise<void> {
    this.resume();
    if (this.draining) return;
    this.draining = true;
    for (let item = this.next; item; item = this.next) await this.deliverOne(item);
    this.draining = false;
  }

  stop(): void {
    this.stopped = true;
    this.resume();
  }

  /** Changes a message that waits, or takes it out where no change is given. */
  change(item: Outgoing, change?: Partial<Outgoing>): void {
    this.store.update(({ outbox }) => ({
      outbox: outbox.flatMap((each) =>
        each.client_id !== item.client_id ? each : change ? { ...each, ...change } : [],
      ),
    }));
    this.changed();
  }

  private get next(): Outgoing | undefined {
    return this.stopped ? undefined : this.store.state.outbox.find((item) => !item.failed);
  }

  private async deliverOne(item: Outgoing): Promise<void> {
    for (let attempt = 0; !this.stopped; attempt++) {
      try {
        await this.deliver(item);
        return this.change(item);
      } catch (error) {
        const refused = error instanceof Refused ? error : undefined;
        if (refused && !refused.passing)
          return this.change(item, { failed: refused.status === 413 ? "too_long" : "failed" });
        // Jitter, so that phones that lost the network together do not come back together.
        const wait = refused?.wait ?? Math.min(FIRST_WAIT * 2 ** attempt, LONGEST_WAIT) * (0.5 + Math.random() / 2);
        await new Promise<void>((done) => {
          setTimeout(done, wait);
          this.resume = done;
        });
      }
    }
  }
}
