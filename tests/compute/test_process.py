import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from modelwright.compute.process import BackgroundProcess, free_port, run_isolated
from modelwright.errors import ServiceError

SERVE = """
import socketserver, sys
print("listening", flush=True)
socketserver.TCPServer(
    ("127.0.0.1", int(sys.argv[1])), socketserver.BaseRequestHandler
).serve_forever()
"""
WITH_CHILD = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
open(sys.argv[1], "w").write(str(child.pid))
time.sleep(float(sys.argv[2]))
"""


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def is_gone(pid: int) -> bool:
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


class TestRunIsolated:
    def test_what_it_says_and_its_exit_code(self) -> None:
        script = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
        ran = run_isolated(["-c", script], timeout_s=30)
        assert (ran.exit_code, ran.stdout, ran.stderr) == (3, "out\n", "err\n")
        assert not ran.timed_out
        assert 0 < ran.elapsed_s < 30

    def test_standard_input_and_environment(self) -> None:
        script = "import os, sys; print(sys.stdin.read().upper(), os.environ['WORD'])"
        ran = run_isolated(["-c", script], timeout_s=30, stdin=b"abc", env={"WORD": "x"})
        assert ran.stdout == "ABC x\n"

    def test_a_file_in_the_folder_named_like_a_module_is_not_run(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "json.py").write_text("raise SystemExit(9)")
        monkeypatch.chdir(tmp_path)
        assert run_isolated(["-m", "json.tool"], timeout_s=30, stdin=b"1").stdout == "1\n"

    def test_no_standard_input_is_an_empty_one(self) -> None:
        ran = run_isolated(["-c", "import sys; print(len(sys.stdin.read()))"], timeout_s=30)
        assert ran.stdout == "0\n"

    def test_endless_output_is_bounded_and_its_end_kept(self) -> None:
        script = (
            "import sys; [sys.stdout.write('x' * 9999 + '\\n') for _ in range(1000)]; print('end')"
        )
        ran = run_isolated(["-c", script], timeout_s=60)
        assert len(ran.stdout) <= 1 << 20
        assert ran.stdout.endswith("end\n")

    def test_bytes_that_are_no_text(self) -> None:
        ran = run_isolated(["-c", "import os; os.write(1, b'\\xff\\n')"], timeout_s=30)
        assert ran.stdout == "\ufffd\n"

    def test_when_time_is_up_its_children_die_too(self, tmp_path: Path) -> None:
        ran = run_isolated(["-c", WITH_CHILD, str(tmp_path / "pid"), "60"], timeout_s=1.5)
        assert ran.timed_out
        assert ran.exit_code == -signal.SIGKILL
        assert ran.elapsed_s < 10
        assert is_gone(int((tmp_path / "pid").read_text()))

    def test_a_child_that_outlives_it_is_killed(self, tmp_path: Path) -> None:
        ran = run_isolated(["-c", WITH_CHILD, str(tmp_path / "pid"), "0"], timeout_s=30)
        assert (ran.exit_code, ran.timed_out) == (0, False)
        assert ran.elapsed_s < 10
        assert is_gone(int((tmp_path / "pid").read_text()))


class TestBackgroundProcess:
    def test_a_server_is_there_inside_and_gone_after(self) -> None:
        port = free_port()
        command = [sys.executable, "-c", SERVE, str(port)]
        with BackgroundProcess(command, ready=lambda: answers(port), timeout_s=30) as server:
            assert server.exit_code is None
            assert "listening" in server.stdout
            pid = server.pid
        assert server.exit_code == -signal.SIGTERM
        assert is_gone(pid)
        assert not answers(port)

    def test_one_that_fails_says_why(self) -> None:
        command = [sys.executable, "-c", "raise SystemExit('port is taken')"]
        with (
            pytest.raises(
                ServiceError, match=r"(?s)exit code 1 before it was ready\..*port is taken"
            ),
            BackgroundProcess(command, ready=lambda: False, timeout_s=30),
        ):
            pass

    def test_one_that_never_gets_ready_is_killed(self, tmp_path: Path) -> None:
        command = [sys.executable, "-c", WITH_CHILD, str(tmp_path / "pid"), "60"]
        with (
            pytest.raises(ServiceError, match=r"(?s)not ready after 1\.5 seconds\..*nothing"),
            BackgroundProcess(command, ready=lambda: False, timeout_s=1.5),
        ):
            pass
        assert is_gone(int((tmp_path / "pid").read_text()))

    def test_one_that_ignores_the_request_is_killed(self) -> None:
        script = (
            "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
            "print('ready', flush=True); time.sleep(60)"
        )
        process = BackgroundProcess(
            [sys.executable, "-c", script],
            ready=lambda: "ready" in process.stdout,
            timeout_s=30,
            grace_s=0.1,
        )
        with process:
            pass
        assert process.exit_code == -signal.SIGKILL

    def test_an_error_inside_ends_it(self) -> None:
        command = [sys.executable, "-c", "import time; time.sleep(60)"]
        process = BackgroundProcess(command, ready=lambda: True, timeout_s=30)
        with pytest.raises(KeyError), process:
            raise KeyError
        assert is_gone(process.pid)

    def test_a_program_that_is_not_there(self) -> None:
        with (
            pytest.raises(ServiceError, match="no-such-program could not be started"),
            BackgroundProcess(["/no-such-program"], ready=lambda: True, timeout_s=1),
        ):
            pass


def test_a_free_port_can_be_listened_on() -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", free_port()))


def test_no_process_is_left_over() -> None:
    # In a process of its own: other tests may have a browser open.
    script = """if True:
        import os
        from modelwright.compute.process import run_isolated
        run_isolated(["-c", "pass"], timeout_s=30)
        try:
            os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            print("none")
    """
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True)
    assert done.stdout == "none\n", done.stderr
