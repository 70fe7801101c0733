"""Places for tests: a wilaya, a commune of it, an establishment in it, and what an establishment holds."""

import factory

from maristan.core.territory.models import (
    Contact,
    Division,
    Establishment,
    Group,
    OpeningHours,
    Room,
    Service,
    Site,
    Unit,
)


class WilayaFactory(factory.django.DjangoModelFactory):
    level = "wilaya"
    code = factory.Sequence(lambda number: f"{number + 100:03d}")
    name_fr = factory.Sequence(lambda number: f"Wilaya {number}")
    name_ar = factory.Sequence(lambda number: f"ولاية {number}")

    class Meta:
        model = Division


class CommuneFactory(WilayaFactory):
    level = "commune"
    code = factory.Sequence(lambda number: f"{number + 10000:05d}")
    name_fr = factory.Sequence(lambda number: f"Commune {number}")
    name_ar = factory.Sequence(lambda number: f"بلدية {number}")
    wilaya = factory.SubFactory(WilayaFactory)
    parent = factory.SelfAttribute("wilaya")


class GroupFactory(factory.django.DjangoModelFactory):
    code = factory.Sequence(lambda number: f"group-{number}")
    name_fr = factory.Sequence(lambda number: f"Groupe {number}")
    name_ar = factory.Sequence(lambda number: f"مجموعة {number}")

    class Meta:
        model = Group


class EstablishmentFactory(factory.django.DjangoModelFactory):
    code = factory.Sequence(lambda number: f"eph-{number}")
    kind = "eph"
    name_fr = factory.Sequence(lambda number: f"Hôpital {number}")
    name_ar = factory.Sequence(lambda number: f"مستشفى {number}")
    wilaya = factory.SubFactory(WilayaFactory)

    class Meta:
        model = Establishment


class SiteFactory(factory.django.DjangoModelFactory):
    establishment = factory.SubFactory(EstablishmentFactory)
    code = factory.Sequence(lambda number: f"site-{number}")
    name_fr = factory.Sequence(lambda number: f"Site {number}")

    class Meta:
        model = Site


class ServiceFactory(factory.django.DjangoModelFactory):
    establishment = factory.SubFactory(EstablishmentFactory)
    code = factory.Sequence(lambda number: f"service-{number}")
    name_fr = factory.Sequence(lambda number: f"Service {number}")
    name_ar = factory.Sequence(lambda number: f"مصلحة {number}")

    class Meta:
        model = Service


class UnitFactory(factory.django.DjangoModelFactory):
    service = factory.SubFactory(ServiceFactory)
    code = factory.Sequence(lambda number: f"unit-{number}")
    name_fr = factory.Sequence(lambda number: f"Unité {number}")

    class Meta:
        model = Unit


class RoomFactory(factory.django.DjangoModelFactory):
    service = factory.SubFactory(ServiceFactory)
    code = factory.Sequence(lambda number: f"{number + 1}")

    class Meta:
        model = Room


class ContactFactory(factory.django.DjangoModelFactory):
    establishment = factory.SubFactory(EstablishmentFactory)
    value = factory.Sequence(lambda number: f"031{number:06d}")

    class Meta:
        model = Contact


class OpeningHoursFactory(factory.django.DjangoModelFactory):
    establishment = factory.SubFactory(EstablishmentFactory)
    weekday = 0
    opens = 480
    closes = 960

    class Meta:
        model = OpeningHours
