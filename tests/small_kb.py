"""A knowledge base of three topics that is valid as it stands; tests change it to see what happens.

``minimum-balance`` has a vendor section with facts, ``cable-stuck`` a picture and a section for Switzerland,
``remote-restart`` is plain. Each line of an article is a line of the file, so that tests can point at it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

TOPICS = ("minimum-balance", "cable-stuck", "remote-restart")
CLASSES = ("out-of-scope", "greeting", "thanks")
ARTICLE_LANGUAGES = ("en", "fr", "de", "it", "nb")

_TOPICS_YAML = """\
groups:
  - id: account
    topics:
      - id: minimum-balance
        covers: How much credit is needed to charge.
        not: How to pay money in.
        rules: [EP2]
  - id: charging
    topics:
      - id: cable-stuck
        covers: The plug cannot be removed.
        rules: []
      - id: remote-restart
        covers: How to restart the charger from the portal.
        rules: [WB1]
classes:
  - id: out-of-scope
    covers: No topic answers it.
  - id: greeting
    covers: Hello and nothing else.
  - id: thanks
    covers: Thanks and nothing else.
"""

_EPONET_YAML = """\
id: eponet
name: Eponet
kind: billing-provider
countries: [CH]
aliases: [eponet, e-ponet]
facts:
  minimum_balance: {amount: "50.00", currency: CHF}
  transfer_days: {min: 1, max: 2, unit: working-day}
"""

_WALLBOX_YAML = """\
id: wallbox
name: Wallbox
kind: home-charger
countries: []
aliases: [wallbox portal, mywallbox]
facts:
  restart_plans: [Standard, Business]
  restart_menu: Chargers
"""

_LANGUAGES_YAML = """\
en: {name: English, read: [en], kin: en}
fr: {name: Français, read: [fr, en], kin: fr}
de: {name: Deutsch, read: [de, en], kin: de}
it: {name: Italiano, read: [it, en], kin: it}
nb: {name: Norsk, read: [nb, en], kin: nb}
nl: {name: Nederlands, read: [en, de, fr], kin: de}
es: {name: Español, read: [en, fr, it], kin: it}
sv: {name: Svenska, read: [nb, en, de], kin: nb}
da: {name: Dansk, read: [nb, en, de], kin: nb}
pt: {name: Português, read: [en, fr, it], kin: it}
pl: {name: Polski, read: [en, de, fr], kin: en}
"""

_PICTURE = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 20" role="img"><title>Release the cable</title>'
    '<circle cx="10" cy="10" r="8"/></svg>\n'
)


@dataclass(frozen=True)
class _Text:
    """One article: its titles and what stands below the front matter."""

    title: str
    alternatives: tuple[str, str]
    body: str


_ARTICLES = {
    "en/minimum-balance": _Text(
        "How much credit you need to charge",
        ("Balance too low", "Minimum credit"),
        """
With a prepaid account, your balance must reach a minimum before a charge can start.

## What to do {#steps}

1. Sign in to your account and look at the balance.
2. Pay in what is missing.
3. Start the charge again with the app or the pass.

## With Eponet {#eponet vendor=eponet}

With Eponet, no charge starts below {{ eponet.minimum_balance | money }}.
A bank transfer takes {{ eponet.transfer_days | span }}.

## If it still does not start {#next}

If the balance is high enough, look for the cause at the station and write to its operator.
""",
    ),
    "fr/minimum-balance": _Text(
        "Le crédit nécessaire pour charger",
        ("Solde trop bas", "Crédit minimum"),
        """
Avec un compte prépayé, votre solde doit atteindre un minimum avant que la charge puisse démarrer.

## Que faire {#steps}

1. Connectez-vous à votre compte et regardez le solde.
2. Versez ce qui manque.
3. Relancez la charge avec l’application ou le badge.

## Avec Eponet {#eponet vendor=eponet}

Avec Eponet, aucune charge ne démarre au-dessous de {{ eponet.minimum_balance | money }}.
Un virement bancaire prend {{ eponet.transfer_days | span }}.

## Si la charge ne démarre toujours pas {#next}

Si le solde suffit, cherchez la cause à la borne et écrivez à son exploitant.
""",
    ),
    "de/minimum-balance": _Text(
        "Wie viel Guthaben Sie zum Laden brauchen",
        ("Guthaben zu niedrig", "Mindestguthaben"),
        """
Bei einem Prepaid-Konto muss das Guthaben einen Mindestbetrag erreichen, bevor das Laden starten kann.

## Was Sie tun können {#steps}

