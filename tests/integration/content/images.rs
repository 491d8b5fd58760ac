//! Images: copies in several sizes and formats, cuts, what the photographer wrote, and what nobody is
//! to know.

#![cfg(feature = "images")]

use std::io::Cursor;

use crate::fixture::TestSite;
use image::{DynamicImage, GenericImageView, ImageFormat, Rgb, RgbImage};
use img_parts::jpeg::{Jpeg, JpegSegment, markers};
use img_parts::{Bytes, ImageEXIF};

const SETTINGS: &str = "title: The Test\nbase_url: https://test.example\nimages: {widths: [240, 320]}\n";

/// An image whose quarters have colours of their own: red, green, blue, yellow.
fn quarters(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| match (x < width / 2, y < height / 2) {
        (true, true) => Rgb([220, 30, 30]),
        (false, true) => Rgb([30, 200, 30]),
        (true, false) => Rgb([30, 30, 220]),
        (false, false) => Rgb([220, 220, 30]),
    };
    RgbImage::from_fn(width, height, pixel).into()
}

fn bytes(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    image.write_to(&mut out, format).expect("it can be encoded");
    out.into_inner()
}

fn jpeg(width: u32, height: u32) -> Vec<u8> {
    bytes(&quarters(width, height), ImageFormat::Jpeg)
}

/// Exif with an orientation, a maker and a position: 54° 10′ N.
fn exif(orientation: u16) -> Vec<u8> {
    use exif::{Field, In, Tag, Value};
    let rational = |num| exif::Rational { num, denom: 1 };
    let fields = [
        Field { tag: Tag::Orientation, ifd_num: In::PRIMARY, value: Value::Short(vec![orientation]) },
        Field { tag: Tag::Make, ifd_num: In::PRIMARY, value: Value::Ascii(vec![b"Lagoon Optics".to_vec()]) },
        Field { tag: Tag::GPSLatitudeRef, ifd_num: In::PRIMARY, value: Value::Ascii(vec![b"N".to_vec()]) },
        Field {
            tag: Tag::GPSLatitude,
            ifd_num: In::PRIMARY,
            value: Value::Rational(vec![rational(54), rational(10), rational(0)]),
        },
    ];
    let mut writer = exif::experimental::Writer::new();
    fields.iter().for_each(|field| writer.push_field(field));
    let mut out = Cursor::new(Vec::new());
    writer.write(&mut out, false).expect("it can be written");
    out.into_inner()
}

/// A photograph as an agency sends it.
fn agency(orientation: u16) -> Vec<u8> {
    let mut file = Jpeg::from_bytes(Bytes::from(jpeg(400, 300))).expect("a JPEG");
    file.set_exif(Some(exif(orientation).into()));
    let xmp = br#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description exif:GPSLongitude="7,53E" photoshop:Credit="Lagoon Agency"><dc:description><rdf:Alt><rdf:li xml:lang="x-default">Nets &amp; gulls at the quay</rdf:li></rdf:Alt></dc:description><dc:rights><rdf:Alt><rdf:li>(c) Mira Holt</rdf:li></rdf:Alt></dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>"#;
    let contents = [&b"http://ns.adobe.com/xap/1.0/\0"[..], xmp].concat();
    file.segments_mut().insert(1, JpegSegment::new_with_contents(markers::APP1, contents.into()));
    let mut bytes = file.encoder().bytes().to_vec();
    bytes.extend(b"a film with GPS");
    bytes
}

fn site() -> TestSite {
    TestSite::new().file("site.yaml", SETTINGS)
}

/// The files of the output folder below `pictures/`.
fn copies(site: &TestSite) -> Vec<String> {
    site.output().into_keys().filter(|path| path.starts_with("pictures/")).collect()
}

/// The one copy whose name ends so.
fn copy(site: &TestSite, end: &str) -> String {
    let all: Vec<String> = copies(site).into_iter().filter(|path| path.ends_with(end)).collect();
    assert_eq!(all.len(), 1, "{end}: {:?}", copies(site));
    format!("public/{}", all[0])
}

