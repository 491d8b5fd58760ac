//! Originals: photographs, drawings, films and recordings are published without what is not needed to show them, in
//! whatever container and wherever in it a position may stand.

use std::io::{Cursor, Write as _};

use crate::fixture::TestSite;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;

/// What must be nowhere in what is published.
const SECRETS: [&str; 5] = ["54,10.998N", "GPSLatitude", "+54.1833+007.8890", "Skerry Sound", "Lagoon Optics"];

/// An XMP packet as cameras, drones and agencies write it.
const XMP: &str = r#"<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" xmlns:exif="http://ns.adobe.com/exif/1.0/" xmlns:photoshop="http://ns.adobe.com/photoshop/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/" exif:GPSLatitude="54,10.998N" tiff:Make="Lagoon Optics" drone-dji:GpsPlace="+54.1833+007.8890/" photoshop:City="Skerry Sound"><dc:rights><rdf:Alt><rdf:li xml:lang="x-default">(c) Mira Holt</rdf:li></rdf:Alt></dc:rights></rdf:Description></rdf:RDF></x:xmpmeta>                                                                                                                                                                                                                                                                                                                                                                                                                                "#;

/// What of the packet is kept.
const RIGHTS: &str = "(c) Mira Holt";

/// A note that no program knows.
const NOTE: &[u8] = b"Lagoon Optics note: Skerry Sound, +54.1833+007.8890/";

/// A colour profile, as far as programs look that only carry it.
fn profile() -> Vec<u8> {
    [&[0; 36][..], b"acsp", &[7; 200]].concat()
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

/// Publishes one file that an article links to; what comes of it. Nothing that is published tells a secret.
fn published(name: &str, bytes: &[u8]) -> Vec<u8> {
    let site = TestSite::new().file(&format!("content/local/{name}"), bytes).article(
        "local/a",
        "2026-11-20",
        "",
        &format!("[The file]({name})"),
    );
    let run = site.build();
    assert_eq!(run.diagnostics(), Vec::<String>::new(), "{name}");
    for (path, bytes) in site.output() {
        for secret in SECRETS {
            assert!(!has(&bytes, secret.as_bytes()), "{name}: {path} tells {secret}");
        }
    }
    std::fs::read(site.path(&format!("public/local/{name}"))).expect("it is published")
}

/// Publishes a file that is as it is to be: it keeps its bytes.
#[track_caller]
fn assert_kept(name: &str, bytes: &[u8]) {
    assert!(published(name, bytes) == bytes, "{name} was rewritten");
}

/// Exif with an orientation, a position and a maker's note.
fn exif(orientation: u8) -> Vec<u8> {
    let entry = |tag: u16, kind: u16, count: u32, value: u32| {
        [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value.to_be_bytes()].concat()
    };
    let mut out = b"MM\0*\0\0\0\x08\0\x03".to_vec();
    out.extend(entry(271, 2, NOTE.len() as u32, 80));
    out.extend(entry(274, 3, 1, u32::from(orientation) << 16));
    out.extend(entry(34853, 4, 1, 50));
    out.extend([0; 4]);
    out.extend(b"\0\x01");
    out.extend(entry(2, 2, 12, 68));
    out.extend(b"\0\0\0\0");
    out.extend(b"54,10.998N\0\0");
    out.extend(NOTE);
    out
}

#[cfg(feature = "images")]
fn pixels(bytes: &[u8]) -> image::DynamicImage {
    image::load_from_memory(bytes).expect("an image")
}

#[cfg(feature = "images")]
fn image(format: image::ImageFormat) -> Vec<u8> {
    let image = image::RgbImage::from_fn(24, 16, |x, y| image::Rgb([x as u8 * 9, y as u8 * 9, 80]));
    let mut out = Cursor::new(Vec::new());
    image::DynamicImage::from(image).write_to(&mut out, format).expect("it can be encoded");
    out.into_inner()
}

fn segment(marker: u8, content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    [&[0xFF, marker], &(content.len() as u16 + 2).to_be_bytes()[..], &content].concat()
}

#[cfg(feature = "images")]
#[test]
fn a_jpeg_keeps_its_pixels_its_profile_and_the_credit() {
    let plain = image(image::ImageFormat::Jpeg);
    assert_kept("plain.jpg", &plain);
    let profile = segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", &profile()]);
    let with = |segments: &[Vec<u8>], behind: &[u8]| [&plain[..2], &segments.concat(), &plain[2..], behind].concat();
    assert_kept("profile.jpg", &with(std::slice::from_ref(&profile), b""));
    let film = mp4(&[user_data()], &[]);
    let guid = b"0123456789ABCDEF0123456789ABCDEF";
    let places: [(&str, Vec<u8>, &[u8]); 9] = [
        ("exif", segment(0xE1, &[b"Exif\0\0", &exif(6)]), b""),
        ("xmp", segment(0xE1, &[b"http://ns.adobe.com/xap/1.0/\0", XMP.as_bytes()]), b""),
        ("extended", segment(0xE1, &[b"http://ns.adobe.com/xmp/extension/\0", guid, &[0; 8], XMP.as_bytes()]), b""),
        ("c2pa", segment(0xEB, &[b"JP\0\x01\0\0\0\x01\0\0\0\x50jumb", NOTE]), b""),
        ("iptc", segment(0xED, &[b"Photoshop 3.0\08BIM\x04\x04\0\0\0\0\0\x11\x1c\x02\x5a\0\x0cSkerry Sound\0"]), b""),
        ("comment", segment(0xFE, &[NOTE]), b""),
        ("mpf", segment(0xE2, &[b"MPF\0", NOTE]), b""),
        ("maker", segment(0xE5, &[NOTE]), b""),
        ("appended", Vec::new(), &film),
    ];
    for (name, part, behind) in &places {
        let original = with(&[part.clone(), profile.clone()], behind);
        let bytes = published(&format!("{name}.jpg"), &original);
        assert_eq!(pixels(&bytes), pixels(&original), "{name}");
        assert!(has(&bytes, &profile), "{name}");
        assert_eq!(has(&bytes, RIGHTS.as_bytes()), *name == "xmp", "{name}");
        assert_eq!(has(&bytes, b"\x01\x12\0\x03\0\0\0\x01\0\x06"), *name == "exif", "{name}");
        assert_kept("again.jpg", &bytes);
    }
    let all: Vec<Vec<u8>> = places.iter().map(|(_, part, _)| part.clone()).collect();
    let bytes = published("all.jpg", &with(&all, &film));
    assert_eq!(pixels(&bytes), pixels(&plain));
    // A file whose end is missing is not worth less to those who look for places.
    let whole = with(&all, b"");
    published("cut.jpg", &whole[..whole.len() - 50]);
    // The name says nothing of what is in it.
    published("photo.backup", &with(&all, &film));
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let inside = [kind, data].concat();
    let mut checksum = flate2::Crc::new();
    checksum.update(&inside);
    [&(data.len() as u32).to_be_bytes(), &inside[..], &checksum.sum().to_be_bytes()].concat()
}

fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).expect("it is packed");
    encoder.finish().expect("it is packed")
}

