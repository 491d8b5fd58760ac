//! Small images of every type of page, compared with those in `snapshots/`: colours, order, what is bold,
//! what stands where. Edges of the grid to the pixel are in `pages.rs`.
//!
//! All text is set in the one font that the theme brings, so the machine's fonts do not count, and images are
//! compared by the mean colours of fields of 64 CSS pixels, so neither does how a browser smooths edges.
//! After a change that is wanted, look at the pages and draw them anew: `DRAW=1 cargo test --test browsers snapshots`.

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use crate::browser::Chromium;
use crate::browser::reader::{Reader, side_by_side};
use crate::browser::sample::SAMPLE;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, RgbImage};

/// How a page is looked at: the width in CSS pixels, and the scheme, `print`, or `rtl` for a page that is turned round.
type Look = (u32, &'static str);

const PHONE: Look = (390, "light");
const DESK: Look = (1280, "light");

/// What is compared: the name of the file, the page and how it is looked at.
const IMAGES: [(&str, &str, Look); 29] = [
    ("front", "/", DESK),
    ("front-phone", "/", PHONE),
    ("front-dark", "/", (1280, "dark")),
    ("front-rtl", "/", (1280, "rtl")),
    ("front-print", "/", (794, "print")),
    ("article", "/local/tunnel/", DESK),
    ("article-phone", "/local/tunnel/", PHONE),
    ("article-dark", "/local/tunnel/", (390, "dark")),
    ("article-rtl", "/local/tunnel/", (1280, "rtl")),
    ("article-print", "/local/tunnel/", (794, "print")),
    ("images", "/local/lighthouse/", DESK),
    ("opinion", "/politics/one-bridge-too-few/", DESK),
    ("sponsored", "/business/winter-berths/", PHONE),
    ("embeds", "/science/quiet-ships/", PHONE),
    ("live", "/local/storm-hedda/", DESK),
    ("live-phone", "/local/storm-hedda/", PHONE),
    ("section", "/local/", DESK),
    ("section-phone", "/local/", PHONE),
    ("tag", "/tags/harbour/", PHONE),
    ("tags", "/tags/", DESK),
    ("author", "/authors/ines-vale/", DESK),
    ("author-phone", "/authors/ines-vale/", PHONE),
    ("series", "/series/the-harbour-years/", DESK),
    ("archive", "/archive/", DESK),
    ("month", "/2026/11/", PHONE),
    ("corrections", "/corrections/", DESK),
    ("page", "/about/", DESK),
    ("search", "/search/?q=harbour", PHONE),
    ("not-found", "/404.html", DESK),
];

/// CSS pixels to one pixel of an image, and pixels to one field that is compared, along each edge.
const SCALE: u32 = 8;
const FIELD: u32 = 8;
/// As far down as is looked, in CSS pixels.
const DEPTH: u32 = 2400;

/// Sets all text in the font of the theme. Neither the font nor the rule is asked of a host, so that the policy of the
/// page allows both.
fn set_in_one_font(reader: &Reader) {
    let font = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/broadsheet/fonts/NotoSans-Bold.ttf");
    let font = BASE64_STANDARD.encode(fs::read(font).expect("the font of the theme"));
    reader.value(&format!(
        "(async () => {{
            const font = new FontFace('Snapshot', Uint8Array.from(atob('{font}'), (one) => one.charCodeAt()).buffer);
            document.fonts.add(await font.load());
            const rules = new CSSStyleSheet();
            rules.replaceSync('*, ::before, ::after {{ font-family: Snapshot !important; transition: none !important }}');
            document.adoptedStyleSheets.push(rules);
        }})()"
    ));
}

/// The page as it is seen, made small.
fn look(reader: &Reader, path: &str, (width, scheme): Look) -> RgbImage {
    reader.screen(width, DEPTH);
    let dark = if scheme == "dark" { "dark" } else { "light" };
    reader.prefers(&[("prefers-color-scheme", dark), ("prefers-reduced-motion", "reduce")]);
    reader.go(&format!("{}{path}", SAMPLE.host.origin));
    set_in_one_font(reader);
    reader.waits_for_images();
    match scheme {
        "print" => reader.prints(),
        "rtl" => drop(reader.now("(document.dir = 'rtl')")),
        _ => {}
    }
    if path.contains("?q=") {
        reader.wait_for("document.querySelector('.search-results li')");
    }
    image(reader)
}

/// What is on the screen, made small.
fn image(reader: &Reader) -> RgbImage {
    reader.waits_for_paint();
    let image = image::load_from_memory_with_format(&reader.image("jpeg", 90), ImageFormat::Jpeg).expect("an image");
    image.thumbnail_exact(image.width() / SCALE, image.height() / SCALE).into_rgb8()
}

