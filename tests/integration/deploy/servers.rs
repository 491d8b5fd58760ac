//! Deployments to a server with SSH, and pings. The server of SSH is the system's, started for one test with keys of
//! its own; a test without it is skipped, and fails in CI.

use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use super::store::free_port;
use super::{assert_same, built, deployed, held, paper, prepare};
use crate::fixture::{Run, TestSite};

/// A server of SSH, with a client that knows it.
struct Sshd {
    child: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Sshd {
    fn start() -> Option<Self> {
        let server = Path::new("/usr/sbin/sshd");
        let has_rsync = Command::new("rsync").arg("--version").stdout(Stdio::null()).status().is_ok();
        if !server.exists() || !has_rsync {
            assert!(std::env::var_os("CI").is_none(), "sshd or rsync is missing: .ci/run installs them");
            println!("skipped: sshd or rsync is not installed (see .ci/run)");
            return None;
        }
        let folder = crate::fixture::folder();
        let path = |name: &str| folder.path().join(name).display().to_string();
        for key in ["host", "user"] {
            let status = Command::new("ssh-keygen").args(["-q", "-t", "ed25519", "-N", "", "-f", &path(key)]).status();
            assert!(status.expect("ssh-keygen runs").success());
        }
        let port = free_port();
        // The server wants this folder, which packages make when their own service starts.
        let _ = fs::create_dir_all("/run/sshd");
        // Bash reads no startup file in a shell within a shell: that of a developer may take longer than the test.
        let settings = format!(
            "SetEnv SHLVL=2\nPort {port}\nListenAddress 127.0.0.1\nHostKey {}\nAuthorizedKeysFile {}\nPidFile none\nUsePAM no\nStrictModes no\nPasswordAuthentication no\n",
            path("host"),
            path("user.pub")
        );
        fs::write(path("sshd_config"), settings).expect("written");
        let settings = format!(
            "Host paper-host\n  HostName 127.0.0.1\n  IdentityFile {}\n  IdentitiesOnly yes\n  UserKnownHostsFile {}\n  StrictHostKeyChecking accept-new\n  LogLevel ERROR\n",
            path("user"),
            path("known_hosts")
        );
        fs::write(path("ssh_config"), settings).expect("written");
        // The client that courant and rsync find first.
        let client = folder.path().join("bin/ssh");
        fs::create_dir_all(folder.path().join("bin")).expect("a folder");
        fs::write(&client, format!("#!/bin/sh\nexec /usr/bin/ssh -F {} \"$@\"\n", path("ssh_config")))
            .expect("written");
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            fs::set_permissions(&client, fs::Permissions::from_mode(0o755)).expect("executable");
        }
        let mut command = Command::new(server);
        let log = fs::File::create(path("log")).expect("a file");
        command.args(["-D", "-e", "-f", &path("sshd_config")]).stderr(log);
        let sshd = Self { child: command.spawn().expect("started"), port, folder };
        let began = Instant::now();
        while std::net::TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(began.elapsed() < Duration::from_secs(20), "sshd does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
        Some(sshd)
    }

    /// How often somebody has logged in.
    fn logins(&self) -> usize {
        let log = fs::read_to_string(self.folder.path().join("log")).expect("a log");
        log.matches("Accepted publickey").count()
    }

    fn target(&self) -> String {
        format!("to: \"ssh://paper-host:{}{}\"", self.port, self.folder.path().join("live").display())
    }

    fn deploy(&self, site: &TestSite, flags: &[&str]) -> Run {
        let mut command = site.command();
        prepare(&mut command);
        let path = std::env::var_os("PATH").unwrap_or_default();
        let path = format!("{}:{}", self.folder.path().join("bin").display(), path.to_string_lossy());
        command.env("PATH", path).args(["deploy", "--json", "--verbose"]).args(flags);
        Run::of(command.output().expect("the program runs"))
    }

    fn deployed(&self, site: &TestSite, flags: &[&str]) {
        let run = self.deploy(site, flags);
        assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    }
}

#[test]
fn a_server_holds_what_was_built() {
    let Some(sshd) = Sshd::start() else { return };
    let live = sshd.folder.path().join("live");
    let site = paper(&sshd.target());
    site.build();
    sshd.deployed(&site, &["--adopt"]);
    assert_same(&held(&live), &built(&site), "the first deployment");
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.write_article("local/it's", "2025-05-09", "", "New.");
    site.build();
    let before = sshd.logins();
    sshd.deployed(&site, &[]);
    assert_same(&held(&live), &built(&site), "edits");
    assert_eq!(sshd.logins() - before, 1, "one connection for all that is asked");
    site.remove(".courant/deploy");
    sshd.deployed(&site, &[]);
    fs::write(live.join("index.html"), "Defaced.").expect("written");
    fs::write(live.join("strange.html"), "Not ours.").expect("written");
    assert_eq!(sshd.deploy(&site, &["--check"]).code, 1);
    sshd.deployed(&site, &["--repair", "--remove-foreign"]);
    assert_same(&held(&live), &built(&site), "a repair");
    assert_eq!(sshd.deploy(&site, &["--check"]).code, 0);
}

#[test]
fn odd_names_arrive_on_a_server() {
    let Some(sshd) = Sshd::start() else { return };
    let folder = "live here/ü & $HOME; *(x)#~";
    let site = paper(&sshd.target().replace("/live", &format!("/{folder}")));
    for name in super::ODD_NAMES {
        site.write(&format!("static/{name}"), format!("The file {name}."));
    }
    site.build();
    let wanted = built(&site);
    // A link to a file with the same bytes arrives as the file.
    #[cfg(unix)]
    {
        let page = site.path("public/local/a0/index.html");
        fs::rename(&page, site.path("moved.html")).expect("moved");
        std::os::unix::fs::symlink(site.path("moved.html"), &page).expect("a link");
    }
    sshd.deployed(&site, &["--adopt"]);
    let live = sshd.folder.path().join(folder);
    assert_same(&held(&live), &wanted, "odd names");
    for name in super::ODD_NAMES {
        site.remove(&format!("static/{name}"));
    }
    site.build();
    sshd.deployed(&site, &[]);
    assert_same(&held(&live), &built(&site), "their removal");
}

#[test]
fn a_server_switches_in_one_moment() {
    let Some(sshd) = Sshd::start() else { return };
    let live = sshd.folder.path().join("live");
    let site = paper(&format!("{}, switch: true", sshd.target()));
    site.build();
    sshd.deployed(&site, &["--adopt"]);
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    sshd.deployed(&site, &[]);
    assert_same(&held(&live.join("current")), &built(&site), "a switch");
    assert_eq!(fs::read_dir(live.join("releases")).expect("a folder").count(), 1);
    // As if it had been killed after each switch and before its record was written.
    crate::fixture::copy(&live.join(".courant-deploy"), &site.path("before"));
    site.write_article("local/a2", "2025-05-03", "", "Another body.");
    site.build();
    for _ in 0..3 {
        sshd.deployed(&site, &[]);
        assert_same(&held(&live.join("current")), &built(&site), "the same once more");
        fs::remove_dir_all(live.join(".courant-deploy")).expect("removed");
        crate::fixture::copy(&site.path("before"), &live.join(".courant-deploy"));
        site.remove(".courant/deploy");
    }
}

#[test]
fn on_a_server_what_others_keep_among_the_releases_stays() {
    let Some(sshd) = Sshd::start() else { return };
    let live = sshd.folder.path().join("live");
    let site = paper(&format!("{}, switch: true", sshd.target()));
    super::others_keep_releases(&live);
    fs::create_dir(live.join(".next")).expect("a folder");
    site.build();
    sshd.deployed(&site, &["--adopt"]);
    assert_eq!(super::releases(&live), ["1", "1-again", "20260101120000", "README"]);
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    sshd.deployed(&site, &[]);
    assert_eq!(super::releases(&live), ["1", "2", "20260101120000", "README"], "courant's own goes");
    assert!(!live.join("current/local/a1/index.html").exists() && live.join("current/kept.html").exists());
    assert!(live.join(".next").is_dir());
}

#[test]
fn on_a_server_foreign_files_in_the_way_are_spared_and_named() {
    let Some(sshd) = Sshd::start() else { return };
    let site = paper(&sshd.target());
    super::spares_foreign_files(&site, &sshd.folder.path().join("live"), &|flags| sshd.deploy(&site, flags));
}

#[test]
fn on_a_server_a_file_may_become_a_folder_and_a_folder_a_file() {
    let Some(sshd) = Sshd::start() else { return };
    let site = paper(&sshd.target());
    super::becomes_a_folder_and_back(&site, &sshd.folder.path().join("live"), &|flags| sshd.deploy(&site, flags));
}

#[test]
fn on_a_server_a_link_to_a_folder_is_not_replaced_without_a_word() {
    let Some(sshd) = Sshd::start() else { return };
    let (live, disk) = (sshd.folder.path().join("live"), sshd.folder.path().join("disk"));
    let site = paper(&sshd.target());
    site.write("static/films/one.txt", "A film.");
    site.build();
    sshd.deployed(&site, &["--adopt"]);
    fs::rename(live.join("films"), &disk).expect("moved");
    std::os::unix::fs::symlink(&disk, live.join("films")).expect("a link");
    site.write("static/films/one.txt", "Another film.");
    site.build();
    let run = sshd.deploy(&site, &[]);
    assert!(run.code == 1 && run.stdout.contains("foreign files: /films"), "{}{}", run.stdout, run.stderr);
    assert!(live.join("films").is_symlink() && disk.join("one.txt").is_file());
}

#[test]
fn only_what_is_not_there_is_missing_on_a_server() {
    let Some(sshd) = Sshd::start() else { return };
    let live = sshd.folder.path().join("live");
    let site = paper(&sshd.target());
    site.build();
    sshd.deployed(&site, &["--adopt"]);
    let head = live.join(".courant-deploy/head");
    fs::rename(&head, live.join("kept")).expect("moved");
    fs::create_dir(&head).expect("a folder in its place");
    for flags in [&[][..], &["--adopt"], &["--check"]] {
        let run = sshd.deploy(&site, flags);
        assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
        assert!(run.diagnostics().join("\n").contains("Is a directory"), "{}", run.stdout);
    }
    fs::remove_dir(&head).expect("removed");
    let run = sshd.deploy(&site, &[]);
    assert!(run.code == 1 && run.stdout.contains("has not deployed to the target"), "{}{}", run.stdout, run.stderr);
    fs::rename(live.join("kept"), &head).expect("moved");
    sshd.deployed(&site, &[]);
}

#[test]
fn a_program_that_sends_less_than_it_was_told_is_not_believed() {
    let Some(sshd) = Sshd::start() else { return };
    let site = paper(&sshd.target());
    site.build();
    let rsync = sshd.folder.path().join("bin/rsync");
    fs::copy(sshd.folder.path().join("bin/ssh"), &rsync).expect("executable");
    fs::write(&rsync, "#!/bin/sh\ncat > /dev/null\n").expect("written");
    let run = sshd.deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 3, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("sent 0 of "), "{}", run.stdout);
    fs::remove_file(&rsync).expect("removed");
    sshd.deployed(&site, &[]);
    assert_same(&held(&sshd.folder.path().join("live")), &built(&site), "a program that sends all");
}