#[cfg(feature = "images")]
#[test]
fn a_png_keeps_its_pixels_its_profile_and_the_credit() {
    let plain = image(image::ImageFormat::Png);
    let profile = chunk(b"iCCP", &[b"x\0\0", &zlib(&profile())[..]].concat());
    let with = |part: &[u8], behind: &[u8]| [&plain[..33], &profile, part, &plain[33..], behind].concat();
    assert_kept("plain.png", &plain);
    assert_kept("profile.png", &with(b"", b""));
    let moving = [chunk(b"acTL", &[0, 0, 0, 1, 0, 0, 0, 0]), chunk(b"fcTL", &[0; 26])].concat();
    assert_kept("moving.png", &with(&moving, b""));
    let packed = [b"XML:com.adobe.xmp\0\x01\0\0\0", &zlib(XMP.as_bytes())[..]].concat();
    let xmp = [b"XML:com.adobe.xmp\0\0\0\0\0", XMP.as_bytes()].concat();
    let raw = [b"Raw profile type exif\0\0", &zlib(NOTE)[..]].concat();
    for (name, part, behind) in [
        ("text", chunk(b"tEXt", &[b"Comment\0", NOTE].concat()), &b""[..]),
        ("xmp", chunk(b"iTXt", &xmp), b""),
        ("packed-xmp", chunk(b"iTXt", &packed), b""),
        ("raw", chunk(b"zTXt", &raw), b""),
        ("exif", chunk(b"eXIf", &exif(6)), b""),
        ("c2pa", chunk(b"caBX", NOTE), b""),
        ("own", chunk(b"laGo", NOTE), b""),
        ("behind", Vec::new(), NOTE),
        ("chunk-behind", Vec::new(), &chunk(b"iTXt", &xmp)),
    ] {
        let original = with(&part, behind);
        let bytes = published(&format!("{name}.png"), &original);
        assert_eq!(pixels(&bytes), pixels(&plain), "{name}");
        assert!(has(&bytes, &profile), "{name}");
        assert_eq!(has(&bytes, RIGHTS.as_bytes()), name.ends_with("xmp"), "{name}");
        assert_eq!(has(&bytes, b"\x01\x12\0\x03\0\0\0\x01\0\x06"), name == "exif", "{name}");
        assert!(!has(&bytes, b"Raw profile"), "{name}");
        assert_kept("again.png", &bytes);
    }
}

