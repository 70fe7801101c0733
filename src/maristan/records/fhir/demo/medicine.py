"""Internal medicine of the CHU: Dr Mansouri's and Ines Bouras's patients."""

from maristan.records.fhir.demo.story import CHU, EPH, LOINC, SNOMED, Story

WARD = f"{CHU}.medint"


def boudjemaa(s: Story) -> None:
    """67, woman: pneumonia day 5; atrial fibrillation on acenocoumarol, INR 4.6 with levofloxacin; diabetes, CKD 3b."""
    s.doctor = "Dr Lynda Haddad"
    s.outside()
    s.allergy("764146007", reaction="39579001", since="2019", high=True)
    s.problem("38341003", since="2006")
    s.problem("44054006", since="2009", note="HbA1c 8,4 %")
    s.problem("49436004", since="2021", note="CHA₂DS₂-VASc 4")
    s.problem("700379002", since="2024-02", note="DFG 38 mL/min")
    s.problem("65275009", since="2012-05-14", until="2012-05-20", note="opérée, CHU Dr Benbadis")
    s.vaccine("33", "2022-11-07", 1)
    s.vaccine("140", 390)
    s.habit("266919005", 400)
    _visits_before(s)
    _five_days(s)
    _orders(s)
    _results(s)
    _notes(s)


def _visits_before(s: Story) -> None:
    """Three visits in two establishments."""
    s.visit(
        f"{CHU}.cardio",
        days=1890,
        reason="49436004",
        doctor="Dr Nabil Azizi",
        text="Fibrillation auriculaire permanente. Anticoagulation par acénocoumarol, INR cible 2 à 3. Bisoprolol.",
    )
    s.visit(
        f"{EPH}.medint",
        days=620,
        reason="44054006",
        doctor="physician2",
        text="Diabète déséquilibré, HbA1c 9,1 %. Insuline glargine le soir. Créatinine 14 mg/L, avis de néphrologie.",
    )
    s.lab(620 * 24, HbA1c=9.1, Creat=14.0, DFG=41, Gly=2.1, K=4.6, Na=139)
    s.visit(
        f"{CHU}.cardio",
        days=210,
        reason="49436004",
        doctor="Dr Nabil Azizi",
        text="INR 2,4. Fréquence contrôlée. Pas de signe d’insuffisance cardiaque. Revoir dans six mois.",
    )
    s.lab(210 * 24, INR=(2.4, "N", (2, 3)), Creat=13.6, DFG=42, K=4.7, Hb=12.1, HbA1c=8.4)
    s.stay(
        f"{CHU}.urg",
        hours=106,
        until=100,
        reason="385093006",
        doctor="Dr Réda Khelil",
        nurse="Inf. Farouk Meddour",
        kind="EMER",
    )
    s.note(
        "34111-5",
        105,
        "Dyspnée fébrile depuis trois jours, toux grasse. T° 39,0, FR 25, SpO₂ 91 % en air "
        "ambiant, crépitants de la base droite. NEWS2 à 11. Triage jaune.",
    )


def _five_days(s: Story) -> None:
    """The stay in internal medicine, round after round."""
    s.stay(WARD, hours=100, bed="112-2", reason="385093006", doctor="physician", nurse="nurse2")
    s.problem("385093006", since=4.4, note="lobe inférieur droit, motif du séjour")
    temperature = (39.0, 39.2, 38.7, 38.9, 38.4, 38.6, 38.1, 38.0, 37.8, 37.6, 37.7, 37.3, 37.4)
    pulse = (112, 116, 108, 110, 102, 104, 98, 98, 94, 96, 88, 94, 92)
    breath = (25, 26, 24, 25, 23, 22, 20, 20, 20, 20, 19, 20, 20)
    oxygen = (93, 93, 94, 94, 95, 94, 95, 96, 95, 96, 96, 95, 95)
    pressure = (
        "108/62",
        "104/60",
        "112/64",
        "110/62",
        "118/68",
        "116/66",
        "122/70",
        "124/70",
        "128/72",
        "126/70",
        "132/74",
        "128/72",
        "128/74",
    )
    hours = (99, 95, 89, 82, 76, 67, 59, 51, 43, 34, 26, 15, 2.7)
    litres = (3, 3, 3, 2, 2, 2, 1, 1, 1, 0, 0, 0, 0)
    s.vitals(
        (h, {"t": t, "fc": p, "fr": b, "spo2": o, "ta": a, "o2": litre, "acvpu": "A"})
        for h, t, p, b, o, a, litre in zip(hours, temperature, pulse, breath, oxygen, pressure, litres, strict=True)
    )
    s.vitals([(98, {"poids": 71, "dl": 4}), (26, {"dl": 2}), (2.7, {"dl": 1})])