fn open(site: &TestSite, path: &str) -> DynamicImage {
    image::load_from_memory(&std::fs::read(site.path(path)).expect("it is there")).expect("an image")
}

#[test]
fn copies_are_made_without_a_build_and_a_build_takes_them() {
    let site = TestSite::new()
        .file("site.yaml", SETTINGS)
        .file("static/one.jpg", jpeg(400, 300))
        .file("static/two.jpg", jpeg(401, 300))
        .file("static/three.jpg", jpeg(402, 300))
        .article("local/a", "2026-01-05", "", "![One](/one.jpg)")
        .article("local/b", "2026-01-06", "", "![Two](/two.jpg)")
        .article("local/c", "2099-01-06", "", "![Three](/three.jpg)");
    let made = |flags: &[&str]| {
        let run = site.run(&[&["images", "--json"], flags].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        let event: serde_json::Value =
            serde_json::from_str(run.stdout.lines().last().expect("an event")).expect("JSON");
        (event["photographs"].as_u64(), event["decoded"].as_u64())
    };
    assert_eq!(made(&[]), (Some(2), Some(2)));
    assert!(!site.has("public"), "nothing is published");
    assert_eq!(made(&[]), (Some(2), Some(0)));
    assert_eq!(made(&["--future"]), (Some(3), Some(1)));
    let run = site.build();
    assert_eq!(decoded(&run), 0);
    assert!(site.published("local/a/index.html").contains("240"));
    site.write("static/two.jpg", "not an image");
    let run = site.run(&["images", "--json"]);
    assert_eq!(run.code, 0, "what is no image has no copies: {}", run.stderr);
}

fn decoded(run: &crate::fixture::Run) -> u64 {
    run.number("decoded")
}

#[test]
fn a_photograph_under_several_names_is_made_once() {
    let mut site = TestSite::new().file("site.yaml", SETTINGS).file("static/photo.jpg", jpeg(640, 480));
    for number in 0..6 {
        site = site.file(&format!("content/local/n{number}/own.jpg"), jpeg(640, 480)).article(
            &format!("local/n{number}/index"),
            "2026-10-02",
            "image: own.jpg",
            "![One](/photo.jpg)",
        );
    }
    let run = site.build();
    assert_eq!(decoded(&run), 1);
    for number in 0..6 {
        let page = site.published(&format!("local/n{number}/index.html"));
        assert!(page.contains("/pictures/own-") && page.contains("/pictures/photo-"), "{page}");
    }
}

#[test]
fn an_image_in_markdown_and_one_of_front_matter_have_copies_in_every_format() {
    let site = site()
        .article("local/a", "2026-11-20", "image: {src: lead.jpg, alt: The lead}", "![Inside](inside.png)")
        .file("content/local/lead.jpg", jpeg(400, 300))
        .file("content/local/inside.png", bytes(&quarters(300, 200), ImageFormat::Png));
    let run = site.build();
    assert_eq!(decoded(&run), 2);
    let page = site.published("local/a/index.html");
    let name = copy(&site, "-320.avif").replace("public/", "/").replace("-320.avif", "");
    assert!(name.starts_with("/pictures/lead-"), "{name}");
    assert!(
        page.contains(&format!(
            "<source type=\"image/avif\" srcset=\"{name}-240.avif 240w, {name}-320.avif 320w\" sizes=\""
        )),
        "{page}"
    );
    assert!(page.contains(&format!("<source type=\"image/webp\" srcset=\"{name}-240.webp 240w")), "{page}");
    assert!(page.contains("alt=\"The lead\" width=\"320\" height=\"240\""), "{page}");
    assert!(page.contains("alt=\"\" aria-hidden=\"true\""), "{page}");
    let at = page.find("data:image/webp;base64,").expect("a placeholder");
    assert!(page[at..].find('"').expect("an end") < 400, "{page}");
    assert!(!page.contains(" style="), "{page}");
    for (end, size) in [("-240.jpg", (240, 180)), ("-320.jpg", (320, 240)), ("-300.png", (300, 200))] {
        assert_eq!(open(&site, &copy(&site, end)).dimensions(), size, "{end}");
    }
    // Never larger than the original.
    assert!(!copies(&site).iter().any(|path| path.contains("inside") && path.contains("-320.")));
    let avif = std::fs::read(site.path(&copy(&site, "-320.avif"))).expect("it is there");
    assert_eq!(avif[4..12], *b"ftypavif");
    assert_eq!(imagesize::blob_size(&avif).map(|size| (size.width, size.height)).ok(), Some((320, 240)));
    site.assert_equals_clean("two images");
}

#[test]
fn unchanged_images_are_not_looked_at() {
    let site = site()
        .article("local/a", "2026-11-20", "image: a.jpg\nsummary: S.", "Words.")
        .file("content/local/a.jpg", jpeg(400, 300));
    assert_eq!(decoded(&site.build()), 1);
    assert_eq!(decoded(&site.build()), 0);
    site.write_article("local/a", "2026-11-20", "image: a.jpg\nsummary: S.", "Other words.");
    let run = site.build();
    assert!(run.rendered().contains("local/a/"));
    assert_eq!(decoded(&run), 0);
    // Everything made anew, but for what is in the cache.
    site.remove("public");
    assert_eq!(decoded(&site.build()), 0);
    // The cache is gone, and what is published is still right: only the miniature is made again.
    site.remove(".courant");
    assert_eq!(decoded(&site.build()), 1);
    // A new file of the same name has other addresses.
    let before = copies(&site);
    site.write("content/local/a.jpg", jpeg(420, 300));
    assert_eq!(decoded(&site.build()), 1);
    assert!(copies(&site).iter().all(|path| !before.contains(path)));
    site.assert_equals_clean("another image");
}

#[test]
fn one_hand_and_eight_make_the_same_bytes() {
    let site = site()
        .article("local/a", "2026-11-20", "image: a.jpg", "![B](b.jpg)")
        .file("content/local/a.jpg", agency(1))
        .file("content/local/b.jpg", jpeg(640, 480));
    assert_eq!(site.try_build(&["--jobs", "1"]).code, 0);
    let one = site.output();
    site.remove("public");
    site.remove(".courant");
    assert_eq!(site.try_build(&["--jobs", "8"]).code, 0);
    assert_eq!(one, site.output());
}

#[test]
fn an_image_stands_upright_and_says_who_made_it_and_not_where() {
    let site = site()
        .article("local/a", "2026-11-20", "image: a.jpg", "![Nets](a.jpg)")
        .file("content/local/a.jpg", agency(6));
    site.build();
    // Turned by a quarter: what was at the bottom left is at the top left.
    let upright = open(&site, &copy(&site, "-240.jpg"));
    assert_eq!(upright.dimensions(), (240, 320));
    let [r, g, b, _] = upright.get_pixel(40, 40).0;
    assert!(b > 150 && r < 90 && g < 90, "{r} {g} {b}");
    let page = site.published("local/a/index.html");
    assert!(page.contains("Nets &amp; gulls at the quay"), "{page}");
    assert!(page.contains("<span class=\"credit\">Lagoon Agency</span>"), "{page}");
    assert!(page.contains("width=\"300\" height=\"400\"") || page.contains("width=\"240\""), "{page}");
    for (path, bytes) in site.output() {
        if !path.ends_with(".jpg") && !path.ends_with(".webp") && !path.ends_with(".avif") {
            continue;
        }
        let text = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!text.contains("GPS") && !text.contains("Lagoon Optics"), "{path}");
        let position = exif::Reader::new()
            .read_from_container(&mut Cursor::new(&bytes))
            .is_ok_and(|exif| exif.fields().any(|field| field.tag.context() == exif::Context::Gps));
        assert!(!position, "{path}");
        let keeps = ["(c) Mira Holt", "Lagoon Agency", "gulls at the quay"];
        let is_avif = path.ends_with(".avif");
        assert!(keeps.iter().all(|kept| text.contains(kept) || is_avif && *kept == "Lagoon Agency"), "{path}");
    }
    // The original stands as it stood, also for programs that read only Exif.
    let original = std::fs::read(site.path("public/local/a.jpg")).expect("it is published");
    let exif = exif::Reader::new().read_from_container(&mut Cursor::new(&original)).expect("it has Exif");
    let turned = exif.get_field(exif::Tag::Orientation, exif::In::PRIMARY).and_then(|field| field.value.get_uint(0));
    assert_eq!(turned, Some(6));
    assert_eq!(image::load_from_memory(&original).expect("an image").dimensions(), (400, 300));
    // As it is, on request; and not at all, on request, unless there is a link.
    site.write("site.yaml", SETTINGS.replace("320]", "320], originals: raw"));
    site.build();
    let raw = std::fs::read(site.path("public/local/a.jpg")).expect("it is published");
    assert_eq!(raw, agency(6));
    site.write("site.yaml", SETTINGS.replace("320]", "320], originals: linked"));
    site.build();
    assert!(!site.has("public/local/a.jpg"));
    site.assert_equals_clean("no originals");
    site.write_article("local/a", "2026-11-20", "image: a.jpg", "[All of it](a.jpg)");
    site.build();
    assert!(site.has("public/local/a.jpg"));
    assert!(site.published("local/a/index.html").contains("<a href=\"/local/a.jpg\">"));
}