fn riff(kind: &[u8; 4], chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut inside = kind.to_vec();
    for (kind, data) in chunks {
        inside.extend(*kind);
        inside.extend((data.len() as u32).to_le_bytes());
        inside.extend(*data);
        inside.resize(inside.len().next_multiple_of(2), 0);
    }
    [b"RIFF", &(inside.len() as u32).to_le_bytes()[..], &inside].concat()
}

#[cfg(feature = "images")]
#[test]
fn a_webp_keeps_its_pixels_its_frames_and_its_profile() {
    let plain = image(image::ImageFormat::WebP);
    assert_kept("plain.webp", &plain);
    let coded = &plain[20..];
    let head = |flags: u8| [flags, 0, 0, 0, 23, 0, 0, 15, 0, 0];
    let profile = profile();
    let clean = riff(b"WEBP", &[(b"VP8X", &head(0x20)), (b"ICCP", &profile), (b"VP8L", coded)]);
    assert_kept("profile.webp", &clean);
    let exif = exif(6);
    let chunks: [(&[u8; 4], &[u8]); 6] = [
        (b"VP8X", &head(0x2C)),
        (b"ICCP", &profile),
        (b"VP8L", coded),
        (b"EXIF", &exif),
        (b"XMP ", XMP.as_bytes()),
        (b"C2PA", NOTE),
    ];
    let original = [&riff(b"WEBP", &chunks)[..], NOTE].concat();
    let bytes = published("all.webp", &original);
    assert_eq!(pixels(&bytes), pixels(&plain));
    assert!(has(&bytes, &profile) && has(&bytes, RIGHTS.as_bytes()));
    assert_eq!((bytes.len() - 8) as u32, u32::from_le_bytes([bytes[4], bytes[5], bytes[6], bytes[7]]));
    assert_kept("again.webp", &bytes);
    // Frames have chunks of their own.
    let mut inner = riff(b"WEBP", &[(b"VP8L", coded), (b"note", NOTE)]).split_off(12);
    let frame = |chunks: &[u8]| [&[0, 0, 0, 0, 0, 0, 23, 0, 0, 15, 0, 0, 40, 0, 0, 0][..], chunks].concat();
    let moving =
        |frame: &[u8]| riff(b"WEBP", &[(b"VP8X", &head(2)), (b"ANIM", &[0; 6]), (b"ANMF", frame), (b"ANMF", frame)]);
    let original = moving(&frame(&inner));
    inner.truncate(8 + coded.len().next_multiple_of(2));
    let clean = moving(&frame(&inner));
    assert!(published("moving.webp", &original) == clean);
    assert_kept("moving.webp", &clean);
}

#[test]
fn a_gif_keeps_its_frames_and_how_often_they_are_shown() {
    let start = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF";
    let again = b"!\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0";
    let frame = b"!\xF9\x04\0\x0A\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0";
    let comment = [&b"!\xFE"[..], &[NOTE.len() as u8], NOTE, b"\0"].concat();
    let xmp = [b"!\xFF\x0BXMP DataXMP", XMP.as_bytes(), &[1], &(0..=255).rev().collect::<Vec<u8>>(), b"\0"].concat();
    let plain = [&start[..], again, frame, frame, b";"].concat();
    assert_kept("plain.gif", &plain);
    let original = [&start[..], again, &comment, frame, &comment, &xmp, frame, b";", NOTE].concat();
    assert!(published("all.gif", &original) == plain);
}

/// A TIFF, and where its pixels are.
fn tiff() -> (Vec<u8>, usize) {
    let profile = profile();
    let gps = b"\x01\0\x02\0\x02\0\x0b\0\0\0\0\0\0\0\0\0\0\0";
    let values: [(u16, u16, &[u8]); 10] = [
        (256, 3, &[8, 0]),
        (257, 3, &[2, 0]),
        (258, 3, &[8, 0]),
        (273, 4, b"PIXELS-OF-A-TIFF"),
        (271, 2, NOTE),
        (279, 4, &[16, 0, 0, 0]),
        (700, 1, XMP.as_bytes()),
        (33432, 2, b"(c) Bo Kern\0"),
        (34675, 7, &profile),
        (34853, 4, gps),
    ];
    let mut tiff = [b"II*\0\x08\0\0\0", &(values.len() as u16).to_le_bytes()[..]].concat();
    let mut data = Vec::new();
    for (tag, kind, value) in values {
        let at = (8 + 2 + values.len() * 12 + 4 + data.len()) as u32;
        let size = [1, 1, 2, 4][usize::from(kind.min(4)) - 1];
        let is_pointer = tag == 273 || tag == 34853;
        let count = if is_pointer { 1 } else { value.len() as u32 / if kind == 2 || kind == 7 { 1 } else { size } };
        tiff.extend([tag.to_le_bytes(), kind.to_le_bytes()].concat());
        tiff.extend(count.to_le_bytes());
        if value.len() <= 4 {
            tiff.extend([value, &[0; 4][value.len()..]].concat());
        } else {
            tiff.extend(at.to_le_bytes());
            data.extend(value);
        }
    }
    tiff.extend([0; 4]);
    let pixels = tiff.len();
    tiff.extend(&data);
    tiff.extend(NOTE);
    (tiff, pixels)
}