def _orders(s: Story) -> None:
    """What she takes, and what was suspended."""
    s.prescribe("Lévofloxacine", "250 mg", "1/d", hours=99, days=7)
    s.prescribe("Bisoprolol", "2,5 mg", "1/d", hours=99, when="MORN", since="2021-09-21")
    s.prescribe("Ramipril", "5 mg", "1/d", hours=99, when="EVE", since="2015-03-02")
    s.prescribe("Insuline glargine", "14 UI", "1/d", hours=99, when="HS", since="2024-12-10")
    s.prescribe("Insuline rapide", "6 UI", "3/d", hours=99, when="AC")
    s.prescribe("Paracétamol", "1 g", "prn", hours=99, most="3 g")
    s.prescribe(
        "Acénocoumarol", "2 mg", "1/d", hours=99, state="on-hold", since="2021-09-21", reason="INR 4,6", stopped=1
    )
    s.prescribe(
        "Metformine",
        "850 mg",
        "2/d",
        hours=99,
        state="on-hold",
        since="2009-05-11",
        reason="fonction rénale",
        stopped=98,
    )
    s.prescribe(
        "Céfotaxime",
        "1 g",
        "q8h",
        hours=105,
        state="cancelled",
        reason="allergie à la pénicilline, relais par lévofloxacine",
    )


def _results(s: Story) -> None:
    """Three samplings before today."""
    s.lab(
        98,
        INR=(2.6, "N", (2, 3)),
        CRP=186,
        Hb=11.8,
        GB=16.4,
        Plq=322,
        Gly=2.14,
        Uree=0.71,
        Creat=15.6,
        DFG=35,
        Na=134,
        K=4.4,
        PCT=1.8,
        Lact=1.6,
    )
    s.lab(
        52,
        INR=(3.1, "H", (2, 3)),
        CRP=142,
        Hb=11.6,
        GB=13.2,
        Plq=305,
        Gly=1.82,
        Uree=0.66,
        Creat=14.8,
        DFG=37,
        Na=136,
        K=4.6,
    )
    s.lab(
        28,
        INR=(3.9, "H", (2, 3)),
        CRP=88,
        Hb=11.4,
        GB=10.4,
        Plq=288,
        Gly=1.58,
        Uree=0.58,
        Creat=14.2,
        DFG=38,
        Na=137,
        K=4.9,
    )
    _results_of_today(s)


def _results_of_today(s: Story) -> None:
    """The critical INR, acknowledged, and the images of the stay."""
    today = s.lab(
        4.2,
        INR=(4.6, "HH", (2, 3)),
        CRP=54,
        Hb=11.5,
        GB=8.9,
        Plq=276,
        Gly=1.42,
        Uree=0.54,
        Creat=13.8,
        DFG=40,
        Na=138,
        K=5.1,
    )
    s.acknowledge(today["INR"], 0.3, "Acénocoumarol suspendu, INR demain à 6 h, pas de saignement.", "physician")
    s.report(
        "36643-5", 19, "Foyer alvéolaire du lobe inférieur droit en régression. Pas d’épanchement.", by="Dr Amel Tobbal"
    )
    s.report(
        "36643-5",
        104,
        "Opacité alvéolaire systématisée du lobe inférieur droit. Index cardiothoracique 0,54.",
        by="Dr Amel Tobbal",
    )
    s.report("600-7", 98, "Deux paires, négatives à 72 h.", by="laboratory", state="preliminary")
    s.request(LOINC, "34714-6", 1, due=19, urgent=True, note="contrôle")
    s.request(SNOMED, "183519002", 1.5, note="reprise de l’anticoagulation, quelle molécule ?")


def _notes(s: Story) -> None:
    """What is awaited, and what was written."""
    s.note(
        "34117-2",
        97,
        "Motif | Pneumopathie communautaire hypoxémiante chez une diabétique anticoagulée.",
        "Examen | Consciente, crépitants de la base droite, pas de signe de choc. Poids 71 kg.",
        "Conduite | Lévofloxacine adaptée au rein (allergie à la pénicilline), oxygène, INR "
        "surveillé. Metformine suspendue.",
    )
    s.note(
        "11506-3",
        50,
        "Oxygène à 1 L/min. CRP en baisse. INR à 3,1 : interaction avec la lévofloxacine, contrôle quotidien.",
    )
    s.note(
        "34746-8",
        26,
        "Cible : sevrage de l’oxygène | SpO₂ 96 % en air ambiant, marche dans le couloir sans désaturation.",
        by="nurse2",
    )
    s.note(
        "11506-3",
        1.6,
        "Apyrexie depuis 24 h, sevrée d’oxygène. INR 4,6 sans saignement : acénocoumarol suspendu, INR demain.",
    )
    for h in (75, 51, 27, 2.8):
        s.give("Lévofloxacine", "250 mg", h)