#[test]
fn cuts_keep_the_point_that_counts() {
    let site = site()
        .article("local/a", "2026-11-20", "image: {src: a.png, focus: 0 0}", "Words.")
        .article("local/b", "2026-11-20", "image: {src: a.png}", "Words.")
        .file("content/local/a.png", bytes(&quarters(800, 400), ImageFormat::Png));
    let run = site.build();
    assert_eq!(decoded(&run), 1);
    let square = open(&site, &copy(&site, "-1x1-at0x0-400.png"));
    assert_eq!(square.dimensions(), (400, 400));
    // Only the left half of it.
    let [r, g, _, _] = square.get_pixel(380, 20).0;
    assert!(r > 180 && g < 90, "{r} {g}");
    let [_, g, _, _] = open(&site, &copy(&site, "-1x1-400.png")).get_pixel(380, 20).0;
    assert!(g > 150, "{g}");
    let page = site.published("local/a/index.html");
    for (ratio, width, height) in [("16x9", 711, 399), ("4x3", 533, 399), ("1x1", 400, 400)] {
        assert!(
            page.contains(&format!("-{ratio}-at0x0-{width}.png\",\"width\":{width},\"height\":{height}")),
            "{page}"
        );
    }
    assert!(page.contains("property=\"og:image\" content=\"https://test.example/pictures/a-"), "{page}");
    assert!(page.contains("property=\"og:image:width\" content=\"711\""), "{page}");
    assert!(page.contains("focus-x-0 focus-y-0"), "{page}");
    site.write_article("local/a", "2026-11-20", "image: {src: a.png, focus: 2 0}", "Words.");
    let run = site.try_build(&[]);
    assert_eq!(run.diagnostics(), ["error content/local/a.md:4:28 `image.focus` is not a valid focal point"]);
}

