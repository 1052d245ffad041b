// A charge point that does as it is told: one JSON object a line on standard input, one a line on standard output.
// In:  {"call": [action, payload]}   {"raw": [2, id, action, payload]}
// Out: {"connected": protocol}       {"result": payload} or {"error": code}   {"raw": the answer's frame}
//      {"told": [action, payload]} for what the gateway asks   {"invalid": what} for what breaks the standard
'use strict';
const readline = require('node:readline');
const { RPCClient } = require('ocpp-rpc');

const options = JSON.parse(process.argv[2]);
const raw = new Set();
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const client = new RPCClient({ ...options, strictMode: true, reconnect: false });
client.on('strictValidationFailure', ({ error }) => say({ invalid: String(error) }));
client.on('badMessage', ({ buffer, error }) => {
  const frame = JSON.parse(buffer.toString());
  // The library does not know of the calls that were sent raw, and takes their answers for bad messages.
  say(raw.delete(frame[1]) ? { raw: frame } : { invalid: String(error) });
});
client.handle(({ method, params }) => {
  say({ told: [method, params] });
  return { status: method === 'UnlockConnector' ? 'Unlocked' : 'Accepted' };
});

async function act(line) {
  if (line.raw) {
    raw.add(line.raw[1]);
    client.sendRaw(JSON.stringify(line.raw));
    return;
  }
  try {
    say({ result: await client.call(...line.call) });
  } catch (error) {
    say({ error: error.rpcErrorCode ?? String(error) });
  }
}

async function main() {
  await client.connect();
  say({ connected: client.protocol });
  for await (const line of readline.createInterface({ input: process.stdin })) {
    await act(JSON.parse(line));
  }
  await client.close();
}

main().catch((error) => say({ invalid: String(error) }));