def copd(s: Story) -> None:
    """70, man: exacerbation of COPD, day 3; former smoker."""
    s.doctor = "physician"
    s.outside()
    s.no_allergy(70)
    s.problem("13645005", since="2014", note="GOLD 3, VEMS 41 %")
    s.problem("38341003", since="2011")
    s.habit("8517006", 1)
    s.vaccine("140", 40)
    s.visit(
        WARD, days=330, reason="13645005", doctor="physician", text="Stable. Technique d’inhalation revue. VEMS 41 %."
    )
    s.stay(WARD, hours=70, bed="104-1", reason="195951007", doctor="physician", nurse="nurse2")
    s.problem("195951007", since=3, note="motif du séjour")
    s.vitals(
        (h, {"t": t, "fc": p, "fr": b, "spo2": o, "ta": a, "o2": litre, "acvpu": "A"})
        for h, t, p, b, o, a, litre in (
            (69, 37.9, 118, 28, 86, "148/84", 2), (60, 37.8, 112, 26, 89, "144/82", 2),
                (48, 37.4, 104, 24, 90, "138/80", 2),
            (36, 37.1, 98, 22, 90, "136/78", 1.5), (24, 36.9, 94, 22, 91, "134/78", 1),
                (12, 36.8, 90, 21, 91, "132/76", 1),
            (3, 36.8, 88, 20, 91, "130/76", 1),
        )
    )  # fmt: skip
    s.vitals([(69, {"poids": 62, "taille": 171})])
    s.prescribe("Salbutamol", "5 mg", "q6h", hours=69)
    s.prescribe("Ipratropium", "0,5 mg", "q8h", hours=69)
    s.prescribe("Prednisone", "40 mg", "1/d", hours=68, days=5, when="MORN")
    s.prescribe("Amoxicilline et acide clavulanique", "1 g", "3/d", hours=68, days=7)
    s.prescribe("Amlodipine", "5 mg", "1/d", hours=68, when="MORN", since="2011-04-02")
    s.prescribe("Énoxaparine", "4000 UI", "1/d", hours=68, when="EVE")
    s.lab(68, pH=7.31, PaO2=52, PaCO2=58, CRP=64, GB=13.1, Hb=15.9, Na=137, K=4.1, Creat=9.2, DFG=84)
    s.lab(27, pH=7.36, PaO2=60, PaCO2=51, CRP=31, GB=14.8, Hb=15.6, K=3.6, Creat=9.0, DFG=86)
    s.lab(3, pH=7.38, PaO2=63, PaCO2=48, CRP=14, GB=12.2, K=3.3, Creat=9.1, DFG=85)
    s.report("36643-5", 67, "Distension thoracique. Pas de foyer systématisé.", by="Dr Amel Tobbal")
    s.note(
        "11506-3",
        2,
        "Amélioration gazométrique. SpO₂ visée 88 à 92 %. Potassium 3,3 sous salbutamol : "
        "supplémenter, contrôle demain.",
    )
    s.request(LOINC, "2823-3", 1.8, due=20)


def stroke(s: Story) -> None:
    """74, woman: ischaemic stroke, day 6, transferred from the emergency department; atrial fibrillation found."""
    s.doctor = "physician"
    s.outside()
    s.no_allergy(140)
    s.problem("38341003", since="2001")
    s.problem("55822004", since="2010")
    s.habit("266919005", 6)
    s.stay(f"{CHU}.urg", hours=146, until=140, reason="422504002", doctor="Dr Réda Khelil", kind="EMER")
    s.report(
        "30799-1", 145, "Hypodensité débutante du territoire sylvien gauche. Pas de saignement.", by="Dr Amel Tobbal"
    )
    s.note(
        "34111-5",
        144,
        "Hémiparésie droite et aphasie au réveil, heure de début inconnue : pas de thrombolyse. NIHSS 9.",
    )
    s.stay(WARD, hours=140, bed="109-1", reason="422504002", doctor="physician", nurse="nurse2")
    s.problem("422504002", since=6, note="sylvien gauche, NIHSS 9 à l’entrée, 5 ce jour")
    s.problem("49436004", since=5, note="découverte au monitorage")
    s.vitals(
        (h, {"t": t, "fc": p, "fr": b, "spo2": o, "ta": a, "o2": 0, "acvpu": c})
        for h, t, p, b, o, a, c in (
            (139, 36.9, 104, 18, 96, "182/98", "C"), (120, 37.2, 96, 18, 96, "176/94", "C"),
                (96, 37.0, 92, 17, 97, "164/90", "A"),
            (72, 36.8, 88, 17, 97, "158/86", "A"), (48, 36.9, 84, 16, 97, "150/84", "A"),
                (24, 36.7, 82, 16, 98, "146/82", "A"),
            (4, 36.8, 80, 16, 97, "144/82", "A"),
        )
    )  # fmt: skip
    s.vitals([(138, {"poids": 66})])
    _after_stroke(s)


