"""Claims: intake with every check on costs no more CPU than a plain orjson loop with none; two processes take a large
file in at 1.7 times the speed of one.

One run: the same file of generated encounters, each way in a process of its own, taken in turn; CPU-seconds (user and
system, with all threads and children) and the peak of resident memory are printed, and the ratio of the medians. Wall
seconds tell how two processes compare with one; they mean something on a machine with nothing else to do.

    python -m benchmarks.intake_against_orjson [MEGABYTES] [ROUNDS]
"""

import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import orjson

WORDS = ("nurse", "listened", "waited", "hours", "front", "desk", "bill", "portal", "doctor", "kind", "parking", "ride")


def encounter(dice: random.Random, number: int) -> dict:
    """A made-up encounter of the size that hospitals export: history, places, participants, codes."""
    day = f"2024-{dice.randrange(1, 13):02d}-{dice.randrange(1, 29):02d}"
    times = sorted(dice.randrange(86_000) for _ in range(8))
    at = [f"{day}T{t // 3600:02d}:{t // 60 % 60:02d}:{t % 60:02d}+00:00" for t in times]
    span = {"start": at[0], "end": at[-1]}

    def concept(system: str, code: str, display: str) -> dict:
        return {"coding": [{"system": system, "code": code, "display": display}], "text": display}

    steps = ("planned", "arrived", "triaged", "in-progress", "onleave", "finished")[: dice.randrange(3, 7)]
    return {
        "resourceType": "Encounter",
        "id": f"{dice.getrandbits(128):032x}",
        "meta": {"versionId": str(dice.randrange(1, 9)), "lastUpdated": at[-1], "source": "urn:made-up"},
        "text": {"status": "generated", "div": f"<div>{' '.join(dice.choices(WORDS, k=12))}</div>"},
        "identifier": [{"use": "official", "system": "urn:visit", "value": str(number)}],
        "status": "finished",
        "statusHistory": [
            {"status": step, "period": {"start": at[n], "end": at[n + 1]}} for n, step in enumerate(steps)
        ],
        "class": {"system": "http://terminology.hl7.org/CodeSystem/v3-ActCode", "code": dice.choice(["AMB", "EMER"])},
        "type": [concept("http://snomed.info/sct", str(dice.randrange(10**8)), "Encounter for check up")],
        "serviceType": concept("http://terminology.hl7.org/CodeSystem/service-type", "124", "General Practice"),
        "priority": concept("http://terminology.hl7.org/CodeSystem/v3-ActPriority", "R", "routine"),
        "subject": {"reference": f"Patient/p{dice.randrange(40_000)}", "display": "A Person"},
        "participant": [
            {
                "type": [concept("http://terminology.hl7.org/CodeSystem/v3-ParticipationType", "PPRF", "primary")],
                "period": span,
                "individual": {"reference": f"Practitioner/d{dice.randrange(900)}", "display": "Dr. Diaz"},
            }
        ],
        "period": span,
        "length": {"value": 90, "unit": "min", "system": "http://unitsofmeasure.org", "code": "min"},
        "reasonCode": [
            concept("http://snomed.info/sct", str(dice.randrange(10**8)), " ".join(dice.choices(WORDS, k=3)))
        ],
        "hospitalization": {
            "admitSource": concept("http://terminology.hl7.org/CodeSystem/admit-source", "emd", "From emergency"),
            "dischargeDisposition": concept(
                "http://terminology.hl7.org/CodeSystem/discharge-disposition", "home", "Home"
            ),
        },
        "location": [
            {
                "location": {"reference": f"Location/unit-{dice.randrange(60)}", "display": "Unit"},
                "status": "completed",
                "period": {"start": at[n], "end": at[n + 1]},
            }
            for n in range(dice.randrange(1, 4))
        ],
        "serviceProvider": {"reference": "Organization/o1", "display": "Hospital"},
    }


def write_encounters(path: Path, megabytes: float, seed: int = 1) -> int:
    """Writes a file of about that size; returns its lines."""
    dice, size, lines = random.Random(seed), 0, 0
    with path.open("wb") as file:
        while size < megabytes * 1e6:
            line = orjson.dumps(encounter(dice, lines)) + b"\n"
            file.write(line)
            size += len(line)
            lines += 1
    return lines


def measured(command: list[str]) -> tuple[float, float, float]:
    """Wall seconds, CPU seconds with children, peak MiB of the largest process."""
    code = (
        "import resource,subprocess,sys,time; w=time.perf_counter(); r=subprocess.run(sys.argv[1:],"
        "stdout=subprocess.DEVNULL).returncode; u=resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(r,time.perf_counter()-w,u.ru_utime+u.ru_stime,u.ru_maxrss/1024)"
    )
    run = subprocess.run([sys.executable, "-c", code, *command], capture_output=True, text=True, check=True)
    failed, wall, cpu, peak = map(float, run.stdout.split())
    if failed:
        raise SystemExit(run.stderr)
    return wall, cpu, peak


def main(megabytes: float, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        source = here / "Encounter.ndjson"
        lines = write_encounters(source, megabytes)
        size = source.stat().st_size / 1e6
        python = [sys.executable, "-m"]
        # starting Python and its libraries is the same for any size and is taken off both sides
        empty = here / "empty.ndjson"
        empty.write_bytes(b"")
        ways = {
            "peer": [*python, "benchmarks.peers.orjson_loop", str(source), str(here / "peer.parquet")],
            "ours": [*python, "twohats", "intake", str(source), "--home", str(here / "home"), "--workers", "1"],
            "ours, 2 workers": [
                *python, "twohats", "intake", str(source), "--home", str(here / "home"), "--workers", "2"
            ],
            "peer, nothing": [*python, "benchmarks.peers.orjson_loop", str(empty), str(here / "none.parquet")],
            "ours, nothing": [*python, "twohats", "intake", str(empty), "--home", str(here / "home")],
        }
        found: dict[str, list[tuple[float, float, float]]] = {name: [] for name in ways}
        for _ in range(rounds):
            for name, command in ways.items():
                shutil.rmtree(here / "home", ignore_errors=True)
                found[name].append(measured(command))
        print(f"{lines} encounters, {size:.0f} MB, {rounds} rounds, load {os.getloadavg()[0]:.1f}, medians")
        walls, cpu = {}, {}
        for name, runs in found.items():
            wall, cpu[name], peak = (statistics.median(run[n] for run in runs) for n in range(3))
            walls[name] = wall
            print(f"{name:16} wall {wall:6.2f} s  CPU {cpu[name]:6.2f} s  peak {peak:5.0f} MiB")
        peer = cpu["peer"] - cpu["peer, nothing"]
        ours = cpu["ours"] - cpu["ours, nothing"]
        print(f"MB per CPU-second: peer {size / peer:.0f}, ours {size / ours:.0f}: ratio {peer / ours:.2f}")
        print(f"whole processes: ratio {cpu['peer'] / cpu['ours']:.2f}")
        print(f"two workers: {walls['ours'] / walls['ours, 2 workers']:.2f} times the speed of one")


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 100, int(sys.argv[2]) if len(sys.argv) > 2 else 3)