1. Melden Sie sich bei Ihrem Konto an und prüfen Sie das Guthaben.
2. Zahlen Sie ein, was fehlt.
3. Starten Sie das Laden noch einmal mit der App oder der Ladekarte.

## Bei Eponet {#eponet vendor=eponet}

Bei Eponet startet unter {{ eponet.minimum_balance | money }} kein Ladevorgang.
Eine Überweisung dauert {{ eponet.transfer_days | span }}.

## Wenn es trotzdem nicht startet {#next}

Reicht das Guthaben, suchen Sie die Ursache bei der Ladestation und schreiben Sie ihrem Betreiber.
""",
    ),
    "it/minimum-balance": _Text(
        "Quanto credito serve per ricaricare",
        ("Saldo troppo basso", "Credito minimo"),
        """
Con un account prepagato il saldo deve raggiungere un minimo prima che la ricarica possa partire.

## Che cosa fare {#steps}

1. Accedere al proprio account e guardare il saldo.
2. Versare quello che manca.
3. Avviare di nuovo la ricarica con l’app o con la tessera.

## Con Eponet {#eponet vendor=eponet}

Con Eponet nessuna ricarica parte al di sotto di {{ eponet.minimum_balance | money }}.
Un bonifico bancario richiede {{ eponet.transfer_days | span }}.

## Se la ricarica non parte comunque {#next}

Se il saldo basta, cercare la causa alla colonnina e scrivere al suo gestore.
""",
    ),
    "nb/minimum-balance": _Text(
        "Hvor mye du må ha på konto for å lade",
        ("For lav saldo", "Minstebeløp på konto"),
        """
Med en forhåndsbetalt konto må saldoen være minst så høy som leverandøren krever før ladingen kan starte.

## Dette gjør du {#steps}

1. Logg inn på kontoen din og se hvor mye du har tilgjengelig.
2. Sett inn det som mangler.
3. Start ladingen igjen med appen eller ladebrikken.

## Med Eponet {#eponet vendor=eponet}

Med Eponet starter ingen lading når saldoen er under {{ eponet.minimum_balance | money }}.
En bankoverføring tar {{ eponet.transfer_days | span }}.

## Hvis det fortsatt ikke starter {#next}

Er saldoen høy nok, ligger årsaken ved ladestasjonen, og du kan skrive til operatøren.
""",
    ),
    "en/cable-stuck": _Text(
        "The charging cable cannot be removed",
        ("Cable is stuck", "Plug does not come out of the car"),
        """
End the charge, unlock the car, then pull the plug out straight. Never use force or tools.

## How to release the cable {#steps}

![Drawing: unlock the car first, then pull the plug out straight](pictures/release-cable.svg)

1. End the charge in the app or with your pass.
2. Unlock the car with the key.
3. Pull the plug out by its handle.

## In Switzerland {#switzerland country=CH}

- In Switzerland, the breakdown service also comes for a stuck plug.
- Tell them the number on the station.

## If it stays stuck {#next}

For the car, the garage is responsible; for the station, its operator.
""",
    ),
    "fr/cable-stuck": _Text(
        "Le câble de recharge ne se débranche pas",
        ("Câble coincé", "La prise ne sort pas de la voiture"),
        """
Arrêtez la recharge, déverrouillez la voiture, puis tirez la prise bien droit. Ne forcez jamais.

## Libérer le câble {#steps}

![Dessin : déverrouiller d’abord la voiture, puis tirer la prise bien droit](pictures/release-cable.svg)

1. Arrêtez la recharge dans l’application ou avec votre badge.
2. Déverrouillez la voiture avec la clé.
3. Retirez la prise par la poignée.

## En Suisse {#switzerland country=CH}

- En Suisse, le service de dépannage vient aussi pour une prise coincée.
- Donnez-lui le numéro inscrit sur la borne.

## Si le câble reste coincé {#next}

La voiture relève du garage, la borne de son exploitant.
""",
    ),
    "de/cable-stuck": _Text(
        "Das Ladekabel lässt sich nicht abziehen",
        ("Kabel steckt fest", "Stecker geht nicht aus dem Auto"),
        """
Beenden Sie das Laden, entriegeln Sie das Auto und ziehen Sie den Stecker gerade heraus. Nie mit Gewalt.

## So lösen Sie das Kabel {#steps}

![Zeichnung: zuerst das Auto entriegeln, dann den Stecker gerade herausziehen](pictures/release-cable.svg)

1. Beenden Sie das Laden in der App oder mit Ihrer Karte.
2. Entriegeln Sie das Auto mit dem Schlüssel.
3. Ziehen Sie den Stecker am Griff heraus.

