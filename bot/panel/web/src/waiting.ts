// How many drivers wait: in the menu, in the tab's title, and as a sound for those who want it.

const SOUND = "plugdesk-panel-sound";
const NAME = "case-counts";
let audio: AudioContext | null = null;

interface Waiting {
  waiting: number;
  urgent: number;
}

function wanted(): boolean {
  return localStorage.getItem(SOUND) === "on";
}

/** Two short notes; urgent ones higher, and three. Browsers play nothing before somebody has clicked or typed. */
function beep(urgent: boolean): void {
  audio ??= new AudioContext();
  const notes = urgent ? [880, 1175, 880] : [587, 784];
  notes.forEach((pitch, place) => {
    if (!audio) return;
    const [tone, loudness] = [audio.createOscillator(), audio.createGain()];
    const start = audio.currentTime + place * 0.16;
    tone.frequency.value = pitch;
    loudness.gain.setValueAtTime(0.0001, start);
    loudness.gain.exponentialRampToValueAtTime(0.2, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.0001, start + 0.14);
    tone.connect(loudness).connect(audio.destination);
    tone.start(start);
    tone.stop(start + 0.15);
  });
}

export function watchWaiting(): void {
  const badge = document.querySelector<HTMLElement>("#waiting");
  if (!badge) return;
  const plain = document.title;
  let known: Waiting = { waiting: Number(badge.dataset.waiting), urgent: Number(badge.dataset.urgent) };

  const show = (now: Waiting) => {
    badge.textContent = now.waiting ? String(now.waiting) : "";
    document.title = now.waiting ? `(${now.waiting}${now.urgent ? "!" : ""}) ${plain}` : plain;
    if (wanted() && (now.waiting > known.waiting || now.urgent > known.urgent)) beep(now.urgent > known.urgent);
    known = now;
  };
  const look = async () => {
    const response = await fetch("/agent/waiting", { headers: { "X-Fragment": "waiting" } }).catch(() => null);
    if (response?.ok) show((await response.json()) as Waiting);
  };
  document.addEventListener("plugdesk:changed", (event) => {
    const names = (event as CustomEvent<string[] | null>).detail;
    if (names === null || names.includes(NAME)) void look();
  });
  show(known);

  for (const button of document.querySelectorAll<HTMLElement>("[data-sound]")) {
    button.hidden = false;
    button.ariaPressed = String(wanted());
    button.addEventListener("click", () => {
      localStorage.setItem(SOUND, wanted() ? "off" : "on");
      button.ariaPressed = String(wanted());
      if (wanted()) beep(false);
    });
  }
  const wake = () => void (wanted() && audio?.state === "suspended" && audio.resume());
  document.addEventListener("pointerdown", wake);
  document.addEventListener("keydown", wake);
}
