//! A folder of another machine as a target, and as a store of the record.
//!
//! The system's own `ssh` and `rsync` do the work, so keys, agents, `known_hosts` and the configuration of SSH simply
//! work. The other machine needs a POSIX shell, `rsync` and the GNU tools. Names of files go through standard input,
//! never through a command line.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::connection::Connections;
use super::folder::{AGAIN, MADE, is_release};
use super::target::{Got, If, Step, Store, Target, Work, folders_above};
use super::{STATE, failed};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::pipeline::Failure;

/// A folder of another machine.
#[derive(Clone, Debug)]
pub(super) struct Ssh {
    host: String,
    port: Option<u16>,
    /// It has no quotes and no backslashes.
    folder: String,
    switches: bool,
    /// The deployment that runs, with `switch`.
    release: Arc<Mutex<Option<String>>>,
    connections: Arc<Connections>,
    calls: Arc<AtomicUsize>,
}

/// The status with which scripts here say that a file is not there, or that a condition does not hold.
const NOT_THERE: i32 = 44;

impl Ssh {
    /// The folder; each call is counted in `calls`.
    pub(super) fn new(
        (host, port, folder): (&str, Option<u16>, &str),
        switches: bool,
        connections: &Arc<Connections>,
        calls: &Arc<AtomicUsize>,
    ) -> Self {
        let (host, folder, calls) = (host.to_owned(), folder.to_owned(), Arc::clone(calls));
        Self { host, port, folder, switches, release: Arc::default(), connections: Arc::clone(connections), calls }
    }

    /// The folder below it with the record.
    pub(super) fn state(&self) -> Self {
        Self { folder: format!("{}/{STATE}", self.folder), ..self.clone() }
    }

    /// Where files are written.
    fn place(&self) -> String {
        match &*self.release.lock().expect("no panic while locked") {
            Some(release) => format!("{}/releases/{release}", self.folder),
            None if self.switches => format!("{}/current", self.folder),
            None => self.folder.clone(),
        }
    }

