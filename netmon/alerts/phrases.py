"""What alerts say, in each language; `{…}` is filled with what was cleaned before."""

from collections.abc import Mapping
from dataclasses import dataclass

from netmon.alerts.message import Happening
from netmon.words.language import Language


@dataclass(frozen=True, slots=True)
class Phrases:
    """The sentences of one language; those of the body end in a full stop."""

    prefixes: Mapping[Happening, str]
    at: str
    counted: str
    out_one: str
    out_many: str
    is_out: str
    is_partial: str
    works_again: str
    is_withdrawn: str
    many: str
    and_places: str
    lost: str
    broken: str
    partial: str
    place: str
    affected_one: str
    affected_many: str
    resolved: str
    withdrawn: str
    explained: str
    more: str
    flapping: str
    acknowledged: str
    acknowledged_openly: str
    late: str
    owner: str
    closed: str
    street: str
    people: str
    next_spot: str
    next_spot_until: str
    walk: str
    straight: str
    invented: str
    blind: str
    blind_since: str
    sees: str
    sees_since: str
    link: str
    test: str
    test_body: str


PHRASES: Mapping[Language, Phrases] = {
    Language.NL: Phrases(
        prefixes={
            Happening.PROBLEM: "",
            Happening.CHANGED: "Gewijzigd: ",
            Happening.REMINDER: "Nog altijd: ",
            Happening.ESCALATION: "Nog niet opgelost: ",
            Happening.RESOLVED: "Opgelost: ",
        },
        at="{place}: {what}",
        counted="{out} van {total} {noun}",
        out_one="werkt niet",
        out_many="werken niet",
        is_out="{subject} werkt niet",
        is_partial="{subject} werkt maar deels",
        works_again="{subject} werkt weer",
        is_withdrawn="{subject}, melding ingetrokken",
        many="{count} storingen",
        and_places="{place} en {count} andere",
        lost="{losses} {verb} sinds {since}, oorzaak: {subject} ({reason}).",
        broken="{place}: {subject} werkt niet sinds {since} ({reason}).",
        partial="{place}: {subject} werkt maar deels sinds {since} ({reason}).",
        place="{place}: {reason} sinds {since}.",
        affected_one="Daardoor is ook 1 ander toestel weg.",
        affected_many="Daardoor zijn ook {count} andere toestellen weg.",
        resolved="{place}: {subject} werkt weer sinds {ended}, na {duration}.",
        withdrawn="{place}: {subject} telt niet meer mee; of het werkt, zegt dit bericht niet.",
        explained="{place}: {subject} hoort bij een andere storing: {cause}.",
        more="En nog {count} andere.",
        flapping="Valt telkens uit en komt terug: tot dat ophoudt, melden we niet elke keer.",
        acknowledged="Iemand werkt eraan, tot {until}.",
        acknowledged_openly="Iemand werkt eraan.",
        late="Geschreven: {written}. Het kon niet eerder bezorgd worden.",
        owner="Voor de beheerder van de plek{owner}.",
        closed="De plek is nu gesloten.",
        street="Ongeveer {length} straat zonder signaal.",
        people="Ongeveer {count} inwoners hebben nu geen gratis internet in de buurt.",
        next_spot="Volgende gratis internet: {spot}.",
        next_spot_until="Volgende gratis internet: {spot}, open tot {until}.",
        walk="{spot} (ongeveer {length} wandelen)",
        straight="{spot} (ongeveer {length} in rechte lijn)",
        invented="(Berekend met voorbeeldgegevens.)",
        blind="netmon ziet het netwerk niet",
        blind_since="netmon ziet het netwerk niet sinds {since}. Zolang dat duurt, "
        "weten we niet wat werkt, en melden we geen andere storingen. "
        "Kijk eerst naar de verbinding van netmon zelf.",
        sees="netmon ziet het netwerk weer",
        sees_since="netmon ziet het netwerk weer sinds {ended}, na {duration}.",
        link="Meer: {link}",
        test="Proefbericht van netmon",
        test_body="Dit is een proef van netmon voor {route}. Er is niets stuk.",
    ),
    Language.EN: Phrases(
        prefixes={
            Happening.PROBLEM: "",
            Happening.CHANGED: "Changed: ",
            Happening.REMINDER: "Still: ",
            Happening.ESCALATION: "Not solved yet: ",
            Happening.RESOLVED: "Resolved: ",
        },
        at="{place}: {what}",
        counted="{out} of {total} {noun}",
        out_one="out",
        out_many="out",
        is_out="{subject} is out",
        is_partial="{subject} works only in part",
        works_again="{subject} works again",
        is_withdrawn="{subject}, alert withdrawn",
        many="{count} problems",
        and_places="{place} and {count} more",
        lost="{losses} {verb} since {since}, cause: {subject} ({reason}).",
        broken="{place}: {subject} has been out since {since} ({reason}).",
        partial="{place}: {subject} has worked only in part since {since} ({reason}).",
        place="{place}: {reason} since {since}.",
        affected_one="It took 1 other device along.",
        affected_many="It took {count} other devices along.",
        resolved="{place}: {subject} works again since {ended}, after {duration}.",
        withdrawn="{place}: {subject} is no problem any more; this does not say that it works.",
        explained="{place}: {subject} belongs to another problem: {cause}.",
        more="And {count} more.",
        flapping="It fails and comes back again and again: until that ends, not each time is told.",
        acknowledged="Somebody works on it, until {until}.",
        acknowledged_openly="Somebody works on it.",
        late="Written: {written}. It could not be delivered before.",
        owner="For whoever runs the place{owner}.",
        closed="The place is closed now.",
        street="About {length} of street without signal.",
        people="About {count} residents have no free internet nearby now.",
        next_spot="Next free internet: {spot}.",
        next_spot_until="Next free internet: {spot}, open until {until}.",
        walk="{spot} (about {length} on foot)",
        straight="{spot} (about {length} in a straight line)",
        invented="(Worked out with made-up data.)",
        blind="netmon cannot see the network",
        blind_since="netmon has not seen the network since {since}. While that lasts, "
        "we do not know what works, and tell of no other problems. "
        "Look first at netmon’s own connection.",
        sees="netmon sees the network again",
        sees_since="netmon sees the network again since {ended}, after {duration}.",
        link="More: {link}",
        test="Test message of netmon",
        test_body="This is a test of netmon for {route}. Nothing is broken.",
    ),
    Language.FR: Phrases(
        prefixes={
            Happening.PROBLEM: "",
            Happening.CHANGED: "Changé : ",
            Happening.REMINDER: "Toujours : ",
            Happening.ESCALATION: "Pas encore résolu : ",
            Happening.RESOLVED: "Résolu : ",
        },
        at="{place} : {what}",
        counted="{out} sur {total} {noun}",
        out_one="hors service",
        out_many="hors service",
        is_out="{subject} hors service",
        is_partial="{subject} ne fonctionne qu’en partie",
        works_again="{subject} fonctionne de nouveau",
        is_withdrawn="{subject}, alerte retirée",
        many="{count} problèmes",
        and_places="{place} et {count} de plus",
        lost="{losses} {verb} depuis {since}, cause : {subject} ({reason}).",
        broken="{place} : {subject} hors service depuis {since} ({reason}).",
        partial="{place} : {subject} ne fonctionne qu’en partie depuis {since} ({reason}).",
        place="{place} : {reason} depuis {since}.",
        affected_one="Un autre appareil est perdu avec lui.",
        affected_many="{count} autres appareils sont perdus avec lui.",
        resolved="{place} : {subject} fonctionne de nouveau depuis {ended}, après {duration}.",
        withdrawn="{place} : {subject} n’est plus un problème ; cela ne dit pas que tout marche.",
        explained="{place} : {subject} fait partie d’un autre problème : {cause}.",
        more="Et {count} de plus.",
        flapping="La panne va et vient : tant que cela dure, elle n’est pas signalée chaque fois.",
        acknowledged="Quelqu’un y travaille, jusqu’à {until}.",
        acknowledged_openly="Quelqu’un y travaille.",
        late="Écrit : {written}. Impossible de le livrer plus tôt.",
        owner="Pour le gestionnaire du lieu{owner}.",
        closed="Le lieu est fermé maintenant.",
        street="Environ {length} de rue sans signal.",
        people="Environ {count} personnes n’ont pas d’internet gratuit à proximité.",
        next_spot="Prochain internet gratuit : {spot}.",
        next_spot_until="Prochain internet gratuit : {spot}, ouvert jusqu’à {until}.",
        walk="{spot} (environ {length} à pied)",
        straight="{spot} (environ {length} à vol d’oiseau)",
        invented="(Calculé avec des données d’exemple.)",
        blind="netmon ne voit pas le réseau",
        blind_since="netmon ne voit pas le réseau depuis {since}. Tant que cela dure, "
        "nous ne savons pas ce qui marche et ne signalons aucun autre problème. "
        "Vérifiez d’abord la connexion de netmon lui-même.",
        sees="netmon voit de nouveau le réseau",
        sees_since="netmon voit de nouveau le réseau depuis {ended}, après {duration}.",
        link="Plus : {link}",
        test="Message d’essai de netmon",
        test_body="Ceci est un essai de netmon pour {route}. Rien n’est en panne.",
    ),
}