/// A service that takes everything and remembers the bodies.
fn service() -> (String, Arc<Mutex<Vec<String>>>) {
    service_with(|| 200)
}

/// The same, with a status of its own for each answer.
fn service_with(status: impl Fn() -> u16 + Send + 'static) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let bodies: Arc<Mutex<Vec<String>>> = Arc::default();
    let taken = Arc::clone(&bodies);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            let (mut length, mut line) = (0, String::new());
            while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                    length = value.trim().parse().unwrap_or(0);
                }
                line.clear();
            }
            let mut body = vec![0; length];
            let _ = reader.read_exact(&mut body);
            taken.lock().expect("no panic").push(String::from_utf8_lossy(&body).into_owned());
            let _ = write!(stream, "HTTP/1.1 {} x\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", status());
        }
    });
    (address, bodies)
}

#[test]
fn search_engines_and_hubs_are_told_of_what_changed() {
    let (address, bodies) = service();
    let ping = format!("{{ indexnow: abcdef0123, indexnow_endpoint: \"{address}/index\", websub: \"{address}/hub\" }}");
    let site = paper(&format!("to: \"folder:live\", ping: {ping}"));
    site.build();
    deployed(&site, &["--adopt", "--no-ping"]);
    assert!(bodies.lock().expect("no panic").is_empty(), "nobody is told with --no-ping");
    assert_eq!(site.read("live/abcdef0123.txt"), "abcdef0123", "the key is published");
    site.write_article("local/a1", "2025-05-02", "", "Another body.");
    site.build();
    deployed(&site, &[]);
    let told = std::mem::take(&mut *bodies.lock().expect("no panic"));
    let index = told.iter().find(|body| body.starts_with('{')).expect("IndexNow");
    let index: serde_json::Value = serde_json::from_str(index).expect("JSON");
    let urls: Vec<&str> = index["urlList"].as_array().expect("a list").iter().filter_map(|url| url.as_str()).collect();
    assert!(urls.contains(&"https://paper.example/local/a1/"), "{urls:?}");
    assert!(urls.iter().all(|url| url.ends_with('/')), "{urls:?}");
    assert_eq!(index["keyLocation"], "https://paper.example/abcdef0123.txt");
    let hub: Vec<&String> = told.iter().filter(|body| body.starts_with("hub.mode=publish")).collect();
    assert!(hub.iter().any(|body| body.contains("https%3A%2F%2Fpaper.example%2Ffeed.xml")), "{hub:?}");
    // The same address again within ten minutes, from another machine.
    site.remove(".courant/deploy");
    site.write_article("local/a1", "2025-05-02", "", "A third body.");
    site.build();
    deployed(&site, &[]);
    let told = std::mem::take(&mut *bodies.lock().expect("no panic"));
    assert!(!told.iter().any(|body| body.contains("/local/a1/")), "{told:?}");
}

