// The demo page plays the host app of the widget. Texts of the world reach the document as text, never as markup.
"use strict";
const words = document.body.dataset;
const stations = document.querySelector("#stations");
const user = document.querySelector("#user");
const account = document.querySelector("#account");
const told = document.querySelector("#told");
const STATES = { AVAILABLE: "free", CHARGING: "in-use", OUTOFORDER: "broken", INOPERATIVE: "broken" };
const SAID = { free: words.free, "in-use": words.inUse, broken: words.broken, unknown: words.unknown };
const LOOK_EVERY = 5000;
let world = null;

async function ask(path, body) {
  const request = body && { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(path, request);
  if (response.ok) return response.status === 204 ? null : response.json();
  throw new Error((await response.json()).detail);
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function state(station) {
  return STATES[station.status] ?? "unknown";
}

function card(station) {
  const radio = element("input", { type: "radio", name: "station", value: station.number });
  radio.addEventListener("change", choose);
  const detail = [station.evse_id, station.network === "partner" ? words.partner : station.operator];
  const name = element("span", { className: "name" }, element("b", { textContent: station.number }));
  name.append(element("small", { textContent: detail.filter(Boolean).join(" · ") }));
  return element("label", { className: "station" }, radio, name, element("span", { className: "state" }));
}

function show(found) {
  world = found;
  if (!stations.childElementCount) stations.append(...world.station.map(card));
  for (const station of world.station) {
    const is = state(station);
    const label = stations.querySelector(`[value="${CSS.escape(station.number)}"]`)?.parentElement.querySelector(".state");
    const pin = document.querySelector(`[data-pin="${CSS.escape(station.number)}"]`);
    if (label) label.textContent = SAID[is];
    for (const each of [label, pin]) if (each) each.dataset.is = is;
  }
  showAccount();
}

function showAccount() {
  const found = world?.account.find((each) => each.number === user.selectedOptions[0]?.dataset.account);
  account.hidden = !found?.balance;
  if (account.hidden) return;
  const [name, balance] = account.children;
  name.textContent = found.number;
  balance.textContent = `${found.balance.currency} ${found.balance.amount}`;
}

async function look() {
  if (document.hidden) return;
  try {
    show(await ask("/v1/demo"));
  } catch {
    // The next look may succeed.
  }
}

function choose() {
  const stationId = stations.querySelector(":checked")?.value;
  for (const pin of document.querySelectorAll("[data-pin]")) pin.classList.toggle("chosen", pin.dataset.pin === stationId);
  window.Plugdesk?.setContext({ stationId, screen: "station" });
}

async function token() {
  return user.value ? (await ask("/v1/demo/token", { user: user.value })).token : null;
}

async function signIn() {
  sessionStorage.setItem("demo-user", user.value);
  showAccount();
  try {
    window.Plugdesk?.identify(await token());
  } catch (error) {
    told.textContent = `${words.failed} ${error.message}`;
  }
}

async function change(event) {
  told.textContent = "";
  try {
    await ask("/v1/demo", { command: event.currentTarget.dataset.command });
    told.textContent = words.done;
    await look();
  } catch (error) {
    told.textContent = `${words.failed} ${error instanceof TypeError ? "" : error.message}`;
  }
}

for (const button of document.querySelectorAll("[data-command]")) button.addEventListener("click", change);
document.querySelector("#help")?.addEventListener("click", () => window.Plugdesk?.open());
document.querySelector("#language").addEventListener("change", (event) => {
  location.search = new URLSearchParams({ language: event.target.value }).toString();
});
user.addEventListener("change", signIn);
user.value = sessionStorage.getItem("demo-user") ?? "";
if (user.selectedIndex < 0) user.value = "";
if (user.value) signIn();
window.Plugdesk?.on("token", token);
document.addEventListener("visibilitychange", look);
setInterval(look, LOOK_EVERY);
look();
