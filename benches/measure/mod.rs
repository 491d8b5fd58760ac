//! Runs one program and says what it cost, and writes the floor under all of them.
//!
//! Each measured program is the only child of a helper process: this benchmark itself, started
//! again with [`HELPER`]. Two reasons. The kernel's figures for "children" (`getrusage`) are then
//! those of that program alone. And Linux counts the memory of the parent at the moment of the
//! start into the child's peak, so the parent must be small.

mod survey;
mod sweep;

use std::collections::HashSet;
use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;
use std::time::Instant;

use serde_json::{Value, json};
use walkdir::WalkDir;

pub(crate) use survey::{Kind, Survey};
pub(crate) use sweep::sweep;

/// First argument of a helper process; then `run LOG PROGRAM ARGUMENT…` or `write SOURCE TARGET THREADS`.
pub(crate) const HELPER: &str = "--helper";

/// What one run cost.
pub(crate) struct Cost {
    /// Wall time.
    pub(crate) seconds: f64,
    /// User and system time of the program.
    pub(crate) cpu_seconds: Option<f64>,
    /// The largest resident set.
    pub(crate) peak_bytes: Option<u64>,
    /// The share of the machine that other programs (and the kernel's writing back) took meanwhile, 0 to 1.
    pub(crate) others: Option<f64>,
}

/// Runs `command` to its end, with what it prints in the file `log`.
pub(crate) fn run(command: &Command, log: &Path) -> Result<Cost, Box<dyn Error>> {
    let mut helper = Command::new(std::env::current_exe()?);
    helper.arg(HELPER).arg("run").arg(log).arg(command.get_program()).args(command.get_args());
    helper.envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    ask(&mut helper)
}

/// Writes the files below `source` from memory to the new folder `target`, with `threads` threads.
pub(crate) fn write_from_memory(source: &Path, target: &Path, threads: usize) -> Result<Cost, Box<dyn Error>> {
    let mut helper = Command::new(std::env::current_exe()?);
    ask(helper.arg(HELPER).arg("write").arg(source).arg(target).arg(threads.to_string()))
}

fn ask(helper: &mut Command) -> Result<Cost, Box<dyn Error>> {
    // Without this, what an earlier run wrote is written back to the disk during this one.
    let _ = Command::new("sync").status();
    let output = helper.stdin(Stdio::null()).stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("the helper process failed: {}", output.status).into());
    }
    let answer: Value = serde_json::from_slice(&output.stdout)?;
    if let Some(error) = answer["error"].as_str() {
        return Err(error.into());
    }
    Ok(Cost {
        seconds: answer["seconds"].as_f64().ok_or("the helper process gave no time")?,
        cpu_seconds: answer["cpu_seconds"].as_f64(),
        peak_bytes: answer["peak_bytes"].as_u64(),
        others: answer["others"].as_f64(),
    })
}

/// The helper process: does what `arguments` say and prints one JSON object.
pub(crate) fn help(arguments: &[String]) {
    let answer = match arguments {
        [task, log, program, rest @ ..] if task == "run" => help_run(Path::new(log), program, rest),
        [task, source, target, threads] if task == "write" => {
            help_write(Path::new(source), Path::new(target), threads.parse().unwrap_or(1))
        }
        _ => Err(format!("unknown helper task {arguments:?}").into()),
    };
    println!("{}", answer.unwrap_or_else(|error| json!({ "error": error.to_string() })));
}

