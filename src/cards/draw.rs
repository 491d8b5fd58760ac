//! From an SVG to a PNG.

use std::sync::{Arc, Mutex};

use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};
use rustc_hash::FxHashMap;

use super::fonts::{Choice, Fonts};
use super::order::{Drawn, SIZE};
use super::quick::Pieces;
use super::sheet::Sheet;
use crate::fingerprint::{Fingerprint, Fingerprinter};
use crate::original;
use crate::original::Format;
use crate::variant::LONGEST_SIDE;

/// The most pixels of an image in a card: as many as a photograph may have if the site does not say otherwise.
const MOST_PIXELS: u64 = 80_000_000;

/// The longest drawing in a card, in bytes. Compressed ones, whose length nobody knows, are refused.
const MOST_DRAWING: usize = 4 << 20;

/// Bytes of text between two tags. To set a text in lines takes the drawing library the square of its length.
const LONGEST_TEXT: usize = 10_000;

/// Canvases that one card is drawn on after the other: clearing one costs less than a new one.
#[derive(Debug, Default)]
struct Canvases(Mutex<Vec<Pixmap>>);

impl Canvases {
    /// What is drawn on a white canvas.
    fn drawn<T>(&self, draw: impl FnOnce(&mut Pixmap) -> T) -> T {
        let (width, height) = SIZE;
        let spare = self.0.lock().expect("no panic while locked").pop();
        let mut canvas =
            spare.unwrap_or_else(|| Pixmap::new(width, height).expect("it is neither empty nor too large"));
        canvas.fill(Color::WHITE);
        let drawn = draw(&mut canvas);
        self.0.lock().expect("no panic while locked").push(canvas);
        drawn
    }
}

/// What cards are drawn with.
#[derive(Debug, Default)]
pub(super) struct Tools {
    canvases: Canvases,
    pieces: Pieces,
}

/// Files that the SVG names, with their fingerprints; `read` gives their bytes.
pub(super) struct Files<'a, R> {
    pub(super) named: &'a [(&'a str, Fingerprint)],
    pub(super) read: R,
}

impl<R: Fn(&str) -> Option<Vec<u8>>> Files<'_, R> {
    /// Those that are there.
    fn all(&self) -> FxHashMap<&str, Vec<u8>> {
        self.named.iter().filter_map(|(name, _)| Some((*name, (self.read)(name)?))).collect()
    }

    fn fingerprint(&self) -> Fingerprint {
        let mut fingerprint = Fingerprinter::new("files of a card");
        for (name, content) in self.named {
            fingerprint.text(name).part(content);
        }
        fingerprint.finish()
    }
}

/// Draws a card. Nothing is read but the files.
///
/// # Errors
/// What is wrong with the SVG.
pub(super) fn draw<R: Fn(&str) -> Option<Vec<u8>>>(
    svg: &str,
    files: &Files<'_, R>,
    fonts: &Fonts,
    tools: &Tools,
) -> Result<Drawn, String> {
    let text = |part: &str| part.rsplit('>').next().unwrap_or_default().len();
    if let Some(long) = svg.split('<').map(text).find(|length| *length > LONGEST_TEXT) {
        return Err(format!("it has a text of {long} bytes, and there is room for at most {LONGEST_TEXT}"));
    }
    let of_pieces = tools.pieces.drawn(
        svg,
        &files.fingerprint(),
        fonts,
        |layer, is_first| {
            let (width, height) = SIZE;
            let mut canvas = Pixmap::new(width, height)?;
            if is_first {
                canvas.fill(Color::WHITE);
            }
            render(layer, &files.all(), &Choice::new(fonts), &mut canvas).ok()?;
            Some(canvas)
        },
        |sheet| encode_sheet(sheet).map_err(|error| error.to_string()),
    );
    if let Some((png, asked_machine)) = of_pieces {
        return Ok(Drawn { png: png?, asked_machine });
    }
    whole(svg, &files.all(), fonts, &tools.canvases)
}

/// Draws a card in one go.
fn whole(svg: &str, files: &FxHashMap<&str, Vec<u8>>, fonts: &Fonts, canvases: &Canvases) -> Result<Drawn, String> {
    let choice = Choice::new(fonts);
    let png = canvases.drawn(|canvas| {
        render(svg, files, &choice, canvas)?;
        encode(canvas).map_err(|error| error.to_string())
    })?;
    Ok(Drawn { png, asked_machine: choice.asked_machine() })
}