#[test]
fn a_tiff_keeps_its_pixels_its_profile_and_the_credit() {
    let (original, pixels) = tiff();
    let bytes = published("all.tif", &original);
    assert_eq!(bytes[pixels..pixels + 16], *b"PIXELS-OF-A-TIFF");
    assert_eq!(bytes[8..10], [8, 0], "maker and place are gone");
    assert!(has(&bytes, &profile()) && has(&bytes, b"(c) Bo Kern") && has(&bytes, RIGHTS.as_bytes()));
    assert_kept("again.tif", &bytes);
}

fn atom(kind: &[u8; 4], content: &[&[u8]]) -> Vec<u8> {
    let content = content.concat();
    [&(content.len() as u32 + 8).to_be_bytes(), &kind[..], &content].concat()
}

/// What phones and cameras write about a film beside it.
fn user_data() -> Vec<u8> {
    let text = b"+54.1833+007.8890/";
    let place = atom(b"\xA9xyz", &[&[0, text.len() as u8, 0x15, 0xC7], text]);
    let loci = atom(b"loci", &[&[0; 6], b"Skerry Sound\0", &[0; 16]]);
    atom(b"udta", &[&place, &loci, &atom(b"meta", &[&[0; 4], &atom(b"ilst", &[&atom(b"\xA9cmt", &[NOTE])])])])
}

/// A film with images, sound and places. The samples lie in `mdat`, with something between them.
fn mp4(in_movie: &[Vec<u8>], outside: &[Vec<u8>]) -> Vec<u8> {
    let brand = atom(b"ftyp", &[b"isom\0\0\0\0isommp42"]);
    let samples: [(&[u8; 4], &[u8]); 3] = [
        (b"vide", b"FRAMES-OF-THE-FILM"),
        (b"soun", b"SOUND-OF-THE-FILM"),
        (b"meta", b"Skerry Sound +54.1833+007.8890/"),
    ];
    let movie = |start: usize| {
        let mut at = start;
        let mut tracks = Vec::new();
        for (number, (handler, data)) in samples.iter().enumerate() {
            let table = atom(
                b"stbl",
                &[
                    &atom(b"stsd", &[&[0; 8]]),
                    &atom(b"stsc", &[&[0; 4], &[0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 1]]),
                    &atom(b"stsz", &[&[0; 8], &[0, 0, 0, 2, 0, 0, 0, 5], &(data.len() as u32 - 5).to_be_bytes()]),
                    &atom(b"stco", &[&[0; 4], &[0, 0, 0, 1], &(at as u32).to_be_bytes()]),
                ],
            );
            let media = atom(
                b"mdia",
                &[
                    &atom(b"mdhd", &[&[0; 24]]),
                    &atom(b"hdlr", &[&[0; 8], *handler, &[0; 13]]),
                    &atom(b"minf", &[&table]),
                ],
            );
            let header = atom(b"tkhd", &[&[0; 12], &[0, 0, 0, number as u8 + 1], &[0; 68]]);
            tracks.push(atom(b"trak", &[&header, &media, &atom(b"udta", &[NOTE])]));
            at += data.len() + NOTE.len();
        }
        let rest = in_movie.concat();
        atom(b"moov", &[&atom(b"mvhd", &[&[0; 100]]), &tracks.concat(), &rest])
    };
    let start = brand.len() + movie(0).len() + 8;
    let between: Vec<u8> = samples.iter().flat_map(|(_, data)| [data, NOTE].concat()).collect();
    [&brand[..], &movie(start), &atom(b"mdat", &[&between]), &outside.concat()].concat()
}