/// The addresses of which IndexNow was told, and those of which the hub was told, one for each POST.
fn told(bodies: &Mutex<Vec<String>>) -> (Vec<String>, Vec<String>) {
    let (mut index, mut hub) = (Vec::new(), Vec::new());
    for body in std::mem::take(&mut *bodies.lock().expect("no panic")) {
        if let Ok(json) = serde_json::from_str::<serde_json::Value>(&body) {
            let urls = json["urlList"].as_array().expect("a list").iter().filter_map(|url| url.as_str());
            index.extend(urls.map(str::to_owned));
        } else {
            let pairs = url::form_urlencoded::parse(body.as_bytes());
            hub.extend(pairs.filter(|(name, _)| name == "hub.url").map(|(_, value)| value.into_owned()));
        }
    }
    index.sort_unstable();
    hub.sort_unstable();
    (index, hub)
}

#[test]
fn pings_tell_of_what_came_and_went_and_of_nothing_that_was_never_public() {
    let (address, bodies) = service();
    let ping = format!("{{ indexnow: abcdef0123, indexnow_endpoint: \"{address}/index\", websub: \"{address}/hub\" }}");
    let site = paper(&format!("to: \"folder:live\", ping: {ping}"));
    site.write_article("local/draft", "2025-05-09", "draft: true", "Never public.");
    site.write_article("local/later", "2099-07-09", "", "Under embargo.");
    site.build();
    deployed(&site, &["--adopt"]);
    let (index, hub) = told(&bodies);
    assert!(index.contains(&"https://paper.example/local/a0/".to_owned()), "{index:?}");
    let odd = |url: &String| ["draft", "later", "404.html", "index.html", ".svg"].iter().any(|one| url.contains(one));
    assert_eq!(index.iter().filter(|url| odd(url)).collect::<Vec<_>>(), Vec::<&String>::new());
    let feeds = |site: &TestSite| {
        let paths = built(site).into_keys();
        let is_feed = |path: &String| {
            ["feed.xml", "atom.xml", "feed.json"].contains(&path.rsplit('/').next().unwrap_or_default())
        };
        paths.filter(is_feed).map(|path| format!("https://paper.example/{path}")).collect::<Vec<_>>()
    };
    assert_eq!(hub, feeds(&site), "one POST for each feed");

    site.write_article("local/draft", "2025-05-09", "draft: true", "Still not public.");
    site.build();
    deployed(&site, &[]);
    assert_eq!(told(&bodies), (Vec::new(), Vec::new()), "nothing changed for readers");

    // What went is told, once the ten minutes are over.
    for memory in super::of_record(&site.path("live/.courant-deploy"), "untold-") {
        fs::write(memory, "{}").expect("written");
    }
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    deployed(&site, &[]);
    let (index, hub) = told(&bodies);
    assert!(index.contains(&"https://paper.example/local/a1/".to_owned()), "{index:?}");
    assert_eq!(index.iter().filter(|url| odd(url)).collect::<Vec<_>>(), Vec::<&String>::new());
    assert!(hub.contains(&"https://paper.example/feed.xml".to_owned()), "{hub:?}");
}

