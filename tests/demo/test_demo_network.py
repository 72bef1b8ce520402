"""The demo's network: a workbook like an office's, brought in by the real action, the same each time, with gaps."""

from collections import Counter
from datetime import UTC, datetime

from demo.network import load_network
from demo.offices import load_offices
from demo.places import load_places
from qiaoqiao.access.models import Place
from qiaoqiao.access.tickets import SYSTEM, acting
from qiaoqiao.community.alliance.models import Offer
from qiaoqiao.community.network.coverage import coverage
from qiaoqiao.community.network.models import Organisation, Upload
from tests.cast import now_epoch

NOW = datetime(2026, 11, 26, 4, 0, tzinfo=UTC)


def test_the_demo_s_network_is_whole_but_for_its_gaps_and_loading_it_again_changes_nothing(db: None) -> None:
    with acting(SYSTEM, epoch=now_epoch()):
        offices = load_offices(load_places())
        number = load_network(offices, NOW)
        kinds = Counter(Organisation.objects.values_list("kind", flat=True))
        assert (kinds["adviser_committee"], kinds["procuratorate_station"], kinds["liaison_station"]) == (
            8,
            3,
            1,
        )
        assert (kinds["studio"], kinds["service_centre"], kinds["partner"]) == (3, 4, 3)
        found = coverage(Place.objects.get(pk="4407"), list(offices.values()))
        assert all(0 < len(gaps) < found.townships for gaps in found.gaps.values())
        assert set(Organisation.objects.filter(kind="studio").values_list("country", flat=True)) == {
            "BR",
            "CL",
            "VE",
        }
        assert load_network(offices, NOW) == number > 250
        assert Upload.objects.order_by("-made_at", "-pk").first().counts["new"] == 0  # type: ignore[union-attr]
        assert Offer.objects.count() == 3
