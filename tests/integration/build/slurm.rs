//! Parts as the tasks of an array on a real Slurm: a node dies, a task is killed, and the site is the same.
//!
//! The test installs nothing. Debian's packages will do, installed (`apt-get install slurmctld slurmd slurm-client`) or
//! only unpacked:
//!
//! ```text
//! apt-get download slurmctld slurmd slurm-client slurm-wlm-basic-plugins libhwloc15 liblua5.1-0 libmunge2
//! for package in *.deb; do dpkg -x "$package" slurm; done
//! SLURM_ROOT=$PWD/slurm cargo test --test integration slurm -- --ignored --nocapture
//! ```
//!
//! One controller and two nodes run as the user of the test, without authentication, on the loopback address: for the
//! time of the test, whoever has an account on this machine can run programs as that user.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::parts::{NOW, paper};
use crate::deploy::store::free_port;
use crate::fixture::{PATIENCE, Run, TestSite};
use tempfile::TempDir;

/// A cluster of two nodes, each with one processor.
struct Slurm {
    folder: TempDir,
    root: PathBuf,
    controller: Child,
    nodes: Vec<(String, Child)>,
}

/// The folder of Slurm's libraries and that of its plugins below `root`, where Debian has them.
fn libraries(root: &Path) -> Option<[PathBuf; 2]> {
    let folders = fs::read_dir(root.join("usr/lib")).ok()?.flatten();
    let found = folders.map(|folder| [folder.path(), folder.path().join("slurm-wlm")]);
    found.into_iter().find(|[_, plugins]| plugins.join("auth_none.so").is_file())
}

/// A program of Slurm. Debian's daemons have a longer name until alternatives are set up.
fn program(root: &Path, name: &str) -> Option<PathBuf> {
    let places = [format!("usr/sbin/{name}-wlm"), format!("usr/sbin/{name}"), format!("usr/bin/{name}")];
    places.iter().map(|place| root.join(place)).find(|path| path.is_file())
}

impl Slurm {
    /// Starts it; none if it is not there.
    fn start() -> Option<Self> {
        let root = PathBuf::from(std::env::var_os("SLURM_ROOT").unwrap_or_else(|| "/".into()));
        let missing: Vec<&str> = ["slurmctld", "slurmd", "slurmstepd", "sbatch", "sinfo"]
            .into_iter()
            .filter(|name| program(&root, name).is_none())
            .collect();
        let libraries = libraries(&root);
        if !missing.is_empty() || libraries.is_none() {
            println!("skipped: no Slurm in {} ({missing:?}); see tests/integration/build/slurm.rs", root.display());
            return None;
        }
        let folder = crate::fixture::folder();
        let at = folder.path().display();
        let host = fs::read_to_string("/proc/sys/kernel/hostname").expect("Linux");
        let host = host.trim().split('.').next().unwrap_or_default();
        let user = Command::new("id").arg("-un").output().expect("it runs").stdout;
        let user = String::from_utf8_lossy(&user).trim().to_owned();
        let plugins = libraries.expect("looked for above")[1].display().to_string();
        let ports = [free_port(), free_port(), free_port()];
        let settings = format!(
            "ClusterName=paper\nSlurmctldHost={host}(127.0.0.1)\nSlurmctldPort={}\nSlurmUser={user}\nSlurmdUser={user}\n\
             AuthType=auth/none\nCredType=cred/none\nAuthInfo=cred_expire=5\n\
             CommunicationParameters=NoInAddrAny,NoCtldInAddrAny\nPluginDir={plugins}\nPlugStackConfig=/dev/null\n\
             StateSaveLocation={at}/state\nSlurmdSpoolDir={at}/%n\nSlurmctldPidFile={at}/controller.pid\n\
             SlurmdPidFile={at}/%n.pid\nProctrackType=proctrack/linuxproc\nSelectType=select/linear\n\
             SlurmdParameters=config_overrides\nSlurmdTimeout=5\nReturnToService=0\n\
             NodeName=node1 NodeHostname={host} NodeAddr=127.0.0.1 Port={} CPUs=1\n\
             NodeName=node2 NodeHostname={host} NodeAddr=127.0.0.1 Port={} CPUs=1\n\
             PartitionName=all Nodes=ALL Default=YES\n",
            ports[0], ports[1], ports[2]
        );
        fs::write(folder.path().join("slurm.conf"), settings).expect("written");
        for name in ["state", "node1", "node2"] {
            fs::create_dir(folder.path().join(name)).expect("a folder");
        }
        let daemon = |name: &str, log: &str, arguments: &[&str]| {
            let log = fs::File::create(folder.path().join(log)).expect("a file");
            let mut daemon = Command::new(program(&root, name).expect("looked for above"));
            surround(&mut daemon, &root, folder.path());
            daemon.arg("-D").args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(log);
            daemon.spawn().expect("it runs")
        };
        let controller = daemon("slurmctld", "controller.log", &[]);
        let step = program(&root, "slurmstepd").expect("looked for above").display().to_string();
        let node = |name: &str| (name.to_owned(), daemon("slurmd", &format!("{name}.log"), &["-N", name, "-d", &step]));
        let nodes = vec![node("node1"), node("node2")];
        let slurm = Self { root, controller, nodes, folder };
        slurm.wait("both nodes are idle", || {
            let mut nodes = slurm.client("sinfo");
            let told = nodes.args(["--noheader", "--Node", "--format=%T"]).output().expect("it runs").stdout;
            String::from_utf8_lossy(&told).lines().filter(|state| *state == "idle").count() == 2
        });
        Some(slurm)
    }