/// Draws an SVG.
///
/// # Errors
/// A sentence that says why it cannot be drawn.
fn render(svg: &str, files: &FxHashMap<&str, Vec<u8>>, choice: &Choice<'_>, canvas: &mut Pixmap) -> Result<(), String> {
    let mut images = FxHashMap::default();
    let mut names: Vec<&&str> = files.keys().collect();
    names.sort_unstable();
    for name in names {
        let image = checked(&files[name]).map_err(|problem| format!("`{name}` is too much for a card: {problem}"))?;
        images.insert(*name, image);
    }
    let options = Options { image_href_resolver: only(&images), ..choice.options() };
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let (width, height) = SIZE;
    let size = tree.size();
    if (size.width(), size.height()) != (width as f32, height as f32) {
        let (is_width, is_height) = (size.width(), size.height());
        return Err(format!("it is {is_width} × {is_height} pixels large, and a card is {width} × {height}"));
    }
    resvg::render(&tree, Transform::identity(), &mut canvas.as_mut());
    Ok(())
}

/// An image in a card that takes neither too much memory nor too much time.
enum Checked<'a> {
    PlannedImage(Format, Arc<Vec<u8>>),
    Drawing(&'a [u8]),
}

/// Images in the SVG are `data:` or one of these files.
fn only<'a>(files: &'a FxHashMap<&str, Checked<'_>>) -> ImageHrefResolver<'a> {
    ImageHrefResolver {
        resolve_data: Box::new(|_, bytes, options| checked(&bytes).ok()?.image(options)),
        resolve_string: Box::new(|href, options| files.get(href)?.image(options)),
    }
}

/// Looks at the head of an image.
///
/// # Errors
/// It would take too much memory or time.
fn checked(bytes: &[u8]) -> Result<Checked<'_>, String> {
    let format = match imagesize::image_type(bytes) {
        Ok(imagesize::ImageType::Png) => Format::Png,
        Ok(imagesize::ImageType::Jpeg) => Format::Jpeg,
        Ok(imagesize::ImageType::Webp) => Format::Webp,
        _ if bytes.starts_with(&[0x1F, 0x8B]) => return Err("it is compressed".to_owned()),
        _ if bytes.len() > MOST_DRAWING => return Err("it is larger than 4 MB".to_owned()),
        _ => return Ok(Checked::Drawing(bytes)),
    };
    let bytes = original::clean("", bytes.to_vec()).bytes;
    // What cannot be read is left out.
    let Some((width, height)) = crate::images::size(format, &bytes) else { return Ok(Checked::Drawing(&[])) };
    if u64::from(width) * u64::from(height) > MOST_PIXELS || width.max(height) > LONGEST_SIDE {
        return Err(format!("it is {width} × {height} pixels large"));
    }
    Ok(Checked::PlannedImage(format, Arc::new(bytes)))
}

fn photograph(format: Format, bytes: Arc<Vec<u8>>) -> ImageKind {
    match format {
        Format::Png => ImageKind::PNG(bytes),
        Format::Webp => ImageKind::WEBP(bytes),
        _ => ImageKind::JPEG(bytes),
    }
}

impl Checked<'_> {
    fn image(&self, options: &Options<'_>) -> Option<ImageKind> {
        match self {
            Self::PlannedImage(format, bytes) => Some(photograph(*format, Arc::clone(bytes))),
            Self::Drawing(bytes) => {
                // What a drawing names in turn is not read.
                let image_href_resolver = ImageHrefResolver {
                    resolve_data: Box::new(|_, bytes, _| match checked(&bytes).ok()? {
                        Checked::PlannedImage(format, bytes) => Some(photograph(format, bytes)),
                        Checked::Drawing(_) => None,
                    }),
                    resolve_string: Box::new(|_, _| None),
                };
                let fontdb = Arc::clone(&options.fontdb);
                let nothing = Options { fontdb, image_href_resolver, ..Options::default() };
                Tree::from_data(bytes, &nothing).ok().map(ImageKind::SVG)
            }
        }
    }
}