    /// Runs a script on the other machine, with its folder as `$1`.
    fn run(&self, script: &str, folder: &str, input: &[u8]) -> Result<Output, Failure> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        let mut command = Command::new("ssh");
        command.args(self.options());
        // The shell of the other machine reads the line once: neither part has a quote in it.
        command.arg(&self.host).arg(format!("sh -c '{script}' sh '{folder}'"));
        let output = with_input(&mut command, input).map_err(|error| missing("ssh", &error))?;
        match output.status.code() {
            Some(0 | NOT_THERE) => Ok(output),
            _ => Err(self.failed("ssh", &output)),
        }
    }

    fn options(&self) -> Vec<String> {
        let port = self.port.iter().flat_map(|port| ["-p".to_owned(), port.to_string()]);
        let options = ["-o", "BatchMode=yes"].map(str::to_owned).into_iter().chain(port).collect();
        self.connections.share(options, &self.host)
    }

    fn failed(&self, program: &str, output: &Output) -> Failure {
        let host = &self.host;
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("it says nothing").trim().to_owned();
        Failure::Machine(
            Diagnostic::error(format!("{program} to {host} failed: {said}"))
                .hint(format!("`ssh {host} true` must work without a question, and the folder must be writable")),
        )
    }

    /// Uploads files of the folder `from`.
    fn upload(&self, from: &Path, paths: &[&str]) -> Result<(), Failure> {
        if paths.is_empty() {
            return Ok(());
        }
        self.calls.fetch_add(1, Ordering::Relaxed);
        let shell = format!("ssh {}", self.options().join(" "));
        let mut source = from.as_os_str().to_owned();
        source.push("/");
        let mut command = Command::new("rsync");
        // What has the same length and time may be another file all the same. Without the file behind it, a link would
        // be left out.
        command.args([
            "--times",
            "--ignore-times",
            "--copy-links",
            "--force",
            "--out-format=%i",
            "--from0",
            "--files-from=-",
            "--rsh",
            &shell,
        ]);
        command.arg(source).arg(format!("{}:{}/", self.host, self.place()));
        // In a list it takes what begins with `#` or `;` for a remark.
        let names: Vec<String> = paths.iter().map(|path| format!("./{path}")).collect();
        let output = with_input(&mut command, &joined(&names)).map_err(|error| missing("rsync", &error))?;
        if !output.status.success() {
            return Err(self.failed("rsync", &output));
        }
        let sent = output.stdout.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"<f")).count();
        if sent == paths.len() {
            return Ok(());
        }
        let problem = Diagnostic::error(format!("rsync to {} sent {sent} of {} files", self.host, paths.len()));
        Err(Failure::Machine(problem.hint("deploy again; what was done is noted")))
    }

    fn remove_all(&self, paths: &[&str]) -> Result<(), Failure> {
        if paths.is_empty() {
            return Ok(());
        }
        // A folder of somebody else is in the way: what was written here is not there.
        let script = r#"cd "$1" && xargs -0 sh -c "all=\$#; for one; do
            { [ -d \"\$one\" ] && [ ! -L \"\$one\" ]; } || set -- \"\$@\" \"\$one\"; done;
            shift \$all; rm -f -- \"\$@\"" sh"#;
        self.run(&on_one_line(script), &self.place(), &joined(paths))?;
        let mut folders: Vec<&str> =
            paths.iter().filter_map(|path| path.rsplit_once('/')).map(|(folder, _)| folder).collect();
        folders.sort_unstable();
        folders.dedup();
        if !folders.is_empty() {
            // Fails where a folder is not empty, which is what is wanted.
            let script = "cd \"$1\" 2>/dev/null || exit 0; xargs -0 -n 1 rmdir -p -- 2>/dev/null; true";
            self.run(script, &self.place(), &joined(&folders))?;
        }
        Ok(())
    }
}

/// Names with a zero byte behind each.
fn joined<S: AsRef<str>>(names: &[S]) -> Vec<u8> {
    names.iter().flat_map(|name| name.as_ref().bytes().chain([0])).collect()
}

/// Not every shell takes a line break between quotes.
fn on_one_line(script: &str) -> String {
    script.lines().map(str::trim).collect::<Vec<_>>().join(" ")
}

/// A script that runs a command, and ends with [`NOT_THERE`] if what it reads is not there, which the command says in
/// one of these words. Whatever else it says is an error.
fn unless_missing(command: &str, words: &[&str]) -> String {
    format!(
        "exec 3>&1; said=$(LC_ALL=C {command} 2>&1 >&3 3>&-) && exit 0; \
         printf \"%s\\n\" \"$said\" | grep -vqE \": ({})$\" || exit {NOT_THERE}; \
         printf \"%s\\n\" \"$said\" >&2; exit 1",
        words.join("|")
    )
}

/// What is said of a file that is not there.
const NO_FILE: &str = "No such file or directory";

fn with_input(command: &mut Command, input: &[u8]) -> std::io::Result<Output> {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let pipe = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // Who ends early says so by its status.
            pipe.map(|mut pipe| pipe.write_all(input))
        });
        child.wait_with_output()
    })
}

fn missing(program: &str, error: &std::io::Error) -> Failure {
    Failure::Machine(Diagnostic::error(format!("cannot run `{program}`: {error}")).hint(format!("install {program}")))
}

/// Length and time of a file: what `rsync` gives the file on the other machine.
fn tag(path: &Path) -> Result<String, Failure> {
    let metadata = fs::metadata(path).map_err(failed("read", path.display()))?;
    let stamp = crate::source::Stamp::of_output(&metadata);
    Ok(format!("{}-{}", stamp.length, stamp.modified.div_euclid(1_000_000_000)))
}

impl Target for Ssh {
    fn acknowledges(&self) -> bool {
        !self.switches
    }