    /// A program that talks to the controller.
    fn client(&self, name: &str) -> Command {
        let mut client = Command::new(program(&self.root, name).expect("looked for when it was started"));
        surround(&mut client, &self.root, self.folder.path());
        client
    }

    /// Submits a job that runs in the folder of `site`, and gives what `sbatch` said.
    fn submit(&self, site: &TestSite, arguments: &[&str]) -> Run {
        let mut submit = self.client("sbatch");
        submit.current_dir(site.root()).args(["--parsable", "--output=slurm-%j.out"]).args(arguments);
        Run::of(submit.stdin(Stdio::null()).output().expect("it runs"))
    }

    /// Kills a node with everything that it runs, as a failure of its machine does.
    fn kill(&mut self, node: &str, processes: &[&str]) {
        let (_, daemon) = self.nodes.iter_mut().find(|(name, _)| name == node).expect("one of the two");
        daemon.kill().expect("it ran");
        daemon.wait().expect("it is gone");
        let killed = Command::new("kill").arg("-KILL").args(processes).status().expect("it runs");
        assert!(killed.success(), "{processes:?}");
    }

    /// Waits until something is so, and fails if it never is.
    fn wait(&self, what: &str, mut is_so: impl FnMut() -> bool) {
        let began = Instant::now();
        while !is_so() {
            assert!(began.elapsed() < PATIENCE, "waited in vain: {what}\n{}", self.logs());
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn logs(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        ["controller.log", "node1.log", "node2.log"].map(|name| format!("== {name}\n{}", read(name))).concat()
    }
}

/// Where a program of Slurm finds its libraries and its settings.
fn surround(command: &mut Command, root: &Path, folder: &Path) {
    if let Some(libraries) = libraries(root) {
        command.env("LD_LIBRARY_PATH", std::env::join_paths(libraries).expect("paths"));
    }
    command.env("SLURM_CONF", folder.join("slurm.conf"));
}

impl Drop for Slurm {
    fn drop(&mut self) {
        for daemon in self.nodes.iter_mut().map(|(_, daemon)| daemon).chain([&mut self.controller]) {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }
}

#[test]
#[ignore = "needs Slurm: cargo test --test integration slurm -- --ignored --nocapture"]
fn an_array_that_loses_a_node_and_a_task_makes_the_same_site() {
    let Some(mut slurm) = Slurm::start() else { return };
    let clean = paper();
    clean.build();
    let site = clean.other_machine();
    let courant = env!("CARGO_BIN_EXE_courant");
    // In the middle of its part, task 2 waits for the end of its node; task 5 is killed.
    site.write(
        "part.sh",
        format!(
            "#!/bin/sh\n\
             part='{courant} build --quiet --part auto --at {NOW} --to b42'\n\
             try=$SLURM_ARRAY_TASK_ID-${{SLURM_RESTART_COUNT:-0}}\n\
             echo $SLURMD_NODENAME >ran-$try\n\
             case $try in\n\
             2-0) $part & sleep 0.05; kill -STOP $!\n\
             echo $SLURMD_NODENAME $PPID $$ $! >frozen.new; mv frozen.new frozen; wait ;;\n\
             5-0) timeout -s KILL 0.05 $part ;;\n\
             *) $part ;;\nesac\n"
        ),
    );
    let array = slurm.submit(&site, &["--array=1-6", "--requeue", "part.sh"]);
    assert_eq!(array.code, 0, "{}", array.stderr);
    let after = format!("--dependency=afterany:{}", array.stdout.trim());
    let join = format!("{courant} join --json b42 >joined.new; echo $? >>joined.new; mv joined.new joined");
    let join = ["--wrap", &join];
    assert_eq!(slurm.submit(&site, &[&[&*after], &join[..]].concat()).code, 0);

    slurm.wait("task 2 is in the middle of its part", || site.has("frozen"));
    let frozen = site.read("frozen");
    let (node, processes) = frozen.trim().split_once(' ').expect("a node and its processes");
    slurm.kill(node, &processes.split(' ').collect::<Vec<_>>());
    slurm.wait("the array has ended, and what joins it", || site.has("joined"));
    let told = site.read("joined");
    assert!(told.contains("1 of 6 parts is missing: 5") && told.ends_with("\n1\n"), "{told}\n{}", slurm.logs());
    assert!(!site.has("public/index.html"), "nothing is public");
    assert!(site.read("ran-2-1") != site.read("ran-2-0"), "the other node took over");

    let again = format!("{courant} build --quiet --part \"$SLURM_ARRAY_TASK_ID/6\" --at {NOW} --to b42");
    let again = slurm.submit(&site, &["--array=5", "--wait", "--wrap", &again]);
    assert_eq!(again.code, 0, "{}\n{}", again.stderr, slurm.logs());
    site.remove("joined");
    let joined = slurm.submit(&site, &[&["--wait"], &join[..]].concat());
    assert_eq!(joined.code, 0, "{}", joined.stderr);
    assert!(site.read("joined").ends_with("\n0\n"), "{}", site.read("joined"));
    site.assert_is_built_as(&clean, "an array that lost a node and a task");
}
