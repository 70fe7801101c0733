"""An import killed in the middle of its writes loses nothing that it acknowledged, and leaves nothing half in."""

import pytest
from benchmarks.import_soak import Soak

from tests.records.fhir.bundles import write_bundles


@pytest.fixture(scope="module")
def soak(tmp_path_factory):
    folder = tmp_path_factory.mktemp("soak")
    for parent in (folder, *folder.parents[:3]):
        parent.chmod(parent.stat().st_mode | 0o055)
    write_bundles(folder / "bundles", patients=25, measures=40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MARISTAN_DATA", str(folder))
        soak = Soak(folder, folder / "bundles")
        yield soak
        soak.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_killed_three_times_and_resumed_it_equals_an_uninterrupted_import(soak, seed):
    outcome = soak.run(seed, kills=3)
    assert outcome.faults == []
    assert len(outcome.kills) == 3
    assert outcome.acknowledged > 0