#[test]
fn what_must_stay_whole_has_no_cuts() {
    let site = site()
        .article("local/a", "2026-11-20", "image: {src: a.png, crop: false, focus: 0 0}", "Words.")
        .article("local/b", "2026-11-20", "image: {src: chart.svg, crop: no}", "Words.")
        .file("content/local/a.png", bytes(&quarters(800, 400), ImageFormat::Png))
        .file("content/local/chart.svg", "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90\" height=\"30\"/>");
    site.build();
    assert!(!site.output().keys().any(|path| path.contains("16x9") || path.contains("1x1")));
    let page = site.published("local/a/index.html");
    assert!(page.contains("<picture class=\"whole\">") && !page.contains("focus-x-0"), "{page}");
    assert!(page.contains("property=\"og:image:width\" content=\"320\""), "{page}");
    assert!(!page.contains("class=\"placeholder\""), "nothing shines through its edges: {page}");
    let front = site.published("index.html");
    assert!(front.contains("<img src=\"/local/chart.svg\" class=\"whole\""), "{front}");
    site.write_article("local/a", "2026-11-20", "image: {src: a.png, crop: true}", "Words.");
    site.build();
    assert!(site.output().keys().any(|path| path.contains("16x9")));
    site.assert_equals_clean("it may be cut again");
}