fn help_run(log: &Path, program: &str, arguments: &[String]) -> Result<Value, Box<dyn Error>> {
    let file = File::create(log)?;
    let busy = busy_seconds();
    let start = Instant::now();
    let status = Command::new(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(file.try_clone()?)
        .stderr(file)
        .status()
        .map_err(|error| format!("{program}: {error}"))?;
    let seconds = start.elapsed().as_secs_f64();
    if !status.success() {
        let text = fs::read(log)?;
        let tail = String::from_utf8_lossy(&text[text.len().saturating_sub(3000)..]).into_owned();
        return Err(format!("{program} {}: {status}\n{tail}", arguments.join(" ")).into());
    }
    let (cpu_seconds, peak_bytes) = children();
    let others = match (busy, busy_seconds(), cpu_seconds) {
        // The kernel counts in hundredths of a second, too coarse for a short run.
        (Some(before), Some(after), Some(cpu)) if seconds > 0.2 => {
            let processors = thread::available_parallelism()?.get() as f64;
            Some(((after - before - cpu) / (seconds * processors)).clamp(0.0, 1.0))
        }
        _ => None,
    };
    Ok(json!({ "seconds": seconds, "cpu_seconds": cpu_seconds, "peak_bytes": peak_bytes, "others": others }))
}

fn help_write(source: &Path, target: &Path, threads: usize) -> Result<Value, Box<dyn Error>> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = Vec::new();
    for entry in WalkDir::new(source).sort_by_file_name() {
        let entry = entry?;
        if entry.file_type().is_file() {
            files.push((target.join(entry.path().strip_prefix(source)?), fs::read(entry.path())?));
        }
    }
    let start = Instant::now();
    thread::scope(|scope| -> std::io::Result<()> {
        let workers: Vec<_> = files
            .chunks(files.len().div_ceil(threads).max(1))
            .map(|part| scope.spawn(move || write_part(part)))
            .collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a writer does not panic"))
    })?;
    Ok(json!({ "seconds": start.elapsed().as_secs_f64() }))
}

fn write_part(files: &[(PathBuf, Vec<u8>)]) -> std::io::Result<()> {
    let mut made = HashSet::new();
    for (path, bytes) in files {
        let folder = path.parent().unwrap_or(path);
        if made.insert(folder) {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, bytes)?;
    }
    Ok(())
}

/// CPU seconds and peak memory in bytes of the one child that this process has waited for.
#[cfg(unix)]
fn children() -> (Option<f64>, Option<u64>) {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let Ok(usage) = getrusage(UsageWho::RUSAGE_CHILDREN) else { return (None, None) };
    let cpu = (usage.user_time().num_microseconds() + usage.system_time().num_microseconds()) as f64 / 1e6;
    // Kilobytes everywhere but on macOS, where it is bytes: getrusage(2).
    let unit = if cfg!(target_vendor = "apple") { 1 } else { 1024 };
    (Some(cpu), u64::try_from(usage.max_rss()).ok().map(|rss| rss * unit))
}

#[cfg(not(unix))]
fn children() -> (Option<f64>, Option<u64>) {
    (None, None)
}

/// CPU seconds that this machine has spent on anything since it started (Linux).
fn busy_seconds() -> Option<f64> {
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let fields: Vec<f64> = stat.lines().next()?.split_whitespace().skip(1).filter_map(|n| n.parse().ok()).collect();
    // user nice system idle iowait irq softirq steal …, in hundredths of a second; guest time is in user time already.
    Some(fields.iter().take(8).enumerate().filter(|(i, _)| *i != 3 && *i != 4).map(|(_, n)| n).sum::<f64>() / 100.0)
}

/// The file system that `folder` lies on ("ext4", "tmpfs"), where /proc/mounts exists.
pub(crate) fn file_system(folder: &Path) -> String {
    let mounts = fs::read_to_string("/proc/mounts").unwrap_or_default();
    mounts
        .lines()
        .filter_map(|line| {
            let mut fields = line.split(' ').skip(1);
            let (point, kind) = (fields.next()?, fields.next()?);
            folder.starts_with(point).then_some((point.len(), kind))
        })
        .max_by_key(|(length, _)| *length)
        .map_or_else(|| "unknown file system".to_owned(), |(_, kind)| kind.to_owned())
}

/// Bytes of memory that programs can still take (Linux).
pub(crate) fn available_memory() -> Option<u64> {
    let info = fs::read_to_string("/proc/meminfo").ok()?;
    let line = info.lines().find_map(|line| line.strip_prefix("MemAvailable:"))?;
    line.trim().strip_suffix(" kB")?.parse::<u64>().ok().map(|kilobytes| kilobytes * 1024)
}