#[test]
fn a_service_that_was_not_reached_is_told_with_the_next_deployment() {
    let is_up = Arc::new(std::sync::atomic::AtomicBool::new(false));
    let state = Arc::clone(&is_up);
    let up = move || if state.load(std::sync::atomic::Ordering::SeqCst) { 202 } else { 503 };
    let (address, bodies) = service_with(up);
    let ping = format!("{{ indexnow: abcdef0123, indexnow_endpoint: \"{address}/index\", websub: \"{address}/hub\" }}");
    let site = paper(&format!("to: \"folder:live\", ping: {ping}"));
    site.build();
    let run = super::deploy(&site, &["--adopt"]);
    assert_eq!(run.code, 1, "{}{}", run.stdout, run.stderr);
    assert!(run.diagnostics().join("\n").contains("was not told what changed: it answers 503"), "{}", run.stdout);
    assert!(site.has("live/local/a0/index.html"), "the site is out all the same");
    told(&bodies);
    is_up.store(true, std::sync::atomic::Ordering::SeqCst);
    deployed(&site, &[]);
    let (index, hub) = told(&bodies);
    assert!(index.contains(&"https://paper.example/local/a0/".to_owned()), "{index:?}");
    assert!(hub.contains(&"https://paper.example/feed.xml".to_owned()), "{hub:?}");
    deployed(&site, &[]);
    assert_eq!(told(&bodies), (Vec::new(), Vec::new()), "once");
}