    fn begin(&self, generation: u64) -> Result<(), Failure> {
        if !self.switches {
            self.run("mkdir -p \"$1\"", &self.folder, b"")?;
            return Ok(());
        }
        // Readers may be in the folder of this generation already, or it is somebody else's: then another one is made.
        let script = format!(
            "mkdir -p \"$1/releases\" && cd \"$1\" || exit 1; new={generation}; \
             while [ \"$(readlink current)\" = releases/$new ] || \
             {{ ! grep -qx $new {MADE} 2>/dev/null && ls -d releases/$new >/dev/null 2>&1; }}; do new=$new{AGAIN}; done; \
             echo $new >> {MADE} && rm -rf releases/$new && mkdir releases/$new && \
             if [ -d current ]; then cp -al current/. releases/$new/; fi && echo $new"
        );
        let output = self.run(&script, &self.folder, b"")?;
        let name = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        if !is_release(&name) {
            return Err(self.failed("ssh", &output));
        }
        *self.release.lock().expect("no panic while locked") = Some(name);
        Ok(())
    }

    fn in_the_way(&self, files: &[(&str, bool)]) -> Result<Vec<String>, Failure> {
        // What ends with a slash must be a folder, for which `rsync` takes no link; of what begins with two, only a folder
        // in its place counts.
        let folders = folders_above(files).into_iter().map(|folder| format!("./{folder}/"));
        let files = files.iter().map(|(path, is_asked)| format!("{}{path}", if *is_asked { "./" } else { ".//" }));
        let script = r#"[ -e "$1" ] || exit 0; cd "$1" && xargs -0 sh -c "for one; do case \"\$one\" in
            */) one=\${one%/}; if [ -L \"\$one\" ] || { [ -e \"\$one\" ] && [ ! -d \"\$one\" ]; }; then printf \"%s\\0\" \"\$one\"; fi;;
            *) if [ -d \"\$one\" ] && [ ! -L \"\$one\" ]; then find \"\$one\" ! -type d -print0 || exit 1;
            else case \"\$one\" in .//*) ;; *) if [ -e \"\$one\" ] || [ -L \"\$one\" ]; then printf \"%s\\0\" \"\$one\"; fi;; esac; fi;;
            esac; done" sh"#;
        let asked: Vec<String> = folders.chain(files).collect();
        let output = self.run(&on_one_line(script), &self.place(), &joined(&asked))?;
        let names = String::from_utf8_lossy(&output.stdout);
        let names = names.split('\0').filter_map(|name| name.strip_prefix('.'));
        Ok(names.map(|name| name.trim_start_matches('/').to_owned()).collect())
    }

    fn carry_out(&self, steps: &[Step<'_>], work: &Work<'_>) -> Result<(), Failure> {
        // A batch is done as a whole, so the lease is looked at between batches.
        const BATCH: usize = 500;
        for (number, steps) in steps.chunks(BATCH).enumerate() {
            (work.may_go_on)()?;
            let puts: Vec<&str> = steps.iter().filter(|step| matches!(step, Step::Put(..))).map(Step::path).collect();
            let gone: Vec<&str> = steps.iter().filter(|step| matches!(step, Step::Remove(_))).map(Step::path).collect();
            // What is not in the output folder is written into one of its own.
            let other = tempfile::tempdir().map_err(failed("make", "a folder"))?;
            let (mut own, mut made) = (Vec::new(), Vec::new());
            for path in puts {
                if work.release.is_file(path) {
                    work.release.prove(path)?;
                    own.push(path);
                } else {
                    let file = other.path().join(path);
                    fs::write(&file, work.release.body(path)?).map_err(failed("write", file.display()))?;
                    made.push(path);
                }
            }
            self.upload(&work.release.folder, &own)?;
            // `rsync` has read them by itself.
            own.iter().try_for_each(|path| work.release.prove(path))?;
            self.upload(other.path(), &made)?;
            self.remove_all(&gone)?;
            for (at, step) in steps.iter().enumerate() {
                let tag = match step {
                    Step::Put(path, _) if work.release.is_file(path) => tag(&work.release.folder.join(path))?,
                    Step::Put(path, _) => tag(&other.path().join(path))?,
                    Step::Remove(_) => String::new(),
                };
                (work.done)(number * BATCH + at, &tag)?;
            }
        }
        Ok(())
    }

    fn finish(&self, _: &Value) -> Result<(), Failure> {
        let Some(release) = self.release.lock().expect("no panic while locked").clone() else { return Ok(()) };
        // Older ones may hold what was withdrawn.
        let script = format!(
            "cd \"$1\" && mkdir -p {STATE} && ln -sfn releases/{release} {STATE}/next && mv -T {STATE}/next current && \
             {{ cat {MADE}; echo {release}; }} | sort -u | grep -xE \"[0-9]+({AGAIN})*\" | while read -r one; do \
             if [ $one = {release} ] || ! rm -rf releases/$one; then echo $one; fi; done > {STATE}/made && \
             mv {STATE}/made {MADE}"
        );
        self.run(&script, &self.folder, b"").map(|_| ())
    }

    fn tag(&self, path: &str) -> Result<Option<String>, Failure> {
        let script = unless_missing("xargs -0 stat -c %s-%Y --", &[NO_FILE, "Not a directory"]);
        let output = self.run(&script, "", &joined(&[format!("{}/{path}", self.place())]))?;
        let is_there = output.status.success();
        Ok(is_there.then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned()))
    }

