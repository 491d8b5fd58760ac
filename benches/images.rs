//! How long the copies of many photographs take, against `sharp` (libvips) doing the same work.
//!
//! ```text
//! npm install sharp --prefix /tmp/sharp
//! cargo bench --bench images -- --photographs 1000 --sharp /tmp/sharp
//! ```
//!
//! Photographs of 12 megapixels are made, each another one. courant builds a site that shows them: cold
//! (nothing is there), again without any change, and once more into an empty folder with its cache. sharp
//! makes the same files: the same widths in AVIF, WebP and JPEG, and the three cuts; in one process with as
//! many images at once as there are processors. What differs is the AVIF encoder and its effort, so sharp
//! is measured at its default effort, 4, and with `--effort N` at others; the bytes that come out of both are
//! told too.

#![allow(
    clippy::disallowed_methods,
    reason = "a benchmark is outside the pipeline: it reads and writes files as it likes"
)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use clap::Parser;
use image::{ImageEncoder, RgbImage, codecs::jpeg::JpegEncoder};

/// Measures the photo desk.
#[derive(Debug, Parser)]
struct Arguments {
    /// Images
    #[arg(long, default_value_t = 1000)]
    photographs: u32,
    /// Their width; the height is three quarters of it
    #[arg(long, default_value_t = 4000)]
    width: u32,
    /// The folder in which `npm install sharp` was run
    #[arg(long, value_name = "DIR")]
    sharp: Option<PathBuf>,
    /// sharp's efforts for AVIF, from 0 (fast) to 9
    #[arg(long, value_delimiter = ',', default_value = "4")]
    effort: Vec<u8>,
    /// Where to work
    #[arg(long, value_name = "DIR")]
    scratch: Option<PathBuf>,
    /// What cargo adds
    #[arg(long, hide = true)]
    bench: bool,
}

/// Makes what courant makes of each image.
const SHARP: &str = r#"
const [library, from, to, effort] = process.argv.slice(2);
const sharp = require(library), fs = require("fs"), path = require("path");
sharp.cache(false); sharp.concurrency(1);
const files = fs.readdirSync(from).filter((name) => name.endsWith(".jpg"));
const one = async (name) => {
  const bytes = fs.readFileSync(path.join(from, name));
  const { width, height } = await sharp(bytes).metadata();
  const out = (end) => path.join(to, name.replace(".jpg", end));
  for (const w of [480, 800, 1200, 1600].filter((w) => w <= width)) {
    const small = () => sharp(bytes).resize(w);
    await small().avif({ quality: 50, effort: +effort }).toFile(out(`-${w}.avif`));
    await small().webp({ quality: 78 }).toFile(out(`-${w}.webp`));
    await small().jpeg({ quality: 80, progressive: true }).toFile(out(`-${w}.jpg`));
  }
  for (const [a, b] of [[16, 9], [4, 3], [1, 1]]) {
    const w = Math.min(1200, width, Math.floor(height * a / b));
    await sharp(bytes).resize(w, Math.floor(w * b / a)).jpeg({ quality: 80, progressive: true }).toFile(out(`-${a}x${b}.jpg`));
  }
};
const hand = async () => { for (let name; (name = files.pop()); ) await one(name); };
Promise.all(Array.from({ length: require("os").availableParallelism() }, hand));
"#;

fn main() {
    if std::env::args().len() == 1 {
        // `cargo test --benches` comes by without arguments and wants to be through in a moment.
        println!("nothing measured: start it with `cargo bench --bench images -- --photographs 40`");
        return;
    }
    let arguments = Arguments::parse();
    let folder = match &arguments.scratch {
        Some(scratch) => tempfile::tempdir_in(scratch),
        None => tempfile::tempdir(),
    };
    let folder = folder.expect("a folder");
    let site = folder.path().join("site");
    fs::create_dir_all(site.join("content/news")).expect("a folder");
    fs::write(site.join("site.yaml"), "base_url: https://test.example\n").expect("written");
    let made: Vec<u32> = (0..arguments.photographs).collect();
    rayon::prelude::ParallelIterator::for_each(rayon::prelude::IntoParallelIterator::into_par_iter(made), |number| {
        fs::write(site.join(format!("content/news/p{number}.jpg")), photograph(number, arguments.width))
            .expect("written");
        let article = format!("---\ntitle: Story {number}\ndate: 2026-01-02\nimage: p{number}.jpg\n---\nWords.\n");
        fs::write(site.join(format!("content/news/s{number}.md")), article).expect("written");
    });
    let (cold, decoded, memory) = build(&site);
    assert_eq!(decoded, u64::from(arguments.photographs));
    let bytes = size(&site.join("public/pictures"), |_| true);
    let avif = size(&site.join("public/pictures"), |name| name.ends_with(".avif"));
    let (warm, decoded, _) = build(&site);
    assert_eq!(decoded, 0);
    fs::remove_dir_all(site.join("public")).expect("removed");
    let (cached, decoded, _) = build(&site);
    assert_eq!(decoded, 0);
    let each = cold / f64::from(arguments.photographs);
    println!("courant, cold              {cold:>9.2} s   ({each:.2} s each, peak memory {:.0} MB)", memory / 1e6);
    println!("courant, nothing changed   {warm:>9.2} s");
    println!("courant, from its cache    {cached:>9.2} s");
    println!("courant, bytes             {:>9.2} MB  (AVIF {:.2} MB)", bytes / 1e6, avif / 1e6);
    let Some(sharp) = &arguments.sharp else { return };
    for effort in &arguments.effort {
        let to = folder.path().join(format!("sharp-{effort}"));
        fs::create_dir_all(&to).expect("a folder");
        let script = folder.path().join("sharp.cjs");
        fs::write(&script, SHARP).expect("written");
        let began = Instant::now();
        let status = Command::new("node")
            .arg(&script)
            .arg(sharp.join("node_modules/sharp"))
            .args([&site.join("content/news"), &to])
            .arg(effort.to_string())
            .status()
            .expect("node is installed");
        assert!(status.success(), "sharp failed");
        let took = began.elapsed().as_secs_f64();
        let (bytes, avif) = (size(&to, |_| true), size(&to, |name| name.ends_with(".avif")));
        println!(
            "sharp, effort {effort}            {took:>9.2} s   (courant: {:.2} ×, wanted: at most 1.3), {:.2} MB (AVIF {:.2} MB)",
            cold / took,
            bytes / 1e6,
            avif / 1e6
        );
    }
}

