//! The galleries of the built-in themes: a small image of every type of page, drawn anew on request.
//!
//! Not a test of what they look like: that is `pages.rs`.

use std::fs;
use std::path::Path;

use crate::browser::Chromium;
use crate::browser::sample::Sample;

/// Width and height in CSS pixels, and how much smaller they are drawn.
type Screen = (u32, u32, f64);

const DESK: Screen = (1280, 960, 0.7);
const PHONE: Screen = (390, 780, 0.8);
const PAPER: Screen = (760, 1075, 0.7);

/// What is drawn: the name of the file, the page, the screen, the scheme, and where to look.
type Image = (&'static str, &'static str, Screen, &'static str, &'static str);

const BROADSHEET: [Image; 25] = [
    ("front", "/", DESK, "light", ""),
    ("front-sections", "/", DESK, "light", ".shelf"),
    ("front-dark", "/", DESK, "dark", ""),
    ("front-phone", "/", PHONE, "light", ""),
    ("front-rtl", "/ar/", DESK, "light", ""),
    ("article", "/local/tunnel/", DESK, "light", ""),
    ("article-text", "/world/corvelle/", DESK, "light", ".article-meta"),
    ("article-dark", "/local/lighthouse/", DESK, "dark", ""),
    ("article-phone", "/politics/one-bridge-too-few/", PHONE, "dark", ""),
    ("article-print", "/local/tunnel/", PAPER, "print", ""),
    ("embeds", "/science/quiet-ships/", DESK, "light", ".article-text"),
    ("replies", "/local/tunnel/", DESK, "light", ".replies"),
    ("live", "/local/storm-hedda/", DESK, "light", ".live-bar"),
    ("section", "/local/", DESK, "light", ""),
    ("section-phone", "/culture/", PHONE, "light", ""),
    ("author", "/authors/ines-vale/", DESK, "light", ""),
    ("tag", "/tags/harbour/", DESK, "light", ""),
    ("tags", "/tags/", DESK, "light", ""),
    ("series", "/series/the-harbour-years/", DESK, "light", ""),
    ("month", "/2026/11/", DESK, "light", ""),
    ("archive", "/archive/", DESK, "light", ""),
    ("page", "/about/", DESK, "light", ""),
    ("search", "/search/?q=harbour", DESK, "light", ""),
    ("corrections", "/corrections/", DESK, "light", ""),
    ("not-found", "/404.html", DESK, "light", ""),
];

const WIRE: [Image; 5] = [
    ("front", "/", DESK, "light", ""),
    ("front-phone", "/", PHONE, "dark", ""),
    ("article", "/local/tunnel/", DESK, "light", ""),
    ("section", "/politics/", DESK, "dark", ""),
    ("live", "/local/storm-hedda/", PHONE, "light", ""),
];

#[test]
#[ignore = "draws themes/*/screenshots/ anew: cargo test --test browsers gallery -- --ignored"]
fn draw() {
    let Some(chromium) = Chromium::start() else { return };
    let sum = draw_theme(&chromium, "broadsheet", &BROADSHEET) + draw_theme(&chromium, "wire", &WIRE);
    assert!(sum < 950_000, "all together: {sum} bytes");
}

/// Draws the images of a theme, and says how large they are.
fn draw_theme(chromium: &Chromium, theme: &str, images: &[Image]) -> usize {
    let sample = Sample::in_theme(theme);
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("themes/{theme}/screenshots"));
    fs::create_dir_all(&folder).expect("a folder");
    let reader = chromium.reader(true);
    let mut sum = 0;
    for (name, path, (width, height, scale), scheme, place) in images {
        reader.screen_scaled(*width, *height, *scale);
        reader.prefers(&[("prefers-color-scheme", if *scheme == "dark" { "dark" } else { "light" })]);
        reader.go(&format!("{}{path}", sample.host.origin));
        if *scheme == "print" {
            reader.prints();
            // The margins of the paper.
            reader.now("(document.body.style.padding = '40px 44px', null)");
        }
        reader.waits_for_images();
        if *name == "search" {
            reader.wait_for("document.querySelector('.search-results li')");
        }
        if !place.is_empty() {
            reader.now(&format!("(document.documentElement.style.scrollBehavior = 'auto', scrollTo(0, document.querySelector('{place}').getBoundingClientRect().top + scrollY - 24), null)"));
        }
        reader.waits_for_paint();
        let image = reader.image("webp", 45);
        assert!(image.len() < 60_000, "{name}: {} bytes", image.len());
        sum += image.len();
        fs::write(folder.join(format!("{name}.webp")), image).expect("written");
    }
    sum
}