#[test]
fn a_film_keeps_images_and_sound_where_they_are() {
    let keys = atom(
        b"meta",
        &[
            &atom(b"hdlr", &[&[0; 8], b"mdta", &[0; 13]]),
            &atom(b"keys", &[b"\0\0\0\0\0\0\0\x01\0\0\0\x2cmdtacom.apple.quicktime.location.ISO6709"]),
            &atom(b"ilst", &[&atom(b"\0\0\0\x01", &[&atom(b"data", &[&[0; 8], b"+54.1833+007.8890/"])])]),
        ],
    );
    let xmp = atom(b"uuid", &[&[0xBE; 16], XMP.as_bytes()]);
    let outside = [xmp.clone(), atom(b"free", &[NOTE]), atom(b"sefd", &[NOTE]), b"SEFT".to_vec()];
    let film = mp4(&[user_data(), keys, xmp], &outside);
    for name in ["film.mp4", "film.mov", "sound.m4a", "film.m4v", "film.3gp", "film.insv"] {
        let bytes = published(name, &film);
        assert_eq!(bytes.len(), film.len() - 4, "only what follows the film is cut off");
        for data in [&b"FRAMES-OF-THE-FILM"[..], b"SOUND-OF-THE-FILM"] {
            let place = |film: &[u8]| film.windows(data.len()).position(|window| window == data);
            assert!(place(&bytes).is_some() && place(&bytes) == place(&film), "{name}");
        }
        assert!(has(&bytes, b"vide") && has(&bytes, b"soun") && !has(&bytes, b"hdlr\0\0\0\0\0\0\0\0meta"));
        assert_kept(name, &bytes);
    }
}

#[test]
fn a_film_in_fragments_keeps_images_and_sound() {
    let track = |number: u8, handler: &[u8; 4]| {
        let table = atom(b"stbl", &[&atom(b"stco", &[&[0; 8]])]);
        let handler = atom(b"hdlr", &[&[0; 8], handler, &[0; 13]]);
        let media = atom(b"mdia", &[&handler, &atom(b"minf", &[&table])]);
        atom(b"trak", &[&atom(b"tkhd", &[&[0; 12], &[0, 0, 0, number], &[0; 68]]), &media])
    };
    let sizes =
        |number: u8, size: u8| atom(b"trex", &[&[0; 4], &[0, 0, 0, number], &[0; 8], &[0, 0, 0, size], &[0; 4]]);
    let extends = atom(b"mvex", &[&sizes(1, 6), &sizes(2, 9)]);
    let movie = atom(b"moov", &[&atom(b"mvhd", &[&[0; 100]]), &track(1, b"vide"), &track(2, b"meta"), &extends]);
    let fragment = |offset: u32| {
        let part = |number: u8, run: &[u8]| {
            atom(b"traf", &[&atom(b"tfhd", &[&[0, 2, 0, 0, 0, 0, 0, number]]), &atom(b"trun", &[run])])
        };
        // Two samples of six bytes; one of 18, whose size the run says.
        let first = [&[0, 0, 0, 1, 0, 0, 0, 2][..], &offset.to_be_bytes()].concat();
        let second = [&[0, 0, 2, 1, 0, 0, 0, 1][..], &(offset + 12).to_be_bytes(), &[0, 0, 0, 18]].concat();
        atom(b"moof", &[&atom(b"mfhd", &[&[0; 8]]), &part(1, &first), &part(2, &second)])
    };
    let offset = fragment(0).len() as u32 + 8;
    let data = atom(b"mdat", &[b"FRAMES-FRAME", b"+54.1833+007.8890/"]);
    let film =
        [atom(b"ftyp", &[b"iso5\0\0\0\0"]), movie, fragment(offset), data.clone(), fragment(offset), data].concat();
    let bytes = published("film.mp4", &film);
    assert_eq!(bytes.windows(12).filter(|window| window == b"FRAMES-FRAME").count(), 2);
    assert_eq!(bytes.len(), film.len());
    assert_kept("film.mp4", &bytes);
}

#[test]
fn a_recording_keeps_its_title_and_its_cover() {
    let text = |kind: &[u8; 4], text: &[u8]| atom(kind, &[&atom(b"data", &[&[0, 0, 0, 1, 0, 0, 0, 0], text])]);
    let list = |comment: &[u8]| atom(b"ilst", &[&text(b"\xA9nam", b"The harbour at night"), comment]);
    let data = |comment: &[u8]| {
        let handler = atom(b"hdlr", &[&[0; 8], b"mdir", &[0; 13]]);
        atom(b"udta", &[&atom(b"meta", &[&[0; 4], &handler, &list(comment)])])
    };
    let cover = text(b"covr", b"GIF89a\x01\0\x01\0\0\0\0;");
    let told = text(b"covr", &[&b"GIF89a\x01\0\x01\0\0\0\0!\xFE"[..], &[NOTE.len() as u8], NOTE, b"\0;"].concat());
    let bytes = published("talk.m4a", &mp4(&[data(&cover)], &[]));
    assert!(has(&bytes, b"The harbour at night") && has(&bytes, b"GIF89a"));
    let bytes = published("talk.m4a", &mp4(&[data(&told)], &[]));
    assert!(has(&bytes, b"The harbour at night") && !has(&bytes, b"GIF89a"));
    let sound = riff(b"WAVE", &[(b"fmt ", &[0; 16]), (b"data", b"SOUND-OF-A-WAVE")]);
    assert_kept("talk.wav", &sound);
    let told: [(&[u8; 4], &[u8]); 4] =
        [(b"fmt ", &[0; 16]), (b"iXML", NOTE), (b"data", b"SOUND-OF-A-WAVE"), (b"LIST", NOTE)];
    assert!(published("talk.wav", &riff(b"WAVE", &told)) == sound);
}