#[test]
fn a_copy_has_the_same_bytes_whatever_else_is_made_with_it() {
    let image = bytes(&quarters(800, 600), ImageFormat::Jpeg);
    let site = site().article("local/a", "2026-11-20", "", "![A](a.jpg)").file("content/local/a.jpg", image);
    site.write("site.yaml", SETTINGS.replace("[240, 320]", "[100]"));
    site.build();
    for widths in ["[100, 240]", "[100, 240, 320, 700]", "[100, 320]"] {
        site.write("site.yaml", SETTINGS.replace("[240, 320]", widths));
        site.build();
        site.assert_equals_clean(widths);
    }
    site.write_article("local/a", "2026-11-20", "image: a.jpg", "Words.");
    site.build();
    site.assert_equals_clean("it is cut, too");
}

#[test]
fn what_moves_and_what_is_drawn_is_left_alone() {
    // An animated PNG: a chunk in front of the pixels says so.
    let still = bytes(&quarters(300, 200), ImageFormat::Png);
    let mut moving = img_parts::png::Png::from_bytes(Bytes::from(still)).expect("a PNG");
    let chunk = img_parts::png::PngChunk::new(*b"acTL", Bytes::from_static(&[0, 0, 0, 1, 0, 0, 0, 0]));
    moving.chunks_mut().insert(1, chunk);
    let moving = moving.encoder().bytes().to_vec();
    let gif = b"GIF89a\x2c\x01\xc8\0\0\0\0;";
    let site = site()
        .article("local/a", "2026-11-20", "", "![A](a.png)\n\n![B](b.gif)\n\n![C](c.svg)\n\n![D](d.png)")
        .file("content/local/a.png", &moving)
        .file("content/local/b.gif", gif)
        .file("content/local/c.svg", "<svg width=\"300\" height=\"200\"/>")
        .file("content/local/d.png", bytes(&quarters(60, 40), ImageFormat::Png));
    let run = site.build();
    assert_eq!((decoded(&run), copies(&site)), (0, Vec::<String>::new()));
    assert_eq!(std::fs::read(site.path("public/local/a.png")).expect("published"), moving);
    let page = site.published("local/a/index.html");
    assert!(page.contains("<img src=\"/local/b.gif\" alt=\"B\" width=\"300\" height=\"200\""), "{page}");
    assert!(page.contains("<img src=\"/local/d.png\" alt=\"D\" width=\"60\""), "{page}");
}

#[test]
fn broken_huge_and_mislabelled_files_are_errors_at_the_line_that_shows_them() {
    let whole = jpeg(400, 300);
    let mut damaged = bytes(&quarters(400, 300), ImageFormat::Png);
    let middle = damaged.len() / 2;
    damaged.truncate(middle);
    let site = site()
        .article("local/cut", "2026-11-20", "", "Words.\n\n![Cut](cut.jpg)")
        .article("local/damaged", "2026-11-20", "image: damaged.png", "Words.")
        .article("local/empty", "2026-11-20", "image: {src: empty.jpg}", "Words.")
        .article("local/named", "2026-11-20", "", "![Named](named.jpg)")
        .article("local/huge", "2026-11-20", "", "![Huge](huge.jpg)")
        .file("content/local/cut.jpg", &whole[..whole.len() / 2])
        .file("content/local/damaged.png", damaged)
        .file("content/local/empty.jpg", "")
        .file("content/local/named.jpg", bytes(&quarters(300, 200), ImageFormat::Png))
        .file("content/local/huge.jpg", huge());
    let run = site.try_build(&[]);
    let found = run.diagnostics();
    let starts = [
        "error content/local/cut.md:8:1 the image `cut.jpg` cannot be shown: it is broken",
        "error content/local/damaged.md:4:8 the image `damaged.png` cannot be shown: it is broken",
        "error content/local/empty.md:4:14 the image `empty.jpg` cannot be shown: it is empty or broken",
        "error content/local/huge.md:6:1 the image `huge.jpg` cannot be shown: it has 108 megapixels",
        "error content/local/named.md:6:1 the image `named.jpg` cannot be shown: its name says JPEG, and it is PNG",
    ];
    assert_eq!(run.code, 1);
    assert_eq!(found.len(), starts.len(), "{found:?}");
    for (found, start) in found.iter().zip(starts) {
        assert!(found.starts_with(start), "{found}");
    }
    assert!(run.hints().iter().any(|hint| hint.contains(".png")), "{:?}", run.hints());
    assert!(!site.has("public/index.html"));
}

