//! What AVIF encoders take for photographs, in time and in bytes, at the same quality.
//!
//! ```text
//! cargo install ssimulacra2_rs --no-default-features --root /tmp/score
//! cargo bench --bench avif -- --photographs DIR --ssimulacra2 /tmp/score/bin/ssimulacra2_rs --avifenc avifenc
//! ```
//!
//! Each photograph is scaled as courant does it, encoded at several qualities, decoded by `avifdec` and scored with
//! SSIMULACRA2. Qualities of two encoders cannot be compared, nor those of two speeds of one. So each is asked for what
//! it takes to reach the mean score of courant's own setting: between the qualities measured, the time and the
//! logarithm of the bytes are interpolated. Times are processor time, one encoder after the other: other programs on
//! the machine disturb them little. `avifenc` is a process for each file; what it takes for an image of 64 pixels is
//! taken away from its times.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::Parser;
use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::{Resizer, pixels::U8x3};
use image::{DynamicImage, ExtendedColorType, ImageEncoder, RgbImage, codecs::png};
use ravif::BitDepth::{self, Eight, Ten};
use rgb::FromSlice;

/// courant's own speed and quality, with which all is compared.
const PRESENT: (u8, u8) = (10, 55);

/// Codecs, speeds and subsampling of `avifenc`. `svt` knows only 4:2:0, ravif only 4:4:4.
const AVIFENC: [(&str, &str, &str); 5] =
    [("aom", "9", "444"), ("aom", "8", "444"), ("aom", "6", "444"), ("aom", "8", "420"), ("svt", "10", "420")];

/// Compares AVIF encoders.
#[derive(Debug, Parser)]
struct Arguments {
    /// A folder of photographs, JPEG or PNG
    #[arg(long, value_name = "DIR")]
    photographs: PathBuf,
    /// `ssimulacra2_rs`
    #[arg(long, value_name = "PATH", default_value = "ssimulacra2_rs")]
    ssimulacra2: PathBuf,
    /// `avifenc`, or a program with its options; more than once for several versions
    #[arg(long, value_name = "PATH")]
    avifenc: Vec<PathBuf>,
    /// Pixels
    #[arg(long, default_value_t = 1200)]
    width: u32,
    /// Speeds of ravif
    #[arg(long, value_delimiter = ',', default_value = "10,9,8,6,4")]
    speeds: Vec<u8>,
    /// Qualities of ravif
    #[arg(long, value_delimiter = ',', default_value = "50,60")]
    qualities: Vec<u8>,
    /// What avifenc is asked for instead, from 63 (bad) to 0
    #[arg(long, value_delimiter = ',', default_value = "28,38")]
    quantizers: Vec<u8>,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

enum Encoder<'a> {
    Ravif { speed: u8, depth: BitDepth, threads: usize },
    Avifenc { program: &'a Path, options: [&'a str; 10], start: f64 },
}

/// What photographs took at one quality; `score` is the mean.
#[derive(Clone, Copy)]
struct Sum {
    quality: f64,
    score: f64,
    megapixels: f64,
    bits: f64,
    processor: f64,
    wall: f64,
}

