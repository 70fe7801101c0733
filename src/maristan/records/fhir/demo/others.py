"""El Khroub, dialysis, a sensitive story, and a death."""

from maristan.records.fhir.demo.story import CHU, EPH, LOINC, Story


def post_mi(s: Story) -> None:
    """58, man, at El Khroub: nobody of the CHU is in his care, so they break the glass."""
    s.doctor = "physician2"
    s.outside()
    s.allergy("764146007", reaction="126485001", since="1998", certainty="unconfirmed")
    s.problem("38341003", since="2013")
    s.problem("55822004", since="2013")
    s.habit("449868002", 5)
    s.visit(
        f"{CHU}.cardio",
        days=700,
        reason="38341003",
        doctor="Dr Nabil Azizi",
        text="HTA mal contrôlée, LDL 1,9 g/L. Statine proposée, refusée.",
    )
    s.lab(700 * 24, LDL=1.9, CT=2.7, Creat=10.1, DFG=80)
    s.stay(f"{EPH}.medint", hours=100, bed="9", reason="401303003", doctor="physician2", nurse="Inf. Salim Tebbal")
    s.problem("401303003", since=4, note="antérieur, thrombolysé à 2 h 10")
    s.vitals(
        (h, {"t": 36.8, "fc": p, "fr": 17, "spo2": 96, "ta": a, "o2": 0, "acvpu": "A", "dl": d})
        for h, p, a, d in (
            (99, 104, "158/94", 8),
            (88, 92, "134/80", 3),
            (64, 78, "126/76", 1),
            (40, 72, "122/74", 0),
            (16, 68, "118/72", 0),
            (4, 66, "116/70", 0),
        )
    )
    s.vitals([(98, {"poids": 84})])
    for drug, dose, moment in (("Aspirine", "100 mg", "NOON"), ("Clopidogrel", "75 mg", "NOON"),
        ("Bisoprolol", "2,5 mg", "MORN"),
                               ("Ramipril", "2,5 mg", "EVE"), ("Atorvastatine", "80 mg", "HS")):  # fmt: skip
        s.prescribe(drug, dose, "1/d", hours=96, when=moment)
    s.lab(99, Tropo=(184, "HH"), Creat=10.6, DFG=76, K=4.0, Hb=14.8, LDL=1.98, HDL=0.36, TG=2.1)
    s.lab(76, Tropo=(2140, "HH"), K=4.2)
    s.lab(28, Tropo=640, Creat=10.9, DFG=73, K=4.3, Hb=14.2)
    s.report("34552-0", 60, "Hypokinésie antérieure, fraction d’éjection 45 %.", by="Dr Nabil Azizi")
    s.request(LOINC, "34552-0", 20, note="avant coronarographie au CHU")
    s.note("11506-3", 5, "Indolore depuis J1. Coronarographie demandée au CHU Dr Benbadis.")


def namesake2(s: Story) -> None:
    """42, man, at El Khroub: renal colic; the CHU has his namesake."""
    s.doctor = "physician2"
    s.outside()
    s.no_allergy(20)
    s.stay(f"{EPH}.medint", hours=18, bed="3", reason="82423001", doctor="physician2", nurse="Inf. Salim Tebbal")
    s.vitals(
        [
            (17, {"t": 37.2, "fc": 96, "fr": 18, "spo2": 98, "ta": "142/86", "dl": 8}),
            (4, {"t": 36.9, "fc": 78, "fr": 16, "spo2": 98, "ta": "128/78", "dl": 2}),
        ]
    )
    s.prescribe("Kétoprofène", "100 mg", "2/d", hours=17, days=3)
    s.lab(16, Creat=12.4, DFG=70, GB=9.8, CRP=8)