def _after_stroke(s: Story) -> None:
    """Treatment and results since the stroke."""
    s.prescribe("Aspirine", "160 mg", "1/d", hours=139, when="NOON")
    s.prescribe("Atorvastatine", "40 mg", "1/d", hours=139, when="EVE")
    s.prescribe("Bisoprolol", "2,5 mg", "1/d", hours=110, when="MORN")
    s.prescribe(
        "Périndopril", "4 mg", "1/d", hours=139, state="on-hold", since="2016", reason="phase aiguë", stopped=139
    )
    s.prescribe("Énoxaparine", "4000 UI", "1/d", hours=138, when="EVE")
    s.lab(
        138,
        Gly=1.38,
        CT=2.36,
        LDL=1.62,
        HDL=0.44,
        TG=1.7,
        Creat=9.8,
        DFG=62,
        Na=140,
        K=4.0,
        Plq=241,
        INR=1.0,
        HbA1c=5.9,
    )
    s.lab(26, Creat=10.1, DFG=60, Na=139, K=4.2, Hb=13.0, Plq=250)
    s.request(LOINC, "34552-0", 100, note="recherche de thrombus")
    s.note(
        "11506-3",
        5,
        "Aphasie en régression, marche avec aide. Anticoagulation à débuter après scanner de contrôle à J7.",
    )
    s.request(LOINC, "30799-1", 4, due=30, note="contrôle avant anticoagulation")


def tuberculosis(s: Story) -> None:
    """34, man: pulmonary tuberculosis, isolated."""
    s.doctor = "physician"
    s.outside()
    s.allergy("387406002", reaction="271807003", since="2018", certainty="unconfirmed")
    s.habit("449868002", 8)
    s.stay(WARD, hours=190, bed="118", reason="154283005", doctor="physician", nurse="nurse2")
    s.flag("Isolement respiratoire", 190)
    s.problem("154283005", since=8, note="bacilloscopie positive, cavité du lobe supérieur droit")
    s.vitals(
        (h, {"t": t, "fc": p, "fr": b, "spo2": 96, "ta": "118/70", "o2": 0, "acvpu": "A"})
        for h, t, p, b in (
            (188, 38.6, 102, 20),
            (140, 38.3, 98, 19),
            (92, 37.9, 92, 18),
            (44, 37.6, 88, 18),
            (4, 37.3, 84, 17),
        )
    )
    s.vitals([(188, {"poids": 54, "taille": 174}), (20, {"poids": 54.6})])
    s.prescribe(
        "RHZE (rifampicine, isoniazide, pyrazinamide, éthambutol)", "3 cp", "1/d", hours=180, days=60, when="ACM"
    )
    s.lab(188, CRP=78, Hb=11.2, GB=9.8, ALAT=28, ASAT=31, Bili=7, Creat=8.4, Na=134, K=4.0)
    s.lab(20, CRP=42, Hb=11.4, GB=8.7, ALAT=96, ASAT=88, Bili=9, Creat=8.5, Na=136, K=4.1)
    s.report("24627-2", 170, "Cavité du segment apical droit, micronodules bilatéraux.", by="Dr Amel Tobbal")
    s.note(
        "11506-3",
        18,
        "Bonne tolérance. ALAT à deux fois la normale : poursuivre, contrôle dans trois jours. "
        "Déclaration faite, enquête de l’entourage en cours.",
    )
    s.request(LOINC, "1742-6", 17, due=55)


