import datetime

import factory

from maristan.records.patients.enums import BirthPrecision, Domain, Sex
from maristan.records.patients.models import Identifier, Person, Telephone


class PersonFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Person
        skip_postgeneration_save = True

    family_fr = "Boudjemaa"
    given_fr = "Hayet"
    family_ar = "بوجمعة"
    given_ar = "حياة"
    sex = Sex.FEMALE
    birth_date = datetime.date(1959, 3, 12)
    birth_precision = BirthPrecision.DAY


class IdentifierFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Identifier

    person = factory.SubFactory(PersonFactory)
    domain = Domain.NIN
    value = factory.Sequence(lambda number: f"{number:018}")


class TelephoneFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Telephone

    person = factory.SubFactory(PersonFactory)
    number = "+213661234567"