#[test]
fn feeds_name_the_hub() {
    let site = paper("to: \"folder:live\", ping: { websub: \"https://hub.example/\" }");
    site.build();
    assert!(
        site.published("feed.xml").contains("href=\"https://hub.example/\" rel=\"hub\""),
        "{}",
        site.published("feed.xml")
    );
    for name in ["feed.xml", "atom.xml"] {
        let own = format!("href=\"https://paper.example/{name}\" rel=\"self\"");
        assert!(site.published(name).contains(&own), "{}", site.published(name));
    }
    assert!(site.published("atom.xml").contains("https://hub.example/"));
    assert!(site.published("feed.json").contains("https://hub.example/"));
}

/// The readers' side of the site: whatever host is asked for. `answer` has the status and body of a path when it is
/// asked for the nth time. Returns its address as a proxy, and the paths that were asked for.
fn readers(answer: impl Fn(&str, usize) -> (u16, String) + Send + 'static) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = format!("http://{}", listener.local_addr().expect("bound"));
    let asked: Arc<Mutex<Vec<String>>> = Arc::default();
    let noted = Arc::clone(&asked);
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut reader = BufReader::new(stream.try_clone().expect("a stream"));
            // A proxy is told first whom to connect to.
            let target = loop {
                let (mut first, mut line) = (String::new(), String::new());
                let _ = reader.read_line(&mut first);
                while reader.read_line(&mut line).is_ok_and(|read| read > 2) {
                    line.clear();
                }
                if !first.starts_with("CONNECT ") {
                    break first.split(' ').nth(1).unwrap_or_default().to_owned();
                }
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
            };
            let path = target.strip_prefix("http://paper.example").unwrap_or(&target).to_owned();
            let mut asked = noted.lock().expect("no panic");
            asked.push(path.clone());
            let times = asked.iter().filter(|one| **one == path).count();
            let (status, body) = answer(&path, times);
            let length = body.len();
            let _ =
                write!(stream, "HTTP/1.1 {status} x\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}");
        }
    });
    (address, asked)
}