def dialysis(s: Story) -> None:
    """61, man: haemodialysis three times a week at the CHU."""
    s.doctor = "physician"
    s.outside()
    s.no_allergy(2000)
    s.problem("46177005", since="2019-03", note="hémodialyse, fistule radiale gauche")
    s.problem("38341003", since="2004")
    s.flag("Fistule au bras gauche : ni tension, ni ponction", 20000)
    s.vaccine("43", "2019-06-02", 1)
    s.vaccine("43", "2019-07-04", 2)
    for n in range(9, 0, -1):
        hours = n * 56
        s.stay(
            f"{CHU}.medint",
            hours=hours,
            until=hours - 4,
            reason="302497006",
            doctor="physician",
            nurse="nurse2",
            kind="SS",
        )
        s.vitals(
            [
                (hours, {"ta": f"{158 - n % 3 * 4}/88", "fc": 82, "poids": 73.6 + n % 3 * 0.3}),
                (hours - 4, {"ta": "132/78", "fc": 78, "poids": 71.2}),
            ]
        )
        if n % 3 == 0:
            s.lab(hours, K=5.6 + n * 0.04, Hb=10.2, Creat=92.0, Uree=1.34, Ca=84, Alb=37)
    s.prescribe("Époétine alfa", "4000 UI", "3/wk", hours=4000)
    s.prescribe("Carbonate de calcium", "1,25 g", "3/d", hours=4000, when="C")
    s.prescribe("Amlodipine", "10 mg", "1/d", hours=9000, when="EVE")


def psychiatric(s: Story) -> None:
    """41, man: pneumonia known to all who care for him; a psychiatric story only to those who may know it."""
    s.doctor = "physician"
    s.outside()
    s.no_allergy(400)
    s.visit(
        f"{CHU}.medint",
        days=240,
        reason="233604007",
        doctor="physician",
        text="Pneumonie guérie. Radiographie normale.",
    )
    s.problem("233604007", since=260, until=240)
    s.stay(f"{CHU}.medint", hours=40, bed="110-1", reason="271737000", doctor="physician", nurse="nurse2")
    s.problem("271737000", since=2)
    s.vitals(
        [
            (h, {"t": 36.8, "fc": 82, "fr": 16, "spo2": 98, "ta": "122/76", "o2": 0, "acvpu": "A"})
            for h in (39, 24, 12, 3)
        ]
    )
    s.lab(38, Hb=8.2, Plq=402, GB=6.4, Ferr=6, Creat=8.9, CRP=3)
    s.labels = "R"
    s.problem("370143000", since="2021", note="suivi en psychiatrie, hospitalisation en 2021")
    s.prescribe("Sertraline", "100 mg", "1/d", hours=39, when="MORN", since="2021-11-15")
    s.note("11488-4", 30, "Thymie stable sous sertraline. Pas d’idée suicidaire. Poursuivre.", by="Dr Sabrina Lounis")


def deceased(s: Story) -> None:
    """79, woman, died in internal medicine: the record stays readable."""
    s.doctor = "physician"
    s.outside()
    s.problem("84114007", since="2015")
    s.stay(
        f"{CHU}.medint",
        hours=24 * 40,
        until=24 * 33,
        bed="106-1",
        reason="84114007",
        doctor="physician",
        nurse="nurse2",
    )
    s.vitals(
        [
            (24 * 39, {"t": 36.2, "fc": 112, "fr": 28, "spo2": 87, "ta": "88/52", "o2": 6, "acvpu": "A"}),
            (24 * 34, {"fc": 128, "fr": 34, "spo2": 80, "ta": "70/40", "o2": 12, "acvpu": "V"}),
        ]
    )
    s.lab(24 * 39, BNP=14200, Creat=24, DFG=18, K=5.9, Na=124)
    s.note("18842-5", 24 * 33, "Insuffisance cardiaque terminale. Décès le matin, famille présente. Certificat remis.")


STORIES = {
    "post_mi": post_mi,
    "namesake2": namesake2,
    "dialysis": dialysis,
    "psychiatric": psychiatric,
    "deceased": deceased,
}