/// The head of a JPEG that says it is 12,000 pixels wide and 9,000 high. Nobody is to find out what follows.
fn huge() -> Vec<u8> {
    let mut bytes = jpeg(400, 300);
    let frame = bytes.windows(2).position(|two| two == [0xFF, 0xC0]).expect("a baseline frame");
    bytes[frame + 5..frame + 9].copy_from_slice(&[0x23, 0x28, 0x2E, 0xE0]);
    bytes
}

#[test]
fn what_is_withheld_has_no_copies() {
    let mut site = site()
        .article("local/open", "2026-11-20", "", "![Plan](secret/plan.jpg)")
        .article("local/secret/index", "2026-11-25", "title: What nobody knows yet\nimage: plan.jpg", "![Map](map.jpg)")
        .file("content/local/secret/plan.jpg", jpeg(400, 300))
        .file("content/local/secret/map.jpg", jpeg(440, 300));
    let run = site.build();
    assert_eq!((decoded(&run), copies(&site)), (0, Vec::<String>::new()));
    site.set_now("2026-11-25T00:00:00Z");
    site.build();
    assert!(copies(&site).iter().any(|path| path.contains("plan")) && copies(&site).len() > 8, "{:?}", copies(&site));
    assert!(site.published("local/open/index.html").contains("<picture>"));
    site.assert_equals_clean("it was published");
    site.set_now("2026-11-24T00:00:00Z");
    site.build();
    assert_eq!(copies(&site), Vec::<String>::new());
    site.assert_equals_clean("it was withdrawn");
}

#[test]
fn without_copies_images_are_as_they_are() {
    let site = TestSite::new()
        .file("site.yaml", "title: T\nbase_url: https://test.example\nimages: {resize: false}\n")
        .article("local/a", "2026-11-20", "image: a.jpg", "![B](a.jpg)")
        .file("content/local/a.jpg", jpeg(400, 300));
    let run = site.build();
    assert_eq!((decoded(&run), copies(&site)), (0, Vec::<String>::new()));
    assert!(site.published("local/a/index.html").contains("<img src=\"/local/a.jpg\" alt=\"B\" width=\"400\""));
}

#[test]
fn feeds_take_a_copy_that_every_reader_knows() {
    let site = site()
        .article("local/a", "2026-11-20", "image: a.jpg", "![B](b.jpg)")
        .file("content/local/a.jpg", jpeg(400, 300))
        .file("content/local/b.jpg", jpeg(440, 300));
    site.build();
    let feed = site.published("feed.json");
    assert!(feed.contains("https://test.example/pictures/a-") && feed.contains("-320.jpg"), "{feed}");
    assert!(!feed.contains("<picture>") && !feed.contains("data:image") && !feed.contains("srcset"), "{feed}");
}

/// A chunk of a PNG.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    img_parts::png::PngChunk::new(*kind, data.to_vec().into()).encoder().bytes().to_vec()
}

/// A PNG of one colour, of whatever size, whose pixels are as short as they can be; with more chunks in front.
fn plain_png(width: u32, height: u32, more: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let row = vec![0; width as usize / 8 + usize::from(!width.is_multiple_of(8)) + 1];
    (0..height).for_each(|_| std::io::Write::write_all(&mut packed, &row).expect("it is packed"));
    let pixels = packed.finish().expect("it is packed");
    let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &header)[..], more, &chunk(b"IDAT", &pixels), &chunk(b"IEND", b"")].concat()
}