## In der Schweiz {#switzerland country=CH}

- In der Schweiz kommt der Pannendienst auch bei einem feststeckenden Stecker.
- Nennen Sie ihm die Nummer auf der Station.

## Wenn es weiterhin feststeckt {#next}

Für das Auto ist die Werkstatt zuständig, für die Station ihr Betreiber.
""",
    ),
    "it/cable-stuck": _Text(
        "Il cavo di ricarica non si stacca",
        ("Cavo bloccato", "La spina non esce dall’auto"),
        """
Terminare la ricarica, sbloccare l’auto, poi estrarre la spina tirandola diritta. Mai usare la forza.

## Come liberare il cavo {#steps}

![Disegno: prima sbloccare l’auto, poi estrarre la spina tirandola diritta](pictures/release-cable.svg)

1. Terminare la ricarica nell’app o con la propria tessera.
2. Sbloccare l’auto con la chiave.
3. Estrarre la spina tenendo l’impugnatura.

## In Svizzera {#switzerland country=CH}

- In Svizzera il soccorso stradale viene anche per una spina bloccata.
- Indicare il numero riportato sulla colonnina.

## Se resta bloccato {#next}

Per l’auto la competenza è dell’officina, per la colonnina del suo gestore.
""",
    ),
    "nb/cable-stuck": _Text(
        "Ladekabelen sitter fast",
        ("Får ikke ut kabelen", "Pluggen sitter fast i bilen"),
        """
Avslutt ladingen, lås opp bilen og trekk så pluggen rett ut. Bruk aldri makt eller verktøy.

## Slik får du løs kabelen {#steps}

![Tegning: lås opp bilen først, trekk deretter pluggen rett ut](pictures/release-cable.svg)

1. Avslutt ladingen i appen eller med brikken din.
2. Lås opp bilen med nøkkelen.
3. Trekk pluggen ut i håndtaket.

## I Sveits {#switzerland country=CH}

- I Sveits kommer veihjelpen også når en plugg sitter fast.
- Oppgi nummeret som står på stasjonen.

## Hvis den fortsatt sitter fast {#next}

Verkstedet har ansvaret for bilen, operatøren for stasjonen.
""",
    ),
    "en/remote-restart": _Text(
        "How to restart your charger from the portal",
        ("Reboot the charger remotely", "Charger hangs and does not react"),
        """
You restart your own charger in its web portal, if it is connected; nobody has to be on site.

## How to restart it {#steps}

1. Sign in to the portal with an account that may manage the charger.
2. Open the list of chargers and choose yours.
3. Choose restart and confirm once.

## If the charger does not come back {#next}

Check its power and its internet connection, and write here what you see.
""",
    ),
    "fr/remote-restart": _Text(
        "Comment redémarrer votre borne depuis le portail",
        ("Redémarrer la borne à distance", "La borne est figée et ne réagit plus"),
        """
Vous redémarrez votre propre borne sur son portail web, si elle est connectée ; nul besoin d’être sur place.

## Comment la redémarrer {#steps}

1. Connectez-vous au portail avec un compte qui peut gérer la borne.
2. Ouvrez la liste des bornes et choisissez la vôtre.
3. Choisissez le redémarrage et validez une seule fois.

## Si la borne ne revient pas {#next}

Vérifiez son alimentation et sa connexion Internet, et écrivez ici ce que vous voyez.
""",
    ),
    "de/remote-restart": _Text(
        "So starten Sie Ihre Ladestation über das Portal neu",
        ("Ladestation aus der Ferne neu starten", "Ladestation hängt und reagiert nicht"),
        """
Ihre eigene Ladestation starten Sie im Webportal neu, sofern sie verbunden ist; vor Ort muss niemand sein.

## So geht der Neustart {#steps}

1. Melden Sie sich im Portal mit einem Konto an, das die Ladestation verwalten darf.
2. Öffnen Sie die Liste der Ladestationen und wählen Sie Ihre.
3. Wählen Sie den Neustart und bestätigen Sie einmal.

## Wenn die Station nicht zurückkommt {#next}

Prüfen Sie Strom und Internetverbindung und schreiben Sie hier, was Sie sehen.
""",
    ),
    "it/remote-restart": _Text(
        "Come riavviare il punto di ricarica dal portale",
        ("Riavviare il punto di ricarica da remoto", "Il punto di ricarica è bloccato e non risponde"),
        """
Il proprio punto di ricarica si riavvia dal portale web, se è connesso; non serve che qualcuno sia sul posto.