/// An image as phones write it: coded pixels, Exif and XMP as items, in one `mdat`.
fn heif(brand: &[u8; 4], coded: &[u8; 4]) -> Vec<u8> {
    let exif = [b"\0\0\0\0", &exif(1)[..]].concat();
    let data: [&[u8]; 3] = [b"PIXELS-OF-THE-PICTURE", &exif, XMP.as_bytes()];
    let brand = atom(b"ftyp", &[brand, b"\0\0\0\0mif1"]);
    let entry =
        |number: u8, kind: &[u8; 4], rest: &[u8]| atom(b"infe", &[b"\x02\0\0\0\0", &[number, 0, 0], kind, rest]);
    let meta = |start: usize| {
        let mut at = start;
        let mut places = b"\x01\0\0\0\x44\0\0\x03".to_vec();
        for (number, data) in data.iter().enumerate() {
            places.extend([0, number as u8 + 1, 0, 0, 0, 0, 0, 1]);
            places.extend((at as u32).to_be_bytes());
            places.extend((data.len() as u32).to_be_bytes());
            at += data.len() + NOTE.len();
        }
        let items =
            [entry(1, coded, b"\0"), entry(2, b"Exif", b"\0"), entry(3, b"mime", b"\0application/rdf+xml\0")].concat();
        let profile = atom(b"colr", &[b"prof", &profile()]);
        let told = atom(b"udes", &[&[0; 4], b"en\0", NOTE, b"\0\0"]);
        let properties = atom(b"ipco", &[&atom(b"ispe", &[&[0; 12]]), &told, &profile, &atom(b"irot", &[&[3]])]);
        atom(
            b"meta",
            &[
                &[0; 4],
                &atom(b"hdlr", &[&[0; 8], b"pict", &[0; 13]]),
                &atom(b"pitm", &[b"\0\0\0\0\0\x01"]),
                &atom(b"iinf", &[b"\0\0\0\0\0\x03", &items]),
                &atom(b"iprp", &[&properties, &atom(b"ipma", &[&[0; 8]])]),
                &atom(b"iloc", &[&places]),
                &atom(b"uuid", &[NOTE]),
            ],
        )
    };
    let start = brand.len() + meta(0).len() + 8;
    let all: Vec<u8> = data.iter().flat_map(|data| [data, NOTE].concat()).collect();
    // Samsung puts the film of a motion photo into a box of its own.
    [&brand[..], &meta(start), &atom(b"mdat", &[&all]), &atom(b"mpvd", &[&mp4(&[user_data()], &[])])].concat()
}

#[test]
fn heic_and_avif_keep_their_pixels_their_profile_and_the_credit() {
    for (name, brand, coded) in
        [("a.heic", b"heic", b"hvc1"), ("a.heif", b"mif1", b"hvc1"), ("a.avif", b"avif", b"av01")]
    {
        let original = heif(brand, coded);
        let bytes = published(name, &original);
        assert_eq!(bytes.len(), original.len(), "{name}");
        let place = |file: &[u8]| file.windows(21).position(|window| window == b"PIXELS-OF-THE-PICTURE");
        assert!(place(&bytes).is_some() && place(&bytes) == place(&original), "{name}");
        assert!(has(&bytes, &profile()) && has(&bytes, b"irot\x03") && has(&bytes, RIGHTS.as_bytes()), "{name}");
        assert_kept(name, &bytes);
    }
}

#[test]
fn jpeg_xl_and_jpeg_2000_keep_their_pixels() {
    let sign = atom(b"JXL ", &[b"\r\n\x87\n"]);
    let coded = atom(b"jxlc", &[b"\xFF\x0APIXELS"]);
    let told = [atom(b"Exif", &[&exif(1)]), atom(b"xml ", &[XMP.as_bytes()]), atom(b"brob", &[NOTE])].concat();
    let file = [&sign[..], &atom(b"ftyp", &[b"jxl \0\0\0\0jxl "]), &told, &coded].concat();
    assert!(has(&published("a.jxl", &file), b"jxlc\xFF\x0APIXELS"));
    let sign = atom(b"jP  ", &[b"\r\n\x87\n"]);
    let coded = atom(b"jp2c", &[b"\xFF\x4F\xFF\x51PIXELS"]);
    let file = [&sign[..], &atom(b"ftyp", &[b"jp2 \0\0\0\0jp2 "]), &atom(b"uuid", &[NOTE]), &coded].concat();
    assert!(has(&published("a.jp2", &file), b"jp2c\xFF\x4F\xFF\x51PIXELS"));
}