#[test]
fn a_profile_that_unpacks_without_end_is_left_out() {
    let mut packed = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    let zeros = vec![0; 1 << 20];
    (0..64).for_each(|_| std::io::Write::write_all(&mut packed, &zeros).expect("it is packed"));
    let profile = chunk(b"iCCP", &[b"x\0\0", &packed.finish().expect("it is packed")[..]].concat());
    let bomb = plain_png(400, 300, &profile);
    let site = site().article("local/a", "2026-11-20", "", "![A](a.png)").file("content/local/a.png", bomb);
    assert_eq!(decoded(&site.build()), 1);
    assert_eq!(std::fs::read(site.path("public/local/a.png")).expect("published"), plain_png(400, 300, b""));
    assert_eq!(open(&site, &copy(&site, "-320.png")).dimensions(), (320, 240));
}

#[test]
fn what_is_too_long_is_an_error_and_is_not_decoded() {
    let site = site()
        .article("local/long", "2026-11-20", "", "![Long](long.png)")
        .article("local/high", "2026-11-20", "image: high.png", "Words.")
        .file("content/local/long.png", plain_png(79_000_000, 1, b""))
        .file("content/local/high.png", plain_png(300, 66_000, b""));
    let run = site.try_build(&[]);
    let found = run.diagnostics();
    assert_eq!(found.len(), 2, "{found:?}");
    for (found, start) in found.iter().zip([
        "error content/local/high.md:4:8 the image `high.png` cannot be shown: it is 300 × 66000 pixels large",
        "error content/local/long.md:6:1 the image `long.png` cannot be shown: it is 79000000 × 1 pixels large",
    ]) {
        assert!(found.starts_with(start), "{found}");
    }
    assert!(!site.has(".courant/images"), "nothing was decoded");
}

#[test]
fn static_images_that_nobody_shows_are_not_decoded() {
    let site = site()
        .article("local/a", "2026-11-20", "", "Words.")
        .file("static/long.png", plain_png(79_000_000, 1, b""))
        .file("static/huge.jpg", huge());
    let run = site.build();
    assert_eq!((decoded(&run), run.diagnostics()), (0, Vec::<String>::new()));
    assert!(site.has("public/long.png") && site.has("public/huge.jpg"));
}

#[test]
fn images_that_browsers_do_not_show_are_errors_where_a_page_shows_them() {
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x08free";
    let site = site()
        .article("local/a", "2026-11-20", "image: a.heic", "Words.\n\n![B](b.HEIF)\n\n![C](c.tif)")
        .article("local/b", "2026-11-20", "", "Words.\n\n![D](d.jxl) ![E](e.psd)\n\n![F](f.jpg)")
        .article("local/c", "2026-11-20", "", "[The file as it came](a.heic) ![G](g.bmp)");
    let small = bytes(&quarters(60, 40), ImageFormat::Png);
    for name in ["a.heic", "b.HEIF", "c.tif", "d.jxl", "e.psd", "g.bmp"] {
        site.write(&format!("content/local/{name}"), heic);
    }
    site.write("content/local/f.jpg", b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0\x02\0\0\0\x02\0\0\0\x01\0\x18\0");
    site.write("content/local/g.bmp", &small);
    let run = site.try_build(&[]);
    let found: Vec<String> = run.diagnostics().into_iter().filter(|one| one.starts_with("error")).collect();
    assert_eq!(run.code, 1);
    assert_eq!(
        found,
        [
            "error content/local/a.md:4:8 the image `a.heic` cannot be shown: most browsers cannot show HEIC",
            "error content/local/a.md:9:1 the image `b.HEIF` cannot be shown: most browsers cannot show HEIC",
            "error content/local/a.md:11:1 the image `c.tif` cannot be shown: most browsers cannot show TIFF",
            "error content/local/b.md:8:1 the image `d.jxl` cannot be shown: most browsers cannot show JPEG XL",
            "error content/local/b.md:8:13 the image `e.psd` cannot be shown: most browsers cannot show Photoshop files",
            "error content/local/b.md:10:1 the image `f.jpg` cannot be shown: its name says JPEG, and it is another format",
        ]
    );
    assert!(run.hints().contains(&"export it as JPEG".to_owned()), "{:?}", run.hints());
    // A link to the file shows nothing.
    site.remove("content/local/a.md");
    site.remove("content/local/b.md");
    assert_eq!(site.try_build(&[]).code, 0);
}
