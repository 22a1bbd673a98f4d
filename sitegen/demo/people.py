"""Who works at Alder & Finch, the grocer of the demo: eight people on six continents."""

from __future__ import annotations

from sitegen.demo.stream import Teller


def _person(name: str, winter: int, summer: int | None = None) -> Teller:
    given, _, family = name.partition(" ")
    plain = f"{given}.{family}".lower().translate(str.maketrans("áéí ", "aei-"))
    email = f"{plain}@alderfinch.example"
    return Teller(name, email, winter, winter if summer is None else summer)


MIRA = _person("Mira Okafor", 0, 60)  # leads machine learning, London
JONAS = _person("Jonas Lindqvist", 60, 120)  # data scientist, Uppsala
PRIYA = _person("Priya Raman", 330)  # recommendations, Chennai
TOMAS = _person("Tomás Echeverría", -180)  # data engineer, Montevideo
HANA = _person("Hana Sato", 540)  # computer vision, Osaka
DELE = _person("Dele Adeyemi", 60)  # platform and releases, Lagos
CLAIRE = _person("Claire Fournier", -300, -240)  # computer vision, Montréal
ISLA = _person("Isla Ngata", 780, 720)  # analyst, Wellington
