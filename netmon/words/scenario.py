"""What is wrong with a scenario, in Dutch sentences; a fault of a step begins in lower case."""

from typing import Final

NOTHING_TO_KEEP: Final = "Er is nog niets om te bewaren: voeg eerst een stap toe."
READ_ONLY: Final = "Bewaren kan hier niet: deze netmon leest alleen."
UNNAMED: Final = "Zonder naam"

NO_PLACE: Final = "kies een plaats op de kaart of vul lengte en breedte in"
NO_NUMBERS: Final = "lengte en breedte moeten getallen zijn"
NO_DEGREES: Final = "lengte en breedte moeten graden zijn, zoals 4,48 en 51,03"
SWAPPED: Final = "lengte en breedte zijn verwisseld"
OUT_OF_TOWN: Final = "die plaats ligt buiten de stad"
IN_A_HOUSE: Final = "die plaats ligt in een gebouw: kies een plaats buiten, aan een gevel"
NO_NAME: Final = "kies een naam van letters, cijfers, punten en streepjes, ten hoogste 64"
NAME_TAKEN: Final = "die naam bestaat al: kies een andere"
NO_ACCESS_POINT: Final = "er is geen toegangspunt met deze naam"
NO_SITE: Final = "er is geen plek met deze naam"
NO_SERVICE: Final = "kies welke dienst de plek geeft: computers of begeleiding"
SERVICE_TWICE: Final = "deze plek heeft die dienst al in dit scenario"
SERVICE_MISSING: Final = "deze plek heeft die dienst niet"
NO_HOURS: Final = "vul openingsuren in, zoals Mo-Fr 09:00-12:00"
WRONG_HOURS: Final = "die openingsuren kunnen we niet lezen: schrijf ze zoals Mo-Fr 09:00-12:00"


def too_many_steps(most: int, found: int) -> str:
    """Say that a scenario is too long."""
    return f"Een scenario heeft ten hoogste {most} stappen, dit heeft er {found}."


def too_long(most: int) -> str:
    """Say that a text is too long."""
    return f"Een naam of openingsuren zijn langer dan {most} tekens."


def wrong_seats(most: int) -> str:
    """Say how many seats a site may have."""
    return f"het aantal plaatsen moet tussen 1 en {most} liggen"


def at_step(number: int, name: str, fault: str) -> str:
    """Say which step has a fault."""
    return f"Stap {number} ({name or 'zonder naam'}): {fault}."


def idle_access_point(name: str) -> str:
    """Say that an access point changes no figure, and why."""
    return (
        f"Toegangspunt {name} bereikt geen enkele Wi-Fi-straat. Het telt pas mee als de straat"
        " waar het hangt een Wi-Fi-straat van de stad is."
    )