#[test]
fn a_drawing_keeps_what_is_drawn() {
    let plain = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"30\" height=\"20\"><title>The quay</title><rect width=\"9\" height=\"9\"/></svg>\n";
    assert_kept("plain.svg", plain.as_bytes());
    let noted = plain.replace("<title>", &format!("<!-- Skerry Sound --><metadata>{XMP}</metadata><title>")).replace(
        "<rect",
        "<rect xmlns:inkscape=\"http://www.inkscape.org/namespaces/inkscape\" inkscape:label=\"Skerry Sound\"",
    );
    let bytes = String::from_utf8(published("noted.svg", noted.as_bytes())).expect("text");
    assert!(bytes.contains("<title>The quay</title>") && bytes.contains(RIGHTS), "{bytes}");
    assert_kept("again.svg", bytes.as_bytes());
}

#[test]
fn what_cannot_be_cleaned_is_named() {
    let site = TestSite::new()
        .file("static/clip.mts", b"G\xFF")
        .file("static/clip.avi", riff(b"AVI ", &[(b"LIST", b"x")]))
        .file("static/raw.nef", b"II*\0\x08\0\0\0\0\0\0\0\0\0")
        .file("static/broken.png", b"\x89PNG\r\n\x1a\n")
        .file("static/words.txt", "Words.");
    let run = site.build();
    let found = run.diagnostics();
    for (path, name) in [
        ("broken.png", "this file is damaged or of an unknown format"),
        ("clip.avi", "(AVI)"),
        ("clip.mts", "(MPEG-2 transport stream)"),
        ("raw.nef", "(raw file of a camera)"),
    ] {
        assert!(
            found.iter().any(|one| one.starts_with(&format!("warning static/{path}")) && one.contains(name)),
            "{path}: {found:?}"
        );
    }
    assert_eq!(found.len(), 4, "{found:?}");
    // As long as they are published, not only once.
    assert_eq!(site.build().diagnostics(), found);
    assert_eq!(site.try_build(&["--strict"]).code, 1);
    site.write("site.yaml", "title: T\nbase_url: https://test.example\nimages: { originals: raw }\n");
    assert_eq!(site.build().diagnostics(), Vec::<String>::new());
}

#[test]
fn files_of_a_theme_are_cleaned_too_and_raw_originals_stay_raw() {
    let site = TestSite::new();
    let comment = [&b"GIF89a\x01\0\x01\0\0\0\0!\xFE"[..], &[NOTE.len() as u8], NOTE, b"\0;"].concat();
    site.write("themes/own/theme.yaml", "name: own\napi: 1\nextends: broadsheet\n");
    site.write("themes/own/static/mark.gif", &comment);
    site.write("static/mark.gif", &comment);
    site.write("site.yaml", "title: T\nbase_url: https://test.example\ntheme: own\n");
    site.build();
    let told = |site: &TestSite| site.output().values().filter(|bytes| has(bytes, NOTE)).count();
    assert_eq!(told(&site), 0);
    assert!(site.output().iter().filter(|(path, _)| path.ends_with(".gif")).count() >= 2);
    site.write("site.yaml", "title: T\nbase_url: https://test.example\ntheme: own\nimages: { originals: raw }\n");
    site.build();
    assert_eq!(told(&site), 2);
    site.write("site.yaml", "title: T\nbase_url: https://test.example\ntheme: own\n");
    site.build();
    assert_eq!(told(&site), 0);
    site.assert_equals_clean("raw and clean again");
}

