//! One connection of SSH for all that a deployment asks: each connection of its own takes half a second.
//!
//! `ssh` shares it by itself (`ControlMaster` in ssh_config(5)). Whatever fails here costs only that time: then every
//! command connects for itself, and tells what is wrong.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;

use tempfile::TempDir;

/// The options and the host of a connection.
type Route = (Vec<String>, String);

/// The connections of a deployment, each made when it is first asked for.
#[derive(Debug, Default)]
pub(super) struct Connections {
    /// `None` where none can be shared.
    shared: Mutex<BTreeMap<Route, Option<Shared>>>,
}

#[derive(Debug)]
struct Shared {
    /// It ends with this program, however that ends: it waits for the end of its input.
    master: Child,
    /// Where its socket lies.
    folder: TempDir,
}

impl Drop for Shared {
    fn drop(&mut self) {
        let _ = self.master.kill();
        let _ = self.master.wait();
    }
}

impl Connections {
    /// `options` of `ssh` to `host`, with those by which it uses the connection. None has a space in it.
    pub(super) fn share(&self, options: Vec<String>, host: &str) -> Vec<String> {
        let mut shared = self.shared.lock().expect("no panic while locked");
        let open = || Shared::open(&options, host);
        let connection = shared.entry((options.clone(), host.to_owned())).or_insert_with(open);
        let Some(socket) = connection.as_ref().and_then(|shared| socket(&shared.folder)) else { return options };
        // Whatever one's own configuration says, none of them becomes a master.
        options.into_iter().chain(["-o", "ControlMaster=no", "-o"].map(str::to_owned)).chain([socket]).collect()
    }
}

impl Shared {
    /// Connects, and waits until the other machine has answered.
    fn open(options: &[String], host: &str) -> Option<Self> {
        // The ssh of Windows cannot.
        if cfg!(windows) {
            return None;
        }
        let folder = tempfile::tempdir().ok()?;
        let socket = socket(&folder)?;
        let mut command = Command::new("ssh");
        command.args(options).args(["-o", &socket, "-o", "ControlMaster=yes", "-o", "ControlPersist=no"]);
        command.arg(host).arg("sh -c 'echo; exec cat'");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut shared = Self { master: command.spawn().ok()?, folder };
        let mut line = String::new();
        let answer = BufReader::new(shared.master.stdout.take()?).read_line(&mut line);
        answer.is_ok_and(|length| length > 0).then_some(shared)
    }
}

/// The option with the place of the socket; none if `rsync` would read it as several words.
fn socket(folder: &TempDir) -> Option<String> {
    let path = folder.path().join("s").into_os_string().into_string().ok()?;
    let is_one_word = path.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/._-".contains(&byte));
    is_one_word.then(|| format!("ControlPath={path}"))
}
