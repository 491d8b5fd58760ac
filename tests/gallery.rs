//! The gallery of the theme `broadsheet`: a small picture of every type of page, drawn anew on request.
//!
//! Not a test of what they look like: that is `tests/pages.rs`.

mod browser;
mod fixture;

use std::fs;
use std::path::Path;

use browser::Chromium;
use browser::sample::SAMPLE;

/// Width and height in CSS pixels, and how much smaller they are drawn.
type Screen = (u32, u32, f64);

const DESK: Screen = (1280, 960, 0.7);
const PHONE: Screen = (390, 780, 0.8);
const PAPER: Screen = (760, 1075, 0.7);

/// What is drawn: the name of the file, the page, the screen, the scheme, and where to look.
const PICTURES: [(&str, &str, Screen, &str, &str); 19] = [
    ("front", "/", DESK, "light", ""),
    ("front-sections", "/", DESK, "light", ".blocks"),
    ("front-dark", "/", DESK, "dark", ""),
    ("front-phone", "/", PHONE, "light", ""),
    ("article", "/local/tunnel/", DESK, "light", ""),
    ("article-text", "/world/corvelle/", DESK, "light", ".article-meta"),
    ("article-dark", "/local/lighthouse/", DESK, "dark", ""),
    ("article-phone", "/politics/one-bridge-too-few/", PHONE, "dark", ""),
    ("article-print", "/local/tunnel/", PAPER, "print", ""),
    ("replies", "/local/tunnel/", DESK, "light", ".replies"),
    ("live", "/local/storm-hedda/", DESK, "light", ".live-bar"),
    ("section", "/local/", DESK, "light", ""),
    ("section-phone", "/culture/", PHONE, "light", ""),
    ("author", "/authors/ines-vale/", DESK, "light", ""),
    ("tags", "/tags/", DESK, "light", ""),
    ("archive", "/archive/", DESK, "light", ""),
    ("search", "/search/?q=harbour", DESK, "light", ""),
    ("corrections", "/corrections/", DESK, "light", ""),
    ("not-found", "/404.html", DESK, "light", ""),
];

#[test]
#[ignore = "draws themes/broadsheet/screenshots/ anew: cargo test --test gallery -- --ignored"]
fn draw() {
    let Some(chromium) = Chromium::start() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("themes/broadsheet/screenshots");
    fs::create_dir_all(&folder).expect("a folder");
    let reader = chromium.reader(true);
    let mut sum = 0;
    for (name, path, (width, height, scale), scheme, place) in PICTURES {
        reader.screen_scaled(width, height, scale);
        reader.prefers(&[("prefers-color-scheme", if scheme == "dark" { "dark" } else { "light" })]);
        reader.go(&format!("{}{path}", SAMPLE.host.origin));
        if scheme == "print" {
            reader.prints();
            // The margins of the paper.
            reader.now("(document.body.style.padding = '40px 44px', null)");
        }
        reader.value("Promise.all([...document.images].map((one) => { one.loading = 'eager'; return one.decode().catch(() => {}) })).then(() => null)");
        if name == "search" {
            reader.wait_for("document.querySelector('.search-results li')");
        }
        if !place.is_empty() {
            reader.now(&format!("(document.documentElement.style.scrollBehavior = 'auto', scrollTo(0, document.querySelector('{place}').getBoundingClientRect().top + scrollY - 24), null)"));
        }
        // What was scrolled to is painted with the next frame.
        reader.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))");
        let picture = reader.picture(50);
        assert!(picture.len() < 60_000, "{name}: {} bytes", picture.len());
        sum += picture.len();
        fs::write(folder.join(format!("{name}.webp")), picture).expect("written");
    }
    assert!(sum < 600_000, "all together: {sum} bytes");
}
