import pytest
from hypothesis import given
from hypothesis import strategies as st

from maristan.records.patients.models.names import fold, name_words, search_words, skeleton, skeletons


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("Ben-Aïssa", "ben aissa"),
        ("  M'HAMED ", "mhamed"),
        ("Œuvre", "oeuvre"),
        ("أحمد", "احمد"),
        ("فَاطِمَة", "فاطمه"),
        ("مُصْطَفَى", "مصطفي"),
        ("محـــمد", "محمد"),
        ("رؤوف", "رووف"),
        ("٢٥٠١", "2501"),
        ("ﻣﺤﻤﺪ", "محمد"),
    ],
)
def test_two_ways_of_writing_fold_to_one(typed, folded):
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("latin", "arabic"),
    [
        ("Boudjemaa", "بوجمعة"),
        ("Hayet", "حياة"),
        ("Fatma", "فاطمة"),
        ("Youcef", "يوسف"),
        ("Yusuf", "يوسف"),
        ("Cherif", "شريف"),
        ("Khadidja", "خديجة"),
        ("Abdelkader", "عبد القادر"),
        ("Mohammed", "محمد"),
        ("Ouahiba", "وهيبة"),
        ("Ali", "علي"),
        ("Guerfi", "قرفي"),
        ("Ghania", "غنية"),
        ("Fatah", "فتاح"),
        ("Elhadi", "الهادي"),
    ],
)
def test_both_scripts_share_a_skeleton(latin, arabic):
    (heard,) = {fold(latin)}
    assert skeletons(heard) & {sound for word in name_words(arabic) for sound in skeletons(word)}


def test_different_consonants_differ():
    assert skeleton("boudjemaa") != skeleton("bouzidi")


def test_a_double_name_is_also_found_joined():
    assert name_words("Ben Abdallah") == ["ben", "abdallah", "benabdallah"]


def test_the_known_part_of_the_birth_date_is_a_word():
    import datetime

    born = datetime.date(1959, 3, 12)
    assert search_words(["Ali"], born, "day").split() == ["ali", "~l", "19590312"]
    assert search_words(["Ali"], born, "presumed").split() == ["ali", "~l", "1959"]


@given(st.text(max_size=60))
def test_folding_twice_changes_nothing_and_leaves_plain_words(text):
    folded = fold(text)
    assert fold(folded) == folded
    assert all(word.isalnum() for word in folded.split())
