"""Surgery A of the CHU: the patients of Amina Kerrouche, and two in the emergency department."""

from maristan.records.fhir.demo.story import CHU, LOINC, Story

WARD = f"{CHU}.chira"
SURGEON, NURSE = "Dr Hakim Bouzerar", "nurse"


def laraba(s: Story) -> None:
    """66, man: diabetic foot, potassium 6.1 not acknowledged."""
    s.doctor = SURGEON
    s.outside()
    s.no_allergy(150)
    s.problem("44054006", since="2003", note="HbA1c 10,2 %")
    s.problem("38341003", since="2005")
    s.problem("4855003", since="2019")
    s.habit("8517006", 6)
    s.visit(
        f"{CHU}.medint",
        days=95,
        reason="44054006",
        doctor="physician",
        text="Mal perforant plantaire droit, soins locaux. Ramipril augmenté à 10 mg.",
    )
    s.lab(95 * 24, HbA1c=10.2, Creat=14.0, DFG=52, K=4.9)
    s.stay(WARD, hours=150, bed="205-1", reason="280137006", doctor=SURGEON, nurse=NURSE)
    s.problem("280137006", since=6, note="pied droit, ostéite du 2e rayon")
    s.vitals(
        (h, {"t": t, "fc": p, "fr": 18, "spo2": 97, "ta": a, "o2": 0, "acvpu": "A", "dl": d})
        for h, t, p, a, d in (
            (148, 38.8, 104, "138/82", 6), (124, 38.4, 100, "136/80", 6), (100, 38.0, 94, "134/80", 5),
                (76, 37.7, 90, "132/78", 4),
            (52, 37.5, 88, "136/80", 4), (28, 37.3, 84, "134/78", 3), (4, 37.2, 58, "128/76", 3),
        )
    )  # fmt: skip
    s.vitals([(148, {"poids": 88, "taille": 172})])
    s.prescribe("Pipéracilline et tazobactam", "4 g", "q8h", hours=147, days=14)
    s.prescribe("Insuline glargine", "22 UI", "1/d", hours=147, when="HS")
    s.prescribe("Insuline rapide", "8 UI", "3/d", hours=147, when="AC")
    s.prescribe("Ramipril", "10 mg", "1/d", hours=147, when="EVE", since="2026-08-19")
    s.prescribe("Énoxaparine", "4000 UI", "1/d", hours=147, when="EVE")
    s.prescribe("Tramadol", "50 mg", "prn", hours=147, most="200 mg")
    s.lab(147, CRP=212, GB=17.8, Hb=10.8, Gly=3.1, Creat=15.0, DFG=49, K=4.9, Na=134)
    s.lab(52, CRP=128, GB=13.4, Hb=10.5, Gly=2.2, Creat=16.2, DFG=45, K=5.3, Na=135)
    s.lab(2.4, CRP=86, GB=11.2, Hb=10.4, Gly=1.9, Creat=19.8, DFG=35, K=(6.3, "HH"), Na=135, Uree=0.86)
    s.note("11506-3", 26, "Plaie propre après mise à plat. Apyrexie. Reprise de l’appui à discuter.")
    s.request(LOINC, "11524-6", 0.5, urgent=True, note="potassium 6,3")


def ferhati(s: Story) -> None:
    """29, man: peritonitis of appendicular origin, day 2 after surgery."""
    s.doctor = SURGEON
    s.outside()
    s.no_allergy(60)
    s.stay(WARD, hours=60, bed="203-1", reason="48661000", doctor=SURGEON, nurse=NURSE)
    s.problem("48661000", since=2, note="d’origine appendiculaire, opérée")
    s.procedure("80146002", 54, "laparotomie médiane, toilette, drain de Douglas")
    s.vitals(
        (h, {"t": t, "fc": p, "fr": b, "spo2": 96, "ta": a, "o2": 0, "acvpu": "A", "dl": d})
        for h, t, p, b, a, d in (
            (59, 39.1, 124, 24, "104/62", 8), (50, 38.6, 116, 22, "106/64", 6), (40, 38.4, 110, 21, "108/64", 5),
            (28, 38.2, 104, 20, "112/66", 4), (16, 38.5, 112, 22, "108/64", 5), (3, 38.7, 114, 23, "104/62", 6),
        )
    )  # fmt: skip
    s.vitals([(58, {"poids": 74, "taille": 178})])
    s.prescribe("Ceftriaxone", "2 g", "1/d", hours=58, days=7)
    s.prescribe("Métronidazole", "500 mg", "q8h", hours=58, days=7)
    s.prescribe("Paracétamol", "1 g", "q6h", hours=58)
    s.prescribe("Énoxaparine", "4000 UI", "1/d", hours=52, when="EVE")
    s.lab(58, CRP=184, GB=19.2, Hb=14.2, Creat=10.2, K=4.0, Na=136, Lact=2.3)
    s.lab(27, CRP=206, GB=16.8, Hb=12.8, Creat=9.4, K=3.8, Na=137)
    s.lab(3.5, CRP=238, GB=18.1, Hb=12.5, Creat=9.6, K=3.4, Na=136)
    s.note(
        "11504-8",
        53,
        "Péritonite généralisée, appendice perforé. Appendicectomie, toilette abondante, drainage.",
        by=SURGEON,
    )
    s.note(
        "34746-8",
        3,
        "Cible : douleur et fièvre | EVA 6, T° 38,7, drain 120 mL trouble. Chirurgien prévenu à 8 h 10.",
        by=NURSE,
    )
    s.request(LOINC, "24558-9", 2.5, due=3, urgent=True, note="recherche de collection")