def presumed(s: Story) -> None:
    """85 presumed, woman: heart failure; allergies not asked yet; weight falls under diuretics."""
    s.doctor = "physician"
    s.outside()
    s.problem("84114007", since="2018", note="fraction d’éjection 35 %")
    s.problem("53741008", since="2012")
    s.stay(WARD, hours=52, bed="107-2", reason="84114007", doctor="physician", nurse="nurse2")
    s.vitals(
        (h, {"t": 36.4, "fc": p, "fr": b, "spo2": o, "ta": a, "o2": litre} | ({"acvpu": "A"} if h > 4 else {}))
        for h, p, b, o, a, litre in (
            (51, 108, 26, 89, "98/60", 3), (40, 102, 24, 92, "102/62", 2), (28, 96, 22, 93, "104/60", 2),
            (16, 92, 20, 95, "106/62", 1), (3, 88, 20, 95, "104/60", 0),
        )
    )  # fmt: skip
    s.vitals([(50, {"poids": 68.4}), (26, {"poids": 66.9}), (3, {"poids": 65.8})])
    s.prescribe("Furosémide", "40 mg", "2/d", hours=51, when="MORN NOON")
    s.prescribe("Ramipril", "2,5 mg", "1/d", hours=51, when="EVE")
    s.prescribe("Spironolactone", "25 mg", "1/d", hours=51, when="MORN")
    s.lab(50, BNP=6200, Na=128, K=5.0, Creat=14.2, DFG=33, Uree=0.82, Hb=10.9, Tropo=22)
    s.lab(3.5, BNP=3100, Na=126, K=5.4, Creat=14.8, DFG=31, Uree=0.9)
    s.note(
        "11506-3",
        2.5,
        "Moins 2,6 kg en deux jours. Sodium 126 : restriction hydrique. Allergies à demander à la famille.",
    )


def arabic_only(s: Story) -> None:
    """47, woman: pyelonephritis, day 2, hypothyroidism."""
    s.doctor = "physician"
    s.outside()
    s.no_allergy(30)
    s.problem("40930008", since="2016")
    s.stay(WARD, hours=30, bed="101-2", reason="301011002", doctor="physician", nurse="nurse2")
    s.vitals(
        (h, {"t": t, "fc": p, "fr": 18, "spo2": 98, "ta": "116/70", "o2": 0, "acvpu": "A", "dl": d})
        for h, t, p, d in ((29, 39.4, 114, 6), (20, 38.7, 102, 4), (10, 38.1, 94, 3), (3, 37.6, 86, 2))
    )
    s.prescribe("Ceftriaxone", "1 g", "1/d", hours=28, days=7)
    s.prescribe("Lévothyroxine", "75 µg", "1/d", hours=28, when="ACM", since="2016-10-03")
    s.lab(28, CRP=168, GB=15.6, Creat=8.8, DFG=82, K=3.7, TSH=3.1, Hb=12.4)
    s.lab(4, CRP=121, GB=12.1, Creat=8.1, DFG=88, K=3.9)
    s.report("630-4", 27, "E. coli > 10⁵ UFC/mL, antibiogramme en cours.", by="laboratory", state="preliminary")


def namesake1(s: Story) -> None:
    """42, man: upper gastrointestinal bleeding on ibuprofen; a namesake is in El Khroub."""
    s.doctor = "physician"
    s.outside()
    s.allergy("293586001", reaction="4386001", since="2008", high=True)
    s.stay(WARD, hours=21, bed="103-1", reason="74474003", doctor="physician", nurse="nurse2")
    s.problem("74474003", since=1, note="ulcère bulbaire, Forrest IIb")
    s.vitals(
        (h, {"t": 36.8, "fc": p, "fr": 18, "spo2": 98, "ta": a, "o2": 0, "acvpu": "A"})
        for h, p, a in ((20.5, 118, "92/58"), (16, 104, "104/62"), (10, 94, "112/66"), (3, 86, "118/70"))
    )
    s.vitals([(20, {"poids": 78})])
    s.prescribe("Oméprazole", "40 mg", "q12h", hours=20)
    s.prescribe("Ibuprofène", "400 mg", "3/d", hours=400, state="stopped", reason="hémorragie digestive", stopped=20)
    s.lab(20, Hb=7.9, Plq=261, INR=1.1, Uree=0.71, Creat=9.6, DFG=92, K=4.2)
    s.lab(8, Hb=7.0, Plq=240, Uree=0.58, Creat=9.1, DFG=96)
    s.lab(2, Hb=8.6, Plq=236, Uree=0.44, Creat=8.8, DFG=98)
    s.procedure("180207008", 6, "2 culots")
    s.note("11506-3", 1, "Hémoglobine 8,6 après deux culots, pas de resaignement. Fibroscopie de contrôle demain.")


STORIES = {
    "boudjemaa": boudjemaa,
    "copd": copd,
    "stroke": stroke,
    "tuberculosis": tuberculosis,
    "presumed": presumed,
    "arabic_only": arabic_only,
    "namesake1": namesake1,
}