#[test]
fn damaged_files_stop_nothing() {
    let jpeg = [
        &b"\xFF\xD8\xFF\xE0\0\x10JFIF\0\x01\x02\0\0\x48\0\x48\0\0"[..],
        &segment(0xE1, &[b"Exif\0\0", &exif(6)]),
        &segment(0xE2, &[b"ICC_PROFILE\0\x01\x01", &profile()]),
        b"\xFF\xDA\0\x02abc\xFF\0\xFF\xD0def\xFF\xD9",
    ]
    .concat();
    let png =
        [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &[0; 13])[..], &chunk(b"eXIf", &exif(6)), &chunk(b"IEND", b"")].concat();
    let webp: [(&[u8; 4], &[u8]); 4] =
        [(b"VP8X", &[0x2C; 10]), (b"ANMF", &[0; 40]), (b"EXIF", &exif(6)), (b"XMP ", b"x")];
    let svg = format!(
        "<svg xmlns='a' x:b=\"c\"><!-- a --><metadata>{XMP}</metadata><x:a/><image href='data:;base64,R0lGODlh'/></svg>"
    );
    let gif = b"GIF89a\x01\0\x01\0\x80\0\0\0\0\0\xFF\xFF\xFF!\xFF\x0BNETSCAPE2.0\x03\x01\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02\x44\x01\0;";
    let webm = b"\x1A\x45\xDF\xA3\x80\x18\x53\x80\x67\x9B\x16\x54\xAE\x6B\x85\xAE\x83\x83\x81\x01\x12\x54\xC3\x67\x81x\x1F\x43\xB6\x75\x83\xA3\x81x";
    let samples: [(&str, &[u8]); 9] = [
        ("a.jpg", &jpeg),
        ("a.png", &png),
        ("a.webp", &riff(b"WEBP", &webp)),
        ("a.gif", gif),
        ("a.svg", svg.as_bytes()),
        ("a.tif", &tiff().0),
        ("a.heic", &heif(b"heic", b"hvc1")),
        ("a.mp4", &mp4(&[user_data()], &[atom(b"uuid", &[NOTE])])),
        ("a.webm", webm),
    ];
    let mut rng = fastrand::Rng::with_seed(5);
    for (name, sample) in samples {
        for length in (0..sample.len()).step_by(sample.len() / 100 + 1) {
            courant::original::clean(name, sample[..length].to_vec());
        }
        for _ in 0..3000 {
            let mut bytes = sample.to_vec();
            for _ in 0..rng.usize(1..5) {
                let at = rng.usize(..bytes.len());
                bytes[at] = [0, 1, 0x7F, 0x80, 0xFF, rng.u8(..)][rng.usize(..6)];
            }
            let clean = courant::original::clean(name, bytes);
            assert!(clean.bytes.len() < sample.len() + 100_000, "{name}");
        }
    }
}

#[cfg(feature = "images")]
#[test]
fn a_photograph_in_the_text_itself_is_cleaned_as_files_are() {
    let plain = image(image::ImageFormat::Jpeg);
    let marked = [&plain[..2], &segment(0xE1, &[b"Exif\0\0", &exif(1)]), &plain[2..]].concat();
    let data = format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(&marked));
    let bare = data.trim_end_matches('=');
    let clean = BASE64_STANDARD.encode(&plain);
    let encoded = data["data:".len()..].replace("image/jpeg;base64", "IMAGE/JPEG;BASE64");
    let escaped: String = marked.iter().map(|byte| format!("%{byte:02X}")).collect();
    for body in [
        format!("<img srcset=\"{data} 1x\" alt=\"\">"),
        format!("<img srcset=\"{data} 320w, /b.jpg 640w\" alt=\"\">"),
        format!("<img src=\"DATA:{encoded}\" alt=\"\">"),
        format!("<img src=\"data:image/jpeg,{escaped}\" alt=\"\">"),
        format!("![x]({data})"),
        format!("Words ![x]({bare}) go on."),
        format!("![x][image1]\n\n[image1]: <{data}>"),
        format!("<img src=\"{data}\" alt=\"\">"),
        format!("<p style=\"background:url({data})\">x</p>"),
    ] {
        let site = TestSite::new().article("local/a", "2026-11-20", "title: A", &body);
        site.write("content/local/map.html", format!("<img src=\"{data}\">"));
        site.write("static/b.jpg", &plain);
        site.write("static/a.css", format!("a {{ background: url({data}) }}"));
        site.write("static/a.json", format!("{{\"a\": \"{}\"}}", data.replace('/', "\\/")));
        site.write("static/clean.css", format!("a {{ background: url(data:image/jpeg;base64,{clean}) }}"));
        let told = site.build().diagnostics();
        assert!(site.published("local/a/index.html").contains(&clean), "{}", &body[..20]);
        for path in ["local/a/index.html", "feed.xml", "feed.json"] {
            assert!(!site.published(path).contains(&bare[..bare.len() / 2]), "{path}: {}", &body[..20]);
        }
        for file in ["content/local/map.html", "static/a.css", "static/a.json"] {
            let named = format!("warning {file} an image in this file (`data:`) says more");
            assert!(told.iter().any(|one| one.starts_with(&named)), "{file}: {told:?}");
        }
        assert!(!told.iter().any(|one| one.contains("clean.css")), "{told:?}");
        assert!(!site.published("local/a/index.html").contains(&escaped[..60]));
    }
}
