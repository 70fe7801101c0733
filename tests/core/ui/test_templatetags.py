import pytest
from django.template import Context, Template

from maristan.core.ui.forms import GalleryForm


def draw(text: str, **context) -> str:
    return Template(text).render(Context(context))


def test_a_rule_is_filled_between_nothing_and_full():
    assert 'width="60"' in draw("{% fill 60 %}")
    assert 'width="100" height="4"/></svg>' in draw("{% fill 140 %}")
    assert 'width="0"' in draw("{% fill -3 %}")


def test_an_icon_is_a_drawing_and_may_turn():
    assert 'class="m-i mir"' in draw('{% icon "chevron-left" mirrored=True %}')


def test_a_field_in_error_says_so_to_eye_and_ear():
    page = draw('{% include "ui/_field.html" with field=f %}', f=GalleryForm({"temperature": "83"})["temperature"])
    assert 'aria-invalid="true"' in page
    assert 'aria-describedby="id_temperature_helptext id_temperature_error"' in page
    assert page.count('id="id_temperature_error"') == 1
    assert 'for="id_temperature"' in page


@pytest.mark.parametrize("name", ["temperature", "name", "place", "born", "remark", "reason", "told"])
def test_every_field_has_a_label_and_no_placeholder(name):
    page = draw('{% include "ui/_field.html" with field=f %}', f=GalleryForm()[name])
    assert "<label" in page
    assert "placeholder" not in page


def test_what_people_type_takes_its_own_direction():
    assert 'dir="auto"' in draw("{{ f|control }}", f=GalleryForm()["name"])
    assert "dir=" not in draw("{{ f|control }}", f=GalleryForm()["place"])


def test_one_error_stands_at_its_field_and_more_are_summed_up_above():
    right = {"temperature": "37", "name": "a", "place": "a", "reason": "e"}
    summary = '{% include "ui/_errors.html" with form=f %}'
    assert draw(summary, f=GalleryForm(right)).strip() == ""
    assert draw(summary, f=GalleryForm(right | {"name": ""})).strip() == ""
    page = draw(summary, f=GalleryForm(right | {"name": "", "temperature": "99"}))
    assert 'href="#id_name"' in page
    assert 'role="alert"' in page