/// The share of fields whose mean colour differs by more than an eighth of the scale, in percent.
fn difference(one: &RgbImage, other: &RgbImage) -> u32 {
    assert_eq!(one.dimensions(), other.dimensions());
    let (columns, rows) = (one.width().div_ceil(FIELD), one.height().div_ceil(FIELD));
    let mean = |image: &RgbImage, column: u32, row: u32| {
        let (x, y) = (column * FIELD, row * FIELD);
        let (width, height) = (FIELD.min(image.width() - x), FIELD.min(image.height() - y));
        let mut sum = [0; 3];
        for pixel in image::imageops::crop_imm(image, x, y, width, height).to_image().pixels() {
            sum.iter_mut().zip(pixel.0).for_each(|(sum, value)| *sum += u32::from(value));
        }
        sum.map(|sum| sum / (width * height))
    };
    let fields = (0..rows).flat_map(|row| (0..columns).map(move |column| (column, row)));
    let differing = fields.filter(|(column, row)| {
        let (a, b) = (mean(one, *column, *row), mean(other, *column, *row));
        a.iter().zip(b).any(|(a, b)| a.abs_diff(b) > 32)
    });
    u32::try_from(differing.count()).expect("few fields") * 100 / (columns * rows)
}

/// More than this is another image, in percent of the fields.
const ALIKE: u32 = 3;

/// The image that was drawn last.
fn drawn(name: &str) -> Option<RgbImage> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/browsers/snapshots/{name}.jpg"));
    Some(image::open(file).ok()?.into_rgb8())
}

/// How different two images are, in percent.
fn percent(one: &RgbImage, other: &RgbImage) -> u32 {
    if one.dimensions() == other.dimensions() { difference(one, other) } else { 100 }
}

#[test]
fn every_page_looks_as_it_was_drawn() {
    let images = side_by_side(true, &IMAGES, |reader, (name, path, how)| {
        let mut seen = look(reader, path, *how);
        // A busy machine takes an image before every part of the page is painted.
        for _ in 0..5 {
            if drawn(name).is_none_or(|drawn| percent(&drawn, &seen) <= ALIKE) {
                break;
            }
            std::thread::sleep(std::time::Duration::from_millis(300));
            seen = image(reader);
        }
        seen
    });
    let Some(images) = images else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browsers/snapshots");
    let now = Path::new(env!("CARGO_TARGET_TMPDIR")).join("snapshots");
    let draws = std::env::var_os("DRAW").is_some();
    let (mut sum, mut other) = (0, Vec::new());
    for ((name, path, _), seen) in IMAGES.iter().zip(images) {
        let file = folder.join(format!("{name}.jpg"));
        if draws {
            write(&file, &seen);
        }
        sum += fs::metadata(&file).map_or(0, |metadata| metadata.len());
        let drawn = drawn(name).unwrap_or_else(|| panic!("{name} was never drawn; draw it with DRAW=1"));
        let percent = percent(&drawn, &seen);
        if percent > ALIKE {
            fs::create_dir_all(&now).expect("a folder");
            let file: PathBuf = now.join(format!("{name}.jpg"));
            write(&file, &seen);
            other.push(format!("{name} ({path}): {percent} % are different now: {}", file.display()));
        }
    }
    assert!(sum < 250_000, "the images are to stay small: {sum} bytes");
    let cure = "compare them with tests/browsers/snapshots/, and if they are right, run this with DRAW=1";
    assert!(other.is_empty(), "{}\n{cure}", other.join("\n"));
}

#[test]
fn what_goes_wrong_on_a_page_is_seen() {
    let Some(chromium) = Chromium::start() else { return };
    let reader = chromium.reader(true);
    let mishaps = [
        ("nothing", "null"),
        ("no styles", "document.querySelectorAll('link[rel=stylesheet]').forEach((one) => one.remove())"),
        ("no images", "document.querySelectorAll('main img').forEach((one) => { one.style.visibility = 'hidden' })"),
        ("no masthead", "document.querySelector('.masthead').remove()"),
        ("one column", "document.querySelectorAll('main *').forEach((one) => { one.style.display = 'block' })"),
        ("a dark page", "document.documentElement.dataset.scheme = 'dark'"),
    ];
    let drawn = look(&reader, "/", DESK);
    for (name, mishap) in mishaps {
        look(&reader, "/", DESK);
        reader.now(&format!("({mishap}, null)"));
        let percent = difference(&drawn, &image(&reader));
        println!("{name}: {percent} %");
        assert_eq!(percent > ALIKE, name != "nothing", "{name}: {percent} %");
    }
}

fn write(file: &Path, image: &RgbImage) {
    let mut bytes = Cursor::new(Vec::new());
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut bytes, 70)).expect("an image");
    fs::write(file, bytes.into_inner()).expect("written");
}