/// Seconds, photographs decoded, and bytes of memory at most, of one build.
fn build(site: &Path) -> (f64, u64, f64) {
    let began = Instant::now();
    let run = Command::new(env!("CARGO_BIN_EXE_courant"))
        .current_dir(site)
        .args(["build", "--json", "--at", "2026-02-01T00:00:00Z"])
        .output()
        .expect("the program runs");
    let took = began.elapsed().as_secs_f64();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stdout));
    let last = String::from_utf8_lossy(&run.stdout).lines().last().expect("a summary").to_owned();
    let summary: serde_json::Value = serde_json::from_str(&last).expect("JSON");
    let memory = summary["peak_memory_bytes"].as_f64().unwrap_or_default();
    (took, summary["decoded"].as_u64().expect("a number"), memory)
}

/// Bytes of the files in a folder.
fn size(folder: &Path, counts: impl Fn(&str) -> bool) -> f64 {
    let files = fs::read_dir(folder).expect("a folder").flatten();
    let files = files.filter(|entry| counts(&entry.file_name().to_string_lossy()));
    files.map(|entry| entry.metadata().map_or(0.0, |metadata| metadata.len() as f64)).sum()
}

/// A photograph as far as an encoder can tell: shapes, soft and hard edges, grain.
fn photograph(number: u32, width: u32) -> Vec<u8> {
    let height = width * 3 / 4;
    let mut rng = fastrand::Rng::with_seed(number.into());
    // Noise of several sizes, each interpolated: clouds, foliage, skin.
    let layers: Vec<(u32, f32, Vec<[f32; 3]>)> = [(8_u32, 70.0), (40, 36.0), (200, 14.0)]
        .into_iter()
        .map(|(cells, strength)| {
            let points = (cells + 2) * (cells + 2);
            let point = |rng: &mut fastrand::Rng| [(); 3].map(|()| rng.f32() * 2.0 - 1.0);
            (cells, strength, (0..points).map(|_| point(&mut rng)).collect())
        })
        .collect();
    let edges: Vec<(f32, f32, f32, f32)> =
        (0..24).map(|_| (rng.f32(), rng.f32(), rng.f32() * 0.15, rng.f32() * 80.0 - 40.0)).collect();
    let mut image = RgbImage::new(width, height);
    for (y, row) in image.rows_mut().enumerate() {
        let v = y as f32 / height as f32;
        for (x, pixel) in row.enumerate() {
            let u = x as f32 / width as f32;
            let mut colour = [128.0_f32; 3];
            for (cells, strength, points) in &layers {
                let (fx, fy) = (u * *cells as f32, v * *cells as f32);
                let (ix, iy) = (fx as u32, fy as u32);
                let smooth = |t: f32| t * t * (3.0 - 2.0 * t);
                let (tx, ty) = (smooth(fx.fract()), smooth(fy.fract()));
                let at = |dx: u32, dy: u32| points[((iy + dy) * (cells + 2) + ix + dx) as usize];
                let (a, b, c, d) = (at(0, 0), at(1, 0), at(0, 1), at(1, 1));
                for channel in 0..3 {
                    let top = a[channel] + (b[channel] - a[channel]) * tx;
                    let bottom = c[channel] + (d[channel] - c[channel]) * tx;
                    colour[channel] += (top + (bottom - top) * ty) * strength;
                }
            }
            for (ex, ey, radius, change) in &edges {
                if (u - ex).abs() < *radius && (v - ey).abs() < *radius {
                    colour.iter_mut().for_each(|channel| *channel += change);
                }
            }
            let grain = rng.f32() * 8.0 - 4.0;
            pixel.0 = colour.map(|channel| (channel + grain).clamp(0.0, 255.0) as u8);
        }
    }
    let mut out = Vec::new();
    JpegEncoder::new_with_quality(&mut out, 90)
        .write_image(image.as_raw(), width, height, image::ExtendedColorType::Rgb8)
        .expect("it can be encoded");
    out
}