/// With a palette if there are few colours, as in text on plain ground: half the bytes.
fn encode(pixels: &Pixmap) -> Result<Vec<u8>, png::EncodingError> {
    if let Some(sheet) = Sheet::new(pixels, 256) {
        return encode_sheet(&sheet);
    }
    let mut bytes = Vec::with_capacity(256 * 1024);
    let mut encoder = Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_depth(BitDepth::Eight);
    encoder.set_compression(Compression::Fast);
    // It stands on white, so no pixel is transparent.
    encoder.set_color(ColorType::Rgba);
    encoder.write_header()?.write_image_data(pixels.data())?;
    Ok(bytes)
}

fn encode_sheet(sheet: &Sheet) -> Result<Vec<u8>, png::EncodingError> {
    let mut bytes = Vec::with_capacity(32 * 1024);
    let (width, height) = SIZE;
    let mut encoder = Encoder::new(&mut bytes, width, height);
    encoder.set_depth(BitDepth::Eight);
    // A tenth of the time of the next better one, for a fifth more bytes.
    encoder.set_compression(Compression::Fast);
    encoder.set_color(ColorType::Indexed);
    encoder.set_palette(sheet.palette.as_flattened());
    // Most rows are as the one above.
    encoder.set_filter(Filter::Up);
    encoder.write_header()?.write_image_data(&sheet.pixels)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::fonts::tests_fonts;

    fn svg(inside: &str) -> String {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\">{inside}</svg>")
    }

    fn draw(svg: &str, files: &[(&str, Vec<u8>)]) -> Result<Drawn, String> {
        let named: Vec<_> = files.iter().map(|(name, bytes)| (*name, Fingerprint::of(bytes))).collect();
        let read = |name: &str| files.iter().find(|file| file.0 == name).map(|file| file.1.clone());
        super::draw(svg, &Files { named: &named, read }, &tests_fonts(), &Tools::default())
    }

    fn drawn(inside: &str) -> Drawn {
        draw(&svg(inside), &[]).expect("it can be drawn")
    }

    #[test]
    fn a_card_is_a_png_of_its_size_and_the_same_each_time() {
        let inside = "<text x=\"80\" y=\"300\" font-family=\"Noto Serif Display\" font-size=\"90\">Fire</text>";
        let card = drawn(inside);
        let size = imagesize::blob_size(&card.png).expect("an image");
        assert_eq!((size.width, size.height, card.asked_machine), (1200, 630, false));
        assert_eq!(card.png, drawn(inside).png);
        assert_ne!(card.png, drawn(&inside.replace("Fire", "Fine")).png);
    }

    #[test]
    fn a_card_is_the_same_whichever_were_drawn_before_and_meanwhile() {
        let card = |number: usize| {
            let (x, y) = (80.0 + number as f32 * 3.3, 300.0 - number as f32 * 7.7);
            svg(&format!(
                "<rect width=\"1200\" height=\"630\" fill=\"#fee\"/><text x=\"{x}\" y=\"{y}\" font-family=\"Noto Sans\" \
                 font-size=\"{}\" fill=\"#123456\">Affluent {number}</text><rect y=\"290\" width=\"1200\" height=\"5\" \
                 fill=\"#08f\" fill-opacity=\"0.5\"/><text y=\"600\" font-family=\"Noto Sans\">{number} left</text>",
                60 + number % 3 * 8
            ))
        };
        let (fonts, tools) = (tests_fonts(), Tools::default());
        let draw = |tools: &Tools, number: usize| {
            let files = Files { named: &[], read: |_: &str| None };
            super::draw(&card(number), &files, &fonts, tools).expect("it can be drawn").png
        };
        let alone: Vec<_> = (0..12).map(|number| draw(&Tools::default(), number)).collect();
        std::thread::scope(|scope| {
            for thread in 0..3 {
                let (draw, tools, alone) = (&draw, &tools, &alone);
                scope.spawn(move || {
                    for number in (0..12).map(|number| (number * 5 + thread * 3) % 12) {
                        assert!(draw(tools, number) == alone[number], "card {number}");
                    }
                });
            }
        });
        assert!(alone.iter().all(|card| image::load_from_memory(card).is_ok()));
    }

    #[test]
    fn of_pieces_and_in_one_go_it_is_the_same_image() {
        let inside = "<rect width=\"1200\" height=\"630\" fill=\"#fffefb\"/>\
             <g fill=\"#123\" font-family=\"Noto Serif Display\" font-size=\"90\" text-anchor=\"middle\">\
             <text x=\"600\" y=\"200\">AVATAR fjord, e\u{301}t\u{e9}</text>\
             <path d=\"M100 150 L1100 150 L1100 170 Z\" fill=\"#f00\" opacity=\"0.5\"/>\
             <text x=\"1180\" y=\"620\" fill=\"#060\">cut at the edge</text></g>\
             <text x=\"20\" y=\"500\" font-family=\"Noto Sans\" font-size=\"40\" letter-spacing=\"7.5\">W I D E</text>";
        let pixels = |inside: &str| image::load_from_memory(&drawn(inside).png).expect("an image").to_rgb8().into_raw();
        let (pieces, whole) = (pixels(inside), pixels(&format!("{inside}<style/>")));
        let differences = || pieces.iter().zip(&whole).map(|(a, b)| u32::from(a.abs_diff(*b)));
        let (most, mean) =
            (differences().max().expect("pixels"), differences().sum::<u32>() as f32 / whole.len() as f32);
        assert!(pieces != whole, "they were drawn in different ways");
        assert!(most <= 96 && mean < 0.2, "at most {most}, {mean} on average");
    }

    #[test]
    fn many_colours_are_kept() {
        let gradient = "<linearGradient id=\"g\"><stop offset=\"0\" stop-color=\"#102030\"/><stop offset=\"1\" stop-color=\"#f0c080\"/></linearGradient><rect width=\"1200\" height=\"630\" fill=\"url(#g)\"/>";
        let image = image::load_from_memory(&drawn(gradient).png).expect("an image").to_rgb8();
        assert!(image.get_pixel(2, 2)[0] < 24 && image.get_pixel(1197, 2)[0] > 230);
    }

    #[test]
    fn only_files_that_are_given_are_shown() {
        let inside = "<image href=\"/mark.svg\" width=\"1200\" height=\"630\"/><image href=\"/etc/hostname\" width=\"9\" height=\"9\"/>";
        let mark = svg(
            "<rect width=\"1200\" height=\"630\" fill=\"#ff0000\"/><image href=\"/secret.png\" width=\"9\" height=\"9\"/>",
        );
        let card = draw(&svg(inside), &[("/mark.svg", mark.into_bytes())]).expect("it can be drawn");
        let image = image::load_from_memory(&card.png).expect("an image").to_rgb8();
        assert_eq!(image.get_pixel(600, 300).0, [255, 0, 0]);
        let without = drawn(inside);
        let image = image::load_from_memory(&without.png).expect("an image").to_rgb8();
        assert_eq!(image.get_pixel(600, 300).0, [255, 255, 255]);
    }

    #[test]
    fn images_that_take_too_much_are_refused() {
        let png = |width: u32, height: u32| {
            let chunk = |kind: &[u8; 4], data: &[u8]| {
                let checksum = libdeflater::crc32(&[kind, data].concat()).to_be_bytes();
                [&(data.len() as u32).to_be_bytes(), &kind[..], data, &checksum].concat()
            };
            let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
            [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &header)[..], &chunk(b"IDAT", b"x")].concat()
        };
        let card = svg("<image href=\"/a\" width=\"9\" height=\"9\"/>");
        let problem = |bytes: Vec<u8>| draw(&card, &[("/a", bytes)]).err();
        let start = "`/a` is too much for a card: ";
        assert_eq!(problem(png(79_000_000, 1)), Some(format!("{start}it is 79000000 × 1 pixels large")));
        assert_eq!(problem(png(9000, 9000)), Some(format!("{start}it is 9000 × 9000 pixels large")));
        assert_eq!(problem(b"\x1F\x8B\x08".to_vec()), Some(format!("{start}it is compressed")));
        assert_eq!(problem(vec![b' '; MOST_DRAWING + 1]), Some(format!("{start}it is larger than 4 MB")));
        assert_eq!(problem(png(90, 90)), None);
        // In a drawing they are left out.
        let inner = png(79_000_000, 1);
        let data = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, inner);
        let mark = svg(&format!("<image href=\"data:image/png;base64,{data}\" width=\"9\" height=\"9\"/>"));
        assert_eq!(problem(mark.into_bytes()), None);
    }

    #[test]
    fn what_cannot_be_drawn_is_said() {
        let problem = |svg: &str| draw(svg, &[]).expect_err("it is wrong");
        let small = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"20\"></svg>";
        assert_eq!(problem(small), "it is 10 × 20 pixels large, and a card is 1200 × 630");
        assert!(problem("<svg").contains("pars"), "{}", problem("<svg"));
    }
}