    fn list(&self) -> Result<Option<BTreeMap<String, String>>, Failure> {
        let script = unless_missing("find \"$1/\" -type f -printf \"%s-%T@ %P\\0\"", &[NO_FILE]);
        let output = self.run(&script, &self.place(), b"")?;
        let text = String::from_utf8_lossy(&output.stdout);
        let mut files = BTreeMap::new();
        for (tag, path) in text.split('\0').filter_map(|line| line.split_once(' ')) {
            if path.split('/').next() != Some(STATE) {
                let whole = tag.split_once('.').map_or(tag, |(seconds, _)| seconds);
                files.insert(path.to_owned(), whole.to_owned());
            }
        }
        Ok(Some(files))
    }
}

impl Store for Ssh {
    fn get(&self, name: &str, known: Option<&str>) -> Result<Got, Failure> {
        let output = self.run(&unless_missing(&format!("cat \"$1/{name}\""), &[NO_FILE]), &self.folder, b"")?;
        if !output.status.success() {
            return Ok(Got::Nothing);
        }
        let tag = content_tag(&output.stdout);
        Ok(if known == Some(&*tag) { Got::Same } else { Got::File(output.stdout, tag) })
    }

    fn put(&self, name: &str, bytes: &[u8], only: If<'_>) -> Result<Option<String>, Failure> {
        let new = Fingerprint::of(super::record::random_name().as_bytes()).short();
        // One at a time; whoever died in here is waited for ten seconds.
        let lock = "mkdir -p \"$1\" && cd \"$1\" || exit 1; n=0; \
            while ! mkdir locked 2>/dev/null; do n=$((n+1)); [ $n -gt 50 ] && rmdir locked; sleep 0.2; done; \
            trap \"rmdir locked\" EXIT;";
        let (condition, input) = match only {
            If::Any => (String::new(), bytes.to_vec()),
            If::Absent => (format!("[ ! -e {name} ] || {{ rm -f {new}; exit 44; }};"), bytes.to_vec()),
            If::Is(tag) => {
                let Some(known) = content_of(tag) else { return Ok(None) };
                let condition = format!(
                    "head -c {0} {new} | cmp -s - {name} || {{ rm -f {new}; exit 44; }}; \
                     tail -c +{1} {new} > {new}.new && mv {new}.new {new} || exit 1;",
                    known.len(),
                    known.len() + 1
                );
                (condition, [known, bytes.to_vec()].concat())
            }
        };
        let script = format!("mkdir -p \"$1\" && cat > \"$1/{new}\" || exit 1; {lock} {condition} mv -T {new} {name}");
        let output = self.run(&script, &self.folder, &input)?;
        Ok(output.status.success().then(|| content_tag(bytes)))
    }

    fn remove(&self, name: &str) -> Result<(), Failure> {
        self.run(&format!("rm -f \"$1/{name}\""), &self.folder, b"").map(|_| ())
    }
}

/// The tag of a small file of the record is its content: the other machine can compare that without any tool.
fn content_tag(bytes: &[u8]) -> String {
    use base64::Engine as _;
    if bytes.len() > 64 << 10 { String::new() } else { base64::engine::general_purpose::STANDARD.encode(bytes) }
}

fn content_of(tag: &str) -> Option<Vec<u8>> {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.decode(tag).ok()
}