def bensmail(s: Story) -> None:
    """71, man: colectomy, day 1; heart disease under aspirin."""
    s.doctor = SURGEON
    s.outside()
    s.allergy("426232007", reaction="126485001", since="2015")
    s.problem("53741008", since="2014", note="stent de l’IVA")
    s.problem("68496003", since="2026-09", note="polype dégénéré du sigmoïde")
    s.visit(
        f"{CHU}.cardio",
        days=45,
        reason="53741008",
        doctor="Dr Nabil Azizi",
        text="Bilan préopératoire : pas d’ischémie. Maintenir l’aspirine.",
    )
    s.stay(WARD, hours=44, bed="201-2", reason="68496003", doctor=SURGEON, nurse=NURSE)
    s.procedure("73761001", 900, "polype du sigmoïde, biopsie : adénocarcinome")
    s.vitals(
        (h, {"t": t, "fc": p, "fr": 16, "spo2": o, "ta": "132/76", "o2": litre, "acvpu": "A", "dl": d})
        for h, t, p, o, litre, d in (
            (24, 36.6, 88, 95, 2, 6),
            (18, 37.2, 92, 96, 2, 5),
            (10, 37.6, 90, 96, 1, 4),
            (4, 37.4, 86, 96, 0, 3),
        )
    )
    s.vitals([(43, {"poids": 81})])
    s.prescribe("Énoxaparine", "4000 UI", "1/d", hours=20, when="EVE", days=28)
    s.prescribe("Paracétamol", "1 g", "q6h", hours=22)
    s.prescribe("Aspirine", "75 mg", "1/d", hours=44, when="NOON", since="2014-06-01")
    s.prescribe("Bisoprolol", "5 mg", "1/d", hours=44, when="MORN", since="2014-06-01")
    s.lab(43, Hb=13.4, Plq=228, INR=1.0, Creat=10.4, DFG=74, K=4.3, Na=140)
    s.lab(4.5, Hb=10.9, Plq=204, CRP=96, GB=12.6, Creat=11.2, DFG=68, K=4.1, Na=138)
    s.note("11504-8", 25, "Colectomie sigmoïdienne par cœlioscopie, anastomose mécanique. Pertes sanguines 150 mL.")


def cancer(s: Story) -> None:
    """52, woman: breast cancer, mastectomy day 2, chemotherapy planned."""
    s.doctor = SURGEON
    s.outside()
    s.no_allergy(60)
    s.problem("254837009", since="2026-08-30", note="sein gauche, T2 N1 M0, RH+ HER2−")
    s.problem("87522002", since="2026-09")
    s.stay(WARD, hours=66, bed="206-1", reason="254837009", doctor=SURGEON, nurse=NURSE)
    s.vitals(
        (h, {"t": 36.9, "fc": p, "fr": 15, "spo2": 98, "ta": "122/74", "o2": 0, "acvpu": "A", "dl": d})
        for h, p, d in ((40, 84, 5), (28, 80, 4), (16, 78, 3), (4, 76, 2))
    )
    s.vitals([(65, {"poids": 69})])
    s.prescribe("Paracétamol", "1 g", "q6h", hours=40)
    s.prescribe("Sulfate ferreux", "200 mg", "1/d", hours=66, when="NOON")
    s.lab(64, Hb=10.8, Ferr=9, Plq=330, GB=7.1, Creat=7.2, CRP=4)
    s.lab(5, Hb=9.9, Plq=318, GB=9.2, CRP=38)
    s.note("11504-8", 42, "Mastectomie gauche avec curage. Drain aspiratif en place.")
    s.note("11506-3", 4, "Drain 40 mL. Réunion de concertation jeudi. Sortie prévue à J4.")


def unknown(s: Story) -> None:
    """About 45, man, found unconscious: identity to establish; little is known and is shown as unknown."""
    s.stay(
        f"{CHU}.urg",
        hours=5,
        bed="Box 3",
        reason="62564004",
        doctor="Dr Réda Khelil",
        nurse="Inf. Farouk Meddour",
        kind="EMER",
    )
    s.vitals([
        (4.8, {"t": 35.4, "fc": 112, "fr": 22, "spo2": 94, "ta": "98/54", "o2": 3, "acvpu": "P"}),
        (2.5, {"t": 35.9, "fc": 104, "fr": 20, "spo2": 97, "ta": "108/60", "o2": 2, "acvpu": "V"}),
        (0.6, {"fc": 98, "fr": 19, "spo2": 97, "ta": "112/64", "o2": 2}),
    ])  # fmt: skip
    s.lab(4.5, Gly=1.02, Na=138, K=4.0, Creat=10.8, Hb=13.1, Lact=3.1)
    s.report("30799-1", 3.5, "Contusion frontale gauche de 12 mm, pas d’effet de masse.", by="Dr Amel Tobbal")
    s.note(
        "34111-5",
        3,
        "Trouvé inconscient sur la voie publique. Glasgow 10 à l’arrivée, 13 ce jour. Identité et "
        "antécédents inconnus.",
    )
    s.request(LOINC, "30799-1", 3, due=3, note="contrôle à 6 h")


STORIES = {"laraba": laraba, "ferhati": ferhati, "bensmail": bensmail, "cancer": cancer, "unknown": unknown}