fn deploy_before(readers: &str, site: &TestSite, flags: &[&str]) -> Run {
    let mut command = site.command();
    prepare(&mut command);
    command.env("ALL_PROXY", readers).env_remove("NO_PROXY").env_remove("no_proxy");
    Run::of(command.args(["deploy", "--json"]).args(flags).output().expect("the program runs"))
}

fn public_paper() -> TestSite {
    let site = paper("to: \"folder:live\"");
    site.write("site.yaml", site.read("site.yaml").replace("https://paper.example", "http://paper.example"));
    site.build();
    site
}

#[test]
fn a_withdrawn_page_is_waited_for_until_it_is_gone() {
    let (address, asked) = readers(|path, times| {
        let is_there = path.starts_with("/local/a1/") && times < 3;
        (if is_there { 200 } else { 404 }, String::new())
    });
    let site = public_paper();
    let run = deploy_before(&address, &site, &["--adopt"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    site.write_article("local/a1", "2025-05-02", "draft: true", "Withheld.");
    site.build();
    asked.lock().expect("no panic").clear();
    let run = deploy_before(&address, &site, &["--confirm"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
    let asked = std::mem::take(&mut *asked.lock().expect("no panic"));
    let times = |path: &str| asked.iter().filter(|one| *one == path).count();
    assert_eq!((times("/local/a1/"), times("/local/a1/index.html")), (3, 3), "in both forms: {asked:?}");
    assert!(!site.has("live/local/a1/index.html"));
    assert!(!asked.iter().any(|path| path.starts_with("/local/a2")), "what stays is not asked for: {asked:?}");
}

#[test]
fn a_record_that_readers_can_get_is_refused() {
    let site = public_paper();
    let folder = site.path("live");
    let shown = move |path: &str, _| {
        let found = fs::read_to_string(folder.join(path.trim_start_matches('/')));
        found.map_or((404, String::new()), |text| (200, text))
    };
    let (address, asked) = readers(shown);
    let run = deploy_before(&address, &site, &["--adopt"]);
    assert!(run.code == 1 && run.stdout.contains("readers can get `.courant-deploy`"), "{}{}", run.stdout, run.stderr);
    assert!(asked.lock().expect("no panic").iter().all(|path| path.starts_with("/.courant-deploy/")));
    assert!(held(&site.path("live")).is_empty(), "the target is as it was");
}

#[test]
fn a_host_that_answers_everything_with_a_page_of_its_own_shows_no_record() {
    let (address, _) = readers(|path, _| (200, format!("<h1>Welcome</h1><p>Nothing is at {path}.</p>")));
    let site = public_paper();
    let run = deploy_before(&address, &site, &["--adopt"]);
    assert_eq!(run.code, 0, "{}{}", run.stdout, run.stderr);
}
