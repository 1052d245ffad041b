/** What the widget reads from the host app's token. It trusts none of it: the server checks the signature. */

/** A name for the token's user that does not tell who it is, to keep apart the conversations of two users. */
export function userKey(token: string): string {
  let subject = token;
  try {
    subject = String(
      (JSON.parse(atob(token.split(".")[1]!.replace(/-/g, "+").replace(/_/g, "/"))) as { sub: unknown }).sub,
    );
  } catch {
    // not a token that can be read: it stands for itself
  }
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const letter of subject) {
    a = Math.imul(a ^ letter.codePointAt(0)!, 0x9e3779b1);
    b = Math.imul(b ^ letter.codePointAt(0)!, 0x5f356495);
  }
  return (a >>> 0).toString(36) + (b >>> 0).toString(36);
}