fn main() {
    if std::env::args().len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench avif -- --photographs DIR`");
        return;
    }
    let arguments = Arguments::parse();
    let folder = tempfile::tempdir().expect("a folder");
    let files = fs::read_dir(&arguments.photographs).expect("a folder").flatten();
    let mut photographs: Vec<_> = files.map(|file| (file.path(), scaled(&file.path(), arguments.width))).collect();
    photographs.sort_by(|a, b| a.0.cmp(&b.0));
    let encoders = encoders(&arguments, folder.path());
    let run = |encoder: &Encoder<'_>, quality: u8, every: usize| -> Vec<Sum> {
        let photographs = photographs.iter().step_by(every);
        photographs.map(|(_, pixels)| measure(&arguments, folder.path(), encoder, quality, pixels)).collect()
    };
    let present = run(&Encoder::Ravif { speed: PRESENT.0, depth: Eight, threads: 1 }, PRESENT.1, 1);
    let present = [1, 2].map(|every| total(present.iter().step_by(every)));
    let [scores, megapixels] = [present.map(|sum| sum.score), present.map(|sum| sum.megapixels)];
    println!("{} photographs: megapixels {megapixels:.1?}, scores {scores:.1?}\n", photographs.len());
    println!("| encoder | quality | s/megapixel | × | wall | bits/pixel | × |");
    println!("|---|---|---|---|---|---|---|");
    for (name, encoder, every) in encoders {
        let ravif = matches!(encoder, Encoder::Ravif { .. });
        let qualities = if ravif { &arguments.qualities } else { &arguments.quantizers };
        let sums = qualities.iter().map(|quality| total(&run(&encoder, *quality, every)));
        row(&name, &present[every - 1], sums.collect());
    }
}

/// The encoders to compare: a name, how it encodes, and the step between photographs. Slow encoders take every second one.
fn encoders<'a>(arguments: &'a Arguments, folder: &Path) -> Vec<(String, Encoder<'a>, usize)> {
    let ravif = |speed, depth, threads, more: &str| {
        let every = if speed < 9 || threads > 1 || depth == Ten { 2 } else { 1 };
        (format!("ravif {speed}{more}"), Encoder::Ravif { speed, depth, threads }, every)
    };
    let mut all: Vec<_> = arguments.speeds.iter().map(|speed| ravif(*speed, Eight, 1, "")).collect();
    all.push(ravif(PRESENT.0, Ten, 1, ", 10 bits"));
    all.push(ravif(PRESENT.0, Eight, 2, ", 2 threads"));
    let tiny = RgbImage::new(64, 64);
    for program in &arguments.avifenc {
        let versions = said(Command::new(program).arg("--version"));
        for (codec, speed, yuv) in AVIFENC {
            let Some((_, version)) = versions.split_once(&format!("{codec} [enc")) else { continue };
            let version = version.split([':', ',', ')']).nth(1).unwrap_or_default();
            let options = ["-j", "1", "-d", "8", "-c", codec, "-s", speed, "-y", yuv];
            let encoder = Encoder::Avifenc { program, options, start: 0.0 };
            let start = (0..5).map(|_| encode(&encoder, 30, &tiny, folder).0).fold(f64::MAX, f64::min);
            let every = if speed == "9" { 1 } else { 2 };
            all.push((
                format!("{codec} {version}, {speed}, {yuv}"),
                Encoder::Avifenc { program, options, start },
                every,
            ));
        }
    }
    all
}

fn scaled(path: &Path, width: u32) -> RgbImage {
    let all = image::open(path).expect("a photograph").into_rgb8();
    // Of an even height, as svt wants it.
    let mut small = RgbImage::new(width, all.height() * width / all.width() / 2 * 2);
    let fits = "three bytes for each pixel";
    let from = TypedImageRef::<U8x3>::from_buffer(all.width(), all.height(), &all).expect(fits);
    let mut to = TypedImage::<U8x3>::from_buffer(width, small.height(), &mut small).expect(fits);
    // By default it takes Lanczos, as courant does.
    Resizer::new().resize_typed(&from, &mut to, None).expect("scaled");
    small
}

/// Encodes `original.png`, which it writes, to `made.avif`: seconds of the processor, and of the wall clock.
fn encode(encoder: &Encoder<'_>, quality: u8, pixels: &RgbImage, folder: &Path) -> (f64, f64) {
    let (original, made) = (folder.join("original.png"), folder.join("made.avif"));
    // Without compression, so that reading it costs next to nothing.
    let png = fs::File::create(&original).expect("a file");
    png::PngEncoder::new_with_quality(png, png::CompressionType::Uncompressed, png::FilterType::NoFilter)
        .write_image(pixels, pixels.width(), pixels.height(), ExtendedColorType::Rgb8)
        .expect("it can be encoded");
    let (began, processor) = (Instant::now(), seconds());
    let start = match encoder {
        Encoder::Ravif { speed, depth, threads } => {
            let encoder = ravif::Encoder::new().with_quality(quality.into()).with_speed(*speed);
            let encoder = encoder.with_bit_depth(*depth).with_num_threads(Some(*threads));
            let rgba = DynamicImage::from(pixels.clone()).into_rgba8();
            let (width, height) = (rgba.width() as usize, rgba.height() as usize);
            let avif = encoder.encode_rgba(ravif::Img::new(rgba.as_rgba(), width, height)).expect("encoded");
            fs::write(&made, avif.avif_file).expect("written");
            0.0
        }
        Encoder::Avifenc { program, options, start } => {
            let quality = quality.to_string();
            let quality = ["--min", &quality, "--max", &quality];
            said(Command::new(program).args(options).args(quality).args([&original, &made]));
            *start
        }
    };
    (seconds() - processor - start, began.elapsed().as_secs_f64() - start)
}

fn measure(arguments: &Arguments, folder: &Path, encoder: &Encoder<'_>, quality: u8, pixels: &RgbImage) -> Sum {
    let [original, made, decoded] = ["original.png", "made.avif", "decoded.png"].map(|name| folder.join(name));
    let (processor, wall) = encode(encoder, quality, pixels, folder);
    said(Command::new("avifdec").args(["-d", "8", "--png-compress", "0"]).args([&made, &decoded]));
    let score = said(Command::new(&arguments.ssimulacra2).arg("image").args([original, decoded]));
    let score = score.rsplit(' ').next().and_then(|score| score.trim().parse().ok()).expect("a score at the end");
    let megapixels = f64::from(pixels.width() * pixels.height()) / 1e6;
    let bits = fs::metadata(&made).expect("written").len() as f64 * 8.0;
    Sum { quality: quality.into(), megapixels, score, bits, processor, wall }
}

fn total<'a>(each: impl IntoIterator<Item = &'a Sum>) -> Sum {
    let each: Vec<_> = each.into_iter().collect();
    let sum = |of: fn(&Sum) -> f64| each.iter().copied().map(of).sum::<f64>();
    let mean = |of| sum(of) / each.len() as f64;
    Sum {
        quality: mean(|one| one.quality),
        score: mean(|one| one.score),
        megapixels: sum(|one| one.megapixels),
        bits: sum(|one| one.bits),
        processor: sum(|one| one.processor),
        wall: sum(|one| one.wall),
    }
}

/// Prints what an encoder takes for the score of the present setting.
fn row(name: &str, present: &Sum, mut sums: Vec<Sum>) {
    sums.sort_by(|a, b| a.score.total_cmp(&b.score));
    let above = sums.partition_point(|sum| sum.score < present.score);
    // Outside of what was measured the nearest two say what it would be, and the row has a star.
    let high = above.clamp(1, sums.len() - 1);
    let star = if above != high && sums[0].score != present.score { "*" } else { "" };
    let (low, high) = (&sums[high - 1], &sums[high]);
    let part = (present.score - low.score) / (high.score - low.score);
    let between = |of: fn(&Sum) -> f64| of(low) + (of(high) - of(low)) * part;
    let processor = between(|sum| sum.processor / sum.megapixels);
    let bits = between(|sum| (sum.bits / sum.megapixels / 1e6).ln()).exp();
    println!(
        "| {name}{star} | {:.0} | {processor:.2} | {:.2} | {:.2} | {bits:.3} | {:.3} |",
        between(|sum| sum.quality),
        processor / (present.processor / present.megapixels),
        between(|sum| sum.wall / sum.megapixels),
        bits / (present.bits / present.megapixels / 1e6),
    );
}

fn said(command: &mut Command) -> String {
    let output = command.output().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

/// Processor seconds of this process and of its children that have ended.
#[cfg(unix)]
fn seconds() -> f64 {
    use nix::sys::resource::{UsageWho, getrusage};
    use nix::sys::time::TimeValLike;
    let usage = [UsageWho::RUSAGE_SELF, UsageWho::RUSAGE_CHILDREN].map(|who| getrusage(who).expect("on every Unix"));
    usage.map(|usage| (usage.user_time() + usage.system_time()).num_microseconds() as f64 / 1e6).iter().sum()
}

/// Seconds since the first call: other systems count no processor time of programs that have ended.
#[cfg(not(unix))]
fn seconds() -> f64 {
    static BEGAN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    BEGAN.elapsed().as_secs_f64()
}
