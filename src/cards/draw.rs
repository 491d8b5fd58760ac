//! From an SVG to a PNG.

use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex};

use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{ImageHrefResolver, ImageKind, Options, Tree};
use rustc_hash::FxHashMap;

use super::fonts::{Choice, Fonts};
use super::order::{Drawn, SIZE};
use crate::original;
use crate::original::Format;
use crate::variant::LONGEST_SIDE;

/// The most pixels of a picture in a card: as many as a photograph may have if the site does not say otherwise.
const MOST_PIXELS: u64 = 80_000_000;

/// The longest drawing in a card, in bytes. Compressed ones, whose length nobody knows, are refused.
const MOST_DRAWING: usize = 4 << 20;

/// Bytes of text between two tags. To set a text in lines takes the drawing library the square of its length.
const LONGEST_TEXT: usize = 10_000;

/// Canvases that one card is drawn on after the other: clearing one costs less than a new one.
#[derive(Debug, Default)]
pub(super) struct Canvases(Mutex<Vec<Pixmap>>);

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

/// Draws a card. `files` are those that the SVG names: nothing else is read.
///
/// # Errors
/// What is wrong with the SVG.
pub(super) fn draw(
    svg: &str,
    files: &FxHashMap<&str, Vec<u8>>,
    fonts: &Fonts,
    canvases: &Canvases,
) -> Result<Drawn, String> {
    let text = |part: &str| part.rsplit('>').next().unwrap_or_default().len();
    if let Some(long) = svg.split('<').map(text).find(|length| *length > LONGEST_TEXT) {
        return Err(format!("it has a text of {long} bytes, and there is room for at most {LONGEST_TEXT}"));
    }
    let choice = Choice::new(fonts);
    let mut pictures = FxHashMap::default();
    let mut names: Vec<&&str> = files.keys().collect();
    names.sort_unstable();
    for name in names {
        let picture = checked(&files[name]).map_err(|problem| format!("`{name}` is too much for a card: {problem}"))?;
        pictures.insert(*name, picture);
    }
    let options = Options { image_href_resolver: only(&pictures), ..choice.options() };
    let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
    let (width, height) = SIZE;
    let size = tree.size();
    if (size.width(), size.height()) != (width as f32, height as f32) {
        let (is_width, is_height) = (size.width(), size.height());
        return Err(format!("it is {is_width} × {is_height} pixels large, and a card is {width} × {height}"));
    }
    let png = canvases.drawn(|canvas| {
        resvg::render(&tree, Transform::identity(), &mut canvas.as_mut());
        encode(canvas).map_err(|error| error.to_string())
    })?;
    Ok(Drawn { png, asked_machine: choice.asked_machine() })
}

/// A picture in a card that takes neither too much memory nor too much time.
enum Checked<'a> {
    Photograph(Format, Arc<Vec<u8>>),
    Drawing(&'a [u8]),
}

/// Pictures in the SVG are `data:` or one of these files.
fn only<'a>(files: &'a FxHashMap<&str, Checked<'_>>) -> ImageHrefResolver<'a> {
    ImageHrefResolver {
        resolve_data: Box::new(|_, bytes, options| checked(&bytes).ok()?.picture(options)),
        resolve_string: Box::new(|href, options| files.get(href)?.picture(options)),
    }
}

/// Looks at the head of a picture.
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
    let Some((width, height)) = crate::pictures::size(format, &bytes) else { return Ok(Checked::Drawing(&[])) };
    if u64::from(width) * u64::from(height) > MOST_PIXELS || width.max(height) > LONGEST_SIDE {
        return Err(format!("it is {width} × {height} pixels large"));
    }
    Ok(Checked::Photograph(format, Arc::new(bytes)))
}

fn photograph(format: Format, bytes: Arc<Vec<u8>>) -> ImageKind {
    match format {
        Format::Png => ImageKind::PNG(bytes),
        Format::Webp => ImageKind::WEBP(bytes),
        _ => ImageKind::JPEG(bytes),
    }
}

