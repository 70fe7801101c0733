"""Mothers and newborns of Sidi Mabrouk, and the children of the CHU."""

from maristan.records.fhir.demo.story import CHU, EHS, LOINC, Story

WARD, NURSERY, CHILDREN = f"{EHS}.mater", f"{EHS}.neonat", f"{CHU}.pedia"
OBSTETRICIAN, PAEDIATRICIAN, CHILD_DOCTOR = "Dr Wafa Benhamada", "Dr Karima Seddik", "Dr Ilhem Gasmi"


def kerbouche(s: Story) -> None:
    """28, woman: day 2 after a caesarean."""
    s.doctor = OBSTETRICIAN
    s.outside()
    s.no_allergy(60)
    s.visit(
        WARD,
        days=40,
        reason="72892002",
        doctor=OBSTETRICIAN,
        text="34 SA, présentation du siège. Césarienne programmée.",
    )
    s.stay(WARD, hours=54, bed="12", reason="72892002", doctor=OBSTETRICIAN, nurse="midwife")
    s.procedure("11466000", 48, "siège, 39 SA, garçon 3 240 g")
    s.vitals(
        (h, {"t": t, "fc": p, "fr": 16, "spo2": 99, "ta": "114/68", "o2": 0, "acvpu": "A", "dl": d})
        for h, t, p, d in ((47, 36.8, 92, 5), (36, 37.4, 88, 4), (24, 37.1, 84, 4), (12, 36.9, 80, 3), (3, 36.8, 78, 2))
    )
    s.prescribe("Paracétamol", "1 g", "q6h", hours=46)
    s.prescribe("Énoxaparine", "4000 UI", "1/d", hours=40, days=7, when="EVE")
    s.lab(53, Hb=11.8, Plq=231, GB=10.2)
    s.lab(26, Hb=9.6, Plq=220, GB=13.0, CRP=34)
    s.note(
        "34746-8",
        3,
        "Allaitement en route, lochies normales, lever fait. Hémoglobine 9,6 : fer à débuter.",
        by="midwife",
    )


def newborn(s: Story) -> None:
    """Two days old: jaundice watched."""
    s.doctor = PAEDIATRICIAN
    s.outside()
    s.vaccine("19", 1, 1)
    s.vaccine("08", 1, 1)
    s.stay(WARD, hours=48, bed="12-B", reason="387712008", doctor=PAEDIATRICIAN, nurse="midwife")
    s.problem("387712008", since=1, note="sous surveillance")
    s.vitals([(47, {"poids": 3.24, "taille": 50, "pc": 34.5, "t": 36.7, "fc": 142, "fr": 46}),
              (24, {"poids": 3.12, "t": 36.9, "fc": 138, "fr": 44}),
                  (4, {"poids": 3.08, "t": 37.0, "fc": 136, "fr": 44})])  # fmt: skip
    s.lab(5, Bili=112)
    s.note("11506-3", 4, "Ictère modéré, bilirubine 112 mg/L, sous la courbe de photothérapie. Contrôle dans 12 h.")
    s.request(LOINC, "1975-2", 4, due=8)


def bouzid(s: Story) -> None:
    """31, woman: pre-eclampsia, twins born at 33 weeks six days ago."""
    s.doctor = OBSTETRICIAN
    s.outside()
    s.allergy("300916003", reaction="126485001", since="2020")
    s.stay(WARD, hours=160, bed="4", reason="398254007", doctor=OBSTETRICIAN, nurse="midwife")
    s.problem("398254007", since=7, note="33 SA, grossesse gémellaire")
    s.procedure("11466000", 146, "jumelles, 33 SA")
    s.vitals(
        (h, {"t": 36.9, "fc": p, "fr": 17, "spo2": 98, "ta": a, "o2": 0, "acvpu": "A"})
        for h, p, a in (
            (158, 96, "172/112"),
            (140, 92, "164/104"),
            (110, 88, "156/98"),
            (80, 86, "148/94"),
            (50, 84, "142/90"),
            (20, 82, "138/86"),
            (4, 80, "136/84"),
        )
    )
    s.prescribe("Nicardipine", "20 mg", "3/d", hours=158)
    s.prescribe("Sulfate de magnésium", "1 g", "1/h", hours=158, state="completed")
    s.lab(158, Plq=98, ALAT=112, ASAT=96, Creat=9.8, Hb=12.9)
    s.lab(100, Plq=112, ALAT=84, ASAT=62, Creat=9.0, Hb=10.6)
    s.lab(5, Plq=186, ALAT=38, ASAT=30, Creat=7.9, Hb=10.9)
    s.note("11506-3", 4, "Tension contrôlée, bilan en voie de normalisation. Sortie possible sous nicardipine.")


