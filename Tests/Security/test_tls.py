"""Our own TLS listener, as sslyze and testssl.sh see it: Mozilla's intermediate profile, and nothing above LOW."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from conftest import IS_LONG, REPORTS, TOOLS, summarize
from support.certificates import Authority
from support.server import Server, free_port

#: What testssl.sh finds in any certificate of a test, by the name it gives that, and why.
OF_THE_TEST_CERTIFICATE = {
    "cert_chain_of_trust": "the authority is the test's own, which no system trusts",
    "cert_revocation": "the test's authority has no list of what it took back, nor anybody to ask",
    "cert_trust": "the test asks for localhost, of which testssl.sh says that it is no name to be certified",
    "DNS_CAArecord": "localhost has no DNS",
}
#: testssl.sh's own words for how bad something is, from the least.
BAD = ("MEDIUM", "HIGH", "CRITICAL", "FATAL")


@pytest.fixture(scope="module")
def secure(demo_data: Path, tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("tls")
    authority = Authority(folder)
    certificate = authority.issue(folder, days=180)
    port = free_port()
    server = Server(
        tmp_path_factory.mktemp("data") / "data", "security-tls", port=port,
        public_url=f"https://localhost:{port}", authority=str(authority.root),
        tls_certificate=str(certificate.chain), tls_key=str(certificate.key))
    yield server.start()
    server.stop()


def test_sslyze_finds_it_within_mozillas_intermediate_profile(secure: Server, tmp_path: Path):
    report = tmp_path / "sslyze.json"
    done = subprocess.run(
        [TOOLS / "bin/sslyze", f"localhost:{secure.port}", "--mozilla_config=intermediate",
         f"--certinfo_ca_file={secure.authority}", f"--json_out={report}"],
        capture_output=True, text=True, timeout=300, check=False)
    (REPORTS / "sslyze.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    found = json.loads(report.read_text(encoding="utf-8"))
    results = found["server_scan_results"]
    assert len(results) == 1 and results[0]["scan_status"] == "COMPLETED", done.stdout
    scans = results[0]["scan_result"]
    assert {scan["status"] for scan in scans.values()} <= {"COMPLETED", "NOT_SCHEDULED"}, done.stdout
    done_scans = [scan for scan in scans.values() if scan["status"] == "COMPLETED"]
    assert len(done_scans) > 8, done.stdout
    for version in ("ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1"):
        assert not scans[f"{version}_cipher_suites"]["result"]["accepted_cipher_suites"], version
    assert scans["tls_1_3_cipher_suites"]["result"]["accepted_cipher_suites"]
    verdict = done.stdout.split("COMPLIANCE AGAINST", 1)[1]
    # Of a certificate that lasts thirty days and one authority: nothing of the listener's is in this list.
    assert "FAILED" not in verdict and "OK - Compliant" in verdict, verdict
    summarize("sslyze", f"{len(done_scans)} scans, compliant with Mozilla's intermediate profile")


def test_testssl_finds_nothing_above_low(secure: Server, tmp_path: Path):
    report = tmp_path / "testssl.json"
    looks = [] if IS_LONG else ["-p", "-s", "-f", "-S", "-U"]
    done = subprocess.run(
        ["testssl", "--quiet", "--color", "0", "--warnings", "off", "--ip", "127.0.0.1", "--jsonfile", report, *looks,
         f"https://localhost:{secure.port}/"],
        capture_output=True, text=True, timeout=800, check=False, stdin=subprocess.DEVNULL)
    (REPORTS / "testssl.txt").write_text(done.stdout + done.stderr, encoding="utf-8")
    findings = json.loads(report.read_text(encoding="utf-8"))
    assert len(findings) > 40, done.stdout[-4000:]
    assert {"TLS1_3", "heartbleed", "ROBOT"} <= {finding["id"] for finding in findings}, done.stdout[-4000:]
    wrong = [
        f"{finding['severity']}: {finding['id']}: {finding['finding']}" for finding in findings
        if finding["severity"] in BAD and finding["id"].split(" ")[0] not in OF_THE_TEST_CERTIFICATE
    ]
    summarize("testssl", f"{len(findings)} findings, {len(wrong)} above LOW")
    assert not wrong, "\n".join(wrong)