impl Checked<'_> {
    fn picture(&self, options: &Options<'_>) -> Option<ImageKind> {
        match self {
            Self::Photograph(format, bytes) => Some(photograph(*format, Arc::clone(bytes))),
            Self::Drawing(bytes) => {
                // What a drawing names in turn is not read.
                let image_href_resolver = ImageHrefResolver {
                    resolve_data: Box::new(|_, bytes, _| match checked(&bytes).ok()? {
                        Checked::Photograph(format, bytes) => Some(photograph(format, bytes)),
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
    let mut bytes = Vec::with_capacity(32 * 1024);
    let mut encoder = Encoder::new(&mut bytes, pixels.width(), pixels.height());
    encoder.set_depth(BitDepth::Eight);
    // A tenth of the time of the next better one, for a fifth more bytes.
    encoder.set_compression(Compression::Fast);
    match palette(pixels) {
        Some((palette, data)) => {
            encoder.set_color(ColorType::Indexed);
            encoder.set_palette(palette);
            // Most rows are as the one above.
            encoder.set_filter(Filter::Up);
            encoder.write_header()?.write_image_data(&data)?;
        }
        None => {
            // It stands on white, so no pixel is transparent.
            encoder.set_color(ColorType::Rgba);
            encoder.write_header()?.write_image_data(pixels.data())?;
        }
    }
    Ok(bytes)
}

/// The colours, and for each pixel the number of its colour; none if there are more than fit.
fn palette(pixmap: &Pixmap) -> Option<(Vec<u8>, Vec<u8>)> {
    let width = pixmap.width() as usize;
    let (pixels, _) = pixmap.data().as_chunks::<4>();
    let mut numbers: FxHashMap<u32, u8> = FxHashMap::default();
    let mut palette = Vec::new();
    let mut data = Vec::with_capacity(pixels.len());
    let mut above: &[[u8; 4]] = &[];
    for row in pixels.chunks_exact(width) {
        if row == above {
            data.extend_from_within(data.len() - width..);
            continue;
        }
        for run in row.chunk_by(|a, b| a == b) {
            let [red, green, blue, alpha] = run[0];
            let number = match numbers.entry(u32::from_ne_bytes([red, green, blue, alpha])) {
                Entry::Occupied(number) => *number.get(),
                Entry::Vacant(place) => {
                    palette.extend([red, green, blue]);
                    *place.insert(u8::try_from(palette.len() / 3 - 1).ok()?)
                }
            };
            data.resize(data.len() + run.len(), number);
        }
        above = row;
    }
    Some((palette, data))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cards::fonts::tests_fonts;

    fn svg(inside: &str) -> String {
        format!("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"1200\" height=\"630\">{inside}</svg>")
    }

    fn drawn(inside: &str) -> Drawn {
        draw(&svg(inside), &FxHashMap::default(), &tests_fonts(), &Canvases::default()).expect("it can be drawn")
    }

    #[test]
    fn a_card_is_a_png_of_its_size_and_the_same_each_time() {
        let inside = "<text x=\"80\" y=\"300\" font-family=\"Noto Serif Display\" font-size=\"90\">Fire</text>";
        let card = drawn(inside);
        let size = imagesize::blob_size(&card.png).expect("a picture");
        assert_eq!((size.width, size.height, card.asked_machine), (1200, 630, false));
        assert_eq!(card.png, drawn(inside).png);
        assert_ne!(card.png, drawn(&inside.replace("Fire", "Fine")).png);
    }

    #[test]
    fn a_pixel_has_the_number_of_its_colour() {
        let mut pixmap = Pixmap::new(3, 3).expect("small");
        let (black, white, red) = ([0, 0, 0, 255], [255; 4], [200, 0, 0, 255]);
        pixmap.data_mut().copy_from_slice(&[white, white, black, white, white, black, red, white, red].concat());
        let (palette, data) = palette(&pixmap).expect("few colours");
        assert_eq!((palette, data), (vec![255, 255, 255, 0, 0, 0, 200, 0, 0], vec![0, 0, 1, 0, 0, 1, 2, 0, 2]));
    }

    #[test]
    fn many_colours_are_kept() {
        let gradient = "<linearGradient id=\"g\"><stop offset=\"0\" stop-color=\"#102030\"/><stop offset=\"1\" stop-color=\"#f0c080\"/></linearGradient><rect width=\"1200\" height=\"630\" fill=\"url(#g)\"/>";
        let image = image::load_from_memory(&drawn(gradient).png).expect("a picture").to_rgb8();
        assert!(image.get_pixel(2, 2)[0] < 24 && image.get_pixel(1197, 2)[0] > 230);
    }

    #[test]
    fn only_files_that_are_given_are_shown() {
        let inside = "<image href=\"/mark.svg\" width=\"1200\" height=\"630\"/><image href=\"/etc/hostname\" width=\"9\" height=\"9\"/>";
        let mark = svg(
            "<rect width=\"1200\" height=\"630\" fill=\"#ff0000\"/><image href=\"/secret.png\" width=\"9\" height=\"9\"/>",
        );
        let files = FxHashMap::from_iter([("/mark.svg", mark.into_bytes())]);
        let card = draw(&svg(inside), &files, &tests_fonts(), &Canvases::default()).expect("it can be drawn");
        let image = image::load_from_memory(&card.png).expect("a picture").to_rgb8();
        assert_eq!(image.get_pixel(600, 300).0, [255, 0, 0]);
        let without =
            draw(&svg(inside), &FxHashMap::default(), &tests_fonts(), &Canvases::default()).expect("it can be drawn");
        let image = image::load_from_memory(&without.png).expect("a picture").to_rgb8();
        assert_eq!(image.get_pixel(600, 300).0, [255, 255, 255]);
    }

    #[test]
    fn pictures_that_take_too_much_are_refused() {
        let png = |width: u32, height: u32| {
            let chunk = |kind: &[u8; 4], data: &[u8]| {
                let checksum = libdeflater::crc32(&[kind, data].concat()).to_be_bytes();
                [&(data.len() as u32).to_be_bytes(), &kind[..], data, &checksum].concat()
            };
            let header = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[1, 0, 0, 0, 0]].concat();
            [b"\x89PNG\r\n\x1a\n", &chunk(b"IHDR", &header)[..], &chunk(b"IDAT", b"x")].concat()
        };
        let card = svg("<image href=\"/a\" width=\"9\" height=\"9\"/>");
        let problem = |bytes: Vec<u8>| {
            draw(&card, &FxHashMap::from_iter([("/a", bytes)]), &tests_fonts(), &Canvases::default()).err()
        };
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
        let problem = |svg: &str| {
            draw(svg, &FxHashMap::default(), &tests_fonts(), &Canvases::default()).expect_err("it is wrong")
        };
        let small = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"10\" height=\"20\"></svg>";
        assert_eq!(problem(small), "it is 10 × 20 pixels large, and a card is 1200 × 630");
        assert!(problem("<svg").contains("pars"), "{}", problem("<svg"));
    }
}