def _twin(weight: float, bed: str) -> object:
    def story(s: Story) -> None:
        """Six days, 33 weeks: growing in neonatology."""
        s.doctor = PAEDIATRICIAN
        s.outside()
        s.stay(NURSERY, hours=145, bed=bed, reason="395507008", doctor=PAEDIATRICIAN, nurse="Inf. Houda Zitouni")
        s.problem("395507008", since=6, note="33 SA")
        for day, change in enumerate((0, -0.05, -0.09, -0.08, -0.05, -0.02)):
            s.vitals(
                [(144 - day * 24, {"poids": round(weight + change, 2), "t": 36.8, "fc": 152, "fr": 50, "spo2": 95})]
            )
        s.lab(120, Bili=98, Gly=0.52, Hb=16.8)
        s.lab(24, Bili=64, Gly=0.71)
        s.note("11506-3", 5, "Gavage bien toléré, reprise de poids, autonome en air ambiant.")

    return story


def diabetic_child(s: Story) -> None:
    """9, girl: type 1 diabetes found by ketoacidosis, day 3."""
    s.doctor = CHILD_DOCTOR
    s.outside()
    s.no_allergy(70)
    for number, days in ((1, 3240), (2, 3170), (3, 3110)):
        s.vaccine("198", days, number)
    s.vaccine("03", 2900, 1)
    s.stay(CHILDREN, hours=70, bed="7", reason="420422005", doctor=CHILD_DOCTOR, nurse="Inf. Rym Hadjadj")
    s.problem("46635009", since=3, note="découverte")
    s.problem("420422005", since=3, until=1)
    s.vitals(
        (h, {"t": 36.9, "fc": p, "fr": b, "spo2": 99, "ta": "102/62"})
        for h, p, b in (
            (69, 138, 38),
            (60, 122, 30),
            (48, 108, 24),
            (36, 100, 22),
            (24, 96, 20),
            (12, 94, 20),
            (4, 92, 20),
        )
    )
    s.vitals([(69, {"poids": 27.5, "taille": 134}), (4, {"poids": 28.6})])
    s.prescribe("Insuline glargine", "8 UI", "1/d", hours=40, when="HS")
    s.prescribe("Insuline rapide", "3 UI", "3/d", hours=40, when="AC")
    s.lab(69, Gly=(4.9, "HH"), pH=(7.12, "LL"), K=4.9, Na=131, HbA1c=11.8)
    s.lab(46, Gly=2.4, pH=7.33, K=3.4, Na=137)
    s.lab(4, Gly=1.62, pH=7.39, K=4.0, Na=139)
    s.note("11506-3", 3, "Education commencée avec la mère : injections, glycémies, hypoglycémie. École prévenue.")


def asthmatic_teenager(s: Story) -> None:
    """15, boy: three visits for asthma, none running."""
    s.outside()
    s.doctor = CHILD_DOCTOR
    s.allergy("232350006", reaction="4386001", since="2017")
    s.problem("195967001", since="2016")
    s.visit(
        f"{CHU}.urg",
        days=64,
        reason="195967001",
        doctor="Dr Réda Khelil",
        kind="EMER",
        text="Crise modérée, salbutamol et corticoïde oral. Sortie à 4 h.",
    )
    s.vitals(
        [
            (64 * 24, {"fr": 28, "fc": 124, "spo2": 92, "t": 36.9, "poids": 54}),
            (64 * 24 - 3, {"fr": 20, "fc": 104, "spo2": 97}),
        ]
    )
    s.visit(
        CHILDREN,
        days=40,
        reason="195967001",
        doctor=CHILD_DOCTOR,
        text="Observance partielle. Plan d’action écrit remis.",
    )
    s.prescribe("Budésonide et formotérol", "2 bouffée", "2/d", hours=40 * 24)
    s.prescribe("Salbutamol", "2 bouffée", "prn", hours=40 * 24)


STORIES = {
    "kerbouche": kerbouche,
    "kerbouche_newborn": newborn,
    "bouzid": bouzid,
    "bouzid_twin1": _twin(1.82, "C2"),
    "bouzid_twin2": _twin(1.64, "C3"),
    "diabetic_child": diabetic_child,
    "asthmatic_teenager": asthmatic_teenager,
}
