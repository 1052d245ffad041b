// The plain page: text from people and articles reaches the document as text, never as markup.
const talk = document.querySelector("#talk");
const form = document.querySelector("#form");
const field = document.querySelector("#text");
const failure = document.querySelector("#failure");
let conversation = null;
let waiting = null;
let underway = false;

async function post(path, body) {
  const response = await fetch(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.detail);
  return answer;
}

function element(name, text, className) {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function shown(part) {
  if (part.type === "steps") {
    const list = element("ol");
    list.start = part.first;
    list.append(...part.items.map((item) => element("li", item)));
    return list;
  }
  if (part.type === "picture") {
    const image = element("img");
    image.src = part.src;
    image.alt = part.alt;
    return image;
  }
  return element(part.type === "heading" ? "h2" : "p", part.text, "lines");
}

function add(box, top = box) {
  talk.append(box);
  top.scrollIntoView({ block: "start" });
}

function addReply(reply) {
  const box = element("article", "", reply.urgent ? "bot urgent" : "bot");
  box.lang = reply.language;
  box.append(...reply.parts.map(shown));
  for (const source of reply.sources) box.append(element("p", `${source.title} · ${source.updated}`, "source"));
  const choices = element("div", "", "choices");
  for (const each of reply.quick_replies) {
    const button = element("button", each.label);
    button.type = "button";
    button.addEventListener("click", () => send(each.label, each.choice));
    choices.append(button);
  }
  box.append(choices);
  add(box, talk.lastElementChild); // the question stays in sight above its answer
}

async function send(text, choice = null) {
  if (underway) return; // the text stays in the field
  underway = true;
  // The same text sent again after a failure keeps its id, so that it is answered once.
  if (!waiting || waiting.text !== text) waiting = { text, choice, client_id: crypto.randomUUID() };
  failure.hidden = true;
  try {
    conversation ??= (await post("/v1/conversations", { locale: document.body.dataset.locale })).id;
    const reply = await post(`/v1/conversations/${conversation}/messages`, waiting);
    add(element("article", text, "driver"));
    addReply(reply);
    waiting = null;
    if (field.value.trim() === text.trim()) field.value = "";
  } catch (error) {
    failure.textContent = `${document.body.dataset.failed} ${error instanceof TypeError ? "" : error.message}`;
    failure.hidden = false;
    if (!choice) field.value = text;
  } finally {
    underway = false;
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (field.value.trim()) send(field.value);
});
field.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    form.requestSubmit();
  }
});