## Come riavviarlo {#steps}

1. Accedere al portale con un account che può gestire il punto di ricarica.
2. Aprire l’elenco dei punti di ricarica e scegliere il proprio.
3. Scegliere il riavvio e confermare una sola volta.

## Se il punto di ricarica non torna {#next}

Controllare alimentazione e connessione a Internet e scrivere qui che cosa si vede.
""",
    ),
    "nb/remote-restart": _Text(
        "Slik starter du laderen på nytt fra portalen",
        ("Omstart av laderen på avstand", "Laderen henger og reagerer ikke"),
        """
Din egen lader starter du på nytt i nettportalen, så lenge den er på nett; ingen trenger å være på stedet.

## Slik gjør du det {#steps}

1. Logg inn i portalen med en konto som kan administrere laderen.
2. Åpne listen over ladere og velg din egen.
3. Velg omstart og bekreft én gang.

## Hvis laderen ikke kommer tilbake {#next}

Sjekk strømmen og nettforbindelsen, og skriv her hva du ser.
""",
    ),
}

_UTTERANCES = {
    "en/minimum-balance": ("balance too low it says", "how much credit do i need", "whats the minimum balance"),
    "en/cable-stuck": ("cable stuck", "the plug does not come out", "i cant remove the charging cable"),
    "en/remote-restart": ("restart my charger", "how do i reboot the charger", "charger hangs, restart it please"),
    "en/out-of-scope": ("which car should i buy", "what is the weather today"),
    "en/greeting": ("hello", "good morning"),
    "en/thanks": ("thank you", "thanks a lot"),
    "de/minimum-balance": ("Guthaben zu niedrig", "Wie viel Guthaben brauche ich?", "Mindestguthaben"),
    "de/cable-stuck": ("Kabel steckt fest", "Stecker geht nicht raus", "Das Ladekabel klemmt"),
    "de/remote-restart": ("Ladestation neu starten", "Neustart der Wallbox", "Wie starte ich die Station neu?"),
    "de/greeting": ("Hallo", "Guten Tag"),
    "nb/minimum-balance": ("saldo for lav", "hvor mye må jeg ha på konto"),
    "nb/cable-stuck": ("kabelen sitter fast", "får ikke ut pluggen"),
    "nb/remote-restart": ("start laderen på nytt", "omstart av laderen"),
    "fr/cable-stuck": ("câble coincé", "la prise ne sort pas"),
    "it/cable-stuck": ("cavo bloccato", "la spina non esce"),
    "nl/cable-stuck": ("kabel zit vast", "stekker komt niet los"),
    "pl/minimum-balance": ("za niskie saldo", "ile muszę mieć na koncie"),
}


def _article(name: str, text: _Text) -> str:
    language, topic = name.split("/")
    related = next(each for each in TOPICS if each != topic)
    vendors = "[eponet]" if "vendor=eponet" in text.body else "[]"
    return (
        f"---\nid: {topic}\nlanguage: {language}\ntitle: {text.title}\n"
        f"alternative_titles:\n  - {text.alternatives[0]}\n  - {text.alternatives[1]}\n"
        f"vendors: {vendors}\nowner: support-content\nupdated: 2026-11-21\nreview_by: 2027-05-21\n"
        f"related: [{related}]\n---\n{text.body}"
    )


def small_files() -> dict[str, str]:
    """What each file of the small knowledge base holds, by its path below the folder."""
    files = {
        "topics.yaml": _TOPICS_YAML,
        "languages.yaml": _LANGUAGES_YAML,
        "vendors/eponet.yaml": _EPONET_YAML,
        "vendors/wallbox.yaml": _WALLBOX_YAML,
        "pictures/release-cable.svg": _PICTURE,
    }
    files |= {f"articles/{name}.md": _article(name, text) for name, text in _ARTICLES.items()}
    files |= {f"utterances/{name}.txt": "\n".join(lines) + "\n" for name, lines in _UTTERANCES.items()}
    return files


def write_small_kb(folder: Path) -> Path:
    """Write the small knowledge base into ``folder`` and return it."""
    for name, text in small_files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def edit(path: Path, old: str, new: str) -> Path:
    """Replace ``old``, which must occur, everywhere in a file; returns the file."""
    text = path.read_text(encoding="utf-8")
    assert old in text, f"{path} does not contain {old!r}"
    path.write_text(text.replace(old, new), encoding="utf-8")
    return path


def line_of(path: Path, part: str) -> int:
    """The number of the first line that contains ``part``, counted from 1."""
    lines = path.read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, start=1) if part in line)
